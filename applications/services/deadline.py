"""When a decision's letter reached the applicant, and the last day to appeal (forvaltningsloven § 29).

Assumptions. The letter has reached the applicant on the day it carries: there is no delivery receipt yet, and when there
is one, `reached_on` alone changes. The three weeks end on the same weekday, that day included, whatever day it is:
we know of no rule in forvaltningsloven that moves a deadline out of a weekend or a holiday, so none is moved here. A late appeal
is never turned away by the system; somebody decides on it (§ 31), and may then weigh that the last day was a holiday.
"""

from datetime import date, datetime, timedelta

from django.utils import timezone

from applications.models import CaseDocument, Decision
from grants.law.scheme import NO_APPEAL

THREE_WEEKS = timedelta(weeks=3)
# The documents that tell an applicant of a decision, by kind.
DECISION_LETTERS = ("decision", "appeal_reversed", "reversal")


def may_be_appealed(decision: Decision) -> bool:
    """Is it a decision that forvaltningsloven gives an appeal of? What the ministry came to ends there (§ 28)."""
    return decision.call.law.appeal != NO_APPEAL and not decision.grounds.get("because", {}).get("ministry")


def reached_on(decision: Decision) -> date | None:
    """The day the decision's letter reached the applicant; None while there is no letter."""
    kinds = [f"{kind}:{decision.pk}" for kind in DECISION_LETTERS]
    letter = CaseDocument.objects.filter(application=decision.application_id, kind__in=kinds).first()
    return letter.dated if letter else None


def last_day(decision: Decision) -> date | None:
    """The last day to appeal, that day included; None where there is no appeal or the letter has not come."""
    reached = reached_on(decision)
    return reached + THREE_WEEKS if reached is not None and may_be_appealed(decision) else None


def is_late(last: date | None, moment: datetime) -> bool:
    """Is a moment after the last day, by the Norwegian calendar?"""
    return last is not None and timezone.localdate(moment) > last

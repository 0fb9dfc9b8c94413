"""What waits for the applicant now: drafts to finish, questions and terms to answer, reports to write; the first due first."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils import timezone

from applications.models import Application, Deadline, Decision, Report, State
from applications.models.terms import newest_deadline
from applications.workflow.deadline import closes_at, is_open
from grants.models import User

MOST = 50


class What(StrEnum):
    """What somebody must do in a case."""

    DRAFT = "draft"
    QUESTION = "question"
    TERMS = "terms"
    REPORT = "report"


@dataclass(frozen=True)
class Waiting:
    """A case that waits for the applicant, what for, and the last day."""

    what: What
    application: Application
    due_on: date | None


def waiting_for(user: User) -> list[Waiting]:
    """What waits for the organisations that this person acts for."""
    cases = Application.objects.visible_to(user).select_related("call", "organisation")
    found = [
        Waiting(What.DRAFT, case, timezone.localdate(closes_at(case)))
        for case in cases.filter(state=State.DRAFT)[:MOST]
        if is_open(case)
    ]
    asked = cases.filter(state=State.AWAITING_APPLICANT)[:MOST]
    found += [Waiting(What.QUESTION, case, case.answer_due_on) for case in asked]
    granted = Decision.objects.standing().filter(application__in=cases, terms__number=1, acceptance=None)
    granted = granted.annotate(due_on=newest_deadline(Deadline.What.ACCEPT, "pk")).select_related("application__call")
    found += [Waiting(What.TERMS, one.application, one.due_on) for one in granted[:MOST]]
    reports = Report.objects.filter(application__in=cases).with_recipient().with_due_on()
    reports = reports.select_related("application__call")
    found += [Waiting(What.REPORT, one.application, one.due_on) for one in reports[:MOST]]
    return sorted(found, key=lambda one: one.due_on or date.max)

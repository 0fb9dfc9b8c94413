"""Submit an application: complete, in time, by a signatory; it gets its case number, and the rules are tried."""

import hashlib
import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from applications.intake.answers import said
from applications.intake.completeness import Progress, ThemeState, applied_ore, states_of
from applications.models import Application, CaseCounter, Submission
from applications.services.attach import freeze
from applications.services.case_text import keep_text
from applications.services.health import send_health
from applications.services.rules import try_rules
from applications.workflow.attaching import documents_of
from applications.workflow.deadline import closes_at, is_open
from applications.workflow.due import answer_due
from applications.workflow.machine import has_role, move
from applications.workflow.transitions import SUBMIT
from grants.jobs.queue import hand_over
from grants.models import User
from grants.shared.errors import ChangedSince, NotAllowed, Refused
from grants.shared.shown import moment


class Incomplete(Refused):
    """The application lacks something. `states` says what, theme by theme."""

    def __init__(self, states: list[ThemeState]) -> None:
        self.states = states
        titles = [said(state.theme.title) for state in states if state.progress is not Progress.DONE]
        super().__init__(_("Søknaden er ikke ferdig. Se på: %(parts)s.") % {"parts": ", ".join(titles)})

    @property
    def faults(self) -> dict[str, str]:
        """What is missing or wrong, by theme and field."""
        return {f"{state.theme.code}.{at}": fault for state in self.states for at, fault in state.faults.items()}


def submit(application: Application, *, by: User, key: UUID | None = None) -> Submission:
    """Send the application in. The deadline is the server's, to the second (applications/workflow/deadline.py).

    The same version sent twice (a double click, two signatories) is sent once. `key` names the form: the same form sent
    again gives back the first submission; with another content it is refused, as is everything else that came second.
    """
    version = application.version
    first = sent_before(application, key, version, by=by)
    if first is not None:
        return first
    try:
        return _submit(application, by=by, key=key, version=version)
    except (ChangedSince, IntegrityError):
        first = sent_before(application, key, version, by=by)
        if first is None:
            raise
        return first


def sent_before(application: Application, key: UUID | None, version: int, *, by: User) -> Submission | None:
    """What this form has sent in already, if it has. The same form with another content is refused."""
    first = Submission.objects.filter(key=key).first() if key else None
    if first is None:
        return None
    if not has_role(by, SUBMIT.role, application):
        raise NotAllowed(_("%(who)s kan ikke sende inn søknaden.") % {"who": by})
    if (first.application_id, first.of_version) != (application.pk, version):
        raise ChangedSince(_("Dette skjemaet er sendt før, med et annet innhold. Last siden på nytt."))
    return first


@transaction.atomic
def _submit(application: Application, *, by: User, key: UUID | None, version: int) -> Submission:
    now = timezone.now()
    _require_open(application, now)
    states = states_of(application)
    _require_claim_in_time(states)
    if any(state.progress is not Progress.DONE for state in states):
        raise Incomplete(states)
    asked = applied_ore(application, states)
    fields: dict[str, Any] = {"applied_ore": asked, "submitted_at": now, "due_on": answer_due(localdate(now))}
    if application.case_number is None:
        fields |= {
            "case_year": timezone.localtime(now).year,
            "case_number": next_case_number(timezone.localtime(now).year),
        }
    move(application, SUBMIT, by=by, **fields)
    submission = Submission.objects.create(
        application=application,
        number=application.submissions.count() + 1,
        answers=application.answers,
        applied_ore=asked or 0,
        sha256=hash_of(application.answers),
        key=key,
        of_version=version,
        submitted_by=by,
        submitted_at=now,
    )
    send_health(application, submission)
    places = [one.code for one in documents_of(application)]
    freeze(application, places, sent_with=f"submission:{submission.pk}", anew=True)
    try_rules(submission)
    hand_over("record_submission", f"record_submission:{submission.pk}", {"submission": submission.pk})
    keep_text(application)
    return submission


def _require_open(application: Application, now: datetime) -> None:
    if is_open(application, now):
        return
    if now < application.call.opens_at:
        raise Refused(_("Utlysningen er ikke åpnet ennå."))
    deadline = moment(closes_at(application), seconds=True)
    raise Refused(_("Fristen var %(deadline)s. Søknaden er ikke sendt inn.") % {"deadline": deadline})


def _require_claim_in_time(states: list[ThemeState]) -> None:
    """A claim that comes too late, or twice, is refused in words of its own."""
    for state in states:
        fault = state.faults.get("person_ref", "") if state.theme.apart else ""
        if fault and state.values.get("person_ref"):
            raise Refused(fault)


def next_case_number(year: int) -> int:
    """The next case number of a year; the row is locked until the transaction ends, so that no number is given twice."""
    CaseCounter.objects.get_or_create(year=year)
    CaseCounter.objects.filter(year=year).update(last=F("last") + 1)
    return CaseCounter.objects.get(year=year).last


def hash_of(answers: Any) -> str:
    """The fingerprint of what was sent in: it stands on the receipt and on the document."""
    return hashlib.sha256(json.dumps(answers, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

"""Submit an application: complete, in time, by a signatory; it gets its case number, and the rules are tried."""

import hashlib
import json
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from applications.intake.completeness import Progress, ThemeState, states_of
from applications.intake.facts import facts_of, rates_of
from applications.models import Application, CaseCounter, Finding, Submission
from applications.workflow.machine import move
from applications.workflow.transitions import SUBMIT
from grants.law.rule import assess
from grants.models import User
from grants.shared.errors import Refused


class Incomplete(Refused):
    """The application lacks something. `states` says what, theme by theme."""

    def __init__(self, states: list[ThemeState]) -> None:
        self.states = states
        titles = [state.theme.title.nb for state in states if state.progress is not Progress.DONE]
        super().__init__(f"Søknaden er ikke ferdig. Se på: {', '.join(titles)}.")


@transaction.atomic
def submit(application: Application, *, by: User) -> Submission:
    """Send the application in. The deadline is the call's, to the second, by the server's clock.

    The same version sent twice (a double click, two signatories) is sent once: the second is refused as changed.
    """
    now = timezone.now()
    call = application.call
    if not call.is_open(now):
        raise Refused(
            f"Fristen var {timezone.localtime(call.closes_at):%d.%m.%Y kl. %H.%M.%S}. Søknaden er ikke sendt inn."
            if now >= call.closes_at
            else "Utlysningen er ikke åpnet ennå."
        )
    states = states_of(application)
    if any(state.progress is not Progress.DONE for state in states):
        raise Incomplete(states)
    applied_ore = next((state.budget.applied_ore for state in states if state.budget), None)
    fields: dict[str, Any] = {"applied_ore": applied_ore, "submitted_at": now}
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
        applied_ore=applied_ore or 0,
        sha256=_hash(application.answers),
        submitted_by=by,
        submitted_at=now,
    )
    try_rules(application, submission, states)
    return submission


def try_rules(application: Application, submission: Submission, states: list[ThemeState]) -> list[Finding]:
    """Try every rule of the scheme on what was sent in, and keep what each came to."""
    findings = assess(application.call.law.rules, facts_of(application, states), rates_of(application))
    now = timezone.now()
    return Finding.objects.bulk_create(
        Finding(
            application=application,
            submission=submission,
            rule=finding.rule.name,
            sentence=finding.rule.sentence,
            citation=finding.rule.citation,
            verdict=finding.outcome.verdict.value,
            saw="" if finding.outcome.saw is None else str(finding.outcome.saw),
            source=finding.outcome.source,
            tried_at=now,
        )
        for finding in findings
    )


def next_case_number(year: int) -> int:
    """The next case number of a year; the row is locked until the transaction ends, so that no number is given twice."""
    CaseCounter.objects.get_or_create(year=year)
    CaseCounter.objects.filter(year=year).update(last=F("last") + 1)
    return CaseCounter.objects.get(year=year).last


def _hash(answers: Any) -> str:
    return hashlib.sha256(json.dumps(answers, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

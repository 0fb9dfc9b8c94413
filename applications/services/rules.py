"""Try the scheme's rules on what was sent in: when it is submitted, and again whenever facts have changed."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from applications.intake.apart import person_of, sent_answers
from applications.intake.completeness import applied_ore, state_of, themes_of
from applications.intake.facts import facts_of, rates_of
from applications.models import Application, CaseEvent, Finding, Submission
from applications.models.application import IN_HAND
from applications.services.at_work import require_at_work
from applications.workflow.findings import looked_at
from applications.workflow.grounds import newest_findings
from grants.jobs.registry import job
from grants.law.rule import assess
from grants.models import User

SAW = ("verdict", "saw", "looked_at")


def try_rules(submission: Submission) -> list[Finding]:
    """Try every rule of the scheme on a submission, and keep what each came to."""
    return Finding.objects.bulk_create(_findings(submission))


@transaction.atomic
def retry_rules(application: Application, *, by: User | None) -> list[Finding]:
    """Try the rules again on the newest submission. What came out otherwise, or saw something else, is a new finding.

    `by` is the caseworker who asked for it; None when facts have changed by themselves: a case that is no more in hand
    is then left as it is. Rulings stay with the finding that they were made on: a new finding must be settled anew.
    """
    if by is not None:
        require_at_work(application, by)
    case = (
        Application.objects.select_for_update(of=("self",))
        .select_related("call", "organisation")
        .get(pk=application.pk)
    )
    submission = case.submissions.order_by("number").last()
    if submission is None or case.state not in IN_HAND:
        return []
    submission.application = case
    _work_out_again(case, submission)
    known = {finding.rule: finding for finding in newest_findings(case)}
    fresh = [finding for finding in _findings(submission) if _differs(finding, known.get(finding.rule))]
    if fresh:
        Finding.objects.bulk_create(fresh)
        CaseEvent.objects.create(
            application=case, by=by, verb="retry_rules", details={"rules": [finding.rule for finding in fresh]}
        )
    return fresh


@job("retry_rules")
def retry_case(payload: Mapping[str, Any]) -> None:
    """Something was added to a case: its rules are tried again. Safe to run twice."""
    retry_rules(Application.objects.get(pk=payload["application"]), by=None)


@job("organisation_changed")
def retry_cases_of(payload: Mapping[str, Any]) -> None:
    """What is known of an organisation has changed: its cases in hand are tried again. Safe to run twice.

    A job, and not the page that opens a case: whoever compares, proposes or decides a whole round must meet the new
    findings too, and looking at a case changes nothing.
    """
    for case in Application.objects.in_hand().filter(organisation=payload["organisation"]).order_by("pk"):
        retry_rules(case, by=None)


def _findings(submission: Submission) -> list[Finding]:
    """Every rule tried on a submission, not yet kept."""
    application, now = submission.application, timezone.now()
    call = application.call
    typed = sent_answers(submission)
    states = [state_of(theme, call.part, typed.get(theme.code, {})) for theme in themes_of(call)]
    facts = facts_of(application, states, person_of(submission))
    return [
        Finding(
            application=application,
            submission=submission,
            rule=tried.rule.name,
            sentence=tried.rule.sentence,
            citation=tried.rule.citation,
            verdict=tried.outcome.verdict.value,
            saw="" if tried.outcome.saw is None else str(tried.outcome.saw),
            looked_at=looked_at(tried, facts.sources),
            source=tried.outcome.source,
            tried_at=now,
        )
        for tried in assess(call.law.rules, facts, rates_of(application))
    ]


def _work_out_again(case: Application, submission: Submission) -> None:
    """A claim whose rate was not known when it came in gets its amount when the rate has been added."""
    if case.applied_ore is None:
        typed = sent_answers(submission)
        states = [state_of(theme, case.call.part, typed.get(theme.code, {})) for theme in themes_of(case.call)]
        if asked := applied_ore(case, states):
            Application.objects.filter(pk=case.pk, applied_ore=None).update(applied_ore=asked)


def _differs(fresh: Finding, known: Finding | None) -> bool:
    """Did the rule come to something else? A finding from before `looked_at` is held against what it wrote."""
    if known is None:
        return True
    names = [name for name in SAW if name != "looked_at" or known.looked_at is not None]
    return any(getattr(fresh, name) != getattr(known, name) for name in names)

"""The documents of appeals and reversals: made by jobs, once each, and no decision's letter when the ledger differs."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone

from applications.letters.appeal import (
    forwarding_letter,
    notice_letter,
    outcome_letter,
    proposal_note,
    reversal_letter,
    sent_in,
)
from applications.letters.templates import html_of
from applications.models import Appeal, AppealOutcome, Application, CaseDocument, Reversal
from applications.services.case_letters import STYLESHEET, write_letter
from applications.services.case_papers import Recorded, recorded_in
from applications.services.commitments import require_ledger_agrees
from applications.services.records import Direction, record, record_attachments, recorded
from applications.workflow.appeals import events_of
from grants.documents.render import render_pdf
from grants.jobs.registry import job

OUTCOME_KINDS = {
    AppealOutcome.Outcome.REVERSE: "appeal_reversed",
    AppealOutcome.Outcome.REVERSE_IN_PART: "appeal_reversed",
    AppealOutcome.Outcome.UPHOLD: "appeal_kept",
    AppealOutcome.Outcome.DISMISS: "appeal_dismissed",
}
OF_OUTCOME = ("appeal_proposal", "appeal_kept", "appeal_dismissed", "appeal_forwarded", "appeal_forwarded_copy")


@job("appeal_sent")
def make_receipt(payload: Mapping[str, Any]) -> None:
    """What was sent in, as a document of the case and a receipt for the one who sent it."""
    record_appeal(Appeal.objects.with_their_case().select_related("submitted_by").get(pk=payload["appeal"]))


@job("appeal_outcome")
def make_outcome_letter(payload: Mapping[str, Any]) -> None:
    """The letter that answers an appeal."""
    write_outcome(AppealOutcome.objects.select_related("appeal", "successor").get(pk=payload["outcome"]))


@job("appeal_forwarded")
def make_forwarding_letter(payload: Mapping[str, Any]) -> None:
    """The letter to the ministry, and the copy for the appellant."""
    write_forwarding(Appeal.objects.with_their_case().get(pk=payload["appeal"]))


@job("reversal_notice")
def make_notice(payload: Mapping[str, Any]) -> None:
    """The notice before a reversal to loss."""
    write_notice(Reversal.objects.get(pk=payload["reversal"]))


@job("reversal_answer")
def record_answer_to_notice(payload: Mapping[str, Any]) -> None:
    """The recipient's answer to a notice, as a document of the case."""
    reversal = Reversal.objects.select_related("answered_by").get(pk=payload["reversal"])
    if reversal.answered_at is None:
        return
    content = sent_in(
        reversal.application,
        kind="reversal_answer",
        texts={"answer": reversal.answer},
        by=str(reversal.answered_by),
        at=reversal.answered_at,
        number="",
        sent_with=f"notice:{reversal.pk}",
    )
    document = _record(
        reversal.application, "reversal_answer", of=reversal.pk, content=content, template="sent_in", incoming=True
    )
    record_attachments(document, f"notice:{reversal.pk}")


@job("reversal_letter")
def make_reversal_letter(payload: Mapping[str, Any]) -> None:
    """The letter of a reversal."""
    write_reversal(Reversal.objects.select_related("successor").get(pk=payload["reversal"]))


def record_appeal(appeal: Appeal) -> CaseDocument:
    """The appeal as it was sent, under its own number, with its files."""
    assert appeal.submitted_at is not None  # a job is handed over when it is sent
    content = sent_in(
        appeal.application,
        kind=appeal.kind,
        texts={"grounds": appeal.grounds, "wanted": appeal.wanted, "late_reason": appeal.late_reason},
        by=str(appeal.submitted_by),
        at=appeal.submitted_at,
        number=appeal.reference,
        sent_with=f"appeal:{appeal.pk}",
    )
    document = _record(
        appeal.application, appeal.kind, of=appeal.pk, content=content, template="sent_in", incoming=True
    )
    record_attachments(document, f"appeal:{appeal.pk}")
    return document


def write_outcome(outcome: AppealOutcome) -> CaseDocument:
    """The letter of an outcome. Of a reversal it is a decision's letter, and the ledger is asked first."""
    application, kind = outcome.appeal.application, OUTCOME_KINDS[AppealOutcome.Outcome(outcome.outcome)]
    of = outcome.pk if outcome.successor is None else outcome.successor.pk
    made = recorded(application, kind, of)
    if made is not None:
        return made
    if outcome.successor is not None:
        require_ledger_agrees(outcome.successor)
    record_proposal(outcome)
    assert outcome.decided_on is not None  # what has a letter is decided
    return write_letter(application, kind, of=of, content=outcome_letter(outcome), dated=outcome.decided_on)


def record_proposal(outcome: AppealOutcome) -> CaseDocument:
    """The proposal that was approved, kept inside the directorate."""
    return _record(
        outcome.appeal.application, "appeal_proposal", of=outcome.pk, content=proposal_note(outcome),
        template="appeal_proposal", incoming=False,
    )  # fmt: skip


def write_forwarding(appeal: Appeal) -> CaseDocument:
    """The letter to the ministry, recorded once for it and once as the appellant's copy."""
    outcome = appeal.outcomes.filter(state=AppealOutcome.State.DECIDED).order_by("pk").last()
    assert outcome is not None and appeal.forwarded_on is not None  # what is forwarded was upheld
    record_proposal(outcome)
    content = forwarding_letter(appeal, outcome)
    letter = write_letter(
        appeal.application, "appeal_forwarded", of=outcome.pk, content=content, dated=appeal.forwarded_on,
        counterpart=appeal.ministry,
    )  # fmt: skip
    write_letter(
        appeal.application, "appeal_forwarded_copy", of=outcome.pk, content=content, dated=appeal.forwarded_on,
        template="appeal_forwarded",
    )  # fmt: skip
    return letter


def write_notice(reversal: Reversal) -> CaseDocument:
    """The notice, with the last day to answer."""
    return write_letter(
        reversal.application, "reversal_notice", of=reversal.pk, content=notice_letter(reversal),
        dated=timezone.localdate(reversal.begun_at),
    )  # fmt: skip


def write_reversal(reversal: Reversal) -> CaseDocument:
    """The letter of a reversal, once the ledger says what the new decision says."""
    successor = reversal.successor
    assert successor is not None and successor.decided_on is not None  # what has a letter is decided
    made = recorded(reversal.application, "reversal", successor.pk)
    if made is not None:
        return made
    require_ledger_agrees(successor)
    return write_letter(
        reversal.application, "reversal", of=successor.pk, content=reversal_letter(reversal), dated=successor.decided_on
    )


def documents_of(appeal: Appeal, *, for_applicant: bool = False) -> list[Recorded]:
    """The documents of an appeal in its case. The applicant sees those it has sent or been sent."""
    kinds = [f"{appeal.kind}:{appeal.pk}"]
    for outcome in appeal.outcomes.all():
        kinds += [f"{kind}:{outcome.pk}" for kind in OF_OUTCOME]
        kinds += [f"appeal_reversed:{outcome.successor_id}"] if outcome.successor_id else []
    for event in events_of(appeal).filter(verb__in=["appeal_asked", "appeal_answered"]):
        kinds += [f"{kind}:{event.pk}" for kind in ("appeal_question", "appeal_answer")]
        kinds += [f"appeal_question_reminder:{event.pk}-{when}" for when in ("soon", "overdue")]
    found = CaseDocument.objects.filter(application=appeal.application_id)
    found = found.filter(Q(kind__in=kinds) | Q(attached_to__kind__in=kinds))
    if for_applicant:
        found = found.exclude(direction=Direction.INTERNAL).exclude(kind__startswith="appeal_forwarded:")
    return recorded_in(found)


def _record(
    application: Application, kind: str, *, of: object, content: Mapping[str, Any], template: str, incoming: bool
) -> CaseDocument:
    """A document that is no letter of ours: something sent in, or something kept inside."""
    made = recorded(application, kind, of)
    if made is not None:
        return made
    return record(
        application,
        kind,
        of=of,
        content=render_pdf(html_of(template, content), stylesheet=render_to_string(STYLESHEET)),
        about=content["title"],
        language=content["language"],
        direction=Direction.INCOMING if incoming else Direction.INTERNAL,
        dated=date.fromisoformat(content["dated_iso"]),
    )

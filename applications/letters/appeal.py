"""What the letters of appeals and reversals say: from what was proposed and approved, never from what is typed since."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from applications.models import Appeal, AppealOutcome, Application, Attachment, Decision, Overpaid, Reversal
from grants.law.scheme import NO_APPEAL
from grants.models import Approval
from grants.shared.money import kr

VERSION = 1  # of the templates of these letters; it stands in the letter


def outcome_letter(outcome: AppealOutcome) -> dict[str, Any]:
    """What an appeal came to: reversed, kept after another look, or dismissed."""
    appeal = outcome.appeal
    content = _frame(appeal.application, outcome.decided_on, number=appeal.reference)
    content |= _persons(f"appeal_outcome:{outcome.pk}") | _about_appeal(appeal, content["language"])
    content |= {"outcome": outcome.outcome, "paragraphs": _paragraphs(outcome.reason)}
    if outcome.successor is not None:
        content |= _change(outcome.successor)
    content["by_ministry"] = bool(outcome.successor and outcome.successor.grounds["because"]["ministry"])
    return content


def forwarding_letter(appeal: Appeal, outcome: AppealOutcome) -> dict[str, Any]:
    """To the ministry: the appeal, what the decision was, and why it is upheld."""
    content = _frame(appeal.application, appeal.forwarded_on, number=appeal.reference)
    content |= _persons(f"appeal_outcome:{outcome.pk}") | _about_appeal(appeal, content["language"])
    return content | {
        "recipient": {"name": appeal.ministry, "orgnr": ""},
        "appellant": str(appeal.application.organisation),
        "grounds": _paragraphs(appeal.grounds),
        "wanted": _paragraphs(appeal.wanted),
        "applied": kr(appeal.decision.applied_ore),
        "granted": kr(appeal.decision.amount_ore),
        "first_reason": _paragraphs(appeal.decision.reason),
        "paragraphs": _paragraphs(outcome.reason),
        "admitted": _paragraphs(appeal.admitted_reason),
    }


def notice_letter(reversal: Reversal) -> dict[str, Any]:
    """Notice that the directorate means to reverse its decision to the recipient's loss (forvaltningsloven § 16)."""
    content = _frame(reversal.application, timezone.localdate(reversal.begun_at))
    with override(content["language"]):
        return content | {
            "from_amount": kr(reversal.from_ore),
            "to_amount": kr(reversal.to_ore),
            "ground": reversal.ground,
            "answer_by": _day(reversal.answer_by),
            "decided_on": _day(reversal.decision.decided_on),
            "paragraphs": _paragraphs(reversal.reason),
            "proposed_by": str(reversal.begun_by),
        }


def reversal_letter(reversal: Reversal) -> dict[str, Any]:
    """The decision by which the directorate reverses its own."""
    successor = reversal.successor
    assert successor is not None  # what has a letter is decided
    content = _frame(reversal.application, successor.decided_on)
    content |= _persons(f"decision:{successor.pk}") | _change(successor)
    with override(content["language"]):
        return content | {
            "ground": reversal.ground,
            "paragraphs": _paragraphs(successor.reason),
            "answered": reversal.answered_at is not None,
            "noticed_on": _day(timezone.localdate(reversal.begun_at)) if reversal.is_to_loss else "",
        }


def proposal_note(outcome: AppealOutcome) -> dict[str, Any]:
    """The proposal as its decision-maker read it, for the case alone."""
    content = outcome_letter(outcome)
    return content | {"granted_before": kr(outcome.appealed.amount_ore)}


def sent_in(
    application: Application, *, kind: str, texts: dict[str, str], by: str, at: datetime, number: str, sent_with: str
) -> dict[str, Any]:
    """What an applicant sent, as it stood, with the names of the files: the receipt, and what the case keeps."""
    content = _frame(application, timezone.localdate(at), number=number)
    local = timezone.localtime(at)
    with override(content["language"]):
        return content | {
            "kind": kind,
            "files": [(file.name, file.sha256) for file in Attachment.objects.sent_with(sent_with)],
            "texts": [(name, _paragraphs(text)) for name, text in texts.items() if text.strip()],
            "sent_by": by,
            "sent_at": f"{_day(local.date())} kl. {local:%H.%M.%S}",
            "sender": str(application.organisation),
            "recipient": {"name": "Integrerings- og mangfoldsdirektoratet", "orgnr": ""},
        }


def _frame(application: Application, on: date | None, *, number: str = "") -> dict[str, Any]:
    """What the frame of every letter asks for."""
    assert on is not None  # what has a letter has happened
    call, language = application.call, application.language
    with override(language):
        return {
            "version": VERSION,
            "language": language,
            "recipient": application.organisation,
            "number": number or application.reference,
            "case_number": application.reference,
            "dated": _day(on),
            "dated_iso": on.isoformat(),
            "title": call.title(language),
            "scheme": call.law.name.on(language),
            "year": call.year,
            "chapter": call.law.chapter.lstrip("0"),
            "post": call.law.post,
            "may_appeal": call.law.appeal != NO_APPEAL,
        }


def _about_appeal(appeal: Appeal, language: str) -> dict[str, Any]:
    with override(language):
        return {
            "is_review": appeal.kind == Appeal.Kind.REVIEW,
            "appealed_on": _day(appeal.decision.decided_on),
            "sent_on": _day(timezone.localdate(appeal.submitted_at)),
            "reached_on": _day(appeal.reached_on),
            "last_day": _day(appeal.last_day),
            "late_reason": _paragraphs(appeal.late_reason),
        }


def _change(successor: Decision) -> dict[str, Any]:
    """The new amount beside the old one, and what is to be paid back."""
    before = successor.replaces
    assert before is not None
    overpaid = Overpaid.objects.filter(decision=successor).first()
    return {
        "granted": kr(successor.amount_ore),
        "before": kr(before.amount_ore),
        "applied": kr(successor.applied_ore),
        "is_more": successor.amount_ore > before.amount_ore,
        "difference": kr(abs(successor.amount_ore - before.amount_ore)),
        "overpaid": kr(overpaid.to_recover_ore) if overpaid else "",
    }


def _persons(subject: str) -> dict[str, str]:
    approval = Approval.objects.select_related("proposed_by", "approved_by").get(subject=subject)
    return {"proposed_by": str(approval.proposed_by), "decided_by": str(approval.approved_by)}


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()]


def _day(day: date | None) -> str:
    return date_format(day, "j. F Y") if day else ""

"""What a decision letter says: taken from the decision's own grounds and the published call, never from today's rules."""

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import override

from applications.models import Decision
from grants.law.scheme import NO_APPEAL
from grants.models import Approval, LedgerEntry
from grants.shared.errors import Refused
from grants.shared.money import kr

VERSION = 1  # of the templates letters/{nb,nn}/decision.html; it stands in the letter and on the document


def decision_letter(decision: Decision) -> dict[str, Any]:
    """The contents of the letter, in the language that the applicant chose.

    Refused before the decision is made, and when the ledger says another amount, year, code or recipient.
    """
    if decision.state != Decision.State.DECIDED or decision.decided_on is None:
        raise Refused(f"Decision {decision.pk} is {decision.state}: no letter leaves before it is decided.")
    _require_ledger_agrees(decision)
    application, call = decision.application, decision.call
    approval = Approval.objects.select_related("proposed_by", "approved_by").get(subject=f"decision:{decision.pk}")
    language = application.language
    with override(language):
        return {
            "version": VERSION,
            "language": language,
            "recipient": application.organisation,
            "number": application.reference,
            "dated": date_format(decision.decided_on, "j. F Y"),
            "dated_iso": decision.decided_on.isoformat(),
            "title": call.title(language),
            "scheme": call.law.name.on(language),
            "year": call.year,
            "chapter": call.law.chapter.lstrip("0"),
            "post": call.law.post,
            "legal_basis": call.terms["legal_basis"].removesuffix("."),
            "outcome": decision.outcome,
            "applied": kr(decision.applied_ore),
            "granted": kr(decision.amount_ore),
            "paragraphs": [part.strip() for part in decision.reason.split("\n\n") if part.strip()],
            "project": _answer(application.answers, "project", "project_name"),
            "findings": [_finding(finding) for finding in decision.grounds["findings"]],
            "scores": _scores(decision, language),
            "total": (decision.grounds["total"] or "").replace(".", ","),
            "may_appeal": call.law.appeal != NO_APPEAL,
            "proposed_by": str(approval.proposed_by),
            "decided_by": str(approval.approved_by),
        }


def _finding(finding: dict[str, Any]) -> dict[str, Any]:
    """A condition as it was settled; what a caseworker ruled comes before what the rule saw."""
    rulings = finding["rulings"]
    return {
        "sentence": finding["sentence"],
        "citation": finding["citation"],
        "met": finding["met"],
        "reason": rulings[-1]["reason"] if rulings else "",
    }


def _scores(decision: Decision, language: str) -> list[dict[str, Any]]:
    """The criteria of the call with the points that each was given."""
    given: dict[str, list[int]] = {}
    for score in decision.grounds["scores"]:
        given.setdefault(score["criterion"], []).append(score["points"])
    return [
        {
            "text": criterion["text"][language],
            "weight": criterion["weight"],
            "points": " og ".join(map(str, given[criterion["code"]])),
        }
        for criterion in decision.call.criteria()
        if criterion["code"] in given
    ]


def _require_ledger_agrees(decision: Decision) -> None:
    entries = list(LedgerEntry.objects.filter(key=f"decision:{decision.pk}:committed"))
    booked = [(e.amount_ore, e.recipient_id, e.scheme, e.code, e.origin_year, e.credit) for e in entries]
    call = decision.call
    wanted = (decision.amount_ore, decision.application.organisation_id, call.scheme, call.code, call.year, "committed")
    if booked != ([wanted] if decision.amount_ore else []):
        raise Refused(
            f"The ledger does not say what decision {decision.pk} says of amount, year, scheme or recipient. "
            "No letter was made; let finance look into it."
        )


def _answer(answers: dict[str, Any], theme: str, code: str) -> str:
    return str(answers.get(theme, {}).get(code, ""))

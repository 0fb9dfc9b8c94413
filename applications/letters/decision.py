"""What a decision letter says: taken from the decision's own grounds and the published call, never from today's rules."""

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from applications.models import Decision
from grants.law.scheme import NO_APPEAL
from grants.models import LedgerEntry
from grants.shared.errors import Refused
from grants.shared.money import kr

VERSION = 1  # of the template for new letters; applications/letters/templates.py tells where each version lies
UNDATED = {"nb": "dagen vedtaket fattes", "nn": "dagen vedtaket blir gjort"}


def decision_letter(decision: Decision) -> dict[str, Any]:
    """The contents of the letter, in the language that the applicant chose.

    Refused before the decision is made, and when the ledger says another amount, year, code or recipient.
    """
    if decision.state != Decision.State.DECIDED or decision.decided_on is None:
        raise Refused(f"Decision {decision.pk} is {decision.state}: no letter leaves before it is decided.")
    if not decision.call.law.is_claimed:  # a claim has no lines before a run pays it: services/decision_letter.py
        _require_ledger_agrees(decision)
    approval = decision.approval()
    assert approval is not None  # a guard of the database: nothing is decided without one
    return contents_of(decision, decided_by=str(approval.approved_by))


def template_for(decision: Decision) -> str:
    """The template of its letter: a claim that is granted is paid by a run, and has no terms to accept."""
    return "claim" if decision.call.law.is_claimed else "decision"


def contents_of(
    decision: Decision, *, decided_by: str, dated: date | None = None, version: int = VERSION
) -> dict[str, Any]:
    """What the letter of a decision says, or would say: the preview of a proposal is made of the same contents."""
    application, call = decision.application, decision.call
    language, dated = application.language, dated or decision.decided_on
    with override(language):
        return {
            "version": version,
            "language": language,
            "recipient": application.organisation,
            "number": application.reference,
            "dated": date_format(dated, "j. F Y") if dated else UNDATED[language],
            "dated_iso": dated.isoformat() if dated else "",
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
            "proposed_by": str(decision.prepared_by),
            "decided_by": decided_by,
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
            _(
                "Regnskapet sier noe annet enn vedtak %(decision)s om beløp, år, ordning eller mottaker. "
                "Brevet er ikke laget. La økonomi se på det."
            )
            % {"decision": decision.pk}
        )


def _answer(answers: dict[str, Any], theme: str, code: str) -> str:
    return str(answers.get(theme, {}).get(code, ""))

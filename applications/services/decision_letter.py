"""The letter of a decision: made once from the decision's own grounds, archived with its hash, recorded in the case."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.template.loader import render_to_string

from applications.letters.decision import decision_letter
from applications.models import Application, CaseDocument, CaseEvent, Decision
from applications.records import KINDS
from grants.documents import archive
from grants.documents.render import render_pdf
from grants.jobs.registry import job

SENDER = "Integrerings- og mangfoldsdirektoratet"
KIND = "decision"


@job("decision_letter")
def make_decision_letter(payload: Mapping[str, Any]) -> None:
    """Make the letter of a decision. Safe to run twice: a letter that is made is left alone."""
    make_letter(Decision.objects.select_related("application__organisation", "call").get(pk=payload["decision"]))


def make_letter(decision: Decision) -> CaseDocument:
    """The letter of a decision: the archived one, or a new one. It is not made when the ledger says something else."""
    made = _made(decision)
    if made is not None:
        return made
    content = decision_letter(decision)
    # No transaction is open while the page is set and the file is written.
    sha256, path = archive.store(render_pdf(html_of(content), stylesheet=render_to_string("letters/letter.css")))
    with transaction.atomic():
        case = Application.objects.select_for_update().get(pk=decision.application_id)
        return _made(decision) or _record(case, decision, content, sha256, path)


def html_of(content: Mapping[str, Any]) -> str:
    """The letter as HTML, before it is a PDF."""
    return render_to_string(f"letters/{content['language']}/decision.html", dict(content))


def next_document_number(case: Application) -> int:
    """The next number in the case, whose row the caller has locked."""
    return int(case.documents.aggregate(last=Max("number"))["last"] or 0) + 1


def _made(decision: Decision) -> CaseDocument | None:
    return CaseDocument.objects.filter(application=decision.application_id, kind=f"{KIND}:{decision.pk}").first()


def _record(case: Application, decision: Decision, content: Mapping[str, Any], sha256: str, path: str) -> CaseDocument:
    record = KINDS[KIND]
    title = record.title_nn if content["language"] == "nn" else record.title_nb
    assert decision.decided_on is not None  # what has a letter is decided
    document = CaseDocument.objects.create(
        application=case,
        number=next_document_number(case),
        kind=f"{KIND}:{decision.pk}",
        title=title.format(title=content["title"])[:250],
        direction=CaseDocument.Direction.OUTGOING,
        sender=SENDER,
        recipient=str(case.organisation),
        dated=decision.decided_on,
        access_code=record.access_code,
        legal_ground=record.legal_ground,
        retention=record.retention,
        sha256=sha256,
        path=path,
    )
    CaseEvent.objects.create(
        application=case,
        verb="letter",
        text=document.title,
        details={"document": document.number},
        open_to_applicant=True,
    )
    return document

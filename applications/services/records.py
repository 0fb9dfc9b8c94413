"""Record a document of a case: its number, who sent it to whom, and what of it is open. Once per kind and thing."""

from datetime import date

from django.db import transaction
from django.db.models import Max

from applications.models import Application, CaseDocument, CaseEvent, SubmittedAttachment
from applications.records import DIRECTORATE, KINDS
from grants.documents import archive
from grants.jobs.queue import hand_over

Direction = CaseDocument.Direction


def recorded(case: Application, kind: str, of: object) -> CaseDocument | None:
    """The document of this kind about this thing (a decision, a submission ...), when it is recorded already."""
    return CaseDocument.objects.filter(application=case.pk, kind=f"{kind}:{of}").first()


def record(
    case: Application,
    kind: str,
    *,
    of: object,
    content: bytes,
    about: str,
    language: str,
    direction: CaseDocument.Direction,
    dated: date,
    suffix: str = ".pdf",
    counterpart: str = "",
    template_version: int | None = None,
) -> CaseDocument:
    """Archive a document and record it in its case. Doing it again gives back the first, whatever the content says now.

    `kind` is one of `applications.records.KINDS`; `of` names the thing it is about, and `about` stands in the title.
    `counterpart` is who it comes from or goes to, where that is not the applicant.
    """
    sha256, path = archive.store(content, suffix=suffix)  # no transaction is open while the file is written
    other, ours = counterpart or str(case.organisation), DIRECTORATE
    sender, recipient = (other, ours) if direction == Direction.INCOMING else (ours, other)
    of_kind = KINDS[kind]
    # What comes in about a person's health is kept from the public, whatever it is, and its attachments with it.
    came_in_on_health = direction == Direction.INCOMING and case.call.law.on_health
    kept_as = KINDS["submission_on_health"] if came_in_on_health else of_kind
    with transaction.atomic():
        locked = Application.objects.select_for_update().get(pk=case.pk)
        first = recorded(locked, kind, of)
        if first is not None:
            return first
        document = CaseDocument.objects.create(
            application=locked,
            number=_next_number(locked),
            kind=f"{kind}:{of}",
            title=of_kind.title(language).format(title=about)[:250],
            direction=direction,
            sender=sender,
            recipient=ours if direction == Direction.INTERNAL else recipient,
            dated=dated,
            access_code=kept_as.access_code,
            legal_ground=kept_as.legal_ground,
            retention=of_kind.retention,
            sha256=sha256,
            path=path,
            template_version=template_version,
        )
        if direction == Direction.OUTGOING and not counterpart:
            CaseEvent.objects.create(
                application=locked,
                verb="letter",
                text=document.title,
                details={"document": document.number},
                open_to_applicant=True,
            )
        if direction == Direction.OUTGOING:
            hand_over("deliver_document", f"deliver_document:{document.pk}", {"document": document.pk})
    return document


def record_attachments(document: CaseDocument, sent_with: str) -> list[CaseDocument]:
    """Record the files that came with a document, each once, as attachments of it: same parties, same day, same access."""
    sent = SubmittedAttachment.objects.filter(
        attachment__application=document.application_id, sent_with=sent_with
    ).select_related("attachment")
    with transaction.atomic():
        locked = Application.objects.select_for_update().get(pk=document.application_id)
        return [recorded(locked, "attachment", one.pk) or _attach(document, one, locked) for one in sent.order_by("pk")]


def _attach(document: CaseDocument, sent: SubmittedAttachment, locked: Application) -> CaseDocument:
    kind = KINDS["attachment"]
    return CaseDocument.objects.create(
        application=locked,
        number=_next_number(locked),
        kind=f"attachment:{sent.pk}",
        title=kind.title(locked.language).format(title=sent.attachment.name)[:250],
        direction=document.direction,
        sender=document.sender,
        recipient=document.recipient,
        dated=document.dated,
        access_code=document.access_code,
        legal_ground=document.legal_ground,
        retention=kind.retention,
        sha256=sent.sha256,
        path=sent.attachment.path,
        attached_to=document,
        attachment=sent.attachment,
    )


def _next_number(case: Application) -> int:
    """The next number in the case, whose row the caller has locked."""
    return int(case.documents.aggregate(last=Max("number"))["last"] or 0) + 1

"""Attach a file to a case, take it away again, and note what was sent in with what."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import Application, Attachment, AttachmentState, State, SubmittedAttachment
from applications.workflow.attaching import document_at, may_attach, takes_files
from grants.documents import quarantine
from grants.documents.gate.guarded import media_type_of, suffix_of
from grants.jobs.queue import hand_over
from grants.models import User
from grants.shared.errors import BadInput, ChangedSince, NotAllowed

MOST_AT_OTHER_PLACES = 10
LONGEST_NAME = 150
HEALTH_SHELF = "health"
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]')


class Upload(Protocol):
    """A file on its way in, as Django and the API give it."""

    name: str | None
    size: int | None

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """Its content, piece by piece."""
        ...


@dataclass(frozen=True)
class Passed:
    """A file that has been taken in and has passed the gate, and is not yet kept."""

    application: Application
    place: str
    name: str
    media_type: str
    received: quarantine.Received


def attach(application: Application, place: str, file: Upload, *, by: User) -> Attachment:
    """Take a file in: into quarantine, through the gate, and on to the scanner by a job.

    The same file twice at the same place is one. A file that does not pass the gate leaves nothing behind.
    """
    with through_the_gate(application, place, file, by=by) as passed:
        return keep(passed, by=by)


@contextmanager
def through_the_gate(application: Application, place: str, file: Upload, *, by: User) -> Iterator[Passed]:
    """Receive a file and try it, outside any transaction. What is not kept before the block ends, is erased."""
    _require(application, place, by)
    name = clean_name(file.name or "")
    suffix = suffix_of(name)
    most = settings.ATTACHMENT_MOST_BYTES
    if (file.size or 0) > most:
        quarantine.too_large(most)
    shelf = HEALTH_SHELF if application.call.law.on_health else ""
    received = quarantine.receive(file.chunks(), most=most, shelf=shelf)
    try:
        media_type = media_type_of(quarantine.place_of(received.path), suffix)
        yield Passed(application, place, name, media_type, received)
    finally:
        if not Attachment.objects.filter(path=received.path).exists():
            quarantine.erase(received.path)


@transaction.atomic
def keep(passed: Passed, *, by: User) -> Attachment:
    """Make a file that has passed the gate one of the case's."""
    application, place, received = passed.application, passed.place, passed.received
    locked = Application.objects.select_for_update().select_related("call").get(pk=application.pk)
    _require(locked, place, by)
    here = locked.attachments.at(place).exclude(state=AttachmentState.REFUSED)
    same = here.filter(sha256=received.sha256).first()
    if same is not None:
        return same
    _require_room(locked, place, received.size)
    attachment = Attachment.objects.create(
        application=locked,
        place=place,
        name=_neutral(locked, place, passed.name) if locked.call.law.on_health else passed.name,
        media_type=passed.media_type,
        size=received.size,
        sha256=received.sha256,
        path=received.path,
        uploaded_by=by,
        uploaded_at=timezone.now(),
    )
    hand_over("scan_attachment", f"scan_attachment:{attachment.pk}", {"attachment": str(attachment.pk)})
    _touch(locked, by)
    return attachment


@transaction.atomic
def detach(attachment: Attachment, *, by: User) -> Attachment:
    """Take a file away that has not been sent in. That it was there is kept; the file itself goes, by a job."""
    application = Application.objects.select_for_update().get(pk=attachment.application_id)
    _require(application, attachment.place, by)
    if attachment.sendings.exists():
        raise ChangedSince(_("Filen er sendt inn, og blir liggende i saken."))
    changed = Attachment.objects.present().filter(pk=attachment.pk).update(removed_by=by, removed_at=timezone.now())
    if not changed:
        raise ChangedSince(_("Filen er fjernet allerede."))
    hand_over("erase_attachment", f"erase_attachment:{attachment.pk}", {"attachment": str(attachment.pk)})
    _touch(application, by)
    attachment.refresh_from_db()
    return attachment


def freeze(
    application: Application, places: Iterable[str], *, sent_with: str, anew: bool = False
) -> list[SubmittedAttachment]:
    """Note what is sent in with a thing, in the caller's transaction; from now on it stays. A refused file is not sent.

    `anew`: what was sent before goes with it once more, as when an application or a report is sent in again.
    """
    files = application.attachments.present() if anew else application.attachments.not_sent()
    sent = files.filter(place__in=list(places)).exclude(state=AttachmentState.REFUSED).order_by("uploaded_at", "pk")
    now = timezone.now()
    return SubmittedAttachment.objects.bulk_create(
        SubmittedAttachment(attachment=file, sent_with=sent_with, sha256=file.sha256, sent_at=now) for file in sent
    )


def clean_name(name: str) -> str:
    """A file's name as it was, without folders, without what no reader sees, and without what a disk cannot hold."""
    bare = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    bare = re.sub(r"\s+", " ", _NOT_IN_NAMES.sub("", bare)).strip().rstrip(" .")
    stem, dot, suffix = bare.rpartition(".")
    return f"{stem[: LONGEST_NAME - 20].strip() or 'vedlegg'}{dot}{suffix[:10]}" if dot else bare[:LONGEST_NAME]


def _neutral(application: Application, place: str, name: str) -> str:
    """What a file that tells of a person's health is called: what it is, and never what it was called."""
    document = document_at(application, place)
    number = application.attachments.filter(place=place).count() + 1
    what = document.text.on(application.language) if document else "Vedlegg"
    return f"{what} {number}{name[name.rfind('.') :] if '.' in name else ''}"


def _require(application: Application, place: str, by: User) -> None:
    if not takes_files(application, place):
        raise ChangedSince(_("Saken tar ikke imot filer her nå."))
    if not may_attach(by, application, place):
        raise NotAllowed(
            _("%(who)s kan ikke legge ved filer for %(organisation)s.")
            % {"who": by, "organisation": application.organisation}
        )


def _require_room(application: Application, place: str, size: int) -> None:
    """As many as the document may be, beside those that were sent in earlier; and not too much in all."""
    document = document_at(application, place)
    most = document.most if document else MOST_AT_OTHER_PLACES
    if application.attachments.at(place).not_sent().exclude(state=AttachmentState.REFUSED).count() >= most:
        raise BadInput(
            _("Her er det plass til én fil. Fjern den som ligger der, før dere laster opp en ny.")
            if most == 1
            else _("Her er det plass til %(most)s filer. Fjern en av dem før dere laster opp en ny.") % {"most": most}
        )
    present = application.attachments.present()
    if present.count() >= settings.ATTACHMENTS_MOST:
        raise BadInput(
            _("Søknaden har plass til %(most)s vedlegg i alt. Fjern noen av dem først.")
            % {"most": settings.ATTACHMENTS_MOST}
        )
    if int(present.aggregate(sum=Sum("size"))["sum"] or 0) + size > settings.ATTACHMENTS_MOST_BYTES:
        room = settings.ATTACHMENTS_MOST_BYTES // 1024 // 1024
        raise BadInput(
            _("Vedleggene kan være på høyst %(room)s MB til sammen. Fjern noen, eller lever mindre filer.")
            % {"room": room}
        )


def _touch(application: Application, by: User) -> None:
    """A draft with another file is another draft: who is about to send it in must see it first."""
    Application.objects.filter(pk=application.pk, state=State.DRAFT).update(
        version=F("version") + 1, saved_by=by, saved_at=timezone.now()
    )

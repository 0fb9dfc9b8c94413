"""Open an attachment: one that the scanner found clean, or, by a caseworker who was warned, one that no scanner has seen."""

from typing import BinaryIO

from django.utils.translation import gettext as _

from applications.models import Attachment, AttachmentState
from applications.services.health import look
from applications.workflow.attaching import may_open_file
from grants.documents import quarantine
from grants.models import AuditEvent, User
from grants.shared.errors import NotAllowed, Refused


def open_attachment(attachment: Attachment, *, by: User, why: str = "") -> BinaryIO:
    """The file, proved to be the one that came in. That somebody opened an unscanned one is put on record.

    A file that may tell of a person's health is opened only after the look, with its reason, is in the log.
    """
    if not may_open_file(by, attachment):
        raise _why_not(attachment)
    if attachment.application.call.law.on_health:
        look(attachment.application, f"attachment:{attachment.pk}", by=by, why=why)
    if attachment.state == AttachmentState.UNSCANNED:
        AuditEvent.objects.create(by=by, verb="open_unscanned", subject=f"attachment:{attachment.pk}")
    return quarantine.open_proved(attachment.path, sha256=attachment.sha256)


def _why_not(attachment: Attachment) -> Refused:
    if attachment.state == AttachmentState.QUARANTINED:
        return Refused(_("Filen venter på viruskontroll, og kan åpnes når den er kontrollert."))
    if attachment.state == AttachmentState.REFUSED:
        return Refused(_("Filen er avvist og kan ikke åpnes.") + f" {attachment.reason}")
    return NotAllowed(_("Filen er ikke viruskontrollert. Bare saksbehandlere kan åpne den."))

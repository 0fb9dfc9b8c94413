"""Let the scanner look at a file: clean, refused, or, where there is no scanner, marked as not scanned."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from applications.models import Attachment, AttachmentState, CaseEvent
from grants.documents import quarantine
from grants.documents.scanner import Scan, scanner
from grants.jobs.registry import job


@job("scan_attachment")
def scan_by_job(payload: Mapping[str, Any]) -> None:
    """Scan one file. A scanner that does not answer makes the job wait and try again; meanwhile nobody opens the file."""
    scan(Attachment.objects.get(pk=payload["attachment"]))


@job("erase_attachment")
def erase_by_job(payload: Mapping[str, Any]) -> None:
    """Remove the file of an attachment that was taken away. Safe to run twice."""
    attachment = Attachment.objects.get(pk=payload["attachment"])
    if attachment.removed_at is not None:
        quarantine.erase(attachment.path)


def scan(attachment: Attachment) -> Attachment:
    """Scan a file, unless it has its verdict or is gone. Raises `ScannerUnavailable` when that cannot be told now."""
    waiting = Attachment.objects.awaiting_scan().filter(pk=attachment.pk)
    if not waiting.exists():
        return attachment
    port = scanner()
    if port is None:
        waiting.filter(state=AttachmentState.QUARANTINED).update(state=AttachmentState.UNSCANNED)
    else:
        with quarantine.open_proved(attachment.path, sha256=attachment.sha256) as file:
            said = port.scan(file)
        _settle(attachment, said)
    attachment.refresh_from_db()
    return attachment


@transaction.atomic
def _settle(attachment: Attachment, said: Scan) -> None:
    waiting = Attachment.objects.awaiting_scan().filter(pk=attachment.pk)
    if said.clean:
        waiting.update(state=AttachmentState.CLEAN, scanned_at=timezone.now())
        return
    reason = f"Virusprogrammet fant skadevare i filen ({said.found[:100]})."
    refused = waiting.update(state=AttachmentState.REFUSED, reason=reason, scanned_at=timezone.now())
    if refused and attachment.sendings.exists():
        CaseEvent.objects.create(
            application=attachment.application,
            verb="attachment_refused",
            text=f"{attachment.name}: {reason}",
            details={"attachment": str(attachment.pk)},
            open_to_applicant=True,
        )

"""`manage.py scan_attachments`: what waits is scanned, after the scanner has been away or when there has come one."""

from typing import Any

from applications.models import Attachment, AttachmentState
from applications.services.scan_attachment import scan
from grants.documents.scanner import ScannerUnavailable
from grants.management.base import Command as BaseCommand
from grants.shared.errors import Refused


class Command(BaseCommand):
    help = "Scan every attachment that waits for the scanner, or that was marked as not scanned."

    def work(self, **options: Any) -> None:
        counts = dict.fromkeys((state.value for state in AttachmentState), 0)
        for attachment in Attachment.objects.awaiting_scan().order_by("uploaded_at").iterator():
            try:
                counts[scan(attachment).state] += 1
            except ScannerUnavailable as fault:
                raise Refused(f"{fault}. Start the scanner, and run this again.") from fault
        for state, count in counts.items():
            self.say(f"{state:12} {count:6}")

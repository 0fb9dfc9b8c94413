"""Write the bank file of a sealed batch; the same bytes every time."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from grants.bank.payment_file import VERSIONS
from grants.management.base import Command as Base
from grants.models import AuditEvent
from grants.services.prepare_batch import batch_numbered
from grants.services.send_batch import file_of
from grants.shared.money import kr


class Command(Base):
    help = "Write the bank file of a sealed batch (ISO 20022 pain.001). Writing it sends nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("batch", type=int, metavar="BATCH")
        parser.add_argument("--format", choices=["pain.001"], default="pain.001")
        parser.add_argument("--version", dest="file_version", choices=VERSIONS, default=VERSIONS[0])
        parser.add_argument("--out", type=Path, required=True, metavar="FILE")

    def work(self, **options: Any) -> None:
        batch = batch_numbered(options["batch"])
        options["out"].write_bytes(file_of(batch, options["file_version"]))
        AuditEvent.objects.create(by=None, verb="export_payments", subject=f"batch:{batch.number}")
        self.say(
            f"{options['out']}: {batch.payments_count} payments, {kr(batch.total_ore)} kroner, "
            f"pain.001.001.{options['file_version']}."
        )

"""Let an attested batch go to the bank."""

from typing import Any

from django.core.management.base import CommandParser

from grants.management.base import Command as Base
from grants.management.base import add_by, add_json, user_named
from grants.management.commands.batches import of_batch
from grants.services.prepare_batch import batch_numbered
from grants.services.send_batch import send_batch


class Command(Base):
    help = "Send an attested batch. A job carries the file to the bank: see `manage.py worker` and `manage.py batches`."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("batch", type=int, metavar="BATCH")
        add_by(parser)
        add_json(parser)

    def work(self, **options: Any) -> None:
        batch = send_batch(batch_numbered(options["batch"]), by=user_named(options["by"]))
        self.tell(f"Batch {batch.number} is on its way to the bank, as {batch.file_sha256}.", **of_batch(batch))

"""Attest a payment batch by command, where an operator has allowed that."""

from typing import Any

from django.core.management.base import CommandParser

from grants.management.base import Command as Base
from grants.management.base import add_by, add_json, require_operator_approval, user_named
from grants.management.commands.batches import of_batch
from grants.services.attest_batch import attest_batch
from grants.services.prepare_batch import batch_numbered
from grants.shared.money import kr


class Command(Base):
    help = "Attest a sealed batch. Another person than the one who prepared it, who acts for none of its recipients."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("batch", type=int, metavar="BATCH")
        add_by(parser)
        add_json(parser)

    def work(self, **options: Any) -> None:
        require_operator_approval()
        batch = attest_batch(batch_numbered(options["batch"]), by=user_named(options["by"]))
        self.tell(
            f"Batch {batch.number} is attested: {kr(batch.total_ore)} kroner, seal {batch.digest}.", **of_batch(batch)
        )

"""Take in a file from the bank."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from grants.bank.document import MOST_BYTES
from grants.management.base import Command as Base
from grants.management.base import add_json
from grants.services.take_in_bank_file import take_in_bank_file
from grants.shared.errors import BadInput


class Command(Base):
    help = "Take in a file from the bank: pain.002, camt.053, camt.054 or pacs.004, recognised by its namespace."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        add_json(parser)

    def work(self, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise BadInput(f"{path} is no file.")
        if path.stat().st_size > MOST_BYTES:
            raise BadInput(f"{path} is larger than any answer that is read ({MOST_BYTES} bytes).")
        found = take_in_bank_file(path.read_bytes(), name=path.name)
        sentence = (
            f"{path.name} ({found.message.kind}): {found.told} things told, {found.known} known before, "
            f"{found.to_look_at} to look at."
            if found.is_new
            else f"{path.name} was taken in before: nothing is done again."
        )
        self.tell(
            sentence, message=found.message.pk, kind=found.message.kind, new=found.is_new, told=found.told,
            known=found.known, to_look_at=found.to_look_at,
        )  # fmt: skip

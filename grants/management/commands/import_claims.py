"""Import claims of a scheme."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from grants.management.base import Command as Base
from grants.management.base import add_import_options, add_json
from grants.management.progress import watched
from grants.services.import_claims import import_claims


class Command(Base):
    help = "Import claims: disability, integration_reception, asylum_training or norwegian_training."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("scheme", metavar="SCHEME")
        parser.add_argument("file", type=Path, metavar="FILE")
        add_import_options(parser)
        add_json(parser)

    def work(self, **options: Any) -> None:
        with watched(f"Reading {options['file'].name}") as watch:
            new, known = import_claims(
                options["scheme"],
                options["file"],
                known_on=options["known_on"],
                correct=options["correct"],
                watch=watch,
            )
        self.tell(f"{new} new claims; {known} were known already.", new=new, known=known)

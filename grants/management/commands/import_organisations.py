"""Import organisations."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from grants.management.base import Command as Base
from grants.management.base import add_import_options, add_json
from grants.services.import_organisations import import_organisations


class Command(Base):
    help = "Import organisations with their account numbers, sub-units with their parent."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        add_import_options(parser)
        add_json(parser)

    def work(self, **options: Any) -> None:
        new, known = import_organisations(options["file"], known_on=options["known_on"], correct=options["correct"])
        self.tell(f"{new} organisations are new or changed; {known} were known already.", new=new, known=known)

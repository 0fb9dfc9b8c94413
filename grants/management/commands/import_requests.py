"""Import requests to settle."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from grants.management.base import Command as Base
from grants.management.base import add_import_options, add_json
from grants.services.import_requests import import_requests


class Command(Base):
    help = "Import how many each municipality was asked to settle in a year (anmodning)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        add_import_options(parser)
        add_json(parser)

    def work(self, **options: Any) -> None:
        new, known = import_requests(options["file"], known_on=options["known_on"], correct=options["correct"])
        self.tell(f"{new} new requests; {known} were known already.", new=new, known=known)

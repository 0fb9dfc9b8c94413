"""`import_accounts FILE --year Y [--correct REASON]`."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from grants.management.base import Command as Base
from grants.management.base import add_json, day
from grants.services.import_accounts import import_accounts


class Command(Base):
    help = "Take in what is booked outside this system: operating posts, income, other transfers."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--year", type=int, required=True)
        parser.add_argument("--known-on", type=day, metavar="DATE", help="the day it became known (default: today)")
        parser.add_argument("--correct", default="", metavar="REASON", help="let the file supersede what is known")
        add_json(parser)

    def work(self, **options: Any) -> None:
        done = import_accounts(
            options["file"], year=options["year"], known_on=options["known_on"], correct=options["correct"]
        )
        self.tell(
            f"{options['file'].name}: {done.rows} rows of {options['year']}, {done.new_rows} new.",
            rows=done.rows,
            new=done.new_rows,
        )

"""`import_appropriations FILE --year Y [--decided-on DATE]`."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from grants.management.base import Command as Base
from grants.management.base import add_json, day
from grants.services.import_appropriations import import_appropriations


class Command(Base):
    help = "Take in the appropriations of a year. A later file is a new decision (nysaldering)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--year", type=int, required=True)
        parser.add_argument("--decided-on", type=day, metavar="DATE", help="the day of the decision (default: today)")
        add_json(parser)

    def work(self, **options: Any) -> None:
        done = import_appropriations(options["file"], year=options["year"], decided_on=options["decided_on"])
        self.tell(
            f"{options['file'].name}: {done.rows} posts of {options['year']}, {done.new_rows} new decisions.",
            rows=done.rows,
            new=done.new_rows,
        )

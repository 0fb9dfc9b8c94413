"""Import settlements and events."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from grants.management.base import Command as Base
from grants.management.base import add_import_options, add_json
from grants.management.progress import watched
from grants.services.import_register import import_register


class Command(Base):
    help = "Import settled persons, and what has happened to them. A file is taken whole or refused whole."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("settlements", type=Path, metavar="SETTLEMENTS")
        parser.add_argument("events", type=Path, nargs="?", metavar="EVENTS")
        add_import_options(parser)
        add_json(parser)

    def work(self, **options: Any) -> None:
        with watched(f"Reading {options['settlements'].name}") as watch:
            taken = import_register(
                options["settlements"], options["events"], known_on=options["known_on"], correct=options["correct"],
                watch=watch,
            )  # fmt: skip
        if options["json"]:
            self.answer(asdict(taken))
            return
        self.say(
            f"{taken.settlements} new settlements and {taken.events} new events; {taken.known} rows were known already."
        )
        if taken.discrepancies:
            self.say(
                f"{taken.discrepancies} events follow a death or a withdrawal: kept as discrepancies, without effect."
            )

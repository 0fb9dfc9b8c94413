"""Erase persons whose time is over."""

from typing import Any

from django.core.management.base import CommandParser

from grants.management.base import Command as Base
from grants.management.base import add_by, add_json, user_named
from grants.services.erase_persons import erase_persons
from grants.shared.dates import today


class Command(Base):
    help = "Erase the persons who were settled before a year, when their retention is over. The sums stay."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--settled-before", type=int, required=True, metavar="YEAR")
        add_by(parser)
        add_json(parser)

    def work(self, **options: Any) -> None:
        number = erase_persons(settled_before=options["settled_before"], on=today(), by=user_named(options["by"]))
        self.tell(f"{number} persons are erased; the sums in lines and ledger stay.", erased=number)

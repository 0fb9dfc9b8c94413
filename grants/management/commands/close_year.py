"""`close_year YEAR --by USERNAME`."""

from typing import Any

from django.core.management.base import CommandParser

from grants.management.base import Command as Base
from grants.management.base import add_by, add_json, user_named
from grants.services.close_year import close_year


class Command(Base):
    help = "Close the books of a year: no line can be booked in it afterwards."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("year", type=int)
        add_by(parser)
        add_json(parser)

    def work(self, **options: Any) -> None:
        closed = close_year(options["year"], by=user_named(options["by"]))
        self.tell(f"The books of {closed.year} are closed.", year=closed.year, closed=True)

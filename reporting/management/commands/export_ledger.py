"""`export_ledger YEAR --format csv|xlsx|json --out FILE`."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from grants.budget.cells import budget_year
from grants.management.base import Command as Base
from reporting.exports.ledger import export_ledger
from reporting.exports.ledger_columns import FORMATS


class Command(Base):
    help = "Write the ledger of a year to a file, streamed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("year", type=int)
        parser.add_argument("--format", choices=FORMATS, required=True)
        parser.add_argument("--out", type=Path, required=True, metavar="FILE")

    def work(self, **options: Any) -> None:
        year = budget_year(options["year"])
        lines = export_ledger(year, file_format=options["format"], out=options["out"])
        self.say(f"{lines} ledger lines of {year} written to {options['out']}.")

"""`export_ledger YEAR --format csv|xlsx|json --out FILE`."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from grants.budget.cells import budget_year
from grants.management.base import Command as Base
from grants.management.base import add_json
from grants.management.progress import counted
from grants.models import LedgerEntry
from reporting.exports.ledger import export_ledger
from reporting.exports.ledger_columns import FORMATS


class Command(Base):
    help = "Write the ledger of a year to a file, streamed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("year", type=int)
        parser.add_argument("--format", choices=FORMATS, required=True)
        parser.add_argument("--out", type=Path, required=True, metavar="FILE")
        add_json(parser)

    def work(self, **options: Any) -> None:
        year = budget_year(options["year"])
        with counted("Ledger lines", LedgerEntry.objects.filter(budget_year=year).count()) as progress:
            lines = export_ledger(year, file_format=options["format"], out=options["out"], progress=progress)
        self.tell(
            f"{lines} ledger lines of {year} written to {options['out']}.",
            year=year,
            lines=lines,
            file=str(options["out"]),
        )

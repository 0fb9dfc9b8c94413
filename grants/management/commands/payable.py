"""Write what a run pays each municipality."""

from typing import Any

from django.core.management.base import CommandParser

from grants.entitlements.files import write_payables
from grants.entitlements.runs import run_numbered
from grants.management.base import Command as Base
from grants.management.base import add_json


class Command(Base):
    help = "Write one row per municipality in the run or with a carried sum: due, carried in, paid, carried out."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("run", type=int, metavar="RUN")
        parser.add_argument("--out", required=True, metavar="FILE")
        add_json(parser)

    def work(self, **options: Any) -> None:
        rows = write_payables(run_numbered(options["run"]), options["out"])
        self.tell(f"{rows} municipalities written to {options['out']}.", municipalities=rows, file=options["out"])

"""`year_end YEAR --out DIR [--json]`."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from grants.management.base import Command as Base
from grants.management.base import add_json
from grants.management.progress import counted
from grants.shared.money import kr
from reporting.reports.published import Comparison
from reporting.services.year_end import make_year_end, write_year_end


class Command(Base):
    help = "Work out a year's report, freeze it, and write its tables and the PDF."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("year", type=int)
        parser.add_argument("--out", type=Path, required=True, metavar="DIR")
        add_json(parser)

    def work(self, **options: Any) -> None:
        with counted("Year end: figures, then files", 2) as progress:
            result = make_year_end(options["year"])
            progress(1)
            files = write_year_end(result, options["out"])
        if options["json"]:
            self.answer(result.as_dict(files))
        elif result.comparison:
            self._compare(result.comparison)
        new = "frozen as a new version" if result.is_new else "unchanged since it was frozen"
        report = result.report
        self.say(f"Year end {report.year}, version {report.version}, {new}: {len(files)} files in {options['out']}.")

    def _compare(self, comparison: Comparison) -> None:
        """Our own figures beside the published ones."""
        self.say(f"Own figures beside the published ones ({comparison.source}), in kroner:")
        wide = max(len(_short(line.what)) for line in comparison.lines)
        self.say(f"  {'':<{wide}} {'own':>16} {'published':>16} {'difference':>16}")
        for line in comparison.lines:
            own, theirs, apart = (
                kr(amount * 100) for amount in (line.own_kroner, line.published_kroner, line.difference_kroner)
            )
            self.say(f"  {_short(line.what):<{wide}} {own:>16} {theirs:>16} {apart:>16}")
        for remark in comparison.remarks:
            self.say(f"  {remark}")


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"

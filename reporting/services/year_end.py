"""Make a year's report: gather, check, freeze, and write its files."""

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from grants.budget.cells import budget_year
from grants.models import ClosedYear
from grants.shared.errors import Refused
from reporting.exports.csv_writer import write_csv
from reporting.exports.json_writer import write_json
from reporting.exports.whole_file import written_whole
from reporting.exports.xlsx_writer import Sheet, write_xlsx
from reporting.models import YearEndReport
from reporting.reports.check import check
from reporting.reports.freeze import figures_of, freeze, thawed
from reporting.reports.gather import gather
from reporting.reports.notes import Note
from reporting.reports.pdf import report_pdf
from reporting.reports.published import Comparison, compare
from reporting.reports.tables import Table

TEXT_WIDTH, NUMBER_WIDTH, KEY_WIDTH = 48, 20, 10


@dataclass(frozen=True, slots=True)
class YearEndResult:
    """A frozen version of a year's report, ready to be written."""

    report: YearEndReport
    is_new: bool
    year_is_closed: bool
    tables: dict[str, Table]
    notes: list[Note]
    comparison: Comparison | None

    def as_dict(self, files: dict[str, str]) -> dict[str, Any]:
        """The report as one JSON document."""
        return {
            "year": self.report.year,
            "version": self.report.version,
            "is_new": self.is_new,
            "sha256": self.report.sha256,
            "year_is_closed": self.year_is_closed,
            "tables": {name: table.as_dicts() for name, table in self.tables.items()},
            "sums": {
                name: {
                    column: total for column, total in zip(table.columns, table.sums, strict=True) if total is not None
                }
                for name, table in self.tables.items()
            },
            "notes": [{"title": note.title, "sentences": list(note.sentences)} for note in self.notes],
            "published": self.comparison.as_dict() if self.comparison else None,
            "files": files,
        }


def make_year_end(year: int) -> YearEndResult:
    """Work out a year's report and freeze it. The same figures as last time are the same version."""
    year = budget_year(year)
    at_top = not connection.in_atomic_block
    with transaction.atomic():
        if at_top and connection.vendor == "postgresql":
            # All questions are answered as of one moment, whatever is booked meanwhile.
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        gathered = gather(year)
        if not gathered.posts:
            raise Refused(
                f"Nothing is known of {year}: no appropriation, no accounts, no payment. "
                f"Begin with: manage.py import_appropriations FILE --year {year}"
            )
        check(gathered)
        report, is_new = freeze(year, figures_of(gathered))
        closed = ClosedYear.objects.filter(year=year).exists()
    tables, notes = thawed(report)
    return YearEndResult(report, is_new, closed, tables, notes, compare(year, tables))


def write_year_end(result: YearEndResult, folder: Path) -> dict[str, str]:
    """Write every table as CSV, XLSX and JSON, and the whole as PDF; all of it, or nothing."""
    year = result.report.year
    pdf = report_pdf(result.report, result.year_is_closed, result.tables, result.notes, result.comparison)
    files: dict[str, str] = {}
    with ExitStack() as all_or_nothing:
        for name, table in result.tables.items():
            paths = {suffix: folder / f"{name}.{suffix}" for suffix in ("csv", "xlsx", "json")}
            parts = {suffix: all_or_nothing.enter_context(written_whole(path)) for suffix, path in paths.items()}
            with parts["csv"].open("w", encoding="utf-8", newline="") as text:
                write_csv(text, table.columns, table.rows)
            with parts["json"].open("w", encoding="utf-8", newline="") as text:
                write_json(text, table.columns, table.rows)
            _write_workbook(parts["xlsx"], table, result)
            files |= {path.name: str(path) for path in paths.values()}
        path = folder / f"arsrapport_{year}.pdf"
        all_or_nothing.enter_context(written_whole(path)).write_bytes(pdf)
        files[path.name] = str(path)
    return files


def _write_workbook(part: Path, table: Table, result: YearEndResult) -> None:
    """The table alone on the first sheet, so that it can be read by machines; sums and notes on the second."""
    sums: list[tuple[Any, ...]] = [
        (f"Sum {column}", total) for column, total in zip(table.columns, table.sums, strict=True) if total is not None
    ]
    about = [
        (table.title, None),
        (f"Versjon {result.report.version}, SHA-256 {result.report.sha256}", None),
        *sums,
        *((f"{note.title}: {sentence}", None) for note in result.notes for sentence in note.sentences),
    ]
    sheets = [
        Sheet(table.name, table.columns, table.rows, [_width(column) for column in table.columns]),
        Sheet("om tabellen", ("tekst", "kroner"), about, (110, NUMBER_WIDTH)),
    ]
    write_xlsx(
        part, sheets, created=timezone.localdate(result.report.made_at), title=f"{table.title} {result.report.year}"
    )


def _width(column: str) -> int:
    if column in ("kapittel", "post"):
        return KEY_WIDTH
    return TEXT_WIDTH if column in ("kapittelnavn", "posttekst", "ordning", "mottakergruppe") else NUMBER_WIDTH

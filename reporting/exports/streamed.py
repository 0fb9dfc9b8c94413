"""Tables that leave as they are read: CSV and JSON line by line, XLSX through a file of its own, each with its control totals.

The totals are asked before the first row is sent and counted again while the rows pass. Where the two differ, the file is
broken off: nobody gets a table that is whole to look at and is not.
"""

import csv
import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from grants.shared.errors import ChangedSince
from reporting.exports.csv_writer import harmless
from reporting.exports.xlsx_writer import Sheet, write_xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = ("csv", "xlsx", "json")
LINES_AT_ONCE = 500


@dataclass(frozen=True)
class Control:
    """How many rows there are, what their amounts make (øre), and further sums by name."""

    rows: int
    total_ore: int
    further: Mapping[str, int] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """As JSON tells it."""
        return {"rows": self.rows, "total_ore": self.total_ore, **self.further}


@dataclass(frozen=True)
class Leaving:
    """A table on its way out. `amount` is the place of the column that is summed."""

    name: str
    title: str
    columns: Sequence[str]
    widths: Sequence[int]
    rows: Iterable[Sequence[Any]]
    amount: int
    control: Control
    created: date


def answer(table: Leaving, file_format: str) -> HttpResponseBase:
    """The table as a file to save; the control totals stand in the headers too, before the first row."""
    made: HttpResponseBase
    if file_format == "xlsx":
        made = _xlsx(table)
    elif file_format == "json":
        made = StreamingHttpResponse(_at_once(_json(table)), content_type="application/json")
    else:
        made = StreamingHttpResponse(_at_once(_csv(table)), content_type="text/csv; charset=utf-8")
    made.headers["Content-Disposition"] = f'attachment; filename="{table.name}.{file_format}"'
    made.headers["X-Control-Rows"] = str(table.control.rows)
    made.headers["X-Control-Total-Ore"] = str(table.control.total_ore)
    return made


def controlled(table: Leaving) -> Iterator[Sequence[Any]]:
    """The rows as they come; at their end what passed must be what was promised."""
    rows = total = 0
    for row in table.rows:
        rows, total = rows + 1, total + row[table.amount]
        yield row
    if (rows, total) != (table.control.rows, table.control.total_ore):
        raise ChangedSince(
            f"{table.name}: {rows} rows of {total} øre were read, but {table.control.rows} of {table.control.total_ore} "
            "were promised. The table changed while it was read; ask again."
        )


class _Line:
    """What the writer of CSV writes to: it gives each line back instead of keeping it."""

    def write(self, text: str) -> str:
        return text


def _csv(table: Leaving) -> Iterator[str]:
    writer = csv.writer(_Line(), lineterminator="\n")
    yield writer.writerow(table.columns)
    for row in controlled(table):
        yield writer.writerow([harmless(value) for value in row])


def _json(table: Leaving) -> Iterator[str]:
    """An object: the rows, one a line, and after them the control totals."""
    yield '{"rows": ['
    before = "\n"
    for row in controlled(table):
        yield before + json.dumps(dict(zip(table.columns, row, strict=True)), ensure_ascii=False)
        before = ",\n"
    yield f'\n], "control": {json.dumps(table.control.as_dict(), ensure_ascii=False)}}}\n'


def _xlsx(table: Leaving) -> FileResponse:
    """The rows on one sheet, the control totals on another."""
    folder = tempfile.TemporaryDirectory()
    try:
        path = Path(folder.name) / "table.xlsx"
        totals = [(name, value) for name, value in table.control.as_dict().items()]
        sheets = [
            Sheet(table.title[:31], table.columns, controlled(table), table.widths),
            Sheet("Kontroll", ("control", "value"), totals, (24, 20)),
        ]
        write_xlsx(path, sheets, created=table.created, title=table.title)
        file = path.open("rb")
    finally:
        folder.cleanup()  # the open file outlives its name
    return FileResponse(file, content_type=XLSX)


def _at_once(lines: Iterator[str]) -> Iterator[bytes]:
    """Many lines in one piece: a piece for each would be slow."""
    waiting: list[str] = []
    for line in lines:
        waiting.append(line)
        if len(waiting) >= LINES_AT_ONCE:
            yield "".join(waiting).encode()
            waiting.clear()
    yield "".join(waiting).encode()

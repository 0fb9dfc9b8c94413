"""XLSX: text is written as text, numbers as numbers, nothing is ever a formula or a link. The same rows, the same bytes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any

import xlsxwriter

MOST_ROWS = 1_048_576  # of a sheet, the header included
ROW_BY_ROW = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name, its columns with their widths, and the rows as they come."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Any]]
    widths: Sequence[int] = ()


def write_xlsx(path: Path, sheets: Iterable[Sheet], *, created: date, title: str, most_rows: int = MOST_ROWS) -> None:
    """Write the sheets one after another with flat memory; a sheet that is full goes on in the next."""
    with xlsxwriter.Workbook(str(path), dict(ROW_BY_ROW)) as book:
        moment = datetime(created.year, created.month, created.day, tzinfo=UTC).replace(tzinfo=None)
        book.set_properties({"title": title, "created": moment})
        formats = _Formats(
            head=book.add_format({"bold": True, "bottom": 1, "text_wrap": False}),
            number=book.add_format({"num_format": "#,##0"}),
        )
        for sheet in sheets:
            for number, rows in enumerate(_portions(sheet.rows, most_rows - 1), start=1):
                name = sheet.name if number == 1 else f"{sheet.name} {number}"
                _write_sheet(book, name, sheet, rows, formats)


@dataclass(frozen=True, slots=True)
class _Formats:
    head: Any
    number: Any


def _write_sheet(book: Any, name: str, sheet: Sheet, rows: Iterable[Sequence[Any]], formats: _Formats) -> None:
    page = book.add_worksheet(name)
    page.freeze_panes(1, 0)
    for index, width in enumerate(sheet.widths):
        page.set_column(index, index, width)
    for index, column in enumerate(sheet.columns):
        page.write_string(0, index, column, formats.head)
    for line, row in enumerate(rows, start=1):
        for index, value in enumerate(row):
            if isinstance(value, int):
                page.write_number(line, index, value, formats.number)
            elif value is not None and value != "":
                page.write_string(line, index, str(value))


def _portions(rows: Iterable[Sequence[Any]], size: int) -> Iterator[Iterable[Sequence[Any]]]:
    """The rows in portions of a sheet; always at least one, so that an empty table has its header."""
    rest = iter(rows)
    first = True
    while True:
        begin = list(islice(rest, 1))
        if not begin and not first:
            return
        first = False
        portion = chain(begin, islice(rest, size - 1))
        yield portion
        for _unread in portion:  # the writer reads all; this only keeps the promise
            pass

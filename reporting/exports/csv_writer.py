"""CSV: UTF-8, comma, one line feed per row. Numbers are numbers; text that a spreadsheet would run is made harmless."""

import csv
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

# Also the full-width forms, which some spreadsheets read as the plain ones.
RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BLANKS = " \N{NO-BREAK SPACE}"
_WORTH_A_LOOK = frozenset((*RUN_BY_SPREADSHEETS, *BLANKS))


def harmless(value: Any) -> Any:
    """Text that begins like a formula gets an apostrophe in front; numbers and everything else stay as they are."""
    if value.__class__ is not str or value[:1] not in _WORTH_A_LOOK:
        return value
    return "'" + value if value.lstrip(BLANKS).startswith(RUN_BY_SPREADSHEETS) else value


def write_csv(out: TextIO, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a header and the rows as they come: nothing is kept in memory."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([harmless(value) for value in row] for row in rows)

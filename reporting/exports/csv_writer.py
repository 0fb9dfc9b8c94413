"""CSV: UTF-8, comma, one line feed per row. Numbers are numbers; text that a spreadsheet would run is made harmless."""

import csv
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

from grants.shared.spreadsheet import BLANKS, RUN_BY_SPREADSHEETS, harmless

__all__ = ["BLANKS", "RUN_BY_SPREADSHEETS", "harmless", "write_csv"]


def write_csv(out: TextIO, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a header and the rows as they come: nothing is kept in memory."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([harmless(value) for value in row] for row in rows)

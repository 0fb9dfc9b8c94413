"""Text that a spreadsheet would run is made harmless, wherever a table leaves us; and tables that stream as CSV."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import StreamingHttpResponse

# Also the full-width forms, which some spreadsheets read as the plain ones.
RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BLANKS = " \N{NO-BREAK SPACE}"
_WORTH_A_LOOK = frozenset((*RUN_BY_SPREADSHEETS, *BLANKS))


def harmless(value: Any) -> Any:
    """Text that begins like a formula gets an apostrophe in front; numbers and everything else stay as they are."""
    if value.__class__ is not str or value[:1] not in _WORTH_A_LOOK:
        return value
    return "'" + value if value.lstrip(BLANKS).startswith(RUN_BY_SPREADSHEETS) else value


class _Line:
    """What the writer of CSV writes to: it gives each line back instead of keeping it."""

    def write(self, text: str) -> str:
        return text


def csv_lines(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """A header and the rows as they come, one line at a time: nothing is kept in memory."""
    writer = csv.writer(_Line(), lineterminator="\n")
    yield writer.writerow(columns)
    for row in rows:
        yield writer.writerow([harmless(value) for value in row])


def csv_answer(name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """The table as a file to save, written while it is read."""
    return StreamingHttpResponse(
        csv_lines(columns, rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )

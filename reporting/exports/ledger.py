"""The ledger of a year, line by line, in the order it was booked. Streams: memory does not grow with the lines."""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from grants.models import LedgerEntry, Organisation, User
from grants.register.reading import stream
from reporting.exports.csv_writer import write_csv
from reporting.exports.json_writer import write_json
from reporting.exports.ledger_columns import COLUMNS, WIDTHS
from reporting.exports.ledger_copy import ROWS_PER_MOVE, copy_out
from reporting.exports.whole_file import written_whole
from reporting.exports.xlsx_writer import Sheet, write_xlsx

_OF_A_LINE = (
    "key, value_date, budget_year, debit, credit, amount_ore, chapter, post, scheme, code, origin_year, origin_term, "
    "recipient_id, recipient_sector, account_class, run_id, by_id, recorded_at"
)


def export_ledger(year: int, *, file_format: str, out: Path, progress: Callable[[int], None] = lambda _: None) -> int:
    """Write a year's ledger to a file, whole or not at all. Answers how many lines it holds.

    The lines are one question to the database, so they are of one moment. On SQLite no transaction is opened: it would
    keep every writer waiting, where a question alone keeps nobody.
    """
    one_moment = transaction.atomic() if connection.vendor == "postgresql" else nullcontext()
    with written_whole(out) as part, one_moment:
        if file_format == "csv" and connection.vendor == "postgresql":
            return copy_out(year, part, progress)
        counted = _Counted(ledger_rows(year), progress)
        if file_format == "xlsx":
            sheet = Sheet(f"Hovedbok {year}", COLUMNS, counted, WIDTHS)
            write_xlsx(part, [sheet], created=date(year, 12, 31), title=f"Hovedbok {year}")
        else:
            write = write_csv if file_format == "csv" else write_json
            with part.open("w", encoding="utf-8", newline="") as text:
                write(text, COLUMNS, counted)
        return counted.rows


def ledger_rows(year: int) -> Iterator[tuple[Any, ...]]:
    """The lines of a year as they are exported. Names are few and looked up here, which spares the database two joins."""
    recipients = _Looked(Organisation.objects.values_list("pk", "orgnr", "municipality_number", "name"))
    users = _Looked(User.objects.values_list("pk", "username"))
    # On SQLite "+" keeps the planner on the table itself, which lies in the order asked for; no sorting in memory.
    keep_order = "+" if connection.vendor == "sqlite" else ""
    table = LedgerEntry._meta.db_table
    sql = f"SELECT {_OF_A_LINE} FROM {table} WHERE {keep_order}budget_year = %s ORDER BY id"  # noqa: S608
    for row in stream(sql, [year]):
        recipient, sector, account_class, run, by, recorded_at = row[12:]
        yield (
            row[0], _day(row[1]), *row[2:12], *recipients[_hex(recipient)], sector, account_class, run,
            *users[_hex(by)], _moment(recorded_at),
        )  # fmt: skip


class _Looked(dict[str, tuple[Any, ...]]):
    """A few names by key, read once; one that came since the reading is looked up when it is met."""

    def __init__(self, rows: QuerySet[Any, tuple[Any, ...]]) -> None:
        super().__init__((_hex(row[0]), row[1:]) for row in rows)
        self._rows = rows

    def __missing__(self, key: str) -> tuple[Any, ...]:
        self[key] = found = self._rows.get(pk=key)[1:]
        return found


class _Counted:
    """Rows that count themselves as they pass."""

    def __init__(self, rows: Iterator[tuple[Any, ...]], progress: Callable[[int], None]) -> None:
        self._of = rows
        self._progress = progress
        self.rows = 0

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        for row in self._of:
            self.rows += 1
            if self.rows % ROWS_PER_MOVE == 0:
                self._progress(self.rows)
            yield row


def _hex(key: Any) -> str:
    """A UUID as SQLite keeps it."""
    return key if isinstance(key, str) else str(key.hex)


def _day(value: Any) -> str:
    """A day comes as text from SQLite."""
    return value if isinstance(value, str) else str(value.isoformat())


@lru_cache(maxsize=1024)
def _moment(value: Any) -> str:
    """A moment in UTC to the microsecond. All lines of a posting share one, so the cache answers nearly always."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    if moment.utcoffset() is not None:
        moment = moment.astimezone(UTC)
    return str(moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ"))

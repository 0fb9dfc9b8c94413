"""The ledger as CSV straight from PostgreSQL's COPY, in the very bytes that the other writer makes."""

from collections.abc import Callable
from pathlib import Path

from django.db import connection

from reporting.exports.csv_writer import RUN_BY_SPREADSHEETS
from reporting.exports.ledger_columns import COLUMNS

ROWS_PER_MOVE = 5_000
# Text is made harmless as in the CSV writer, and what is empty is nothing between two commas.
_TEXT = {
    "key": "e.key", "debit": "e.debit", "credit": "e.credit", "chapter": "e.chapter", "post": "e.post",
    "scheme": "e.scheme", "code": "e.code", "recipient_orgnr": "o.orgnr",
    "municipality_number": "o.municipality_number", "recipient_name": "o.name", "recipient_sector": "e.recipient_sector",
    "account_class": "e.account_class", "by": "u.username",
}  # fmt: skip
_REST = {
    "value_date": "e.value_date",
    "budget_year": "e.budget_year",
    "amount_ore": "e.amount_ore",
    "origin_year": "e.origin_year",
    "origin_term": "e.origin_term",
    "run": "e.run_id",
    "recorded_at": """to_char(e.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')""",
}
_FIRST_CHARACTERS = ", ".join(f"chr({ord(mark)})" for mark in RUN_BY_SPREADSHEETS)


def copy_out(year: int, part: Path, progress: Callable[[int], None]) -> int:
    """Write the lines of a year. Answers how many there were."""
    columns = ", ".join(_harmless(_TEXT[name]) if name in _TEXT else _REST[name] for name in COLUMNS)
    sql = (
        f"COPY (SELECT {columns} FROM grants_ledgerentry e JOIN grants_organisation o ON o.id = e.recipient_id "  # noqa: S608
        f"JOIN grants_user u ON u.id = e.by_id WHERE e.budget_year = {int(year)} ORDER BY e.id) "
        "TO STDOUT (FORMAT csv, ENCODING 'UTF8')"
    )
    with part.open("wb") as out, connection.cursor() as cursor:
        out.write((",".join(COLUMNS) + "\n").encode())
        with cursor.copy(sql) as copied:
            for number, line in enumerate(copied):  # one line at a time is what the server sends
                if number % ROWS_PER_MOVE == 0:
                    progress(number)
                out.write(line)
        return int(cursor.rowcount)


def _harmless(column: str) -> str:
    """The column with an apostrophe in front where a spreadsheet would run it."""
    first = f"left(ltrim({column}, chr(32) || chr(160)), 1)"
    return f"NULLIF(CASE WHEN {first} IN ({_FIRST_CHARACTERS}) THEN '''' || {column} ELSE {column} END, '')"

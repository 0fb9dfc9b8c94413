"""Write many rows fast: COPY on PostgreSQL, executemany on SQLite. The rows are tuples in the order of the columns."""

from collections.abc import Iterable, Sequence
from itertools import batched
from typing import Any, cast

from django.db import connection, models

BATCH = 50_000


def write_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Append rows to a model's table inside the caller's transaction. Values are given as the database stores them."""
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # The batch is fetched before COPY opens: reading on the same connection while it is open hangs for ever.
            for batch in batched(rows, BATCH, strict=False):
                with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                    copy.write("".join(map(_copy_line, batch)))
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", cast(Any, rows))  # noqa: S608


_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _copy_line(row: Sequence[Any]) -> str:
    """One row in COPY's text format."""
    return "\t".join([_copy_value(value) for value in row]) + "\n"


def _copy_value(value: Any) -> str:
    if value is None:
        return "\\N"
    if value.__class__ is int:
        return str(value)
    return str(value).translate(_ESCAPES)


def next_ids(model: type[models.Model], count: int) -> range:
    """Reserve `count` consecutive ids of a model whose rows are written in bulk; safe with parallel writers.

    On PostgreSQL the sequence is drawn from under a table-wide advisory lock; SQLite has one writer at a time.
    """
    if count == 0:
        return range(0)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"next_ids:{table}"])
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table])
            first = cursor.fetchone()[0]
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, first + count - 1])
        else:
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            found = cursor.fetchone()
            first = (found[0] if found else 0) + 1
    return range(first, first + count)

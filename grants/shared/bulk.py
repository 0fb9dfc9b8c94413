"""Write many rows fast: COPY on PostgreSQL, many rows a statement on SQLite. Rows are tuples in the columns' order."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from contextvars import ContextVar
from itertools import batched, chain, groupby
from typing import Any

from django.db import connection, models

COPY_LINES = 20_000
COPY_TEXTS = 500
HEAD = "\0"  # stands for a group's head; PostgreSQL knows no such character
# Values in one statement: a statement costs more than its rows, triggers included, until some hundred rows share it.
SQLITE_VALUES = 2_000

Group = tuple[Sequence[Any], Sequence[Sequence[Any]]]


def write_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Append rows to a model's table inside the caller's transaction. Values are given as the database stores them."""
    into = _into(model, columns)
    if connection.vendor == "postgresql":
        _copy(into, _copy_lines(rows))
    else:
        _insert(into, len(columns), rows)


def write_groups(model: type[models.Model], columns: Sequence[str], groups: Iterable[Group]) -> None:
    """Append rows that come in groups: a head and its tails stand for one row, head and tail, per tail.

    Tails that return many times are the same object each time, so that their text is worked out once.
    """
    if connection.vendor == "postgresql":
        _copy(_into(model, columns), _copy_groups(groups))
    else:
        _insert(_into(model, columns), len(columns), ((*head, *tail) for head, tails in groups for tail in tails))


def _into(model: type[models.Model], columns: Sequence[str]) -> str:
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    return f"{connection.ops.quote_name(model._meta.db_table)} ({names})"


class _Copying:
    """COPY that stays open while the next rows are made, so that the server works at the same time.

    Nothing else can be asked on the connection meanwhile (a FETCH would hang for ever): every statement pauses it first.
    """

    def __init__(self, into: str) -> None:
        self._statement = f"COPY {into} FROM STDIN"
        self._open: Any = None

    def __enter__(self) -> "_Copying":
        self._entered = ExitStack()
        self._cursor = self._entered.enter_context(connection.cursor())
        self._entered.enter_context(connection.execute_wrapper(self._pause_and_execute))
        self._token = _under_way.set((*_under_way.get(), self))
        return self

    def __exit__(self, *raised: Any) -> None:
        try:
            if self._open is not None:
                self._open.__exit__(*raised)
        finally:
            _under_way.reset(self._token)
            self._entered.close()

    def write(self, text: str) -> None:
        if self._open is None:
            self._open = self._cursor.copy(self._statement)
            self._writer = self._open.__enter__()
        self._writer.write(text)

    def pause(self) -> None:
        """Finish what was written; the next write goes on with a new COPY."""
        if self._open is not None:
            opened, self._open = self._open, None
            opened.__exit__(None, None, None)

    def _pause_and_execute(self, execute: Any, *arguments: Any) -> Any:
        self.pause()
        return execute(*arguments)


_under_way: ContextVar[tuple[_Copying, ...]] = ContextVar("under_way", default=())  # of this thread's connection


def before_fetch() -> None:
    """To be called before rows are fetched from a server-side cursor while rows made of them are being written."""
    for copying in _under_way.get():
        copying.pause()


def _copy(into: str, texts: Iterable[str]) -> None:
    with connection.wrap_database_errors, _Copying(into) as copying:
        for batch in batched(texts, COPY_TEXTS, strict=False):
            copying.write("".join(batch))


def _copy_lines(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    for batch in batched(rows, COPY_LINES, strict=False):
        text = _CopyText().__getitem__
        for row in batch:
            yield "\t".join(map(text, row)) + "\n"


def _copy_groups(groups: Iterable[Group]) -> Iterator[str]:
    """The lines of each group, from a text made once per list of tails in which the head is put."""
    made: dict[int, tuple[Sequence[Sequence[Any]], str]] = {}  # the tails are held, so that their identity is theirs
    text = _CopyText().__getitem__
    for head, tails in groups:
        found = made.get(id(tails))
        if found is None:
            lines = "".join(f"{HEAD}\t{'\t'.join(map(text, tail))}\n" for tail in tails)
            found = made[id(tails)] = (tails, lines)
        yield found[1].replace(HEAD, "\t".join([_as_copy_text(value) for value in head]))


def _insert(into: str, width: int, rows: Iterable[Sequence[Any]]) -> None:
    row = f"({', '.join(['%s'] * width)})"
    batches = batched(rows, max(1, SQLITE_VALUES // width), strict=False)
    with connection.cursor() as cursor:
        # A few statements at a time: Django keeps the parameters of `executemany` until it is done.
        for some in batched(batches, 40, strict=False):
            for same_size, together in groupby(some, key=len):
                statement = f"INSERT INTO {into} VALUES {', '.join([row] * same_size)}"  # noqa: S608
                cursor.executemany(statement, [tuple(chain.from_iterable(batch)) for batch in together])


_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _as_copy_text(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return str(int(value))  # so that what equals 1 reads as 1
    return str(value).translate(_ESCAPES)


class _CopyText(dict[Any, str]):
    """Values as COPY's text format writes them; most values of a batch return, so each is worked out once."""

    def __missing__(self, value: Any) -> str:
        text = self[value] = _as_copy_text(value)
        return text


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

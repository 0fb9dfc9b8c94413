"""From the register to booked lines: ours, and writing the same lines alone."""

import gc
import os
import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date
from time import perf_counter
from typing import Any, NamedTuple

import psycopg
from django.db import connection, transaction
from django.db.models import Count, Model, Sum
from django.utils import timezone

from benchmarks.register import YEAR
from grants.entitlements.booking import owed
from grants.entitlements.working_out import digest, sums_of_lines
from grants.ledger.posting import COLUMNS as LEDGER_COLUMNS
from grants.models import EntitlementLine, EntitlementRun, LedgerEntry, RunPayable, User
from grants.services.approve_run import approve_run
from grants.services.prepare_run import LINE_COLUMNS, PAYABLE_COLUMNS, prepare_run
from grants.shared.bulk import write_rows

SCHEME, TERM = "integration", 4
BOOKED_ON = date(YEAR, 12, 5)
WRITTEN: tuple[tuple[type[Model], Sequence[str]], ...] = (
    (EntitlementLine, LINE_COLUMNS),
    (RunPayable, PAYABLE_COLUMNS),
    (LedgerEntry, LEDGER_COLUMNS),
)


class Measured(NamedTuple):
    """How long it took, and what stands in the database afterwards, so that all can be seen to have done the same."""

    seconds: float
    lines: int
    digest: str


def ours() -> Measured:
    """Prepare and approve a run of term 4 on an empty ledger: all four terms of the year."""
    kari, ola = User.objects.get(username="kari"), User.objects.get(username="ola")
    start = perf_counter()
    run = prepare_run(SCHEME, YEAR, TERM, by=kari)
    run = approve_run(run, by=ola, on=BOOKED_ON)
    return _measured(run, perf_counter() - start)


def write_only() -> Measured:
    """The same rows (person-lines, payables, ledger lines), ready in memory, written alone, with the guards in place.

    By the driver's own way for many rows: executemany on SQLite, COPY on PostgreSQL.
    """
    return _written(_write_by_driver)


def write_by_ours() -> Measured:
    """The same, by our own writer."""
    return _written(write_rows)


def _written(write: Callable[[type[Model], Sequence[str], list[tuple[Any, ...]]], None]) -> Measured:
    """Rows that are read beforehand from the database that ours has just booked, named by BENCH_BOOKED."""
    run = new_run()
    ready = [(model, columns, _rows(model, columns)) for model, columns in WRITTEN]
    gc.collect()
    start = perf_counter()
    with transaction.atomic():
        for model, columns, rows in ready:
            write(model, columns, rows)
    return _measured(run, perf_counter() - start)


def _write_by_driver(model: type[Model], columns: Sequence[str], rows: list[tuple[Any, ...]]) -> None:
    into = f"{model._meta.db_table} ({', '.join(columns)})"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {into} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            cursor.executemany(f"INSERT INTO {into} VALUES ({', '.join(['%s'] * len(columns))})", rows)


def _rows(model: type[Model], columns: Sequence[str]) -> list[tuple[Any, ...]]:
    """The rows of a table in the database that ours has booked, as it stores them."""
    url = os.environ["BENCH_BOOKED"]
    query = f"SELECT {', '.join(columns)} FROM {model._meta.db_table} ORDER BY id"
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as file:
            return file.execute(query).fetchall()
    with psycopg.connect(url) as server:
        return server.execute(query.encode()).fetchall()


def peer(build: Callable[[EntitlementRun], list[EntitlementLine]]) -> Measured:
    """A peer's way to the same rows in one transaction: objects and `bulk_create`; no digest, approval or cover asked."""
    kari = User.objects.get(username="kari")
    start = perf_counter()
    with transaction.atomic():
        run = new_run()
        EntitlementLine.objects.bulk_create(build(run), batch_size=5_000)
        sums = sums_of_lines(run)
        due: Counter[str] = Counter()
        for row in sums:
            due[row[0]] += row[5]
        RunPayable.objects.bulk_create(
            RunPayable(
                run=run, municipality_number=where, due_ore=ore, carried_in_ore=0, paid_ore=ore, carried_out_ore=0
            )
            for where, ore in due.items()
        )
        now = timezone.now()
        LedgerEntry.objects.bulk_create(
            (
                LedgerEntry(budget_year=YEAR, by=kari, recorded_at=now, **transfer._asdict())
                for transfer in owed(run, sums, on=BOOKED_ON)
            ),
            batch_size=5_000,
        )
    return _measured(run, perf_counter() - start)


def new_run() -> EntitlementRun:
    kari = User.objects.get(username="kari")
    return EntitlementRun.objects.create(
        scheme=SCHEME, year=YEAR, term=TERM, prepared_by=kari, prepared_at=timezone.now()
    )


def _measured(run: EntitlementRun, seconds: float) -> Measured:
    booked = LedgerEntry.objects.aggregate(lines=Count("pk"), ore=Sum("amount_ore"))
    rows = [*sums_of_lines(run), ("ledger", booked["lines"], int(booked["ore"] or 0))]
    return Measured(seconds, EntitlementLine.objects.filter(run=run).count(), digest(rows))

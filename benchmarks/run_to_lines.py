"""From the register to booked lines: ours, and writing the same lines alone."""

import gc
from collections.abc import Callable
from datetime import date
from time import perf_counter
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from benchmarks.register import YEAR
from grants.entitlements.working_out import Outcome, digest, lines_of, open_window, sums_of_lines
from grants.models import EntitlementLine, EntitlementRun, User
from grants.services.approve_run import approve_run
from grants.services.prepare_run import LINE_COLUMNS, prepare_run
from grants.shared.bulk import write_rows

SCHEME, TERM = "integration", 4


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
    run = approve_run(run, by=ola, on=date(YEAR, 12, 5))
    return _measured(run, perf_counter() - start)


def write_only() -> Measured:
    """The same lines, ready in memory, written alone by the fastest way, with the guards in place."""
    run = new_run()
    lines = list(lines_of(Outcome(*open_window(SCHEME, YEAR, TERM)), run_id=run.pk, as_of=None))
    gc.collect()
    start = perf_counter()
    with transaction.atomic():
        write_rows(EntitlementLine, LINE_COLUMNS, lines)
    return _measured(run, perf_counter() - start)


def peer(build: Callable[[EntitlementRun], list[EntitlementLine]]) -> Measured:
    """A peer's way to the same lines: build them as objects, and `bulk_create` them in one transaction."""
    start = perf_counter()
    with transaction.atomic():
        run = new_run()
        EntitlementLine.objects.bulk_create(build(run), batch_size=5_000)
    return _measured(run, perf_counter() - start)


def new_run() -> EntitlementRun:
    kari = User.objects.get(username="kari")
    return EntitlementRun.objects.create(
        scheme=SCHEME, year=YEAR, term=TERM, prepared_by=kari, prepared_at=timezone.now()
    )


def _measured(run: EntitlementRun, seconds: float) -> Measured:
    return Measured(seconds, EntitlementLine.objects.filter(run=run).count(), digest(sums_of_lines(run)))

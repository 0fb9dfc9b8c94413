"""A ledger of a million lines, the year-end figures over it, and its export."""

import gc
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from django.db import connection, transaction

from benchmarks.register import tidy
from grants.ledger.posting import Transfer, post_all
from grants.models import Account, LedgerEntry, Organisation, User
from reporting.exports.ledger import export_ledger
from reporting.figures.ledger_sums import GROUPED_BY, booked
from reporting.reports.gather import gather

FULL_YEAR, SMALL_YEAR = 2017, 2016
SMALL_SHARE = 10  # the small year has a tenth of the lines
KINDS = (
    ("0496", "60", "integration", ("AR-1", "AR-1 EV", "AR-1 B", "AR-2", "AR-3", "AR-4", "AR-5", "BHT", "ELDR")),
    ("0496", "61", "unaccompanied_minors", ("EMINB", "EMINU")),
    ("0496", "60", "disability", ("FHT1", "FHT2")),
    ("0497", "60", "asylum_training", ("ASYL-N", "ASYL-K")),
)
MOVES = ((Account.APPROPRIATION, Account.OWED), (Account.OWED, Account.PAID))


def lay_out(lines: int) -> None:
    """Book the lines through posting.py, as everything is booked."""
    by = User.objects.create(username="kari", subject="kari")
    for year, number in ((SMALL_YEAR, lines // SMALL_SHARE), (FULL_YEAR, lines)):
        with transaction.atomic():
            post_all(islice(_transfers(year), number), by=by)
    tidy()


def _transfers(year: int) -> Iterator[Transfer]:
    rnd = Random(year)
    recipients = [organisation.pk for organisation in Organisation.objects.municipalities()]
    days = [date(year, 1, 1) + timedelta(days=day) for day in range(365)]
    number = 0
    while True:
        number += 1
        chapter, post, scheme, codes = KINDS[number % len(KINDS)]
        debit, credit = MOVES[number % 2]
        yield Transfer(
            key=f"bench:{year}:{number}", debit=debit, credit=credit, amount_ore=rnd.randrange(1, 10**9),
            value_date=rnd.choice(days), chapter=chapter, post=post, scheme=scheme, code=rnd.choice(codes),
            origin_year=year, origin_term=number % 4 + 1, recipient_id=rnd.choice(recipients),
            recipient_sector="kommune", account_class="tilskudd",
        )  # fmt: skip


def year_end_figures(repeats: int = 7) -> dict[str, float]:
    """All that the year-end report asks, against one bare GROUP BY that the covering index answers alone."""
    taken: dict[str, list[float]] = {"ours": [], "peer": []}
    sums = bare_group_by()
    assert [tuple(row) for row in booked(FULL_YEAR)] == sums, "the figures are not those of the bare question"
    for _ in range(repeats):
        taken["ours"].append(_seconds(lambda: gather(FULL_YEAR)))
        taken["peer"].append(_seconds(bare_group_by))
    return {name: median(seconds) for name, seconds in taken.items()}


def bare_group_by() -> list[tuple[object, ...]]:
    columns = ", ".join(GROUPED_BY)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns}, SUM(amount_ore) FROM {LedgerEntry._meta.db_table} "
            f"WHERE budget_year = %s GROUP BY {columns}",
            [FULL_YEAR],
        )
        return sorted((*row[:-1], int(row[-1])) for row in cursor.fetchall())


def export(year: int) -> float:
    """Write the ledger of a year as CSV; the caller looks at the peak of this process's memory."""
    with TemporaryDirectory() as folder:
        return _seconds(lambda: export_ledger(year, file_format="csv", out=Path(folder) / "ledger.csv"))


def fetch_only() -> float:
    """Read the same lines and drop them: what any export by Python must at least take."""
    columns = "e.key, e.value_date, e.budget_year, e.debit, e.credit, e.amount_ore, e.chapter, e.post, e.scheme, e.code"

    def read() -> None:
        keep_order = "+" if connection.vendor == "sqlite" else ""
        sql = (
            f"SELECT {columns}, e.origin_year, e.origin_term, e.recipient_id, e.run_id, e.by_id, e.recorded_at "
            f"FROM {LedgerEntry._meta.db_table} e WHERE {keep_order}e.budget_year = %s ORDER BY e.id"
        )
        with transaction.atomic(), connection.chunked_cursor() as cursor:
            cursor.execute(sql, [FULL_YEAR])
            while cursor.fetchmany(5_000):
                pass

    return _seconds(read)


def _seconds(what: Callable[[], object]) -> float:
    gc.collect()
    start = perf_counter()
    what()
    return perf_counter() - start

"""The files of a run: its person-lines, and what each municipality is paid."""

import csv
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from grants.models import EntitlementRun

LINE_HEADER = ("scheme", "year", "term", "person_ref", "kommunenummer", "code", "kind", "amount_ore")
PAYABLE_HEADER = ("kommunenummer", "due_ore", "carried_in_ore", "paid_ore", "carried_out_ore")


def write_lines(run: EntitlementRun, out: str) -> int:
    """The lines with the term each comes from. A protected person's reference is never in it."""
    lines = run.lines.order_by("pk").values_list(
        "origin_year", "origin_term", "person__person_ref", "municipality_number", "code", "kind", "amount_ore"
    )
    rows = ((run.scheme, year, term, ref or "", *rest) for year, term, ref, *rest in lines.iterator(chunk_size=5_000))
    return _write(out, LINE_HEADER, rows)


def write_payables(run: EntitlementRun, out: str) -> int:
    """One row per municipality in the run or with a carried sum."""
    rows = run.payables.order_by("municipality_number").values_list(
        "municipality_number", "due_ore", "carried_in_ore", "paid_ore", "carried_out_ore"
    )
    return _write(out, PAYABLE_HEADER, rows.iterator())


def _write(out: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """A CSV file that stands whole or not at all."""
    target = Path(out)
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    written = 0
    with unfinished.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        for row in rows:
            writer.writerow(row)
            written += 1
    unfinished.replace(target)
    return written

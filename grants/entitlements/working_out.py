"""Work a run out: everything due in its window, minus everything booked, as a stream of lines with their sums."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Max, QuerySet, Sum

from grants.entitlements.difference import Difference, Lines, booked_by_person, difference
from grants.entitlements.due import SOURCES, due, rates_used
from grants.entitlements.payables import Payable, carried_in, payables
from grants.law.registry import scheme as scheme_of
from grants.law.tariff import Window, window
from grants.models import EntitlementLine, EntitlementRun
from grants.shared.errors import Refused

Progress = Callable[[int], None]
STEP = 5_000
PORTION = 100_000


@dataclass
class Outcome:
    """What a run comes to."""

    window: Window
    rates: dict[str, dict[str, str]]
    difference: Difference = field(default_factory=Difference)
    payables: list[Payable] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """The hash that an approval repeats: over the sums by municipality, code, term and kind."""
        found = self.difference
        return digest((*key, found.sums[key], found.counts[key]) for key in found.counts)

    def summary(self) -> dict[str, Any]:
        """The difference as people review it."""
        found = self.difference
        return {
            "changes": {name: {"lines": n, "total_ore": ore} for name, (n, ore) in found.changes.items()},
            "carried_forward_ore": sum(payable.carried_out_ore for payable in self.payables),
            "carried_in_ore": sum(payable.carried_in_ore for payable in self.payables),
            "largest": found.largest(),
        }


def open_window(scheme: str, year: int, term: int) -> tuple[Window, dict[str, dict[str, str]]]:
    """The window and its rates, or a refusal: a scheme without runs, a term it does not have, a rate that is missing."""
    of = window(scheme, year, term)
    if scheme not in SOURCES or of.scheme.calendar is None:
        raise Refused(
            f"{scheme} is not paid by entitlement runs: its money follows decisions on applications. "
            f"Schemes with runs: {', '.join(sorted(SOURCES))}."
        )
    if term not in of.scheme.calendar.numbers:
        terms = ", ".join(map(str, of.scheme.calendar.numbers))
        raise Refused(f"{scheme} has no term {term}: its terms are {terms}.")
    rates = rates_used(of)
    if year < of.first_year:
        raise Refused(f"{scheme} is run from {of.first_year} on; what was due before was paid outside this system.")
    return of, rates


def last_term(scheme: str) -> int:
    """The last term of a scheme's year; 1 where it has no calendar."""
    found = scheme_of(scheme).calendar
    return found.numbers[-1] if found else 1


def lines_of(
    outcome: Outcome, *, run_id: int = 0, as_of: date | None, progress: Progress | None = None
) -> Iterator[Lines]:
    """The run's lines, person by person; when they have all passed, the outcome's sums are complete."""
    scheme = outcome.window.scheme.code
    persons = due(outcome.window, as_of=as_of)
    if progress is not None:
        persons = _counted(persons, progress)
    return difference(run_id, persons, booked_by_person(scheme), covered(scheme), outcome.difference)


def settle(outcome: Outcome, *, paid_on: date) -> None:
    """Complete the outcome with what each municipality is paid."""
    scheme = outcome.window.scheme.code
    outcome.payables = payables(outcome.difference.by_municipality(), carried_in(scheme, paid_on))


def covered(scheme: str) -> tuple[int, int]:
    """The last term that an approved run of the scheme has covered."""
    last = EntitlementRun.objects.booked().filter(scheme=scheme).order_by("year", "term").last()
    return (last.year, last.term) if last else (0, 0)


def sums_of_lines(run: EntitlementRun) -> list[tuple[Any, ...]]:
    """The sums again, asked of the lines as they stand: municipality, code, year, term, kind, øre and number."""
    sums: Counter[tuple[Any, ...]] = Counter()
    counts: Counter[tuple[Any, ...]] = Counter()
    for lines in _portions(EntitlementLine.objects.filter(run=run).order_by()):
        rows = lines.values_list("municipality_number", "code", "origin_year", "origin_term", "kind")
        for *key, ore, number in rows.annotate(sum=Sum("amount_ore"), count=Count("*")):
            sums[*key] += int(ore)
            counts[*key] += number
    return [(*key, sums[key], counts[key]) for key in sorted(sums)]


def _portions(lines: QuerySet[EntitlementLine]) -> Iterator[QuerySet[EntitlementLine]]:
    """The lines by ranges of persons: grouping sorts its rows, and a million persons' would fill the memory."""
    last = lines.aggregate(last=Max("person"))["last"] or 0
    if last <= PORTION:
        yield lines
        return
    yield lines.filter(person=None)
    for first in range(0, last + 1, PORTION):
        yield lines.filter(person__gte=first, person__lt=first + PORTION)


def digest(rows: Iterable[tuple[Any, ...]]) -> str:
    """SHA-256 over sorted sums."""
    return hashlib.sha256(json.dumps(sorted(rows), separators=(",", ":")).encode()).hexdigest()


def _counted(persons: Iterator[Any], progress: Progress) -> Iterator[Any]:
    number = 0
    for number, person in enumerate(persons, start=1):
        if number % STEP == 0:
            progress(number)
        yield person
    progress(number)

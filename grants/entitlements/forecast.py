"""What a municipality may expect in the coming terms: worked out by the engine from those registered today, and never paid.

Everybody is taken to stay where they live now, and nobody to come. Where a year's rate is not decided, the last one known
stands in for it and is marked (A23).
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from grants.entitlements.due import SCHEDULED, due_near
from grants.entitlements.payables import carried_in
from grants.entitlements.working_out import covered, last_term
from grants.law.rates.lookup import forecasting
from grants.law.tariff import Window, window
from grants.models import EntitlementLine, EntitlementRun

FORECAST = tuple(SCHEDULED)


@dataclass(frozen=True)
class ComingTerm:
    """A term that no run has covered: when it is paid, for how many, how much, and whether its rates are decided."""

    year: int
    term: int
    paid_on: date
    persons: int
    amount_ore: int
    is_decided: bool


@dataclass(frozen=True)
class Forecast:
    """A scheme's coming terms for a municipality, with what the next run takes along."""

    scheme: str
    terms: tuple[ComingTerm, ...]
    corrections_ore: int
    carried_ore: int

    @property
    def total_ore(self) -> int:
        return sum(one.amount_ore for one in self.terms)

    @property
    def next_ore(self) -> int:
        """What the next run comes to: below zero, nothing is paid and the rest is carried on."""
        return (self.terms[0].amount_ore if self.terms else 0) + self.corrections_ore + self.carried_ore

    @property
    def largest_ore(self) -> int:
        return max((one.amount_ore for one in self.terms), default=0)

    @property
    def is_empty(self) -> bool:
        return not (self.total_ore or self.corrections_ore or self.carried_ore)


def forecasts(numbers: Sequence[str], *, on: date) -> list[Forecast]:
    """The coming terms of each scheme that follows the register, for a municipality and those merged into it."""
    found = [_forecast(scheme, numbers, on) for scheme in FORECAST] if numbers else []
    return [one for one in found if not one.is_empty]


def _forecast(scheme: str, numbers: Sequence[str], on: date) -> Forecast:
    done = covered(scheme)
    of = window(scheme, (done[0] or on.year) + 1, last_term(scheme))
    amounts: Counter[tuple[int, int]] = Counter()
    persons: dict[tuple[int, int], set[int]] = defaultdict(set)
    with forecasting() as guessed:
        for person, parts in due_near(of, numbers):
            for part in parts:
                if part.municipality in numbers:
                    term = part.origin_year, part.origin_term
                    amounts[term] += part.amount_ore
                    persons[term].add(person)
    undecided = {year for _, _, year in guessed}
    terms = tuple(
        ComingTerm(
            year, term, _paid_on(of, year, term), len(persons[year, term]), amounts[year, term], year not in undecided
        )
        for year in range(max(of.first_year, done[0] or on.year), of.year + 1)
        for term in of.terms(year)
        if (year, term) > done
    )
    booked = _booked(scheme, numbers)
    corrections = sum(ore for term, ore in amounts.items() if term <= done) - booked if done != (0, 0) else 0
    waiting = carried_in(scheme, on)
    return Forecast(scheme, terms, corrections, sum(waiting.get(number, 0) for number in numbers))


def _booked(scheme: str, numbers: Sequence[str]) -> int:
    """What approved runs have booked for these municipalities, erased persons apart: nothing of theirs is corrected."""
    lines = EntitlementLine.objects.filter(
        run__in=EntitlementRun.objects.booked().filter(scheme=scheme), municipality_number__in=list(numbers)
    ).exclude(person__erased_on__isnull=False)
    return int(lines.aggregate(sum=Sum("amount_ore"))["sum"] or 0)


def _paid_on(of: Window, year: int, term: int) -> date:
    calendar = of.scheme.calendar
    assert calendar is not None  # what follows a schedule has terms
    return calendar.paid_on(year, term)

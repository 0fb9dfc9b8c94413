"""Every amount a run can need, worked out once, exactly, in plain Python; each person-line is then one look-up.

An `Instalment` says what falls due, when it counts and for whom: the municipality of settlement (`at_settlement`)
or the one where the person lives on the cut-off. Rules A1 to A5 and A8 of the run assumptions.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, Protocol

from grants.law.assumptions import assumption
from grants.law.rates.lookup import rate
from grants.law.registry import scheme as scheme_of
from grants.law.scheme import Calendar, Scheme

YEARS_OF_THE_LONGEST_GRANT = 5


class Instalment(NamedTuple):
    """An amount that falls due in a term."""

    code: str
    origin_year: int
    origin_term: int
    amount_ore: int
    cutoff: str
    at_settlement: bool
    rate_name: str
    rate_year: int


class SettledPerson(Protocol):
    """What of a settlement decides the amounts. Days are ISO texts."""

    @property
    def category(self) -> str: ...
    @property
    def settled_on(self) -> str: ...
    @property
    def born_on(self) -> str: ...
    @property
    def grant_years(self) -> int: ...


@dataclass(frozen=True)
class Window:
    """The terms a run works out: from the scheme's first year up to and including its own term."""

    scheme: Scheme
    first_year: int
    year: int
    term: int
    # A run asks for the same few hundred days many times.
    _first_terms: dict[str, tuple[int, int] | None] = field(default_factory=dict, init=False, repr=False, compare=False)

    def terms(self, year: int) -> tuple[int, ...]:
        """The terms of a year that lie inside the window."""
        numbers = self._calendar.numbers
        if not self.first_year <= year <= self.year:
            return ()
        return tuple(number for number in numbers if year < self.year or number <= self.term)

    def cutoff(self, year: int, term: int) -> str:
        return self._calendar.cutoff(year, term).isoformat()

    def first_term_on_or_after(self, day: str) -> tuple[int, int] | None:
        """The term in which something that happened on a day falls due, or None while that lies outside the window.

        After the year's last cut-off it is the next year's term 1; what belongs to a year before the first is not due.
        """
        if day not in self._first_terms:
            self._first_terms[day] = self._first_term_on_or_after(day)
        return self._first_terms[day]

    def _first_term_on_or_after(self, day: str) -> tuple[int, int] | None:
        year = int(day[:4])
        if year < self.first_year:
            return None
        for number in self._calendar.numbers:
            if self.cutoff(year, number) >= day:
                return (year, number) if number in self.terms(year) else None
        return (year + 1, 1) if 1 in self.terms(year + 1) else None

    @property
    def paid_on(self) -> date:
        """The day the run's own term is paid, by the calendar."""
        return self._calendar.paid_on(self.year, self.term)

    @property
    def _calendar(self) -> Calendar:
        if self.scheme.calendar is None:
            raise ValueError(f"{self.scheme.code} has no calendar: it is not paid by entitlement runs.")
        return self.scheme.calendar


def window(scheme: str, year: int, term: int) -> Window:
    """The window of a run. The first year is the scheme's own, where nothing else is set (A8)."""
    return Window(scheme_of(scheme), int(assumption(scheme, "first_year")), year, term)


def amount(scheme: str, name: str, year: int) -> int:
    """A yearly rate in øre; a year without the rate stops the run with a message that names it."""
    return int(rate(scheme, name, on=date(year, 1, 1)).value)


def split(amount_ore: int, terms: int, term: int) -> int:
    """The part of a yearly amount that a term gives: rounded down to whole øre, the last term takes the rest."""
    each = amount_ore // terms
    return each if term < terms else amount_ore - each * (terms - 1)


# --- Integration grant: Rundskriv 01/2017 -----------------------------------------------------------------------------

YEAR_1 = {
    "adult": ("AR-1", "year_1_adult"),
    "single_adult": ("AR-1 EV", "year_1_single_adult"),
    "child": ("AR-1 B", "year_1_child"),
    "unaccompanied_minor": ("AR-1 EM", "year_1_unaccompanied_minor"),
}


def integration_key(person: SettledPerson, of: Window) -> tuple[object, ...]:
    """All that the integration amounts depend on: persons with the same key have the same instalments."""
    year = person.settled_on[:4]
    if int(year) < of.first_year:
        return (year, person.grant_years)
    falls_due = of.first_term_on_or_after(person.settled_on)
    supplements = (is_of_nursery_age(person), is_elderly(person))
    return (year, person.grant_years, falls_due, person.category, supplements)


def integration(person: SettledPerson, of: Window) -> Iterator[Instalment]:
    """Year 1 once, to the municipality of settlement (A2); years 2 to 5 in terms by residence on the cut-off (A3)."""
    settled_year = int(person.settled_on[:4])
    if falls_due := of.first_term_on_or_after(person.settled_on):
        code, rate_name = YEAR_1[person.category]
        one_off = [(code, rate_name)]
        if is_of_nursery_age(person):
            one_off.append(("BHT", "nursery"))
        if is_elderly(person):
            one_off.append(("ELDR", "elderly"))
        for code, rate_name in one_off:
            ore = amount("integration", rate_name, settled_year)
            yield Instalment(code, *falls_due, ore, of.cutoff(*falls_due), True, rate_name, settled_year)
    for number in range(2, person.grant_years + 1):
        year = settled_year + number - 1
        for term in of.terms(year):
            rate_name = f"year_{number}"
            ore = split(amount("integration", rate_name, year), 4, term)
            yield Instalment(f"AR-{number}", year, term, ore, of.cutoff(year, term), False, rate_name, year)


def is_of_nursery_age(person: SettledPerson) -> bool:
    """Children of 0 to 5 years, by year, give the nursery supplement."""
    oldest = int(assumption("integration", "nursery_max_age"))
    return int(person.settled_on[:4]) - int(person.born_on[:4]) <= oldest


def is_elderly(person: SettledPerson) -> bool:
    """60 years old or more on the day of settlement (the sources say "over 60": a named assumption)."""
    age = int(assumption("integration", "elderly_age"))
    birthday = f"{int(person.born_on[:4]) + age:04d}{person.born_on[4:]}"
    return birthday <= person.settled_on


# --- Unaccompanied minors: kap. 496 post 61 ---------------------------------------------------------------------------


def minors_key(person: SettledPerson, of: Window) -> tuple[object, ...]:
    """All that the amounts for an unaccompanied minor depend on."""
    year, born_year = person.settled_on[:4], person.born_on[:4]
    if int(year) < of.first_year:
        return (year, born_year)
    return (person.settled_on[:7], born_year, of.first_term_on_or_after(person.settled_on))


def unaccompanied_minors(person: SettledPerson, of: Window) -> Iterator[Instalment]:
    """High rate to and including the year of 16, low rate from 17 to and including 20 (A5)."""
    born_year, settled_year = int(person.born_on[:4]), int(person.settled_on[:4])
    if (falls_due := of.first_term_on_or_after(person.settled_on)) and (band := minors_band(settled_year - born_year)):
        code, rate_name = band
        ore = amount("unaccompanied_minors", rate_name, settled_year)
        if assumption("unaccompanied_minors", "settlement_year") == "per_month":
            months = 13 - int(person.settled_on[5:7])
            ore = (2 * ore * months + 12) // 24  # rate × months / 12, rounded half up to whole øre
        yield Instalment(code, *falls_due, ore, of.cutoff(*falls_due), True, rate_name, settled_year)
    for year in range(max(settled_year + 1, of.first_year), of.year + 1):
        if band := minors_band(year - born_year):
            code, rate_name = band
            for term in of.terms(year):
                if term in (1, 2):
                    ore = split(amount("unaccompanied_minors", rate_name, year), 2, term)
                    yield Instalment(code, year, term, ore, of.cutoff(year, term), False, rate_name, year)


def minors_band(age: int) -> tuple[str, str] | None:
    """Line code and rate for an age, counted by year."""
    if age <= 16:
        return ("EMINB", "high")
    return ("EMINU", "low") if age <= 20 else None

"""Why this amount: a run's sum to a municipality down to its lines, each with its rate, its days and its citation."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import batched

from django.db.models import Count, QuerySet, Sum

from grants.law.codes import Ground, ground_of
from grants.law.errors import LawError
from grants.law.rates.lookup import Rate, rate
from grants.models import EntitlementLine, EntitlementRun, ProtectedPerson, RunPayable, SettlementFact

ROWS_AT_ONCE = 2_000


@dataclass(frozen=True)
class Basis:
    """The rate behind an amount as it was used, with the days it is in force where we still know them."""

    ground: Ground
    value_ore: int
    citation: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True)
class Group:
    """Lines alike in code, term, kind and amount: so many, each of so much."""

    code: str
    year: int
    term: int
    is_correction: bool
    each_ore: int
    number: int
    basis: Basis | None

    @property
    def total_ore(self) -> int:
        return self.each_ore * self.number


@dataclass(frozen=True)
class PersonLine:
    """A line as its recipient reads it: a pseudonym, a year of birth and a day of settlement, and never a name."""

    line: EntitlementLine
    reference: str
    born_year: int | None
    settled_on: date | None
    who: str  # "person", "protected", "erased" or "nobody"
    basis: Basis | None


class Rates:
    """The rates of one run, as it used them."""

    def __init__(self, run: EntitlementRun) -> None:
        self._run = run

    def value(self, name: str, year: int) -> int | None:
        used = self._run.rates_used.get(f"{name} {year}")
        return int(used["value"]) if used else None

    def basis(self, code: str, year: int, term: int, ore: int, *, settled: int | None = None) -> Basis | None:
        """What the amount was worked out from; nothing where the run did not use such a rate."""
        ground = ground_of(code, year, term, ore, self.value, settled=settled)
        if ground is None:
            return None
        used = self._run.rates_used.get(f"{ground.rate_name} {ground.rate_year}")
        if used is None:
            return None
        known = self._known(ground)
        return Basis(
            ground, int(used["value"]), used["citation"], known.valid_from if known else None,
            known.valid_to if known and known.valid_to != date.max else None,
        )  # fmt: skip

    def _known(self, ground: Ground) -> Rate | None:
        try:
            return rate(self._run.scheme, ground.rate_name, on=date(ground.rate_year, 1, 1))
        except LawError:
            return None


def groups_of(payable: RunPayable) -> list[Group]:
    """The lines of a municipality in a run, gathered: their sums add up to what is due."""
    rates = Rates(payable.run)
    rows = _lines(payable).order_by("code", "origin_year", "origin_term", "kind", "-amount_ore")
    keys = ("code", "origin_year", "origin_term", "kind", "amount_ore")
    return [
        Group(
            code, year, term, kind == EntitlementLine.Kind.CORRECTION, ore, number, rates.basis(code, year, term, ore)
        )
        for code, year, term, kind, ore, number, _ in rows.values_list(*keys).annotate(
            number=Count("pk"), whole=Sum("amount_ore")
        )
    ]


def lines_of(payable: RunPayable) -> QuerySet[EntitlementLine]:
    """The lines of a municipality in a run, in the order that people look for them."""
    found = _lines(payable).select_related("person")
    return found.order_by("code", "origin_year", "origin_term", "person__person_ref", "pk")


def as_read(run: EntitlementRun, lines: Iterable[EntitlementLine]) -> list[PersonLine]:
    """These lines with what their recipient may see of the persons."""
    lines, rates = list(lines), Rates(run)
    persons = [line.person_id for line in lines if line.person_id is not None]
    protected = set(ProtectedPerson.objects.filter(person__in=persons).values_list("person_id", flat=True))
    facts = {
        fact.person_id: fact for fact in SettlementFact.objects.filter(person__in=persons).order_by("known_on", "pk")
    }
    return [_as_read(line, rates, line.person_id in protected, facts) for line in lines]


def every_line(payable: RunPayable) -> Iterator[PersonLine]:
    """All lines, read in portions: memory does not grow with them."""
    for portion in batched(lines_of(payable).iterator(chunk_size=ROWS_AT_ONCE), ROWS_AT_ONCE):
        yield from as_read(payable.run, portion)


def persons_in(payable: RunPayable) -> int:
    """How many persons the lines are about."""
    return _lines(payable).exclude(person=None).values("person").distinct().count()


def _lines(payable: RunPayable) -> QuerySet[EntitlementLine]:
    return EntitlementLine.objects.filter(run=payable.run_id, municipality_number=payable.municipality_number)


def _as_read(line: EntitlementLine, rates: Rates, is_protected: bool, facts: dict[int, SettlementFact]) -> PersonLine:
    fact = facts.get(line.person_id) if line.person_id is not None else None
    settled = fact.settled_on.year if fact is not None else None
    basis = rates.basis(line.code, line.origin_year, line.origin_term, line.amount_ore, settled=settled)
    if line.person_id is None or line.person is None:
        return PersonLine(line, "", None, None, "nobody", basis)
    if is_protected:
        return PersonLine(line, "", None, None, "protected", basis)
    reference = line.person.person_ref or ""
    if line.person.erased_on is not None or not reference:
        return PersonLine(line, "", None, None, "erased", basis)
    if fact is None:
        return PersonLine(line, reference, None, None, "person", basis)
    return PersonLine(line, reference, fact.born_on.year, fact.settled_on, "person", basis)

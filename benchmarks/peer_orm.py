"""The peer that most Django teams would write: objects with their settlements and events prefetched, then `bulk_create`."""

from collections.abc import Iterator
from datetime import date

from benchmarks.register import YEAR
from grants.law.tariff import YEAR_1, amount
from grants.models import EntitlementLine, EntitlementRun, Person

CUTOFFS = (date(YEAR, 3, 1), date(YEAR, 6, 1), date(YEAR, 9, 1), date(YEAR, 12, 1))


def build(run: EntitlementRun) -> list[EntitlementLine]:
    """Every line of the year, person by person."""
    rates = {f"year_{n}": amount("integration", f"year_{n}", YEAR) for n in (2, 3, 4, 5)}
    for name in ("nursery", "elderly", *(name for _, name in YEAR_1.values())):
        rates[name] = amount("integration", name, YEAR)
    persons = Person.objects.order_by("pk").prefetch_related("settlements", "events").iterator(chunk_size=2_000)
    return [
        EntitlementLine(
            run=run, person=person, municipality_number=where, code=code, origin_year=YEAR, origin_term=term,
            kind=EntitlementLine.Kind.DUE, amount_ore=ore,
        )
        for person in persons
        for where, code, term, ore in _of(person, rates)
    ]  # fmt: skip


def _of(person: Person, rates: dict[str, int]) -> Iterator[tuple[str, str, int, int]]:
    [settlement] = person.settlements.all()
    events = sorted(person.events.all(), key=lambda event: event.on)
    if any(event.kind == "withdrawn" for event in events):
        return
    settled_on, born_on = settlement.settled_on, settlement.born_on
    number = YEAR - settled_on.year + 1
    if number == 1:
        term = next((term for term, cutoff in enumerate(CUTOFFS, start=1) if settled_on <= cutoff), None)
        if term is None:
            return
        code, name = YEAR_1[settlement.category]
        yield settlement.municipality_number, code, term, rates[name]
        if settled_on.year - born_on.year <= 5:
            yield settlement.municipality_number, "BHT", term, rates["nursery"]
        if (settled_on.year - 60, settled_on.month, settled_on.day) >= (born_on.year, born_on.month, born_on.day):
            yield settlement.municipality_number, "ELDR", term, rates["elderly"]
    elif number <= settlement.grant_years:
        rate = rates[f"year_{number}"]
        for term, cutoff in enumerate(CUTOFFS, start=1):
            where: str | None = settlement.municipality_number
            for event in events:
                if event.on > cutoff:
                    break
                where = event.municipality_number if event.kind in ("moved", "returned") else None
            if where is not None:
                yield where, f"AR-{number}", term, rate // 4 if term < 4 else rate - rate // 4 * 3

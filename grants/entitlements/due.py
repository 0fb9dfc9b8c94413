"""What is due: for each person (or municipality, or place) all terms of the run's window, from the register as known.

One source per scheme. Each yields the person's id (0 where a line is not about one person) with that person's amounts,
in the order of the ids, so that the difference to what is booked can be taken in one pass.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from grants.law.calculators.residence import is_withdrawn, municipality_on
from grants.law.municipalities import successor
from grants.law.rates.lookup import rate
from grants.law.rule import Rates
from grants.law.schemes import disability as disability_law
from grants.law.schemes import extra_settlement as extra_settlement_law
from grants.law.schemes import integration_reception as integration_reception_law
from grants.law.tariff import (
    Instalment,
    SettledPerson,
    Window,
    amount,
    integration,
    integration_key,
    minors_key,
    split,
    unaccompanied_minors,
)
from grants.register import reading
from grants.shared.errors import Refused


class Amount(NamedTuple):
    """An amount that is due: where, for what, from which term."""

    municipality: str
    code: str
    origin_year: int
    origin_term: int
    amount_ore: int


# A tuple is shared by all persons with the same amounts; a list is one person's own.
Amounts = tuple[Amount, ...] | list[Amount]
Due = Iterator[tuple[int, Amounts]]


def due(window: Window, *, as_of: date | None = None, person_id: int | None = None) -> Due:
    """All that is due in the window, by person; with `person_id`, of that person alone."""
    source = SOURCES.get(window.scheme.code)
    if source is None:
        raise Refused(
            f"{window.scheme.code} is not paid by entitlement runs: its money follows decisions on applications. "
            f"Schemes with runs: {', '.join(sorted(SOURCES))}."
        )
    return source(window, as_of, person_id)


# --- From the register of settled persons -----------------------------------------------------------------------------

Schedule = Callable[[SettledPerson, Window], Iterator[Instalment]]
Key = Callable[[SettledPerson, Window], tuple[object, ...]]


def due_near(window: Window, near: Sequence[str]) -> Due:
    """What is due for those who were settled in, or came to, some municipalities: for the schemes that follow a schedule."""
    key, schedule, only = SCHEDULED[window.scheme.code]
    return _scheduled(window, None, None, key, schedule, only, near)


def _scheduled(
    window: Window,
    as_of: date | None,
    person_id: int | None,
    key: Key,
    schedule: Schedule,
    only: str,
    near: Sequence[str] = (),
) -> Due:
    """Persons whose amounts follow a schedule: the schedule is worked out once per key, and most persons never moved."""
    tariff: dict[tuple[object, ...], tuple[Instalment, ...]] = {}
    stayed: dict[tuple[tuple[object, ...], str], tuple[Amount, ...]] = {}
    for person in reading.settled_persons(as_of=as_of, person_id=person_id, near=near):
        if only and person.category != only:
            continue
        of_key = key(person, window)
        if of_key not in tariff:
            tariff[of_key] = tuple(schedule(person, window))
        amounts: Amounts
        if not person.events:
            found = stayed.get((of_key, person.municipality))
            if found is None:
                found = stayed[of_key, person.municipality] = tuple(_where_they_live(person, tariff[of_key]))
            amounts = found
        else:
            amounts = [] if is_withdrawn(person.events) else list(_where_they_live(person, tariff[of_key]))
        if amounts:
            yield person.person_id, amounts


def _where_they_live(person: reading.RegisteredPerson, instalments: tuple[Instalment, ...]) -> Iterator[Amount]:
    """Each instalment to the municipality of settlement, or of residence on the cut-off; nobody there: nothing."""
    for part in instalments:
        municipality: str | None = person.municipality
        if not part.at_settlement:
            municipality = municipality_on(part.cutoff, person.municipality, person.events)
        if municipality is not None:
            yield Amount(successor(municipality, _day(part.cutoff)), *part[:4])


def _integration(window: Window, as_of: date | None, person_id: int | None) -> Due:
    return _scheduled(window, as_of, person_id, *SCHEDULED["integration"])


def _unaccompanied_minors(window: Window, as_of: date | None, person_id: int | None) -> Due:
    return _scheduled(window, as_of, person_id, *SCHEDULED["unaccompanied_minors"])


def _extra_institution(window: Window, as_of: date | None, person_id: int | None) -> Due:
    """A7: 500 000 kroner for each settlement of the year from an institution or an adapted ward."""
    for person in reading.settled_persons(as_of=as_of, person_id=person_id):
        year = int(person.settled_on[:4])
        if person.from_institution and window.terms(year) and not is_withdrawn(person.events):
            where = successor(person.municipality, _day(person.settled_on))
            yield person.person_id, [Amount(where, "EKS500", year, 1, amount("extra_institution", "per_person", year))]


def _extra_settlement(window: Window, as_of: date | None, person_id: int | None) -> Due:
    """A6: what a municipality settled from 1 January to 30 September beyond its request for 2015, by the head."""
    years = [year for year in range(window.first_year, window.year + 1) if window.terms(year)]
    settled: dict[int, Counter[str]] = {year: Counter() for year in years}
    for person in reading.settled_persons(as_of=as_of):
        year = int(person.settled_on[:4])
        counts = person.counts_for_request and not is_withdrawn(person.events)
        if counts and year in settled and person.settled_on <= window.cutoff(year, 1):
            settled[year][successor(person.municipality, _day(window.cutoff(year, 1)))] += 1
    request_year = extra_settlement_law.REQUEST_YEAR
    known = reading.requested(request_year, as_of=as_of)
    found = []
    for year in years:
        cutoff = _day(window.cutoff(year, 1))
        asked: Counter[str] = Counter()
        for municipality, number in known.items():
            asked[successor(municipality, cutoff)] += number
        missing = sorted(set(settled[year]) - set(asked))
        if missing:
            raise Refused(
                f"The request for {request_year} is missing for municipality {', '.join(missing[:20])}, which settled "
                f"persons in {year}. Add it with: manage.py import_requests FILE"
            )
        each = amount("extra_settlement", "per_person", year)
        for municipality, number in sorted(settled[year].items()):
            beyond = max(0, number - asked[municipality])
            if beyond:
                found.append(Amount(municipality, "EKS50", year, 1, beyond * each))
    if found and person_id is None:
        yield 0, found


# --- From claims ------------------------------------------------------------------------------------------------------


def _claimed(window: Window, as_of: date | None, person_id: int | None) -> Due:
    """Schemes with claims: the amounts of each claim, gathered per person; a withdrawn person gives nothing."""
    amounts_of = CLAIMS[window.scheme.code]
    withdrawn = reading.withdrawn_persons(as_of=as_of)
    held: int | None = None
    gathered: list[Amount] = []
    for claim in reading.claims(window.scheme.code, as_of=as_of):
        person = claim["person_id"] or 0
        if person in withdrawn or (person_id is not None and person != person_id):
            continue
        if held is not None and person != held and gathered:
            yield held, gathered
            gathered = []
        held = person
        gathered += amounts_of(claim, window)
    if held is not None and gathered:
        yield held, gathered


def _disability(claim: dict[str, object], window: Window) -> Iterator[Amount]:
    """A9: documented costs above the threshold, up to the cap per person and year."""
    year, part = int(str(claim["year"])), str(claim["kind"])
    if not window.terms(year):
        return
    granted = disability_law.granted_ore(int(str(claim["costs_ore"])), part, _rates("disability", year))
    if granted:
        yield Amount(_municipality(claim, window.cutoff(year, 1)), f"FHT{part}", year, 1, granted)


def _integration_reception(claim: dict[str, object], window: Window) -> Iterator[Amount]:
    """Per place: the yearly rate for a whole year, else the monthly one; in two terms."""
    year, places, months = (int(str(claim[name])) for name in ("year", "quantity", "months"))
    for term in window.terms(year):
        total = integration_reception_law.granted_ore(places, months, _rates("integration_reception", year))
        where = _municipality(claim, window.cutoff(year, term))
        yield Amount(where, "INTMOT", year, term, split(total, 2, term))


def _asylum_training(claim: dict[str, object], window: Window) -> Iterator[Amount]:
    """Once per person and kind, in the first term whose cut-off is on or after the registration."""
    on = str(claim["on"])
    if falls_due := window.first_term_on_or_after(on):
        code, rate_name = {"norwegian": ("ASYL-N", "norwegian"), "culture": ("ASYL-K", "culture")}[str(claim["kind"])]
        each = amount("asylum_training", rate_name, int(on[:4]))
        yield Amount(_municipality(claim, window.cutoff(*falls_due)), code, *falls_due, each)


def _norwegian_training(claim: dict[str, object], window: Window) -> Iterator[Amount]:
    """Three yearly instalments by the year since the person came into the target group, at the low or the high rate."""
    year, entered = int(str(claim["year"])), str(claim["on"])
    number = year - int(entered[:4]) + 1
    if not 1 <= number <= 3:
        return
    falls_due: tuple[int, int] | None = (year, 1) if window.terms(year) else None
    if number == 1:
        falls_due = window.first_term_on_or_after(entered)
    if falls_due:
        level = str(claim["kind"])
        each = amount("norwegian_training", f"year_{number}_{level}", year)
        where = _municipality(claim, window.cutoff(*falls_due))
        yield Amount(where, f"P-AR{number}-{level[0].upper()}", *falls_due, each)


def _rates(scheme: str, year: int) -> Rates:
    return lambda name: amount(scheme, name, year)


def _municipality(claim: dict[str, object], cutoff: str) -> str:
    return successor(str(claim["municipality_number"]), _day(cutoff))


_DAYS: dict[str, date] = {}


def _day(text: str) -> date:
    """An ISO text as a date; a run asks for a few hundred different days, many times each."""
    found = _DAYS.get(text)
    if found is None:
        found = _DAYS[text] = date.fromisoformat(text)
    return found


# What a person gives in each term, known from the settlement on: the key, the schedule, and whom alone it is for.
SCHEDULED: dict[str, tuple[Key, Schedule, str]] = {
    "integration": (integration_key, integration, ""),
    "unaccompanied_minors": (minors_key, unaccompanied_minors, "unaccompanied_minor"),
}
CLAIMS: dict[str, Callable[[dict[str, object], Window], Iterator[Amount]]] = {
    "disability": _disability,
    "integration_reception": _integration_reception,
    "asylum_training": _asylum_training,
    "norwegian_training": _norwegian_training,
}
SOURCES: dict[str, Callable[[Window, date | None, int | None], Due]] = {
    "integration": _integration,
    "unaccompanied_minors": _unaccompanied_minors,
    "extra_institution": _extra_institution,
    "extra_settlement": _extra_settlement,
    **dict.fromkeys(CLAIMS, _claimed),
}
# The rates that a run of the scheme cannot do without in its own year: asked for before anything is read.
NEEDED = {
    "integration": (
        "year_1_adult", "year_1_single_adult", "year_1_child", "year_1_unaccompanied_minor",
        "year_2", "year_3", "year_4", "year_5", "nursery", "elderly",
    ),
    "unaccompanied_minors": ("high", "low"),
    "extra_institution": ("per_person",),
    "extra_settlement": ("per_person",),
    "disability": ("threshold_1", "threshold_2", "cap_2"),
    "integration_reception": ("per_place_year", "per_place_month"),
    "asylum_training": ("norwegian", "culture"),
    "norwegian_training": tuple(f"year_{n}_{level}" for n in (1, 2, 3) for level in ("low", "high")),
}  # fmt: skip


def rates_used(window: Window) -> dict[str, dict[str, str]]:
    """The rates of the window's years with their citations; a rate that is missing stops the run here."""
    used = {}
    for year in range(min(window.first_year, window.year), window.year + 1):
        for name in NEEDED.get(window.scheme.code, ()):
            found = rate(window.scheme.code, name, on=date(year, 1, 1))
            used[f"{name} {year}"] = {"value": str(found.value), "unit": found.unit, "citation": found.citation}
    return used

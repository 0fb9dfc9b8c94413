"""Why this amount? Each line with its rule, rate, citation, residence on the cut-off and earlier bookings."""

from datetime import date
from typing import Any

from grants.entitlements.due import Amount, due, rates_used
from grants.entitlements.working_out import last_term, open_window
from grants.law.calculators.residence import municipality_on
from grants.law.municipalities import name
from grants.law.rates.lookup import rate
from grants.law.tariff import Instalment, Window, integration, unaccompanied_minors
from grants.models import EntitlementLine, EntitlementRun, EventFact, Person, ProtectedPerson, SettlementFact
from grants.register import reading
from grants.shared.errors import Refused

RULES = {
    "AR-1": "A2: the whole year-1 rate, once, to the municipality of settlement",
    "AR-": "A3: a fourth of the yearly rate (term 4 the rest), by residence on the cut-off",
    "BHT": "A2: nursery supplement with year 1; settlement year minus birth year is at most 5",
    "ELDR": "A2: elderly supplement with year 1; 60 years old or more on the day of settlement (an assumption)",
    "EMIN": "A5: by payment year minus birth year; the settlement year by months, later years in halves by residence",
    "EKS500": "A7: for each settlement of the year from an institution",
    "FHT": "A9: documented costs above the threshold, up to the cap",
    "ASYL": "Rundskriv 15/2017: once per person and offer",
    "P-AR": "Persontilskudd by the year since the person came into the target group",
}


def find_person(person_ref: str) -> Person:
    """The person of a reference, under protection or not."""
    person = Person.objects.filter(person_ref=person_ref).first()
    if person is None:
        protected = ProtectedPerson.objects.select_related("person").filter(person_ref=person_ref).first()
        person = protected.person if protected else None
    if person is None:
        raise Refused(f'There is no person with the reference "{person_ref}" in the register.')
    return person


def explain(person: Person, scheme: str, year: int) -> dict[str, Any]:
    """All that is due for a person from the scheme's first year to the end of a year, beside all that is booked."""
    window, _ = open_window(scheme, year, last_term(scheme))
    amounts = [amount for _, found in due(window, person_id=person.pk) for amount in found]
    booked = _bookings(person, scheme, year)
    lines = [_line(person, window, amount, booked.pop(_key(amount), [])) for amount in amounts]
    lines += [_no_longer_due(key, bookings) for key, bookings in sorted(booked.items())]
    lines.sort(key=lambda line: (line["year"], line["term"], line["code"], line["municipality"]))
    return {
        "scheme": scheme, "year": year, "facts": _facts(person), "lines": lines,
        "due_ore": sum(line["due_ore"] for line in lines),
        "booked_ore": sum(booking["amount_ore"] for line in lines for booking in line["bookings"]),
    }  # fmt: skip


def _key(amount: Amount) -> tuple[int, int, str, str]:
    return (amount.origin_year, amount.origin_term, amount.code, amount.municipality)


def _bookings(person: Person, scheme: str, year: int) -> dict[tuple[int, int, str, str], list[dict[str, Any]]]:
    """What approved runs have booked for the person, by term, code and municipality."""
    runs = EntitlementRun.objects.booked().filter(scheme=scheme)
    found: dict[tuple[int, int, str, str], list[dict[str, Any]]] = {}
    for line in EntitlementLine.objects.filter(person=person, run__in=runs, origin_year__lte=year).order_by("pk"):
        key = (line.origin_year, line.origin_term, line.code, line.municipality_number)
        found.setdefault(key, []).append({"run": line.run_id, "kind": line.kind, "amount_ore": line.amount_ore})
    return found


def _line(person: Person, window: Window, amount: Amount, bookings: list[dict[str, Any]]) -> dict[str, Any]:
    cutoff = window.cutoff(amount.origin_year, amount.origin_term)
    return {
        "year": amount.origin_year, "term": amount.origin_term, "code": amount.code, "due_ore": amount.amount_ore,
        "municipality": amount.municipality, "cutoff": cutoff, "residence": _residence(person, cutoff),
        "rule": _rule(amount.code), "rate": _rate(person, window, amount), "bookings": bookings,
    }  # fmt: skip


def _no_longer_due(key: tuple[int, int, str, str], bookings: list[dict[str, Any]]) -> dict[str, Any]:
    year, term, code, municipality = key
    return {
        "year": year, "term": term, "code": code, "due_ore": 0, "municipality": municipality, "cutoff": "",
        "residence": "not due: the register no longer gives this line; the next run takes back what is booked",
        "rule": _rule(code), "rate": "", "bookings": bookings,
    }  # fmt: skip


def _rule(code: str) -> str:
    prefix = max((prefix for prefix in RULES if code.startswith(prefix)), key=len)
    return RULES[prefix]


def _rate(person: Person, window: Window, amount: Amount) -> str:
    """The rate with its citation, found from the schedule that gave the line."""
    for part in _schedule(person, window):
        if (part.code, part.origin_year, part.origin_term) == (amount.code, amount.origin_year, amount.origin_term):
            found = rate(window.scheme.code, part.rate_name, on=date(part.rate_year, 1, 1))
            return f"{part.rate_name} {part.rate_year}: {int(found.value) // 100} kroner ({found.citation}; {found.certainty})"
    used = rates_used(window)
    return "; ".join(
        f"{name}: {int(rate['value']) // 100} kroner ({rate['citation']})"
        for name, rate in used.items()
        if name.endswith(str(amount.origin_year))
    )


def _schedule(person: Person, window: Window) -> tuple[Instalment, ...]:
    schedule = {"integration": integration, "unaccompanied_minors": unaccompanied_minors}.get(window.scheme.code)
    if schedule is None:
        return ()
    for found in reading.settled_persons(person_id=person.pk):
        return tuple(schedule(found, window))
    return ()


def _residence(person: Person, cutoff: str) -> str:
    for found in reading.settled_persons(person_id=person.pk):
        if cutoff < found.settled_on:
            return f"settled later, on {found.settled_on}"
        where = municipality_on(cutoff, found.municipality, found.events)
        return f"lived in {where} {name(where)}" if where else "dead, abroad or withdrawn"
    return "not in the register of settled persons"


def _facts(person: Person) -> list[str]:
    """Every fact about the person with the day it holds and the day it became known, corrected ones too."""
    settlements = [
        f"settled {f.settled_on} in {f.municipality_number} {name(f.municipality_number)} as {f.category}, born "
        f"{f.born_on.year}, {f.grant_years} years (known {f.known_on}{'; ' + f.reason if f.reason else ''})"
        for f in SettlementFact.objects.filter(person=person).order_by("known_on", "pk")
    ]
    events = [
        f"{f.kind} {f.on} {f.municipality_number} (known {f.known_on}{'; ' + f.reason if f.reason else ''})"
        for f in EventFact.objects.filter(person=person).order_by("on", "known_on", "pk")
    ]
    return settlements + events

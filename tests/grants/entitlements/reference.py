"""A slow, obviously right working-out of the rules A1 to A5, written from the contract and sharing no code with the engine.

It walks day by day where the engine looks up, and knows the rates of 2017 as plain kroner.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

YEAR_1 = {
    "adult": ("AR-1", 185_000),
    "single_adult": ("AR-1 EV", 235_000),
    "child": ("AR-1 B", 185_000),
    "unaccompanied_minor": ("AR-1 EM", 185_000),
}
LATER = {2: 230_000, 3: 167_000, 4: 84_000, 5: 70_500}
INTEGRATION_CUTOFFS = {1: (3, 1), 2: (6, 1), 3: (9, 1), 4: (12, 1)}
MINORS_CUTOFFS = {1: (1, 1), 2: (7, 1), 3: (12, 1)}
MERGED = {"0706": "0710", "0719": "0710", "0720": "0710"}


@dataclass
class Refugee:
    born_on: date
    category: str
    settled_on: date
    municipality: str
    grant_years: int
    events: list[tuple[date, str, str]] = field(default_factory=list)


def today_name(municipality: str, on: date) -> str:
    return MERGED.get(municipality, municipality) if on >= date(2017, 1, 1) else municipality


def lives_in(refugee: Refugee, on: date) -> str | None:
    """Walk from the settlement to the day, one day at a time."""
    where: str | None = refugee.municipality
    day, dead = refugee.settled_on, False
    happened = {event_on: (kind, municipality) for event_on, kind, municipality in refugee.events}
    while day < on:
        day += timedelta(days=1)
        kind, municipality = happened.get(day, ("", ""))
        if dead or not kind:
            continue
        if kind == "died":
            where, dead = None, True
        elif kind == "emigrated":
            where = None
        elif kind == "returned" or (kind == "moved" and where is not None):
            where = municipality
    return where


def was_withdrawn(refugee: Refugee) -> bool:
    """A withdrawal counts whatever its day, unless the person had died before."""
    for _, kind, _ in sorted(refugee.events):
        if kind == "died":
            return False
        if kind == "withdrawn":
            return True
    return False


def expected(refugee: Refugee, scheme: str, term: int) -> dict[tuple[str, str, int, int], int]:
    """What 2017 gives up to and including a term, in øre, by (municipality, code, year, term)."""
    if was_withdrawn(refugee):
        return {}
    work_out = integration if scheme == "integration" else minors
    found = {key: ore for key, ore in work_out(refugee).items() if key[3] <= term}
    return {key: ore for key, ore in found.items() if ore}


def integration(refugee: Refugee) -> dict[tuple[str, str, int, int], int]:
    found: dict[tuple[str, str, int, int], int] = {}
    for number, (month, day) in INTEGRATION_CUTOFFS.items():
        cutoff = date(2017, month, day)
        if refugee.settled_on.year == 2017 and refugee.settled_on <= cutoff:
            where = today_name(refugee.municipality, cutoff)
            code, kroner = YEAR_1[refugee.category]
            found[where, code, 2017, number] = kroner * 100
            if 2017 - refugee.born_on.year <= 5:
                found[where, "BHT", 2017, number] = 25_100_00
            sixty = date(refugee.born_on.year + 60, refugee.born_on.month, refugee.born_on.day)
            if sixty <= refugee.settled_on:
                found[where, "ELDR", 2017, number] = 164_200_00
            break
    year_number = 2017 - refugee.settled_on.year + 1
    if 2 <= year_number <= refugee.grant_years:
        ore = LATER[year_number] * 100
        for number, (month, day) in INTEGRATION_CUTOFFS.items():
            cutoff = date(2017, month, day)
            home = lives_in(refugee, cutoff)
            if home is not None:
                part = ore // 4 if number < 4 else ore - 3 * (ore // 4)
                found[today_name(home, cutoff), f"AR-{year_number}", 2017, number] = part
    return found


def minors(refugee: Refugee) -> dict[tuple[str, str, int, int], int]:
    found: dict[tuple[str, str, int, int], int] = {}
    age = 2017 - refugee.born_on.year
    if refugee.category != "unaccompanied_minor" or age > 20:
        return found
    code, kroner = ("EMINB", 1_229_100) if age <= 16 else ("EMINU", 769_500)
    if refugee.settled_on.year == 2017:
        for number, (month, day) in MINORS_CUTOFFS.items():
            cutoff = date(2017, month, day)
            if refugee.settled_on <= cutoff:
                exact = Fraction(kroner * 100 * (13 - refugee.settled_on.month), 12)
                found[today_name(refugee.municipality, cutoff), code, 2017, number] = int(exact + Fraction(1, 2))
                break
    elif refugee.settled_on.year < 2017:
        for number in (1, 2):
            cutoff = date(2017, *MINORS_CUTOFFS[number])
            home = lives_in(refugee, cutoff)
            if home is not None:
                half = kroner * 100 // 2
                found[today_name(home, cutoff), code, 2017, number] = half if number == 1 else kroner * 100 - half
    return found

"""Who was settled: cohorts, families and categories as the annual report counts them, places and days by chance.

The counts of 2014 to 2017 are IMDi's (Årsrapport 2017, Hovedtall). The cohort of 2013 is not in the sources.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import accumulate

from grants.law.municipalities import MUNICIPALITIES, exists, successor

# An assumption: the report starts at 2014. Composition as in 2014.
SETTLED_2013_ASSUMED = 6_500


@dataclass(frozen=True)
class Cohort:
    """The counts of one year's settled refugees."""

    year: int
    settled: int
    minors: int
    minors_under_15: int
    families: int
    in_families: int
    children: int

    @property
    def single_adults(self) -> int:
        return self.settled - self.minors - self.in_families

    def scaled(self, share: float) -> "Cohort":
        """The same cohort in a smaller or larger register, with at least one of each kind."""
        families = max(1, round(self.families * share))
        children = max(families, round(self.children * share))
        adults = max(families, round((self.in_families - self.children) * share))
        minors = max(2, round(self.minors * share))
        return Cohort(
            self.year, max(1, round(self.single_adults * share)) + minors + children + adults, minors,
            max(1, round(self.minors_under_15 * share)), families, children + adults, children,
        )  # fmt: skip


COHORTS = (
    Cohort(2014, 7_784, 536, 83, 926, 3_685, 1_981),
    Cohort(2015, 11_342, 691, 120, 1_123, 4_833, 2_683),
    Cohort(2016, 15_291, 1_599, 461, 1_561, 7_061, 3_930),
    Cohort(2017, 11_078, 759, 273, 1_361, 6_170, 3_420),
)
ASSUMED_2013 = replace(COHORTS[0].scaled(SETTLED_2013_ASSUMED / 7_784), year=2013)
WHOLE_REGISTER = ASSUMED_2013.settled + sum(cohort.settled for cohort in COHORTS)
# Municipalities that settled unaccompanied minors (Årsrapport 2017, kap. 3.1).
MINORS_IN = {2016: 187, 2017: 133}
FROM_INSTITUTION, INSTITUTION_MUNICIPALITIES = 36, 27
# How many refugees a municipality takes beside an ordinary one: about as it is large. An assumption.
CITIES = {
    "0301": 60, "1201": 28, "1601": 22, "1103": 16, "0219": 12, "1001": 12, "0602": 10, "0106": 10, "0906": 8,
    "0806": 8, "1902": 9, "1804": 7, "0105": 7, "0231": 7, "0710": 8, "0704": 6, "1102": 9, "1504": 7, "0403": 5,
    "0220": 6, "0230": 4, "0235": 4, "0213": 4, "0104": 5, "0101": 5, "0412": 4, "0402": 4, "0427": 4, "0501": 4,
    "0502": 4, "0605": 4, "0604": 4, "0625": 3, "0626": 3, "0701": 4, "0709": 6, "0706": 6, "0720": 2, "0719": 1,
    "0805": 5, "0807": 3, "0904": 3, "1002": 3, "1106": 5, "1124": 4, "1149": 5, "1247": 4, "1246": 4, "1505": 4,
    "1502": 4, "1702": 4, "1714": 4, "1719": 3, "1805": 4, "1833": 4, "1901": 4, "1903": 4, "2012": 4, "2004": 3,
    "2030": 3,
}  # fmt: skip
# Municipalities of a few hundred people take a family or two.
SMALLEST = (
    "0121", "0941", "1151", "1252", "1265", "1412", "1739", "1740", "1755", "1811", "1815", "1835", "1856", "1857",
)  # fmt: skip
SMALLEST_WEIGHT, LARGEST_OF_THE_REST = 0.15, 2.0
# Most unaccompanied minors over 15 were 16 or 17 when they were settled: a guess, the report gives the sum alone.
AGES_OVER_15 = (15, 16, 17), (20, 35, 45)


@dataclass(frozen=True)
class Settled:
    """A synthetic person's settlement, and the day it became known."""

    ref: str
    born_on: date
    category: str
    settled_on: date
    municipality: str
    grant_years: int
    from_institution: bool
    counts_for_request: bool
    known_on: date
    family: str = ""


@dataclass(frozen=True)
class Happened:
    """Something that happened to a synthetic person, and the day it became known."""

    ref: str
    kind: str
    on: date
    municipality: str
    known_on: date


@dataclass
class Population:
    """Everybody, and everything that happened."""

    settled: list[Settled] = field(default_factory=list)
    events: list[Happened] = field(default_factory=list)


def population(*, seed: int, persons: int | None = None) -> Population:
    """The synthetic register; `persons` scales it. The same seed gives the same register, to the letter."""
    rnd = random.Random(seed)
    cohorts = [ASSUMED_2013, *COHORTS]
    if persons is not None:
        share = persons / WHOLE_REGISTER
        cohorts = [cohort.scaled(share) for cohort in cohorts]
    places = Places(rnd)
    found = Population()
    for cohort in cohorts:
        found.settled += _from_institutions(_settle(cohort, rnd, places), cohort, rnd)
    for person in found.settled:
        found.events += _what_happened(person, rnd, places)
    return found


class Places:
    """Municipalities by chance: a few cities take many, the rest by a wide spread. Only those that existed on the day."""

    def __init__(self, rnd: random.Random) -> None:
        self._rnd = rnd
        numbers = sorted(MUNICIPALITIES)
        weights = {number: float(CITIES.get(number, 0)) or _weight(number, rnd) for number in numbers}
        self._of: dict[bool, tuple[list[str], list[float]]] = {}
        self._up_to: dict[bool, list[float]] = {}
        for after_merger, day in ((False, date(2016, 1, 1)), (True, date(2017, 1, 1))):
            there = [number for number in numbers if exists(number, day)]
            self._of[after_merger] = (there, [weights[number] for number in there])
            self._up_to[after_merger] = list(accumulate(self._of[after_merger][1]))

    def on(self, day: date) -> str:
        after_merger = day >= date(2017, 1, 1)
        return self._rnd.choices(self._of[after_merger][0], cum_weights=self._up_to[after_merger])[0]

    def elsewhere(self, day: date, home: str) -> str:
        """Another municipality than the one where the person lives."""
        found = home
        while found == home:
            found = self.on(day)
        return found

    def some(self, day: date, number: int) -> list[str]:
        """The given number of different municipalities, the largest first by chance."""
        there, weights = self._of[day >= date(2017, 1, 1)]
        keyed = sorted(there, key=lambda n: self._rnd.random() ** (1 / weights[there.index(n)]), reverse=True)
        return keyed[:number]


def _weight(number: str, rnd: random.Random) -> float:
    return SMALLEST_WEIGHT if number in SMALLEST else min(LARGEST_OF_THE_REST, rnd.lognormvariate(0, 0.5))


def _settle(cohort: Cohort, rnd: random.Random, places: Places) -> list[Settled]:
    people: list[tuple[str, int, date, str, int, str]] = []  # category, age, settled on, municipality, years, family
    adults_of = _spread(cohort.in_families - cohort.children, cohort.families, 3, rnd)
    children_of = _spread(cohort.children, cohort.families, 9, rnd)
    for number, (adults, children) in enumerate(zip(adults_of, children_of, strict=True), start=1):
        family = f"F{cohort.year}-{number:05d}"
        day = _day_in(cohort.year, rnd)
        where, years = places.on(day), 3 if rnd.random() < 0.03 else 5
        people += [
            ("adult", rnd.choices((rnd.randint(20, 55), rnd.randint(56, 80)), (95, 5))[0], day, where, years, family)
            for _ in range(adults)
        ]
        people += [("child", rnd.randint(0, 17), day, where, years, family) for _ in range(children)]
    for _ in range(cohort.single_adults):
        day = _day_in(cohort.year, rnd)
        age = rnd.choices((rnd.randint(18, 45), rnd.randint(46, 59), rnd.randint(60, 80)), (85, 13, 2))[0]
        people.append(("single_adult", age, day, places.on(day), 5, ""))
    homes = places.some(date(cohort.year, 1, 1), min(MINORS_IN.get(cohort.year, 150), cohort.minors))
    for number in range(cohort.minors):
        age = rnd.randint(6, 14) if number < cohort.minors_under_15 else rnd.choices(*AGES_OVER_15)[0]
        where = homes[number] if number < len(homes) else rnd.choice(homes)
        people.append(("unaccompanied_minor", age, _day_in(cohort.year, rnd), where, 5, ""))
    people.sort(key=lambda person: person[2])
    return [
        Settled(
            f"R{cohort.year}-{number:06d}", _born(cohort.year - age, day, rnd), category, day, where, years, False,
            rnd.random() < 0.97, day + timedelta(days=rnd.randint(0, 14)), family,
        )
        for number, (category, age, day, where, years, family) in enumerate(people, start=1)
    ]  # fmt: skip


def _from_institutions(settled: list[Settled], cohort: Cohort, rnd: random.Random) -> list[Settled]:
    """36 of those settled in 2017 came from an institution, to 27 municipalities (Årsrapport 2017, kap. 3.1)."""
    whole = COHORTS[-1]
    if cohort.year != whole.year:
        return settled
    share = min(1.0, cohort.settled / whole.settled)
    persons, homes_wanted = (max(1, round(count * share)) for count in (FROM_INSTITUTION, INSTITUTION_MUNICIPALITIES))
    able = [position for position, person in enumerate(settled) if _is_from_institution(person)]
    first: dict[str, int] = {}
    for position in able:
        first.setdefault(settled[position].municipality, position)
    chosen = list(first.values())[:homes_wanted]
    homes = {settled[position].municipality for position in chosen}
    rest = [position for position in able if settled[position].municipality in homes and position not in chosen]
    marked = {*chosen, *rnd.sample(rest, min(persons - len(chosen), len(rest)))}
    return [replace(person, from_institution=position in marked) for position, person in enumerate(settled)]


def _is_from_institution(person: Settled) -> bool:
    """A single adult who was known before the run in December."""
    return person.category == "single_adult" and person.settled_on < date(2017, 11, 15)


def _what_happened(person: Settled, rnd: random.Random, places: Places) -> Iterator[Happened]:
    """15 in a hundred have moved; a few died, emigrated, came back or were withdrawn; a few events were struck again."""
    last = date(2017, 12, 31)
    if (last - person.settled_on).days < 40:
        return
    fate = rnd.random()
    on = person.settled_on + timedelta(days=rnd.randint(20, (last - person.settled_on).days - 10))
    known_on = max(person.known_on, on + timedelta(days=rnd.choice((0, 5, 20, 60, 120))))
    if fate < 0.15:
        yield Happened(person.ref, "moved", on, places.elsewhere(on, successor(person.municipality, on)), known_on)
        if fate < 0.002:
            yield Happened(person.ref, "retracted", on, "", known_on + timedelta(days=30))
    elif fate < 0.154:
        yield Happened(person.ref, "died", on, "", known_on)
    elif fate < 0.164:
        yield Happened(person.ref, "emigrated", on, "", known_on)
        back = on + timedelta(days=rnd.randint(30, 300))
        if fate < 0.159 and back <= last:
            yield Happened(person.ref, "returned", back, places.on(back), max(known_on, back))
    elif fate < 0.1645 and person.settled_on.year < 2017:
        yield Happened(person.ref, "withdrawn", on, "", known_on)


def _spread(total: int, groups: int, most: int, rnd: random.Random) -> list[int]:
    """A total over groups, at least one and at most so many in each."""
    sizes = [1] * groups
    open_groups = list(range(groups))
    for _ in range(total - groups):
        position = rnd.randrange(len(open_groups))
        group = open_groups[position]
        sizes[group] += 1
        if sizes[group] == most and len(open_groups) > 1:
            open_groups[position] = open_groups[-1]
            open_groups.pop()
    return sizes


def _day_in(year: int, rnd: random.Random) -> date:
    return date(year, 1, 1) + timedelta(days=rnd.randint(0, 364))


def _born(year: int, settled_on: date, rnd: random.Random) -> date:
    last_day = (settled_on - date(year, 1, 1)).days if year == settled_on.year else 364
    return date(year, 1, 1) + timedelta(days=rnd.randint(0, last_day))

"""Write the demo year as the files that the ordinary imports take, in the waves in which the facts became known."""

import csv
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from stdnum.no import kontonr, orgnr

from config.demo import budget
from config.demo.population import Population, Settled, population
from grants.law.municipalities import MUNICIPALITIES, exists, successor

WAVES = (
    date(2017, 1, 5), date(2017, 3, 5), date(2017, 6, 5), date(2017, 9, 5), date(2017, 12, 2), date(2017, 12, 31),
)  # fmt: skip
BEYOND_REQUEST, BEYOND_MUNICIPALITIES = 548, 67
DISABILITY_CLAIMS = 1_379
SETTLEMENT_HEADER = (
    "person_ref", "born_on", "category", "settled_on", "kommunenummer", "grant_years", "from_institution",
    "counts_for_request",
)  # fmt: skip


@dataclass
class DemoYear:
    """Where the files are, and how many persons they hold."""

    folder: Path
    persons: int = 0
    waves: list[tuple[date, Path, Path]] = field(default_factory=list)


def write_demo_year(folder: Path, *, seed: int = 2017, persons: int | None = None) -> DemoYear:
    """Write all files of the demo year. The same seed writes the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    rnd = random.Random(seed + 1)
    people = population(seed=seed, persons=persons)
    year = DemoYear(folder, len(people.settled))
    _write_waves(year, people)
    _write(folder / "requests.csv", ("kommunenummer", "year", "requested"), _requests(people, rnd))
    _write(folder / "organisations.csv",
           ("orgnr", "name", "kind", "kommunenummer", "account_number", "parent_orgnr"), _organisations(rnd))  # fmt: skip
    _write_budget(folder, 1.0 if persons is None else persons / 52_000)
    share = 1.0 if persons is None else min(1.0, persons / 52_000)
    _write_claims(folder, people, rnd, share)
    return year


def _write_waves(year: DemoYear, people: Population) -> None:
    """Each wave holds what became known since the one before; the last takes all the rest."""
    settled: dict[date, list[Sequence[object]]] = defaultdict(list)
    events: dict[date, list[Sequence[object]]] = defaultdict(list)
    wave_of: dict[str, date] = {}
    for person in people.settled:
        wave = _wave(person.known_on)
        wave_of[person.ref] = wave
        settled[wave].append(
            (
                person.ref,
                person.born_on,
                person.category,
                person.settled_on,
                person.municipality,
                person.grant_years,
                int(person.from_institution),
                int(person.counts_for_request),
            )
        )
    for event in people.events:
        wave = max(_wave(event.known_on), wave_of[event.ref])
        events[wave].append((event.ref, event.kind, event.on, event.municipality))
    for wave in WAVES:
        settlements_file = year.folder / f"settlements_{wave}.csv"
        events_file = year.folder / f"events_{wave}.csv"
        _write(settlements_file, SETTLEMENT_HEADER, settled[wave])
        _write(events_file, ("person_ref", "event", "on", "kommunenummer"), events[wave])
        year.waves.append((wave, settlements_file, events_file))


def _wave(known_on: date) -> date:
    return next((wave for wave in WAVES if known_on <= wave), WAVES[-1])


def _requests(people: Population, rnd: random.Random) -> Iterable[tuple[str, int, int]]:
    """Requests for 2015 such that 548 persons in 67 municipalities come beyond them, as the report says."""
    counted: Counter[str] = Counter()
    for person in people.settled:
        if person.settled_on.year == 2017 and person.settled_on <= date(2017, 9, 30) and person.counts_for_request:
            counted[successor(person.municipality, date(2017, 9, 30))] += 1
    able = sorted(number for number, settled in counted.items() if settled >= 2 and number != "0710")
    chosen = sorted(rnd.sample(able, min(BEYOND_MUNICIPALITIES, len(able))))
    beyond = dict.fromkeys(chosen, 1)
    for _ in range(min(BEYOND_REQUEST, sum(counted[n] for n in chosen)) - len(chosen)):
        room = [number for number in chosen if beyond[number] < counted[number]]
        beyond[rnd.choice(room)] += 1
    for number in sorted(MUNICIPALITIES):
        if exists(number, date(2015, 1, 1)):
            here = counted[successor(number, date(2017, 9, 30))]
            yield (number, 2015, here - beyond[number] if number in beyond else here + rnd.randint(0, 10))


def _organisations(rnd: random.Random) -> Iterable[tuple[str, str, str, str, str, str]]:
    """The 426 municipalities, the counties, Oslo's districts and a few others, with numbers that only look real."""
    numbers = _organisation_numbers()
    counties: dict[str, str] = {}
    oslo = ""
    for number, municipality in sorted(MUNICIPALITIES.items()):
        if municipality.valid_to is not None:
            continue
        own = next(numbers)
        oslo = own if number == "0301" else oslo
        counties[municipality.county_number] = municipality.county
        yield (own, f"{municipality.name} kommune", "municipality", number, _account(rnd), "")
    for county in counties.values():
        yield (next(numbers), f"{county} fylkeskommune", "county", "", _account(rnd), "")
    for district in ("Gamle Oslo", "Grünerløkka", "Sagene", "Alna", "Stovner", "Søndre Nordstrand"):
        yield (next(numbers), f"Bydel {district}", "municipality", "0301", _account(rnd), oslo)
    for name in ("Fellesskap i nord", "Nabohjelpen", "Kvinner sammen", "Språkkafeen", "Ungdom mot vold"):
        yield (next(numbers), name, "ngo", "", _account(rnd), "")
    for name in ("Mentorhuset AS", "Trainee Vest AS"):
        yield (next(numbers), name, "enterprise", "", _account(rnd), "")


def _organisation_numbers() -> Iterator[str]:
    for stem in range(81_000_000, 90_000_000, 1_117):
        for digit in range(10):
            if orgnr.is_valid(f"{stem}{digit}"):
                yield f"{stem}{digit}"


def _account(rnd: random.Random) -> str:
    while True:
        stem = f"{rnd.randint(1_000, 9_999)}{rnd.randint(0, 999_999):06d}"
        for digit in range(10):
            if kontonr.is_valid(f"{stem}{digit}"):
                return f"{stem}{digit}"


def _write_budget(folder: Path, share: float) -> None:
    scaled = {("0496", "60"), ("0496", "61")}
    rows = [
        (*row[:6], round(row[6] * max(share, 0.0001)) if share != 1.0 and row[:2] in scaled else row[6])
        for row in budget.APPROPRIATIONS
    ]
    _write(folder / "appropriations.csv",
           ("kapittel", "post", "kapittelnavn", "posttekst", "stikkord", "overfort_fra_i_fjor", "arets_tildelinger"), rows)  # fmt: skip
    names = {(row[0], row[1]): row[2:5] for row in budget.APPROPRIATIONS}
    left = dict(budget.PAID_BY_RUNS)
    accounts = []
    for chapter, post, sector, kroner, chapter_name, post_text, keyword in budget.ACCOUNTS:
        kroner -= left.pop((chapter, post), 0) if sector in ("", "kommune") else 0
        known = names.get((chapter, post), (chapter_name, post_text, keyword))
        accounts.append(
            (chapter, post, kroner, chapter_name or known[0], post_text or known[1], keyword or known[2], sector)
        )
    _write(folder / "accounts.csv",
           ("kapittel", "post", "belop_kroner", "kapittelnavn", "posttekst", "stikkord", "sektor"), accounts)  # fmt: skip


def _write_claims(folder: Path, people: Population, rnd: random.Random, share: float) -> None:
    gone = {event.ref for event in people.events}
    candidates = [p for p in people.settled if p.settled_on < date(2017, 10, 1) and p.ref not in gone]
    chosen = rnd.sample(candidates, min(max(1, round(DISABILITY_CLAIMS * share)), len(candidates)))
    _write(folder / "disability.csv",
           ("claim_ref", "person_ref", "kommunenummer", "year", "part", "documented_costs_kroner", "received_on"),
           [_disability(number, person, rnd) for number, person in enumerate(chosen, start=1)])  # fmt: skip
    places = {"0301": 150, "1201": 120, "0906": 100, "1103": 90, "0704": 80}
    _write(folder / "integration_reception.csv", ("claim_ref", "kommunenummer", "year", "places", "months"),
           [(f"IM-{number}", number, 2017, count, 12) for number, count in places.items()])  # fmt: skip
    hosts = [number for number in sorted(MUNICIPALITIES) if exists(number, date(2017, 1, 1))]
    culture = rnd.sample(hosts, 36)
    rows = []
    for kind, count, where in (
        ("norwegian", budget.ASYLUM_NORWEGIAN, hosts),
        ("culture", budget.ASYLUM_CULTURE, culture),
    ):
        for number in range(1, count + 1):
            on = date.fromordinal(date(2017, 1, 2).toordinal() + rnd.randint(0, 270))
            rows.append((f"AS-{kind[0].upper()}{number:05d}", f"A{number:06d}", rnd.choice(where), kind, on))
    _write(folder / "asylum_training.csv", ("claim_ref", "person_ref", "kommunenummer", "kind", "registered_on"), rows)


def _disability(number: int, person: Settled, rnd: random.Random) -> tuple[object, ...]:
    """Costs above the threshold such that the grants come to about the published mean of 400 290 kroner."""
    costs = 200_000 + min(1_400_000, round(rnd.lognormvariate(12.62, 0.75)))
    where = successor(person.municipality, date(2017, 12, 31))
    return (f"FH-{number:05d}", person.ref, where, 2017, 2, costs, date(2017, 11, 1))


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)

"""Write the demo year as the files that the ordinary imports take, whole and in the waves in which facts became known."""

import csv
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from config.demo import budget, claims
from config.demo.organisations import organisations
from config.demo.population import WHOLE_REGISTER, Population, population
from grants.law.municipalities import MUNICIPALITIES, exists, successor
from grants.shared.errors import Refused

DEMO_YEAR = 2017
WAVES = (
    date(2017, 1, 5), date(2017, 3, 5), date(2017, 6, 5), date(2017, 9, 5), date(2017, 12, 2), date(2017, 12, 31),
)  # fmt: skip
# Settled beyond the requests of 2015 by the last day that counts (Årsrapport 2017).
BEYOND_REQUEST, BEYOND_MUNICIPALITIES, LAST_COUNTED_ON = 548, 67, date(2017, 9, 30)
ENOUGH_SETTLED = 9

SETTLEMENTS = (
    "person_ref", "born_on", "category", "settled_on", "kommunenummer", "grant_years", "from_institution",
    "counts_for_request",
)  # fmt: skip
EVENTS = "person_ref", "event", "on", "kommunenummer"
REQUESTS = "kommunenummer", "year", "requested"
ORGANISATIONS = "orgnr", "name", "kind", "kommunenummer", "account_number", "parent_orgnr"
APPROPRIATIONS = (
    "kapittel", "post", "kapittelnavn", "posttekst", "stikkord", "overfort_fra_i_fjor", "arets_tildelinger",
)  # fmt: skip
ACCOUNTS = "kapittel", "post", "belop_kroner", "kapittelnavn", "posttekst", "stikkord", "sektor"

Progress = Callable[[str, int, int], None]
Row = Sequence[object]


@dataclass
class DemoYear:
    """Where the files are (by name, without .csv), how many rows each has, and the register's files wave by wave."""

    folder: Path
    persons: int
    paths: dict[str, Path] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    waves: list[tuple[date, Path, Path]] = field(default_factory=list)


def write_demo_year(
    folder: Path,
    *,
    year: int = DEMO_YEAR,
    persons: int | None = None,
    seed: int = 2017,
    progress: Progress | None = None,
) -> DemoYear:
    """Write all files of the demo year. The same seed writes the same bytes."""
    if year != DEMO_YEAR:
        raise Refused(f"The demo data is of {DEMO_YEAR}; for {year} import your own files.")
    if persons is not None and persons < 1:
        raise Refused(f"A register of {persons} persons can't be made: give a number from 1 up.")
    folder.mkdir(parents=True, exist_ok=True)
    rnd = random.Random(seed + 1)
    people = population(seed=seed, persons=persons)
    made = DemoYear(folder, len(people.settled))
    share = made.persons / WHOLE_REGISTER
    files: list[tuple[str, Row, Iterable[Row]]] = [
        *_register(people),
        ("requests", REQUESTS, _requests(people, rnd, share)),
        ("organisations", ORGANISATIONS, organisations(random.Random(seed + 2))),
        ("appropriations", APPROPRIATIONS, budget.appropriations(made.persons, of=WHOLE_REGISTER)),
        ("appropriations_of_open_calls", APPROPRIATIONS, budget.appropriations_of_open_calls()),
        ("accounts", ACCOUNTS, budget.accounts()),
        ("disability", claims.DISABILITY, claims.disability(people, random.Random(seed + 5), share=share)),
        ("integration_reception", claims.INTEGRATION_RECEPTION, claims.integration_reception()),
        ("asylum_training", claims.ASYLUM_TRAINING, claims.asylum_training(rnd)),
    ]
    for number, (name, header, rows) in enumerate(files, start=1):
        made.paths[name] = folder / f"{name}.csv"
        made.rows[name] = _write(made.paths[name], header, rows)
        if progress is not None:
            progress(name, number, len(files))
    made.waves = [(wave, made.paths[f"settlements_{wave}"], made.paths[f"events_{wave}"]) for wave in WAVES]
    return made


def _register(people: Population) -> Iterator[tuple[str, Row, Iterable[Row]]]:
    """The register whole, and what of it became known since the wave before; the last wave takes all the rest."""
    settled: dict[date, list[Row]] = defaultdict(list)
    events: dict[date, list[Row]] = defaultdict(list)
    wave_of: dict[str, date] = {}
    for person in people.settled:
        wave_of[person.ref] = _wave(person.known_on)
        settled[wave_of[person.ref]].append((
            person.ref, person.born_on, person.category, person.settled_on, person.municipality, person.grant_years,
            int(person.from_institution), int(person.counts_for_request),
        ))  # fmt: skip
    for event in people.events:
        wave = max(_wave(event.known_on), wave_of[event.ref])
        events[wave].append((event.ref, event.kind, event.on, event.municipality))
    yield "settlements", SETTLEMENTS, [row for wave in WAVES for row in settled[wave]]
    yield "events", EVENTS, [row for wave in WAVES for row in events[wave]]
    for wave in WAVES:
        yield f"settlements_{wave}", SETTLEMENTS, settled[wave]
        yield f"events_{wave}", EVENTS, events[wave]


def _wave(known_on: date) -> date:
    return next((wave for wave in WAVES if known_on <= wave), WAVES[-1])


def _requests(people: Population, rnd: random.Random, share: float) -> Iterator[Row]:
    """Requests for 2015 such that 548 persons in 67 municipalities come beyond them, as the report says."""
    counted: Counter[str] = Counter()
    for person in people.settled:
        if person.settled_on.year == DEMO_YEAR and person.settled_on <= LAST_COUNTED_ON and person.counts_for_request:
            counted[successor(person.municipality, LAST_COUNTED_ON)] += 1
    beyond = _beyond(counted, rnd, share)
    asked = {
        number: counted[number] - beyond[number] if number in beyond else counted[number] + rnd.randint(0, 10)
        for number in sorted(MUNICIPALITIES)
        if exists(number, LAST_COUNTED_ON)
    }
    then: dict[str, list[str]] = defaultdict(list)
    for number in sorted(MUNICIPALITIES):
        if exists(number, date(2015, 1, 1)):
            then[successor(number, LAST_COUNTED_ON)].append(number)
    rows = [
        (number, DEMO_YEAR - 2, asked[now] // len(before) + (place < asked[now] % len(before)))
        for now, before in then.items()
        for place, number in enumerate(before)
    ]
    yield from sorted(rows)


def _beyond(counted: Counter[str], rnd: random.Random, share: float) -> dict[str, int]:
    """How many more than requested some municipalities have settled; each was asked for one at least."""
    persons, wanted = (max(1, round(count * min(1.0, share))) for count in (BEYOND_REQUEST, BEYOND_MUNICIPALITIES))
    several = sorted(number for number, settled in counted.items() if settled > 1)
    roomy = [number for number in several if counted[number] > ENOUGH_SETTLED]
    able = roomy if len(roomy) >= wanted else several
    chosen = sorted(rnd.sample(able, min(wanted, len(able))))
    beyond = dict.fromkeys(chosen, 1)
    room = [number for number in chosen for _ in range(counted[number] - 2)]
    for number in rnd.sample(room, max(0, min(persons - len(chosen), len(room)))):
        beyond[number] += 1
    return beyond


def _write(path: Path, header: Row, rows: Iterable[Row]) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        for row in rows:
            writer.writerow(row)
            count += 1
    return count

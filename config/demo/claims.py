"""The claims of the demo year: disability, places in integration reception, asylum seekers' training."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

from config.demo import budget
from config.demo.population import Population, Settled
from grants.law.municipalities import MUNICIPALITIES, exists, successor

# 1 379 cases and about 552 million (Årsrapport 2017): 400 290 kroner each. How the costs spread is an assumption.
DISABILITY_CLAIMS, DISABILITY_MILLIONS = 1_379, 552
THRESHOLD_KRONER, HIGHEST_COSTS = 200_000, 1_600_000
COSTS_MU, COSTS_SIGMA = 12.66, 0.75
# There were five integration reception centres with 540 places; which municipalities and how many in each is assumed.
PLACES_IN = {"0301": 150, "1201": 120, "0906": 100, "1103": 90, "0704": 80}
# Municipalities with a reception centre (an assumption), and those that taught Norwegian culture (Årsrapport 2017).
HOSTS, CULTURE_HOSTS = 90, 36

DISABILITY = "claim_ref", "person_ref", "kommunenummer", "year", "part", "documented_costs_kroner", "received_on"
INTEGRATION_RECEPTION = "claim_ref", "kommunenummer", "year", "places", "months"
ASYLUM_TRAINING = "claim_ref", "person_ref", "kommunenummer", "kind", "registered_on"


def disability(people: Population, rnd: random.Random, *, share: float) -> Iterator[tuple[object, ...]]:
    """Claims (tilskudd 2) for persons who still live where they were settled."""
    gone = {event.ref for event in people.events}
    able = [person for person in people.settled if person.settled_on < date(2017, 10, 1) and person.ref not in gone]
    wanted = max(1, round(DISABILITY_CLAIMS * min(1.0, share)))
    for number, person in enumerate(rnd.sample(able, min(wanted, len(able))), start=1):
        yield _disability(number, person, rnd)


def _disability(number: int, person: Settled, rnd: random.Random) -> tuple[object, ...]:
    above = min(HIGHEST_COSTS - THRESHOLD_KRONER, round(rnd.lognormvariate(COSTS_MU, COSTS_SIGMA)))
    where, received_on = successor(person.municipality, date(2017, 12, 31)), date(2017, 11, 1)
    return (f"FH-{number:05d}", person.ref, where, 2017, 2, THRESHOLD_KRONER + above, received_on)


def integration_reception() -> Iterator[tuple[object, ...]]:
    """540 places in five municipalities, all year."""
    for number, (where, places) in enumerate(PLACES_IN.items(), start=1):
        yield (f"IM-{number}", where, 2017, places, 12)


def asylum_training(rnd: random.Random) -> Iterator[tuple[object, ...]]:
    """Asylum seekers, each in one reception centre: all learn Norwegian, some Norwegian culture and values as well."""
    there = [number for number in sorted(MUNICIPALITIES) if exists(number, date(2017, 1, 1))]
    hosts = rnd.sample(there, HOSTS)
    culture_hosts = hosts[:CULTURE_HOSTS]
    homes = [
        rnd.choice(culture_hosts if number >= CULTURE_HOSTS else [culture_hosts[number]])
        for number in range(budget.ASYLUM_CULTURE)
    ]
    homes += [rnd.choice(hosts) for _ in range(budget.ASYLUM_NORWEGIAN - budget.ASYLUM_CULTURE)]
    for kind, taught in (("norwegian", homes), ("culture", homes[: budget.ASYLUM_CULTURE])):
        for number, where in enumerate(taught, start=1):
            on = date(2017, 1, 2) + timedelta(days=rnd.randint(0, 270))
            yield (f"AS-{kind[0].upper()}{number:05d}", f"A{number:06d}", where, kind, on)

"""The engine against the slow reference, on random registers with moves on cut-off days, returns, deaths and leap days."""

import random
from collections import defaultdict
from datetime import date, timedelta

import pytest

from grants.models import EntitlementLine, EntitlementRun
from grants.services.approve_run import approve_run
from grants.services.prepare_run import prepare_run
from tests.factories.register import appropriate, finance, happen, settle
from tests.grants.entitlements.reference import Refugee, expected

MUNICIPALITIES = ["0101", "0301", "0710", "1201", "1601", "1902", "2030"]
OLD = [*MUNICIPALITIES, "0706", "0719", "0720"]
TELLING_DAYS = [
    date(2016, 2, 29), date(2016, 12, 1), date(2016, 12, 2), date(2016, 12, 31), date(2017, 1, 1), date(2017, 2, 28),
    date(2017, 3, 1), date(2017, 3, 2), date(2017, 6, 1), date(2017, 7, 1), date(2017, 9, 1), date(2017, 12, 1),
    date(2017, 12, 2), date(2017, 12, 31),
]  # fmt: skip


def random_refugee(rnd: random.Random) -> Refugee:
    """One refugee, biased towards the days where the rules turn."""
    settled_on = rnd.choice(
        [*TELLING_DAYS, date(rnd.choice([2013, 2014, 2015, 2016, 2017]), rnd.randint(1, 12), rnd.randint(1, 28))]
    )
    category = rnd.choice(["adult", "single_adult", "child", "unaccompanied_minor"])
    ages = {"adult": (18, 75), "single_adult": (18, 75), "child": (0, 17), "unaccompanied_minor": (8, 20)}[category]
    age = rnd.choice([*ages, rnd.randint(*ages), min(max(rnd.choice([5, 6, 60, 61]), ages[0]), ages[1])])
    year = settled_on.year - age
    born_on = rnd.choice([date(year, settled_on.month, min(settled_on.day, 28)), date(year, 12, 31), date(year, 1, 1)])
    towns = MUNICIPALITIES if settled_on >= date(2017, 1, 1) else [town for town in OLD if town != "0710"]
    refugee = Refugee(born_on, category, settled_on, rnd.choice(towns), rnd.choice([5, 5, 5, 3]))
    days = {
        rnd.choice([*TELLING_DAYS, settled_on + timedelta(days=rnd.randint(1, 700))]) for _ in range(rnd.randint(0, 4))
    }
    for on in sorted(day for day in days if settled_on < day <= date(2018, 2, 1)):
        kind = rnd.choice(["moved", "moved", "moved", "emigrated", "returned", "died", "withdrawn"])
        towns = MUNICIPALITIES if on >= date(2017, 1, 1) else [town for town in OLD if town != "0710"]
        refugee.events.append((on, kind, rnd.choice(towns) if kind in ("moved", "returned") else ""))
    return refugee


@pytest.mark.django_db
@pytest.mark.parametrize("scheme", ["integration", "unaccompanied_minors"])
@pytest.mark.parametrize("seed", range(4))
def test_every_term_of_a_random_register_is_what_the_reference_says(scheme: str, seed: int):
    rnd = random.Random(seed)
    refugees = [random_refugee(rnd) for _ in range(150)]
    persons = {}
    for number, refugee in enumerate(refugees):
        person = settle(
            f"P{number}", refugee.settled_on.isoformat(), born_on=refugee.born_on, category=refugee.category,
            municipality_number=refugee.municipality, grant_years=refugee.grant_years,
        )  # fmt: skip
        for on, kind, municipality in refugee.events:
            happen(person, kind, on.isoformat(), municipality)
        persons[person.pk] = refugee
    appropriate()
    appropriate(post="61", keyword="overslagsbevilgning")

    for term in {"integration": (1, 2, 3, 4), "unaccompanied_minors": (1, 2, 3)}[scheme]:
        run = prepare_run(scheme, 2017, term, by=finance("a"))
        approve_run(run, by=finance("b"))

        booked: dict[int, dict[tuple[str, str, int, int], int]] = defaultdict(dict)
        for line in EntitlementLine.objects.filter(run__in=EntitlementRun.objects.booked()):
            assert line.person_id is not None
            key = (line.municipality_number, line.code, line.origin_year, line.origin_term)
            booked[line.person_id][key] = booked[line.person_id].get(key, 0) + line.amount_ore
        for pk, refugee in persons.items():
            assert booked[pk] == expected(refugee, scheme, term), refugee

    again = prepare_run(scheme, 2017, term, by=finance("a"))
    assert (again.lines_count, again.total_ore) == (0, 0)

"""A synthetic register, written straight to the tables: settlements by year as published, moves, deaths, returns."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from django.db import connection, transaction

from grants.law.municipalities import MUNICIPALITIES
from grants.models import (
    AppropriationDecision,
    BudgetPost,
    DirectorateRole,
    EventFact,
    Person,
    Role,
    SettlementFact,
    User,
)
from grants.shared.bulk import next_ids, write_rows

YEAR = 2017
KNOWN_ON = "2017-12-31"
# Settled persons by year; the size of the 2013 cohort is an assumption, the others are published.
COHORTS = {2013: 6_500, 2014: 7_784, 2015: 11_342, 2016: 15_291, 2017: 11_078}
CATEGORIES = {"adult": 34, "single_adult": 28, "child": 31, "unaccompanied_minor": 7}
AGES = {"adult": (18, 70), "single_adult": (18, 70), "child": (0, 17), "unaccompanied_minor": (8, 17)}
# Of a thousand settled persons.
MOVED, MOVED_TWICE, DIED, EMIGRATED, RETURNED, WITHDRAWN = 130, 20, 3, 5, 2, 2
FACT = ("known_on", "recorded_at", "reason")
SETTLEMENT_COLUMNS = (
    "person_id", "born_on", "category", "settled_on", "municipality_number", "grant_years", "from_institution",
    "counts_for_request", *FACT,
)  # fmt: skip
EVENT_COLUMNS = ("person_id", "kind", "on", "municipality_number", *FACT)


def lay_out(persons: int) -> None:
    """Users, appropriations and a register of so many persons, in the database that settings name."""
    for name in ("kari", "ola"):
        user = User.objects.create(username=name, subject=name)
        DirectorateRole.objects.create(user=user, role=Role.FINANCE)
    post = BudgetPost.objects.create(year=YEAR, chapter="0496", post="60")
    AppropriationDecision.objects.create(
        budget_post=post, decided_on=date(YEAR, 1, 1), chapter_name="Bosetting", post_text="Integreringstilskudd",
        keyword=AppropriationDecision.Keyword.ESTIMATE, carried_in_ore=0, allotted_ore=10**14, position=1,
    )  # fmt: skip
    with transaction.atomic():
        ids = next_ids(Person, persons)
        write_rows(Person, ("id", "person_ref"), ((number, f"bench-{number}") for number in ids))
        write_rows(SettlementFact, SETTLEMENT_COLUMNS, _settlements(ids))
        write_rows(EventFact, EVENT_COLUMNS, _events(ids))
    tidy()


def tidy() -> None:
    """Statistics and visibility as they are in a database that has been in use for a day."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE")
        else:
            cursor.execute("ANALYZE")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _settlements(ids: range) -> Iterator[tuple[Any, ...]]:
    for number in ids:
        settled_on, born_on, category, municipality = _person(number)
        years = 3 if number % 25 == 0 else 5
        yield (number, born_on, category, settled_on, municipality, years, 0, 1, KNOWN_ON, _RECORDED, "")


def _events(ids: range) -> Iterator[tuple[Any, ...]]:
    for number in ids:
        settled = date.fromisoformat(_person(number)[0])
        rnd = Random(f"events {number}")
        for kind in _kinds(rnd.randrange(1000)):
            settled += timedelta(days=rnd.randrange(20, 500))
            where = rnd.choice(_NUMBERS) if kind in ("moved", "returned") else ""
            yield (number, kind, settled.isoformat(), where, KNOWN_ON, _RECORDED, "")


def _kinds(draw: int) -> tuple[str, ...]:
    shares = (
        (MOVED, ("moved",)), (MOVED_TWICE, ("moved", "moved")), (DIED, ("died",)), (EMIGRATED, ("emigrated",)),
        (RETURNED, ("emigrated", "returned")), (WITHDRAWN, ("withdrawn",)),
    )  # fmt: skip
    for share, kinds in shares:
        if draw < share:
            return kinds
        draw -= share
    return ()


def _person(number: int) -> tuple[str, str, str, str]:
    """Settled on, born on, category and municipality of a person: always the same for the same number."""
    rnd = Random(number)
    [year] = rnd.choices(list(COHORTS), weights=list(COHORTS.values()))
    [category] = rnd.choices(list(CATEGORIES), weights=list(CATEGORIES.values()))
    settled = date(year, 1, 1) + timedelta(days=rnd.randrange(365))
    born = date(year - rnd.randint(*AGES[category]), 1, 1) + timedelta(days=rnd.randrange(365))
    return settled.isoformat(), min(born, settled).isoformat(), category, rnd.choice(_NUMBERS)


_RECORDED = "2017-12-31 12:00:00"
_NUMBERS = sorted(
    number for number, m in MUNICIPALITIES.items() if m.valid_to is None or m.valid_to >= date(YEAR, 12, 31)
)

"""Persons, facts, users and appropriations for tests. A test names only what it is about."""

from datetime import UTC, date, datetime
from typing import Any

from grants.models import (
    AppropriationDecision,
    BudgetPost,
    ClaimFact,
    DirectorateRole,
    EventFact,
    Person,
    RequestFact,
    Role,
    SettlementFact,
    User,
)

LONG_AGO = date(2013, 1, 1)
RECORDED = datetime(2017, 1, 1, tzinfo=UTC)


def make_user(username: str, *roles: Role) -> User:
    """A user with roles in the directorate."""
    user, _ = User.objects.get_or_create(username=username, defaults={"subject": username})
    for role in roles:
        DirectorateRole.objects.get_or_create(user=user, role=role)
    return user


def finance(username: str = "fredrik") -> User:
    """Somebody in finance."""
    return make_user(username, Role.FINANCE)


def settle(ref: str, settled_on: str = "2016-05-10", **changes: Any) -> Person:
    """A person settled in Halden; a later call for the same reference is a newer fact."""
    person, _ = Person.objects.get_or_create(person_ref=ref)
    usual = {
        "born_on": date(1985, 6, 1), "category": "adult", "municipality_number": "0101", "grant_years": 5,
        "from_institution": False, "counts_for_request": True, "known_on": LONG_AGO, "recorded_at": RECORDED,
    }  # fmt: skip
    SettlementFact.objects.create(person=person, settled_on=date.fromisoformat(settled_on), **usual | changes)
    return person


def happen(person: Person, kind: str, on: str, municipality: str = "", **changes: Any) -> EventFact:
    """Something happened to a person on a day."""
    usual: dict[str, Any] = {"known_on": LONG_AGO, "recorded_at": RECORDED}
    return EventFact.objects.create(
        person=person, kind=kind, on=date.fromisoformat(on), municipality_number=municipality, **usual | changes
    )


def claim(scheme: str, claim_ref: str, **changes: Any) -> ClaimFact:
    """A claim of Halden for 2017."""
    usual: dict[str, Any] = {
        "municipality_number": "0101", "year": 2017, "kind": "", "on": date(2017, 1, 1), "known_on": LONG_AGO,
        "recorded_at": RECORDED,
    }  # fmt: skip
    return ClaimFact.objects.create(scheme=scheme, claim_ref=claim_ref, **usual | changes)


def request(municipality: str, requested: int, year: int = 2015) -> RequestFact:
    """How many a municipality was asked to settle."""
    return RequestFact.objects.create(
        municipality_number=municipality, year=year, requested=requested, known_on=LONG_AGO, recorded_at=RECORDED
    )


def appropriate(
    chapter: str = "0496", post: str = "60", kroner: int = 10**10, year: int = 2017, keyword: str = ""
) -> None:
    """An appropriation that covers what the test books."""
    budget_post, _ = BudgetPost.objects.get_or_create(year=year, chapter=chapter, post=post)
    AppropriationDecision.objects.create(
        budget_post=budget_post, decided_on=date(year, 1, 1), chapter_name="Bosetting", post_text="Tilskudd",
        keyword=keyword, carried_in_ore=0, allotted_ore=kroner * 100, position=1,
    )  # fmt: skip

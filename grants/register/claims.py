"""What is known of claims: every fact of each, what may be claimed once, and who a claim may be about."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from grants.models import ClaimFact, SettlementFact
from grants.register import facts

FACTS = ("municipality_number", "year", "kind", "quantity", "months", "costs_ore", "on")
# The person, then the values of FACTS.
Values = tuple[Any, ...]


class Limits(NamedTuple):
    """What holds for the claims of a scheme, however they come in."""

    of_settled_person: bool = False
    once_per_person_and: tuple[str, ...] = ()


LIMITS: dict[str, Limits] = {
    "disability": Limits(of_settled_person=True, once_per_person_and=("year", "kind", "municipality_number")),
    "integration_reception": Limits(),
    "asylum_training": Limits(once_per_person_and=("kind",)),
    "norwegian_training": Limits(once_per_person_and=("year",)),
}


def known_claims(scheme: str) -> dict[str, list[tuple[date, Values]]]:
    """All facts of each claim with the day each became known: the person, then the values; the newest last."""
    known: dict[str, list[tuple[date, Values]]] = defaultdict(list)
    rows = ClaimFact.objects.filter(scheme=scheme).order_by("known_on", "pk")
    for claim_ref, known_on, *fact in rows.values_list("claim_ref", "known_on", "person_id", *FACTS).iterator(10_000):
        known[claim_ref].append((known_on, tuple(fact)))
    return known


def newest_claim(scheme: str, claim_ref: str) -> ClaimFact | None:
    """A claim as it is known now."""
    return ClaimFact.objects.filter(scheme=scheme, claim_ref=claim_ref).order_by("known_on", "pk").last()


def newest_claims_of(scheme: str, person_id: int) -> dict[str, ClaimFact]:
    """The claims about a person as they are known now, by reference."""
    rows = ClaimFact.objects.filter(scheme=scheme, person_id=person_id).order_by("known_on", "pk")
    return {fact.claim_ref: fact for fact in rows}


def once(scheme: str, person: int | str | None, values: Mapping[str, Any]) -> tuple[Any, ...]:
    """What a person may claim once; persons who are new have only their reference yet."""
    return (person, *(values[name] for name in LIMITS[scheme].once_per_person_and))


def as_mapping(values: Values) -> dict[str, Any]:
    """The values of a known fact by name; the person stands first in it."""
    return dict(zip(FACTS, values[1:], strict=True))


def settled_among(persons: list[int]) -> set[int]:
    """Those of the persons who are settled."""
    rows = SettlementFact.objects.order_by()
    if len(persons) <= facts.MANY:
        rows = rows.filter(person__in=persons)
    return set(rows.values_list("person_id", flat=True))

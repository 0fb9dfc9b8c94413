"""Whose money a person may see: that of the organisations they act for, and of those that these have taken over."""

from collections.abc import Iterable

from grants.models import Organisation, User


def recipients_of(user: User) -> list[Organisation]:
    """The organisations that a person acts for, by name, and those merged into them."""
    ours = Organisation.objects.filter(memberships__user=user).distinct().order_by("name")
    return [one for organisation in ours for one in with_predecessors(organisation)]


def with_predecessors(organisation: Organisation) -> list[Organisation]:
    """The organisation itself, then those merged into it, directly or through another."""
    found, fresh = [organisation], [organisation]
    while fresh:
        fresh = [one for one in Organisation.objects.filter(successor__in=fresh).order_by("name") if one not in found]
        found += fresh
    return found


def numbers_of(organisations: Iterable[Organisation]) -> list[str]:
    """The numbers of the municipalities among them, sub-units apart."""
    return [one.municipality_number for one in organisations if one.municipality_number and one.parent_id is None]


def with_successors(organisation: Organisation) -> list[Organisation]:
    """The organisation, and those that have taken it over since: their people act for it now."""
    found, after = [organisation], organisation.successor
    while after is not None and after not in found:
        found.append(after)
        after = after.successor
    return found

"""What there is to choose among in the queue: calls by scheme, and those who handle cases."""

from itertools import groupby

from applications.models import Call
from grants.models import Role, User

MOST_CALLS = 300


def calls_by_scheme(user: User) -> list[tuple[str, list[Call]]]:
    """The published calls that a person may work with, scheme by scheme, the newest of each first."""
    calls = Call.objects.published().exclude(pk__in=Call.objects.too_near(user))
    newest = sorted(calls.order_by("-closes_at", "pk")[:MOST_CALLS], key=lambda call: call.scheme)
    return [(scheme, list(of_scheme)) for scheme, of_scheme in groupby(newest, key=lambda call: call.scheme)]


def caseworkers() -> list[User]:
    """Everybody in the directorate who handles cases, by name."""
    people = User.objects.filter(directorate_roles__role=Role.CASEWORKER, is_active=True)
    return sorted(people, key=lambda person: str(person).casefold())

"""Who stands too near to a call to work on its cases (forvaltningsloven § 6)."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from applications.models import Call, Declaration
from grants.models import User
from grants.shared.errors import NotAllowed


def declared(user: User, call: Call) -> Declaration | None:
    """What a person has said of their impartiality in a call, if anything."""
    return Declaration.objects.filter(call=call, user=user).first()


def require_impartial(user: User, call: Call) -> None:
    """Casework in a call takes a declaration that one has no interest in it."""
    said = declared(user, call)
    if said is None:
        raise NotAllowed(_("Si først om du er habil i denne utlysningen."))
    if said.has_interest:
        raise NotAllowed(_("Du har meldt deg inhabil i denne utlysningen."))


def calls_too_near(user: User, calls: Iterable[object]) -> set[object]:
    """Those of the calls (by id) in which the person has declared an interest."""
    near = Declaration.objects.filter(user=user, call__in=set(calls), has_interest=True)
    return set(near.values_list("call", flat=True))

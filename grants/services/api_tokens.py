"""Give a system a token to sign its requests with, find whose a token is, and end it."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from grants.models import ApiToken, AuditEvent, TokenScope, User
from grants.shared.errors import Refused

LONGEST_DAYS = 365


@transaction.atomic
def give_token(user: User, name: str, *, days: int, scopes: Iterable[TokenScope] = (TokenScope.CASES,)) -> str:
    """A new token of a user, shown once and never kept: only its hash is. It opens what its scopes name, and no more."""
    if not 1 <= days <= LONGEST_DAYS:
        raise Refused(f"A token lasts from 1 to {LONGEST_DAYS} days.")
    if not user.is_active:
        raise Refused(f"{user.username} is deactivated and gets no token.")
    chosen = sorted(set(scopes))
    if not chosen:
        raise Refused(f"A token is for something: {', '.join(TokenScope.values)}.")
    token = f"tilskudd_{secrets.token_urlsafe(32)}"
    made = ApiToken.objects.create(
        user=user,
        name=name,
        scopes=" ".join(chosen),
        sha256=_hash(token),
        ends_at=timezone.now() + timedelta(days=days),
    )
    AuditEvent.objects.create(
        verb="give_token", subject=f"user:{user.pk}", details={"token": made.pk, "name": name, "scopes": made.scopes}
    )
    return token


def owner_of(token: str) -> tuple[User, frozenset[str]] | None:
    """The person whose token it is and what it is for, if it has not ended and the person is active."""
    found = ApiToken.objects.select_related("user").filter(sha256=_hash(token), ends_at__gt=timezone.now()).first()
    if found is None or not found.user.is_active:
        return None
    return found.user, frozenset(found.scopes.split())


@transaction.atomic
def end_token(number: int) -> None:
    """End a token at once."""
    if not ApiToken.objects.filter(pk=number, ends_at__gt=timezone.now()).update(ends_at=timezone.now()):
        raise Refused(f"There is no token {number} that is in use.")
    AuditEvent.objects.create(verb="end_token", subject=f"token:{number}")


def _hash(token: str) -> str:
    """The token is 256 random bits, so that a plain hash can't be searched."""
    return hashlib.sha256(token.encode()).hexdigest()

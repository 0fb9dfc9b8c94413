"""Changes of account numbers, for tests. A test names only what it is about."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from unittest.mock import patch

from django.utils import timezone

from grants.models import AccountChange, Role, User
from grants.services.change_account import approve_account, propose_account
from tests.factories.batches import recipient
from tests.factories.runs import make_member

NEW, OTHER = "15030012345", "12345678903"


@contextmanager
def it_is(day: date) -> Iterator[None]:
    """Until the block ends it is noon of this day in Norway."""
    moment = timezone.make_aware(datetime.combine(day, time(12)))
    with patch.object(timezone, "now", lambda: moment):
        yield


def editor(number: str = "0101") -> User:
    return make_member("ola", number, Role.EDITOR)


def signatory(number: str = "0101", name: str = "anne") -> User:
    return make_member(name, number, Role.SIGNATORY)


def proposed(number: str = NEW, *, by: User | None = None, reason: str = "Vi har byttet bank.") -> AccountChange:
    """Halden, which has an account, proposes another."""
    return propose_account(recipient(), number, reason=reason, by=by or editor())


def approved(number: str = NEW) -> AccountChange:
    change = proposed(number)
    approve_account(change, by=signatory())
    return change

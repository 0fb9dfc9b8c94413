"""Claims to get money back, in any state, made through the services. A test names only what it is about."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import time_machine

from grants.models import Account, LedgerEntry, Organisation, RecoveryClaim, RecoveryEvent, User
from grants.services.demand_recovery import send_claim
from grants.services.offset_recovery import tell_of_offset
from grants.services.raise_recovery import Claimed, approve_claim, raise_claim
from tests.factories.batches import recipient
from tests.factories.books import pay
from tests.factories.register import finance

RAISED = date(2017, 3, 1)
# By the assumptions: 21 days to comment, 21 to pay.
DECIDED, DUE = date(2017, 3, 23), date(2017, 4, 13)
Standing, Kind = RecoveryClaim.Standing, RecoveryEvent.Kind


def second() -> User:
    """Somebody else in finance."""
    return finance("mona")


def on_day(day: date) -> time_machine.travel:
    """Noon in Norway on a day."""
    return time_machine.travel(f"{day.isoformat()}T12:00:00+02:00", tick=True)


def wanted(amount_ore: int = 100_000_00, to: Organisation | None = None, **changes: Any) -> Claimed:
    facts: dict[str, Any] = {
        "recipient": to or recipient(), "kind": RecoveryClaim.Kind.WRONG, "amount_ore": amount_ore,
        "scheme": "integration", "chapter": "0496", "post": "60", "code": "AR-2", "origin_year": 2017, "origin_term": 1,
        "account_class": "tilskudd", "ground": "Tilskuddet for 1. termin ble betalt to ganger.",
        "source": f"test:{uuid4().hex}", "sprang_from": "Funnet av økonomi",
    }  # fmt: skip
    return Claimed(**facts | changes)


def make_claim(
    standing: str = Standing.CLAIMED, amount_ore: int = 100_000_00, *, paid: bool = True, **changes: Any
) -> RecoveryClaim:
    """A claim on Halden for what it was paid, raised on 1 March 2017, up to a standing."""
    asked = wanted(amount_ore, **changes)
    if paid:
        pay(amount_ore, asked.recipient, value_date=date(2017, 2, 1), chapter=asked.chapter, post=asked.post)
    with on_day(RAISED):
        claim = raise_claim(asked, by=finance())
        if standing == Standing.PROPOSED:
            return now(claim)
        approve_claim(claim, by=second())
    if standing == Standing.NOTICED:
        return now(claim)
    with on_day(DECIDED):
        send_claim(claim, by=finance())
    return now(claim)


def told_of_offset(amount_ore: int = 100_000_00, **changes: Any) -> RecoveryClaim:
    """A claim that is overdue since 14 April and may be offset from 28 April 2017."""
    claim = make_claim(amount_ore=amount_ore, **changes)
    with on_day(DUE + timedelta(days=1)):
        tell_of_offset(claim, by=finance())
    return now(claim)


def now(claim: RecoveryClaim) -> RecoveryClaim:
    """The claim as it stands."""
    return RecoveryClaim.objects.with_standing().select_related("recipient").get(pk=claim.pk)


def balance(account: Account, **of: Any) -> int:
    return LedgerEntry.objects.balance_ore(account, **of)


def books_balance() -> bool:
    """All accounts come to nothing together, and each line moves what it says: the trial balance."""
    return sum(balance(account) for account in Account) == 0


def story(claim: RecoveryClaim) -> list[str]:
    """The kinds of a claim's events, in order."""
    return list(claim.events.order_by("number").values_list("kind", flat=True))

"""Where each change of an account number stands: proposed, waiting, in use, stopped or run out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.utils.timezone import localdate

from grants.law.assumptions import assumption
from grants.models import AccountChange, Approval, BankAccount, Organisation, PreferredKid, User
from grants.register.accounts import last_digits


class Where(StrEnum):
    """How far a change has come."""

    PROPOSED = "proposed"
    WAITING = "waiting"
    IN_USE = "in_use"
    STOPPED = "stopped"
    RUN_OUT = "run_out"


@dataclass(frozen=True)
class Change:
    """A change as people read it: never more of the number than its last digits."""

    change: AccountChange
    where: Where
    last_digits: str
    approved_by: User | None = None
    approved_at: datetime | None = None
    in_use_from: date | None = None

    @property
    def is_open(self) -> bool:
        return self.where in (Where.PROPOSED, Where.WAITING)


def subject_of(change: AccountChange) -> str:
    """What the approval of a change is called."""
    return f"account_change:{change.pk}"


def changes_of(organisations: Iterable[Organisation], *, on: date) -> list[Change]:
    """Every change that was ever proposed for these, the newest first."""
    return _standing(AccountChange.objects.of_organisations(organisations).order_by("-pk"), on)


def open_changes(*, on: date) -> list[Change]:
    """All changes that wait, for approval or for their days, the oldest first."""
    found = AccountChange.objects.filter(stop=None).select_related("organisation", "proposed_by").order_by("pk")
    since = on - timedelta(days=assumption("payments", "account_waiting_days") + 1)
    recent = found.filter(account=None) | found.filter(account__known_on__gte=since)
    return [one for one in _standing(recent, on) if one.is_open]


def proposals(*, on: date) -> int:
    """How many proposals wait for another person."""
    since = on - timedelta(days=assumption("payments", "account_proposal_days"))
    return AccountChange.objects.filter(stop=None, account=None, proposed_at__date__gt=since).count()


def where_is(change: AccountChange, *, on: date) -> Change:
    """Where one change stands on a day."""
    [found] = _standing([change], on)
    return found


def in_use_from(account: BankAccount) -> date:
    """The day from which money goes to an account: a first one waits for nothing."""
    if account.change is not None:
        is_first = not account.change.replaces
    else:
        others = BankAccount.objects.standing().filter(organisation=account.organisation_id).exclude(pk=account.pk)
        is_first = not others.filter(known_on__lte=account.known_on).exists()
    if is_first:
        return account.known_on
    return account.known_on + timedelta(days=assumption("payments", "account_waiting_days"))


def runs_out(change: AccountChange) -> date:
    """The first day on which it is too late to approve a proposal."""
    return localdate(change.proposed_at) + timedelta(days=assumption("payments", "account_proposal_days"))


def account_of(organisation: Organisation) -> BankAccount | None:
    """The account in use, or waiting to be."""
    return BankAccount.objects.standing().filter(organisation=organisation).last()


def kids_of(organisations: Iterable[object]) -> dict[object, str]:
    """The KID that each recipient wants now, where it wants one, by its key."""
    found = PreferredKid.objects.filter(organisation__in=list(organisations)).order_by("pk")
    return dict(found.values_list("organisation", "kid"))


def _standing(changes: Iterable[AccountChange], on: date) -> list[Change]:
    changes = list(changes)
    subjects = [subject_of(one) for one in changes]
    approvals = {
        one.subject: one for one in Approval.objects.filter(subject__in=subjects).select_related("approved_by")
    }
    return [_one(change, approvals.get(subject_of(change)), on) for change in changes]


def _one(change: AccountChange, approval: Approval | None, on: date) -> Change:
    digits = last_digits(change)
    account = BankAccount.objects.filter(change=change).first()
    by, at = (approval.approved_by, approval.approved_at) if approval else (None, None)
    start = in_use_from(account) if account is not None else None
    if getattr(change, "stop", None) is not None:
        where = Where.STOPPED
    elif start is not None:
        where = Where.IN_USE if on >= start else Where.WAITING
    else:
        where = Where.PROPOSED if on < runs_out(change) else Where.RUN_OUT
    return Change(change, where, digits, by, at, start)

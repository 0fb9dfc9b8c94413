"""The only writer of the ledger. A line is one balanced transfer; a retry with the same key books once."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from grants.models import Account, ClosedYear, LedgerEntry, User
from grants.shared.bulk import write_rows
from grants.shared.errors import ConflictingPosting, YearIsClosed


class Transfer(NamedTuple):
    """An amount (øre, above zero) that moves from the account `debit` to the account `credit` on a day."""

    key: str
    debit: Account
    credit: Account
    amount_ore: int
    value_date: date
    chapter: str
    post: str
    scheme: str
    code: str
    origin_year: int
    origin_term: int
    recipient_id: UUID
    recipient_sector: str
    account_class: str
    run_id: int | None = None
    reverses_id: int | None = None


COLUMNS = (
    "key", "debit", "credit", "amount_ore", "budget_year", "value_date", "chapter", "post", "scheme", "code",
    "origin_year", "origin_term", "recipient_id", "recipient_sector", "account_class", "run_id", "reverses_id",
    "by_id", "recorded_at",
)  # fmt: skip
# How the databases name the constraint that an event is booked once.
BOOKED_ONCE = ("ledger_books_an_event_once", "grants_ledgerentry.key")
FACTS = ("debit", "credit", "amount_ore", "value_date", "chapter", "post", "scheme", "code", "recipient_id", "run_id")


def post(transfer: Transfer, *, by: User) -> LedgerEntry:
    """Book one transfer. The same key again gives back the first line; the same key with other facts is refused."""
    first = LedgerEntry.objects.filter(key=transfer.key).first()
    if first is not None:
        if any(getattr(first, fact) != getattr(transfer, fact) for fact in FACTS):
            raise ConflictingPosting(
                _("%(key)s er bokført fra før med andre opplysninger. Rett det med en ny linje.")
                % {"key": transfer.key}
            )
        return first
    post_all([transfer], by=by)
    return LedgerEntry.objects.get(key=transfer.key)


def post_all(transfers: Iterable[Transfer], *, by: User) -> None:
    """Book many transfers inside the caller's transaction, streamed. A key that is already booked refuses them all."""
    now = timezone.now()
    closed = set(ClosedYear.objects.values_list("year", flat=True))
    try:
        write_rows(LedgerEntry, COLUMNS, (_row(transfer, by, now, closed) for transfer in transfers))
    except IntegrityError as refused:
        if any(name in str(refused) for name in BOOKED_ONCE):
            raise ConflictingPosting(
                _("En av disse linjene er bokført fra før. Ingen av dem er bokført nå.")
            ) from refused
        raise


def reverse(entry: LedgerEntry, *, on: date, by: User) -> LedgerEntry:
    """Undo a line with a new one in the other direction; a line can be reversed once."""
    return post(
        Transfer(
            key=f"reverse:{entry.key}", debit=Account(entry.credit), credit=Account(entry.debit),
            amount_ore=entry.amount_ore, value_date=on, chapter=entry.chapter, post=entry.post, scheme=entry.scheme,
            code=entry.code, origin_year=entry.origin_year, origin_term=entry.origin_term,
            recipient_id=entry.recipient_id, recipient_sector=entry.recipient_sector,
            account_class=entry.account_class, run_id=entry.run_id, reverses_id=entry.pk,
        ),
        by=by,
    )  # fmt: skip


def _row(transfer: Transfer, by: User, now: object, closed: set[int]) -> tuple[object, ...]:
    year = transfer.value_date.year
    if year in closed:
        raise YearIsClosed(
            _("Regnskapet for %(year)s er stengt og tar ikke flere linjer. Bokfør i et senere år.") % {"year": year}
        )
    return (
        transfer.key, transfer.debit.value, transfer.credit.value, transfer.amount_ore, year,
        transfer.value_date.isoformat(), transfer.chapter, transfer.post, transfer.scheme, transfer.code,
        transfer.origin_year, transfer.origin_term, _stored(transfer.recipient_id), transfer.recipient_sector,
        transfer.account_class, transfer.run_id, transfer.reverses_id, _stored(by.pk), now,
    )  # fmt: skip


def _stored(key: UUID) -> str:
    """A UUID as both databases read it: SQLite keeps its 32 digits, PostgreSQL takes them too."""
    return key.hex

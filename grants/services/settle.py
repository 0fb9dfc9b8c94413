"""The money has left, or has come back: the book is written line by line, on that day, and the instalments follow."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from grants.ledger.posting import Transfer, post_all
from grants.models import Account, EntitlementRun, Instalment, User

BY_HAND = "by_hand"


def settle(instalments: Mapping[int, str], *, on: date, by: User) -> None:
    """Book instalments (by key) as paid on a day (the cash principle), inside the caller's transaction.

    The value names the payment that did it, so that what came back and is paid again is booked again.
    """
    found = _with_lines(instalments)
    post_all((line for one in found for line in _paid(one, on, instalments[one.pk])), by=by)
    Instalment.objects.filter(pk__in=list(instalments)).update(settled_on=on)
    _close_runs({one.order.run_id for one in found if one.order.run_id is not None})


def take_back(instalments: Mapping[int, str], *, on: date, by: User) -> None:
    """Book instalments (by key) as owed again: the payment that the value names came back on this day, in its year."""
    found = _with_lines(instalments)
    post_all((line for one in found for line in _returned(one, on, instalments[one.pk])), by=by)
    Instalment.objects.filter(pk__in=list(instalments)).update(settled_on=None)


def _with_lines(instalments: Iterable[int]) -> list[Instalment]:
    return list(
        Instalment.objects.filter(pk__in=list(instalments))
        .select_related("order__recipient")
        .prefetch_related("lines")
        .order_by("pk")
    )


def _paid(one: Instalment, on: date, event: str) -> Iterator[Transfer]:
    if one.order.takes_from == Account.COMMITTED:
        yield from _lines(one, on, f"called_in:{event}", Account.COMMITTED, Account.OWED)
    yield from _lines(one, on, f"paid:{event}", Account.OWED, Account.PAID)


def _returned(one: Instalment, on: date, event: str) -> Iterator[Transfer]:
    yield from _lines(one, on, f"returned:{event}", Account.PAID, Account.OWED)
    if one.order.takes_from == Account.COMMITTED:
        yield from _lines(one, on, f"bound_again:{event}", Account.OWED, Account.COMMITTED)


def _lines(one: Instalment, on: date, what: str, debit: Account, credit: Account) -> Iterator[Transfer]:
    """A transfer per line; one below zero runs the other way."""
    order = one.order
    for line in one.lines.all():
        ends = (debit, credit) if line.amount_ore > 0 else (credit, debit)
        yield Transfer(
            key=f"{order.subject}:{one.number}:{what}:{line.code}:{line.origin_year}:{line.origin_term}",
            debit=ends[0],
            credit=ends[1],
            amount_ore=abs(line.amount_ore),
            value_date=on,
            chapter=order.chapter,
            post=order.post,
            scheme=order.scheme,
            code=line.code,
            origin_year=line.origin_year,
            origin_term=line.origin_term,
            recipient_id=order.recipient_id,
            recipient_sector=order.recipient.sector,
            account_class=order.account_class,
            run_id=order.run_id,
        )


def _close_runs(runs: set[int]) -> None:
    """A run is paid when all that it ordered is."""
    unpaid = Instalment.objects.outstanding().filter(order__run__in=runs).values("order__run")
    EntitlementRun.objects.filter(pk__in=runs, state=EntitlementRun.State.APPROVED).exclude(pk__in=unpaid).update(
        state=EntitlementRun.State.PAID
    )

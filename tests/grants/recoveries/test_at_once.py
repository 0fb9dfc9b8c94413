"""Two people, or one who presses twice, at the same moment: one of them wins, and the sums are those of one."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from django.db import connections

from grants.models import Account, Approval, PaymentBatch, PaymentOffset, RecoveryClaim, RecoveryEvent
from grants.recoveries.paid import paid_to
from grants.services.prepare_batch import prepare_batch
from grants.services.raise_recovery import approve_claim, raise_by_hand
from grants.services.receive_recovery import book_by_hand
from grants.services.take_in_bank_file import take_in_bank_file
from grants.services.write_off_recovery import approve_write_off, propose_write_off
from grants.shared.errors import Refused
from tests.factories.batches import make_order, notification, recipient
from tests.factories.books import pay
from tests.factories.recoveries import DUE, Kind, Standing, balance, books_balance, make_claim, now, told_of_offset
from tests.factories.register import appropriate, finance
from tests.grants.recoveries.test_bank_and_offset import credit

pytestmark = pytest.mark.django_db(transaction=True)
MAY = date(2017, 5, 2)


def at_once(tasks: Sequence[Callable[[], Any]]) -> list[Any]:
    """Every task in a thread of its own, all at the same time: what each gave, or the refusal that it got."""

    def run(task: Callable[[], Any]) -> Any:
        try:
            return task()
        except Refused as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))


def won(answers: Sequence[Any]) -> int:
    return sum(not isinstance(answer, Refused) for answer in answers)


def test_many_approve_the_same_claim_at_once():
    appropriate()
    claim = make_claim(Standing.PROPOSED)
    people = [finance(f"f{number}") for number in range(6)]
    answers = at_once([lambda by=by: approve_claim(claim, by=by) for by in people])
    assert (won(answers), Approval.objects.count()) == (1, 1)
    assert claim.events.count() == 2


def test_many_book_the_same_money_at_once():
    appropriate()
    claim = make_claim()
    seen = claim.last_number

    def book(ore: int, seen: int | None) -> RecoveryEvent:
        return book_by_hand(claim, amount_ore=ore, on=DUE, words="Kontoutskrift.", by=finance(), seen=seen)

    # A double press: all have read the same page.
    assert won(at_once([lambda: book(30_000_00, seen) for _ in range(6)])) == 1
    # Several people with different entries: no more than is left.
    assert won(at_once([lambda: book(30_000_00, None) for _ in range(6)])) == 2
    assert (now(claim).left_ore, balance(Account.RECOVERED), books_balance()) == (10_000_00, 90_000_00, True)


def test_the_bank_and_a_person_book_at_the_same_moment():
    appropriate()
    claim = make_claim()
    file = notification(credit(60_000_00, claim.kid))
    at_once(
        [
            lambda: take_in_bank_file(file, name="a.xml"),
            lambda: book_by_hand(claim, amount_ore=60_000_00, on=DUE, words="Nettbanken.", by=finance()),
        ]
    )
    assert (now(claim).left_ore, balance(Account.RECOVERED)) == (40_000_00, 60_000_00)


def test_a_form_pressed_many_times_raises_one_claim_and_many_forms_never_more_than_was_paid():
    appropriate()
    halden = recipient()
    pay(100_000_00, halden)
    [of] = paid_to(halden)

    def claim(key: str, ore: int) -> RecoveryClaim:
        return raise_by_hand(
            halden, of.key, kind=RecoveryClaim.Kind.WRONG, amount_ore=ore, ground="To ganger.", citation="", key=key,
            by=finance(),
        )  # fmt: skip

    at_once([lambda: claim("same", 40_000_00) for _ in range(6)])
    assert RecoveryClaim.objects.count() == 1
    at_once([lambda key=key: claim(f"k{key}", 40_000_00) for key in range(6)])
    assert sum(RecoveryClaim.objects.values_list("amount_ore", flat=True)) == 80_000_00


def test_a_write_off_is_approved_once_and_money_that_comes_meanwhile_is_not_lost():
    appropriate()
    claim = make_claim()
    propose_write_off(claim, amount_ore=100_000_00, reason="Konkurs.", by=finance())
    people = [finance(f"f{number}") for number in range(4)]
    at_once(
        [
            *[lambda by=by: approve_write_off(claim, by=by) for by in people],
            lambda: book_by_hand(claim, amount_ore=100_000_00, on=DUE, words="Kom likevel.", by=finance()),
        ]
    )
    left = now(claim)
    assert (left.left_ore, left.paid_ore + left.written_off_ore) == (0, 100_000_00)
    assert RecoveryEvent.objects.filter(kind__in=[Kind.PAID, Kind.WRITTEN_OFF]).count() == 1


def test_two_batches_at_once_offset_the_same_claim_once():
    appropriate()
    claim = told_of_offset(amount_ore=20_000_00)
    make_order(amount_ore=60_000_00, due_on=MAY)
    make_order("run:2:0101", amount_ore=60_000_00, due_on=MAY, scheme="unaccompanied_minors")
    at_once(
        [
            lambda scheme=scheme: prepare_batch(pay_on=MAY, by=finance(), schemes=[scheme])
            for scheme in ("integration", "unaccompanied_minors")
        ]
    )
    offset = sum(PaymentOffset.objects.filter(claim=claim).values_list("amount_ore", flat=True))
    assert (PaymentBatch.objects.count() >= 1, offset) == (True, 20_000_00)

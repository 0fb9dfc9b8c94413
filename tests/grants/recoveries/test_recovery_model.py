"""Claims against a simple model: money in by hand and by the bank, taken back, offset, returned and written off, in any order.

The model knows three numbers of a claim and what the bank has paid. After every step the claims, the books and the model
say the same, and never is more recovered than claimed.
"""

from datetime import date, timedelta
from itertools import count

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from grants.models import Account, BankEvent, BankResolution, Payment, PaymentBatch, RecoveryClaim, RecoveryEvent
from grants.services.demand_recovery import remind_of_claims
from grants.services.prepare_batch import discard_batch
from grants.services.receive_recovery import book_by_hand, undo_booking
from grants.services.resolve_bank_event import resolve_bank_event
from grants.services.take_in_bank_file import take_in_bank_file
from grants.services.write_off_recovery import approve_write_off, propose_write_off, refuse_write_off
from grants.shared.errors import Refused
from tests.factories.batches import entry, make_batch, make_order, notification
from tests.factories.recoveries import Kind, balance, books_balance, now, second, told_of_offset
from tests.factories.register import appropriate, finance
from tests.grants.ledger.test_model import of
from tests.grants.recoveries.test_bank_and_offset import credit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("payer")]
State = PaymentBatch.State
CLAIMED = (50_000_00, 20_000_00)
MAY = date(2017, 5, 2)
ORE = st.integers(1, 30_000_00)
WHICH = st.integers(0, len(CLAIMED) - 1)


class Claims(RuleBasedStateMachine):
    """Two claims on one recipient, that may be offset from the first day."""

    @initialize()
    def begin(self) -> None:
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        appropriate()
        self.names = count(1)
        self.claims: list[RecoveryClaim] = [told_of_offset(amount_ore=ore) for ore in CLAIMED]
        self.come, self.lost = [0, 0], [0, 0]
        self.sent: dict[object, list[int]] = {}  # by payment, what it takes of each claim
        self.left_the_bank = sum(CLAIMED)

    def teardown(self) -> None:
        if hasattr(self, "savepoint"):
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    def free(self, which: int) -> int:
        """What nothing has taken and nothing on its way will take."""
        on_its_way = sum(taken[which] for taken in self.sent.values())
        return CLAIMED[which] - self.come[which] - self.lost[which] - on_its_way

    @rule(which=WHICH, ore=ORE)
    def book(self, which: int, ore: int) -> None:
        may = ore <= self.free(which)
        try:
            book_by_hand(self.claims[which], amount_ore=ore, on=MAY, words="Kontoutskrift.", by=finance())
        except Refused:
            assert not may
        else:
            assert may
            self.come[which] += ore

    @rule(which=WHICH, ore=ORE)
    def by_the_bank(self, which: int, ore: int) -> None:
        day = MAY + timedelta(days=next(self.names))  # each on a day of its own, so that none looks like another
        taken = take_in_bank_file(notification(credit(ore, self.claims[which].kid, on=day)), name="c.xml")
        if ore <= self.free(which):
            assert taken.to_look_at == 0
            self.come[which] += ore
        else:
            assert taken.to_look_at == 1

    @rule(which=WHICH)
    def take_back(self, which: int) -> None:
        paid = self.claims[which].events.filter(kind=Kind.PAID, answer=None).order_by("number").last()
        if paid is not None:
            undo_booking(self.claims[which], paid, words="Gjaldt noe annet.", by=finance())
            self.come[which] -= paid.amount_ore

    @rule(which=WHICH, ore=ORE, approved=st.booleans())
    def write_off(self, which: int, ore: int, approved: bool) -> None:
        claim, may = self.claims[which], ore <= self.free(which)
        try:
            propose_write_off(claim, amount_ore=ore, reason="Konkurs.", by=finance())
        except Refused:
            assert not may
            return
        assert may
        if approved:
            approve_write_off(claim, by=second())
            self.lost[which] += ore
        else:
            refuse_write_off(claim, reason="Vent.", by=second())

    @rule(ore=st.integers(2_00, 40_000_00))
    @precondition(lambda self: not self.sent)
    def pay_less(self, ore: int) -> None:
        make_order(f"run:{next(self.names)}:0101", ore, due_on=MAY)
        batch = make_batch(State.SENT, on=MAY)
        room, taken = ore - 1_00, [0, 0]
        for which in range(len(CLAIMED)):
            taken[which] = min(self.free(which), room)
            room -= taken[which]
        payment = batch.payments.get()
        assert payment.amount_ore == ore - sum(taken)
        self.sent[payment.pk] = taken

    @rule(comes_back=st.booleans())
    @precondition(lambda self: self.sent)
    def the_bank_pays(self, comes_back: bool) -> None:
        key, taken = self.sent.popitem()
        payment = Payment.objects.get(pk=key)
        take_in_bank_file(notification(entry(payment, on=MAY)), name="p.xml")
        if comes_back:
            take_in_bank_file(notification(entry(payment, on=MAY + timedelta(days=2), back=True)), name="r.xml")
            event = BankEvent.objects.get(payment=payment, trouble=BankEvent.Trouble.RETURNED)
            resolve_bank_event(event, BankResolution.Action.KEEP_BACK, words="Ny konto.", by=finance())
            return
        self.left_the_bank += payment.amount_ore
        for which, ore in enumerate(taken):
            self.come[which] += ore

    @rule(ore=st.integers(2_00, 40_000_00))
    @precondition(lambda self: not self.sent)
    def give_a_batch_up(self, ore: int) -> None:
        make_order(f"run:{next(self.names)}:0101", ore, due_on=MAY)
        batch = make_batch(State.SEALED, on=MAY)
        discard_batch(batch, by=finance(), why="Feil dag.")
        # What was in it is payable again: it goes out, so that the next batch is one of its own.
        again = make_batch(State.SENT, on=MAY)
        payment = again.payments.get()
        expected, room = [0, 0], ore - 1_00
        for which in range(len(CLAIMED)):
            expected[which] = min(self.free(which), room)
            room -= expected[which]
        taken = {one.claim_id: one.amount_ore for one in payment.offsets.all()}
        assert [taken.get(claim.pk, 0) for claim in self.claims] == expected
        self.sent[payment.pk] = expected

    @rule()
    def remind(self) -> None:
        # Who is told of an offset is given no new last day, which would put the offset off.
        assert remind_of_claims(MAY + timedelta(days=90)) == 0

    @invariant()
    def all_say_the_same(self) -> None:
        if not hasattr(self, "claims"):
            return
        for which, claim in enumerate(self.claims):
            left = now(claim).left_ore
            assert left == CLAIMED[which] - self.come[which] - self.lost[which] >= 0
        came_in = sum(self.come)
        assert balance(Account.RECOVERED) == came_in
        offset = sum(
            event.amount_ore if event.kind == Kind.OFFSET else -event.amount_ore
            for event in RecoveryEvent.objects.filter(kind__in=[Kind.OFFSET, Kind.OFFSET_UNDONE])
        )
        # What stands as paid is what has left the bank, less what recipients sent back by themselves.
        assert balance(Account.PAID) == self.left_the_bank - (came_in - offset)
        assert books_balance()


def test_claims_books_and_model_say_the_same_whatever_happens():
    run_state_machine_as_test(Claims, settings=of(examples=5, steps=25))


@pytest.mark.trial
@pytest.mark.timeout(3600)
def test_claims_books_and_model_say_the_same_for_long():
    run_state_machine_as_test(Claims, settings=of(examples=200, steps=50))

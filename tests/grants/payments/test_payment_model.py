"""Orders, batches and the bank's answers against a simple model: whatever happens, in whatever order, both say the same.

The model knows orders by name, and payments by what the bank has told of them. It is written from the rules for people
(README, «Pengene») and shares no line with what it tests: no order is paid twice, none is lost, and the book says so.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from grants.models import (
    Account,
    BankEvent,
    BankResolution,
    Instalment,
    LedgerEntry,
    Outlier,
    Payment,
    PaymentBatch,
    PaymentOrder,
    PaymentPart,
)
from grants.services.attest_batch import attest_batch
from grants.services.hold_orders import end_hold_by_hand, hold_by_hand
from grants.services.prepare_batch import discard_batch, explain_outlier, prepare_batch, seal_batch
from grants.services.resolve_bank_event import resolve_bank_event
from grants.services.send_batch import send_batch
from grants.services.take_in_bank_file import take_in_bank_file
from grants.shared.errors import NotAllowed, Refused
from tests.factories.batches import ACCOUNTS, ON, attester, entry, make_order, notification, recipient, status_report
from tests.factories.register import appropriate, finance
from tests.grants.ledger.test_model import of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("payer")]
LATE = ON + timedelta(days=60)
# One of the newest, most often: what is touched again and again goes the longer roads.
ANY = st.integers(0, 5)
# What a person may decide, by what is wrong. Everything else is refused.
MAY = {"rejected": {"pay_again", "keep_back"}, "returned": {"pay_again", "keep_back"}, "date": {"book", "noted"}}
TABLES = {
    "grants_paymentorder": "UPDATE grants_paymentorder SET scheme = 'kum'",
    "grants_instalmentline": "UPDATE grants_instalmentline SET amount_ore = amount_ore + 1",
    "grants_instalment": "UPDATE grants_instalment SET amount_ore = amount_ore + 1",
    "grants_hold": "DELETE FROM grants_hold",
    "grants_payment": "UPDATE grants_payment SET amount_ore = amount_ore + 1",
    "grants_bankevent": "DELETE FROM grants_bankevent",
    "grants_bankresolution": "UPDATE grants_bankresolution SET words = 'noe annet'",
    "grants_approval": "DELETE FROM grants_approval",
}


@dataclass
class Owed:
    """An order of the model."""

    ore: int
    to: str
    is_paid: bool = False
    is_held: bool = False
    payment: UUID | None = None


@dataclass
class Sum:
    """A payment of the model: what is in it, and what the bank has told of it that counts."""

    orders: list[str]
    state: str = "planned"
    told: set[str] = field(default_factory=set)


class Payments(RuleBasedStateMachine):
    """Owe, hold, gather, seal, attest, send; be paid, rejected and paid back; decide; attack."""

    def __init__(self) -> None:
        super().__init__()
        self.names = count(1)
        self.orders: dict[str, Owed] = {}
        self.payments: dict[UUID, Sum] = {}
        self.batches: dict[int, tuple[str, list[UUID]]] = {}
        self.files: list[bytes] = []

    @initialize()
    def open_for_business(self) -> None:
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        appropriate()
        self.by, self.other = finance(), attester()
        self.recipients = {number: recipient(number) for number in ACCOUNTS}

    def teardown(self) -> None:
        if hasattr(self, "savepoint"):
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    # --- What is owed -------------------------------------------------------------------------------------------------

    @rule(ore=st.integers(1, 10**9), to=st.sampled_from(sorted(ACCOUNTS)))
    def owe(self, ore: int, to: str) -> None:
        name = f"run:{next(self.names)}:{to}"
        make_order(name, ore, to=self.recipients[to])
        self.orders[name] = Owed(ore, to)

    @rule(which=ANY)
    def hold(self, which: int) -> None:
        if self.orders:
            name = self.one_of(list(self.orders), which)
            owed, order = self.orders[name], PaymentOrder.objects.get(subject=name)
            if owed.is_held or owed.is_paid or owed.payment is not None:
                self.refused(Refused, lambda: hold_by_hand(order, reason="Vi ser på den.", on=ON, by=self.by))
                return
            hold_by_hand(order, reason="Vi ser på den.", on=ON, by=self.by)
            owed.is_held = True

    @rule(which=ANY)
    def let_go(self, which: int) -> None:
        if self.orders:
            name = self.one_of(list(self.orders), which)
            owed, order = self.orders[name], PaymentOrder.objects.get(subject=name)
            if not owed.is_held:
                self.refused(Refused, lambda: end_hold_by_hand(order, reason="Den er riktig.", on=ON, by=self.by))
                return
            end_hold_by_hand(order, reason="Den er riktig.", on=ON, by=self.by)
            owed.is_held = False

    # --- Batches ------------------------------------------------------------------------------------------------------

    @rule()
    def gather(self) -> None:
        payable = {
            name: owed
            for name, owed in self.orders.items()
            if not (owed.is_paid or owed.is_held or owed.payment is not None)
        }
        if not payable:
            self.refused(Refused, lambda: prepare_batch(pay_on=ON, by=self.by))
            return
        batch = prepare_batch(pay_on=ON, by=self.by)
        for outlier in Outlier.objects.filter(payment__batch=batch):
            explain_outlier(outlier, "Slik skal det være.", by=self.by)
        wanted: dict[str, int] = Counter()
        for owed in payable.values():
            wanted[owed.to] += owed.ore
        made = list(batch.payments.select_related("recipient"))
        assert {one.recipient.municipality_number: one.amount_ore for one in made} == wanted
        for one in made:
            inside = [name for name, owed in payable.items() if owed.to == one.recipient.municipality_number]
            self.payments[one.pk] = Sum(inside)
            for name in inside:
                self.orders[name].payment = one.pk
        self.batches[batch.number] = ("open", [one.pk for one in made])

    @rule(which=ANY, step=st.sampled_from(["seal", "attest", "attest own", "send", "send", "discard"]))
    def go_on_with_a_batch(self, which: int, step: str) -> None:
        if not self.batches:
            return
        number = self.one_of(list(self.batches), which)
        state, inside = self.batches[number]
        batch = PaymentBatch.objects.get(number=number)
        does: dict[str, Any] = {
            "seal": lambda: seal_batch(batch, by=self.by),
            "attest": lambda: attest_batch(batch, by=self.other),
            "attest own": lambda: attest_batch(batch, by=self.by),
            "send": lambda: send_batch(batch, by=self.by),
            "discard": lambda: discard_batch(batch, by=self.by, why="Feil dag."),
        }
        goes = {("open", "seal"): "sealed", ("sealed", "attest"): "attested", ("attested", "send"): "sent"}
        goes |= {(before, "discard"): "discarded" for before in ("open", "sealed", "attested")}
        if (state, step) not in goes:
            self.refused(NotAllowed if (state, step) == ("sealed", "attest own") else Refused, does[step])
            return
        does[step]()
        self.batches[number] = (goes[state, step], inside)
        for key in inside:
            if step == "send":
                self.payments[key].state = "sent"
            if step == "discard":
                self.free(key)

    @rule(ore=st.integers(1, 10**9), to=st.sampled_from(sorted(ACCOUNTS)))
    def owe_and_send(self, ore: int, to: str) -> None:
        """The whole way at once, so that the bank often has something to tell of."""
        self.owe(ore, to)
        self.gather()
        for step in ("seal", "attest", "send"):
            self.go_on_with_a_batch(0, step)

    # --- The bank -----------------------------------------------------------------------------------------------------

    @rule(
        which=ANY,
        kind=st.sampled_from(["paid", "paid", "returned", "rejected"]),
        more=st.sampled_from([0, 0, 0, 1]),
        on=st.sampled_from([ON, ON, ON, LATE]),
        early=st.sampled_from([False, False, False, True]),
    )
    def be_told(self, which: int, kind: str, more: int, on: date, early: bool) -> None:
        some = [key for key, payment in self.payments.items() if early == (payment.state == "planned")]
        if not some:
            return
        key = self.one_of(some, which)
        payment = Payment.objects.select_related("batch").get(pk=key)
        if kind == "rejected":
            more, content = 0, status_report(payment.batch, payment)
        else:
            content = notification(entry(payment, on=on, more_ore=more, back=kind == "returned"))
        expected = self.trouble(self.payments[key], kind, more, on)
        before = BankEvent.objects.count()
        take_in_bank_file(content, name="svar.xml")
        self.files.append(content)

        assert BankEvent.objects.count() == before + 1
        assert BankEvent.objects.latest("pk").trouble == expected
        if expected in ("", "rejected", "returned"):
            self.payments[key].told.add(kind)
            self.move(key)

    @rule(which=ANY)
    def be_told_the_same_again(self, which: int) -> None:
        if self.files:
            assert not take_in_bank_file(self.one_of(self.files, which), name="igjen.xml").is_new

    @rule()
    def be_told_of_what_is_not_ours(self) -> None:
        payment = Payment(amount_ore=100)
        take_in_bank_file(notification(entry(payment, reference=payment.pk.hex)), name="ukjent.xml")
        assert BankEvent.objects.latest("pk").trouble == "unknown"

    @rule(which=ANY, action=st.sampled_from(list(BankResolution.Action)))
    def decide(self, which: int, action: BankResolution.Action) -> None:
        waiting = list(BankEvent.objects.exclude(trouble="").filter(resolution=None).order_by("pk"))
        if not waiting:
            return
        event = self.one_of(waiting, which)
        if action.value not in MAY.get(event.trouble, {"noted"}):
            self.refused(Refused, lambda: resolve_bank_event(event, action, words="Sett.", by=self.by))
            return
        resolve_bank_event(event, action, words="Sett.", by=self.by)
        self.refused(Refused, lambda: resolve_bank_event(event, action, words="Igjen.", by=self.by))
        if event.payment_id is None:
            return
        if action.value == "book":
            self.payments[event.payment_id].told.add(event.kind)
            self.move(event.payment_id)
        elif action.value in ("pay_again", "keep_back"):
            for name in self.free(event.payment_id):
                self.orders[name].is_held |= action.value == "keep_back"

    @rule(table=st.sampled_from(sorted(TABLES)))
    def attack(self, table: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table}")
            there = cursor.fetchone()[0]
        if there:
            self.refused(DatabaseError, lambda: self.execute(TABLES[table]))

    # --- The model ----------------------------------------------------------------------------------------------------

    def trouble(self, payment: Sum, kind: str, more: int, on: date) -> str:
        """What a person must be told of a thing that the bank says; empty: nothing."""
        if payment.state == "planned":
            return "not_sent"
        if kind == "rejected":
            return "contradicts" if "paid" in payment.told else "rejected"
        if "rejected" in payment.told:
            return "contradicts"
        if more:
            return "amount"
        if kind in payment.told:
            return "twice"
        if kind == "returned":
            return "returned"
        return "date" if on == LATE else ""

    def move(self, key: UUID) -> None:
        payment = self.payments[key]
        if payment.state == "sent" and "rejected" in payment.told:
            payment.state = "rejected"
        elif payment.state == "sent" and "paid" in payment.told:
            payment.state = "paid"
            self.settle(key, is_paid=True)
        if payment.state == "paid" and "returned" in payment.told:
            payment.state = "returned"
            self.settle(key, is_paid=False)

    def settle(self, key: UUID, *, is_paid: bool) -> None:
        for name in self.inside(key):
            assert self.orders[name].is_paid != is_paid, "an order is paid twice, or given back twice"
            self.orders[name].is_paid = is_paid

    def free(self, key: UUID) -> list[str]:
        freed = self.inside(key)
        for name in freed:
            self.orders[name].payment = None
        return freed

    def inside(self, key: UUID) -> list[str]:
        return [name for name in self.payments[key].orders if self.orders[name].payment == key]

    @invariant()
    def both_say_the_same(self) -> None:
        if not hasattr(self, "by"):
            return
        settled = set(Instalment.objects.filter(settled_on__isnull=False).values_list("order__subject", flat=True))
        assert settled == {name for name, owed in self.orders.items() if owed.is_paid}
        alive = PaymentPart.objects.filter(is_alive=True).values_list("instalment__order__subject", "payment")
        assert sorted(alive) == sorted((name, owed.payment) for name, owed in self.orders.items() if owed.payment)
        states = {key: payment.state for key, payment in self.payments.items()}
        assert dict(Payment.objects.values_list("pk", "state")) == states
        for to, who in self.recipients.items():
            mine = [owed for owed in self.orders.values() if owed.to == to]
            book = LedgerEntry.objects.filter(recipient=who)
            assert book.balance_ore(Account.PAID) == sum(owed.ore for owed in mine if owed.is_paid)
            assert book.balance_ore(Account.OWED) == sum(owed.ore for owed in mine if not owed.is_paid)

    @staticmethod
    def one_of(many: list[Any], which: int) -> Any:
        return many[-1 - which % len(many)]

    @staticmethod
    def refused(why: type[Exception], step: Any) -> None:
        with pytest.raises(why), transaction.atomic():
            step()

    @staticmethod
    def execute(sql: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql)


def test_payments_and_their_model_say_the_same():
    run_state_machine_as_test(Payments, settings=of(examples=12, steps=40))


@pytest.mark.trial
@pytest.mark.timeout(3600)
def test_payments_and_their_model_say_the_same_for_long():
    run_state_machine_as_test(Payments, settings=of(examples=200, steps=50))

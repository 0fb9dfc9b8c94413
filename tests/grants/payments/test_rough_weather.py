"""Rough weather: midnight, New Year, summer time, clocks that are wrong, Redis away, the database gone, an account that closes."""

import os
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from grants.jobs.queue import drain
from grants.models import Account, BankEvent, BankMessage, BankResolution, Hold, Job, LedgerEntry, Payment, PaymentBatch
from grants.register.accounts import add_account
from grants.services import take_in_bank_file as taking
from grants.services.attest_batch import attest_batch
from grants.services.fetch_answers import fetch_answers
from grants.services.hold_orders import refresh_account_holds
from grants.services.prepare_batch import prepare_batch
from grants.services.resolve_bank_event import resolve_bank_event
from grants.services.send_batch import file_of, send_batch
from grants.services.take_in_bank_file import take_in_bank_file
from grants.shared.errors import Refused
from tests.factories.batches import ON, attester, entry, make_batch, make_order, notification, recipient, status_report
from tests.factories.books import book
from tests.factories.cases import moment
from tests.factories.register import appropriate, finance

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("covered")]
NOBODY_LISTENS = "redis://127.0.0.1:1/0"
State = PaymentBatch.State


def sent_on(day: date) -> Payment:
    make_order(f"run:{day}:0101", due_on=day)
    return make_batch(State.SENT, on=day).payments.get()


def booked_at(payment: Payment, at: str) -> bytes:
    """A notification of a payment that gives the moment, not the day."""
    return notification(entry(payment, on=date(1999, 1, 1))).replace(
        b"<Dt>1999-01-01</Dt>", f"<DtTm>{at}</DtTm>".encode()
    )


@pytest.mark.parametrize(
    ("pay_on", "at", "counts_on"),
    [
        (date(2017, 12, 29), "2017-12-31T23:59:59+01:00", date(2017, 12, 31)),
        (date(2017, 12, 29), "2018-01-01T00:00:00+01:00", date(2018, 1, 1)),
        (date(2017, 12, 29), "2017-12-31T23:30:00Z", date(2018, 1, 1)),  # half past midnight in Norway
        (date(2017, 3, 24), "2017-03-25T22:59:59Z", date(2017, 3, 25)),
        (date(2017, 3, 24), "2017-03-25T23:30:00Z", date(2017, 3, 26)),  # the night that has no hour from two to three
        (date(2017, 10, 27), "2017-10-28T21:59:59Z", date(2017, 10, 28)),
        (date(2017, 10, 27), "2017-10-29T00:30:00Z", date(2017, 10, 29)),  # half past two, for the first time
        (date(2017, 10, 27), "2017-10-29T01:30:00Z", date(2017, 10, 29)),  # and for the second
    ],
)
def test_a_payment_counts_on_the_norwegian_day_of_the_bank(pay_on: date, at: str, counts_on: date):
    appropriate(year=2018)
    payment = sent_on(pay_on)
    assert take_in_bank_file(booked_at(payment, at), name="svar.xml").to_look_at == 0

    line = LedgerEntry.objects.get(credit=Account.PAID)
    assert (line.value_date, line.budget_year) == (counts_on, counts_on.year)
    payment.refresh_from_db()
    assert payment.paid_on == counts_on


@pytest.mark.parametrize("wrong", [timedelta(hours=-1), timedelta(hours=1)])
def test_a_clock_that_is_an_hour_wrong_changes_neither_file_nor_books(wrong: timedelta):
    make_order()
    right = moment("2017-03-14 23:40")
    with time_machine.travel(right + wrong, tick=False):
        batch = make_batch(State.SEALED)
    with time_machine.travel(right, tick=False):  # another server, or the same one put right
        first = file_of(batch, "03")
        batch = send_batch(attest_batch(batch, by=attester()), by=finance())
    with time_machine.travel(right + timedelta(days=400), tick=False):
        assert file_of(batch, "03") == first

    with time_machine.travel(right + wrong, tick=False):
        take_in_bank_file(notification(entry(batch.payments.get(), on=ON)), name="svar.xml")
    assert LedgerEntry.objects.get(credit=Account.PAID).value_date == ON


@pytest.mark.django_db(transaction=True)
def test_a_batch_is_sent_although_redis_is_away_and_the_worker_finds_it(settings: Any):
    settings.REDIS_URL = NOBODY_LISTENS
    appropriate()
    make_order()
    batch = make_batch(State.SENT)
    assert Job.objects.get(key=f"send_batch:{batch.pk}").state == Job.State.WAITING

    assert drain() >= 1

    batch.refresh_from_db()
    assert batch.receipt and (settings.BANK_FOLDER / "out" / batch.receipt).exists()


@pytest.mark.django_db(transaction=True)
def test_a_database_that_goes_away_in_the_middle_leaves_nothing_half_done(monkeypatch: pytest.MonkeyPatch):
    appropriate()
    make_order()
    payment = make_batch(State.SENT).payments.get()
    content = notification(entry(payment))

    def gone(payments: Any) -> None:
        """The lines are written; then the connection is cut, as by a restart."""
        connection.connection.close()
        BankEvent.objects.count()

    with monkeypatch.context() as cut:
        cut.setattr(taking, "move_payments", gone)
        with pytest.raises((DatabaseError, InterfaceError)):
            take_in_bank_file(content, name="svar.xml")
    connection.close()

    assert not BankMessage.objects.exists() and not BankEvent.objects.exists()
    assert take_in_bank_file(content, name="svar.xml").is_new
    assert Payment.objects.get().state == Payment.State.PAID
    assert LedgerEntry.objects.balance_ore(Account.PAID) == payment.amount_ore


def test_an_account_that_closes_after_the_attestation_comes_back_and_waits_for_a_person():
    order = make_order()
    batch = make_batch(State.SENT)
    payment = batch.payments.get()
    take_in_bank_file(status_report(batch, payment), name="pain.002.xml")

    event = BankEvent.objects.exclude(trouble="").get()
    assert (event.trouble, event.reason_code) == ("rejected", "AC04")
    with pytest.raises(Refused):
        prepare_batch(pay_on=ON, by=finance())  # nothing goes again by itself
    resolve_bank_event(event, BankResolution.Action.PAY_AGAIN, words="Ny konto er meldt.", by=finance())
    add_account(order.recipient, "12345678903", known_on=ON, reason="Ny konto")
    refresh_account_holds(ON)
    assert Hold.objects.open().get(order=order).kind == Hold.Kind.NEW_ACCOUNT

    later = ON + timedelta(days=15)
    again = prepare_batch(pay_on=later, by=finance()).payments.get()
    assert again.pk != payment.pk and again.amount_ore == payment.amount_ore
    assert again.account_fingerprint != payment.account_fingerprint


def test_an_answer_that_comes_twice_in_one_drop_with_a_broken_one_between_is_taken_once(settings: Any):
    make_order()
    payment = make_batch(State.SENT).payments.get()
    folder = settings.BANK_FOLDER / "in"
    folder.mkdir(parents=True)
    content = notification(entry(payment))
    long_ago = timezone.now().timestamp() - 60
    for name, what in {"1.xml": content, "2.xml": content[:-200], "3.xml": content}.items():
        (folder / name).write_bytes(what)
        os.utime(folder / name, (long_ago, long_ago))

    assert [one.is_new for one in fetch_answers()] == [True, False]
    assert fetch_answers() == []
    assert LedgerEntry.objects.balance_ore(Account.PAID) == payment.amount_ore


def test_a_recipient_that_owes_more_than_it_has_due_is_paid_nothing():
    """A correction downwards that is larger than the rest is carried forward: no order is made of it."""
    halden = recipient()
    book(Account.OWED, Account.APPROPRIATION, 57_500_00, halden, value_date=ON)

    with pytest.raises(Refused):
        prepare_batch(pay_on=ON, by=finance())

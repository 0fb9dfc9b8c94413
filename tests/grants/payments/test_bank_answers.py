"""The bank's answers move the payments and write the book on its days; what does not agree waits for a person."""

from datetime import date

import pytest

from grants.models import (
    Account,
    BankEvent,
    BankMessage,
    BankResolution,
    ClosedYear,
    Hold,
    LedgerEntry,
    Payment,
    PaymentBatch,
)
from grants.services.make_orders import Line
from grants.services.prepare_batch import prepare_batch
from grants.services.resolve_bank_event import resolve_bank_event
from grants.services.take_in_bank_file import take_in_bank_file
from grants.shared.errors import BadInput, ChangedSince, Refused
from tests.factories.batches import (
    ON,
    day_after,
    entry,
    instalment_of,
    make_batch,
    make_order,
    notification,
    recipient,
    status_report,
)
from tests.factories.register import finance

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("covered")]
Action = BankResolution.Action


def take_in(*files: bytes) -> list[int]:
    """Take files in; how many things of each a person must look at."""
    return [take_in_bank_file(content, name=f"{number}.xml").to_look_at for number, content in enumerate(files)]


def paid_ore(on: date | None = None) -> int:
    return LedgerEntry.objects.balance_ore(Account.PAID, **({"value_date": on} if on else {}))


def owed_ore() -> int:
    return LedgerEntry.objects.balance_ore(Account.OWED)


def sent_payment(amount_ore: int = 57_500_00) -> Payment:
    make_order(amount_ore=amount_ore)
    return make_batch(PaymentBatch.State.SENT).payments.get()


def trouble() -> BankEvent:
    return BankEvent.objects.exclude(trouble="").get()


def test_it_is_booked_on_the_day_the_money_left_line_by_line():
    lines = [Line("AR-1", 2017, 1, 185_000_00), Line("AR-2", 2016, 4, -57_500_00)]
    order = make_order(lines=lines)
    payment = make_batch(PaymentBatch.State.SENT).payments.get()
    assert paid_ore() == 0  # sent is not paid
    assert take_in(notification(entry(payment, on=day_after(1)))) == [0]
    assert paid_ore(day_after(1)) == 127_500_00 and owed_ore() == 0
    assert LedgerEntry.objects.balance_ore(Account.PAID, code="AR-2") == -57_500_00
    payment.refresh_from_db()
    assert (payment.state, payment.paid_on) == ("paid", day_after(1))
    assert instalment_of(order).settled_on == day_after(1)
    assert payment.batch.state == PaymentBatch.State.ANSWERED


def test_the_same_file_and_the_same_entry_are_taken_in_once():
    payment = sent_payment()
    told = entry(payment, bank="B1")
    first = notification(told)
    take_in(first)
    again = take_in_bank_file(first, name="again.xml")
    assert not again.is_new and BankMessage.objects.count() == 1
    other = take_in_bank_file(notification(told), name="other.xml")
    assert (other.known, other.to_look_at) == (1, 0)
    assert paid_ore() == payment.amount_ore


def test_a_status_moves_the_payment_and_books_nothing():
    payment = sent_payment()
    take_in(status_report(payment.batch))
    payment.refresh_from_db()
    assert (payment.state, paid_ore()) == ("accepted", 0)
    take_in(notification(entry(payment)))
    assert take_in(status_report(payment.batch)) == [0]  # late, and nothing to say any more
    payment.refresh_from_db()
    assert payment.state == "paid"


def test_a_rejected_payment_is_paid_again_only_by_a_person_and_a_new_batch():
    payment = sent_payment()
    assert take_in(status_report(payment.batch, payment)) == [1]
    payment.refresh_from_db()
    assert (payment.state, paid_ore(), owed_ore()) == ("rejected", 0, payment.amount_ore)
    assert "avsluttet" in trouble().reason
    with pytest.raises(Refused, match="Ingenting kan betales"):
        prepare_batch(pay_on=ON, by=finance())
    with pytest.raises(Refused, match="Skriv hva"):
        resolve_bank_event(trouble(), Action.PAY_AGAIN, words="", by=finance())
    resolve_bank_event(trouble(), Action.PAY_AGAIN, words="Ny konto er bekreftet.", by=finance())
    with pytest.raises(ChangedSince, match="avklart allerede"):
        resolve_bank_event(trouble(), Action.PAY_AGAIN, words="Igjen.", by=finance())
    again = make_batch(PaymentBatch.State.SENT).payments.get()
    assert again.pk != payment.pk and again.amount_ore == payment.amount_ore
    take_in(notification(entry(again)))
    assert (paid_ore(), owed_ore()) == (payment.amount_ore, 0)


def test_a_return_is_booked_back_on_its_day_and_may_be_kept_back():
    payment = sent_payment()
    take_in(notification(entry(payment)), notification(entry(payment, on=day_after(20), back=True)))
    assert (paid_ore(ON), paid_ore(), owed_ore()) == (payment.amount_ore, 0, payment.amount_ore)
    order = payment.parts.get().instalment.order
    assert instalment_of(order).settled_on is None
    resolve_bank_event(trouble(), Action.KEEP_BACK, words="Mottakeren må melde ny konto.", by=finance())
    assert Hold.objects.open().get(order=order).kind == Hold.Kind.BY_HAND
    with pytest.raises(Refused, match="Ingenting kan betales"):
        prepare_batch(pay_on=day_after(30), by=finance())


def test_a_return_that_comes_before_its_payment_is_understood_when_that_comes():
    payment = sent_payment()
    take_in(notification(entry(payment, on=day_after(2), back=True)))
    payment.refresh_from_db()
    assert (payment.state, paid_ore()) == ("sent", 0)
    take_in(notification(entry(payment)))
    payment.refresh_from_db()
    assert (payment.state, paid_ore(), paid_ore(ON)) == ("returned", 0, payment.amount_ore)


def test_out_and_back_in_one_file_in_the_wrong_order():
    payment = sent_payment()
    take_in(notification(entry(payment, on=day_after(2), back=True), entry(payment)))
    payment.refresh_from_db()
    assert (payment.state, paid_ore(), owed_ore()) == ("returned", 0, payment.amount_ore)


@pytest.mark.parametrize(
    ("planted", "kind"),
    [
        (lambda payment: entry(payment, more_ore=1), "amount"),
        (lambda payment: entry(payment, more_ore=-1), "amount"),
        (lambda payment: entry(payment, on=day_after(-1)), "date"),
        (lambda payment: entry(payment, on=day_after(6)), "date"),
        (lambda payment: entry(payment, reference="0" * 32), "unknown"),
        (lambda payment: entry(payment, reference="FAKTURA 17"), "unknown"),
    ],
)
def test_what_does_not_agree_is_booked_by_nobody_until_a_person_has_seen_it(planted, kind):
    payment = sent_payment()
    assert take_in(notification(planted(payment))) == [1]
    payment.refresh_from_db()
    assert (trouble().trouble, payment.state, paid_ore()) == (kind, "sent", 0)


def test_paid_twice_is_seen_and_booked_once():
    payment = sent_payment()
    assert take_in(notification(entry(payment, bank="A")), notification(entry(payment, bank="B"))) == [0, 1]
    assert (trouble().trouble, paid_ore()) == ("twice", payment.amount_ore)


def test_paid_after_it_was_rejected_contradicts():
    payment = sent_payment()
    take_in(status_report(payment.batch, payment), notification(entry(payment)))
    assert BankEvent.objects.filter(trouble="contradicts").count() == 1 and paid_ore() == 0


def test_a_strange_day_is_booked_when_a_person_says_so():
    payment = sent_payment()
    take_in(notification(entry(payment, on=day_after(9))))
    with pytest.raises(Refused, match="ikke et valg"):
        resolve_bank_event(trouble(), Action.PAY_AGAIN, words="Nei.", by=finance())
    resolve_bank_event(trouble(), Action.BOOK, words="Banken hadde stengt i påsken.", by=finance())
    assert paid_ore(day_after(9)) == payment.amount_ore


def test_what_lies_in_a_closed_year_is_booked_in_an_open_one():
    payment = sent_payment()
    take_in(notification(entry(payment)))
    ClosedYear.objects.create(year=2017, closed_by=finance())
    take_in(notification(entry(payment, on=date(2017, 12, 30), back=True)))
    assert (trouble().trouble, paid_ore()) == ("year_closed", payment.amount_ore)
    resolve_bank_event(trouble(), Action.BOOK, words="Kom etter årsskiftet.", by=finance(), on=date(2018, 1, 4))
    assert (paid_ore(ON), paid_ore(date(2018, 1, 4))) == (payment.amount_ore, -payment.amount_ore)


def test_a_file_for_another_account_is_refused_whole():
    payment = sent_payment()
    with pytest.raises(BadInput, match="ikke er vår"):
        take_in(notification(entry(payment), account="12345678903"))
    assert not BankMessage.objects.exists() and paid_ore() == 0


def test_a_payment_that_was_never_sent_is_not_booked():
    make_order()
    make_order("run:1:0104", to=recipient("0104"))
    payment = make_batch(PaymentBatch.State.ATTESTED).payments.first()
    assert payment is not None
    take_in(notification(entry(payment)))
    assert (trouble().trouble, paid_ore()) == ("not_sent", 0)

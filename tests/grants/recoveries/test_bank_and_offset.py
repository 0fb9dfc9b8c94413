"""Money that comes back through the bank by its KID, and what is taken from coming payments."""

from datetime import date, timedelta

import pytest

from grants.models import (
    Account,
    BankEvent,
    BankResolution,
    ClosedYear,
    EntitlementRun,
    Hold,
    LedgerEntry,
    Organisation,
    Payment,
    PaymentBatch,
    PaymentOffset,
    RecoveryEvent,
)
from grants.services.demand_recovery import agree_on_plan
from grants.services.offset_recovery import tell_of_offset
from grants.services.prepare_batch import discard_batch
from grants.services.receive_recovery import book_by_hand, waiting_credits
from grants.services.resolve_bank_event import resolve_bank_event
from grants.services.send_batch import file_of
from grants.services.take_in_bank_file import TakenIn, take_in_bank_file
from grants.services.write_off_recovery import propose_write_off
from grants.shared.errors import BadInput, ChangedSince, Refused
from tests.factories.batches import entry, make_batch, make_order, notification, recipient
from tests.factories.books import book
from tests.factories.recoveries import (
    DUE,
    Kind,
    Standing,
    balance,
    books_balance,
    make_claim,
    now,
    on_day,
    story,
    told_of_offset,
)
from tests.factories.register import finance

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("covered")]

State = PaymentBatch.State
MAY = date(2017, 5, 2)


def credit(ore: int, kid: str, *, on: date = DUE, bank: str = "", reference: str = "NOTPROVIDED") -> str:
    """An entry of money that came in, with a KID."""
    known = entry(None, on=on, more_ore=ore, back=True, reference=reference, bank=bank)
    back = "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>"
    told = f"<RmtInf><Strd><CdtrRefInf><Ref>{kid}</Ref></CdtrRefInf></Strd></RmtInf>" if kid else ""
    assert back in known
    return known.replace(back, told)


def take_in(*entries: str) -> TakenIn:
    return take_in_bank_file(notification(*entries), name="camt.xml")


# --- By the bank ------------------------------------------------------------------------------------------------------


def test_a_payment_with_our_kid_is_booked_on_the_banks_day():
    claim = make_claim()
    assert take_in(credit(30_000_00, claim.kid)).to_look_at == 0
    line = LedgerEntry.objects.get(credit=Account.RECOVERED)
    assert (line.value_date, line.amount_ore, now(claim).left_ore, books_balance()) == (DUE, 30_000_00, 70_000_00, True)
    event = claim.events.get(kind=Kind.PAID)
    assert event.bank_event is not None and event.bank_event.kind == BankEvent.Kind.RECEIVED


def test_the_same_file_twice_and_the_statement_after_the_notification_book_once():
    claim = make_claim()
    file = notification(credit(30_000_00, claim.kid, bank="B1"))
    take_in_bank_file(file, name="a.xml")
    assert not take_in_bank_file(file, name="a.xml").is_new
    statement = (
        notification(credit(30_000_00, claim.kid, bank="OTHER"))
        .replace(b"camt.054.001.02", b"camt.053.001.02")
        .replace(b"BkToCstmrDbtCdtNtfctn", b"BkToCstmrStmt")
        .replace(b"Ntfctn", b"Stmt")
        .replace(
            b"</Acct>",
            b"</Acct><Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy='NOK'>0.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>"
            b"<Dt><Dt>2017-04-12</Dt></Dt></Bal><Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp>"
            b"<Amt Ccy='NOK'>30000.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2017-04-13</Dt></Dt></Bal>",
        )
    )
    assert take_in_bank_file(statement, name="s.xml").known == 1
    assert (now(claim).left_ore, balance(Account.RECOVERED)) == (70_000_00, 30_000_00)


def test_two_payments_in_one_file_that_are_too_much_together_book_the_first_and_ask_about_the_second():
    claim = make_claim()
    taken = take_in(credit(80_000_00, claim.kid), credit(80_000_00, claim.kid))
    assert (taken.to_look_at, now(claim).left_ore, books_balance()) == (1, 20_000_00, True)
    [waits] = waiting_credits()
    assert waits.trouble == BankEvent.Trouble.AMOUNT


def test_one_ore_too_much_or_a_closed_year_waits_for_a_person():
    claim = make_claim()
    take_in(credit(100_000_01, claim.kid))
    ClosedYear.objects.create(year=2017, closed_by=finance())
    take_in(credit(10_000_00, claim.kid, on=date(2017, 12, 29)))
    assert [one.trouble for one in waiting_credits()] == [BankEvent.Trouble.YEAR_CLOSED, BankEvent.Trouble.AMOUNT]
    assert balance(Account.RECOVERED) == 0
    with on_day(date(2018, 1, 8)):
        book_by_hand(
            claim, amount_ore=10_000_00, on=date(2018, 1, 8), words="Kom 29. desember.", by=finance(),
            bank_event=waiting_credits()[0],
        )  # fmt: skip
    assert balance(Account.RECOVERED, budget_year=2018) == 10_000_00


def test_a_person_places_what_came_without_a_kid_and_the_entry_waits_no_more():
    claim = make_claim()
    assert take_in(credit(40_000_00, "", reference="HUSK TK-1")).to_look_at == 1
    [waits] = waiting_credits()
    with pytest.raises(BadInput, match="Hele beløpet"):
        book_by_hand(claim, amount_ore=1, on=DUE, words="Halden.", by=finance(), bank_event=waits)
    book_by_hand(claim, amount_ore=40_000_00, on=DUE, words="Halden.", by=finance(), bank_event=waits)
    assert (waiting_credits(), now(claim).left_ore) == ([], 60_000_00)
    assert BankResolution.objects.get().words == f"Ført på {claim}."
    with pytest.raises(ChangedSince):
        book_by_hand(claim, amount_ore=40_000_00, on=DUE, words="Igjen.", by=finance(), bank_event=waits)


def test_what_a_person_booked_before_the_bank_told_of_it_is_not_booked_twice():
    claim = make_claim()
    book_by_hand(claim, amount_ore=40_000_00, on=DUE, words="Så det i nettbanken.", by=finance())
    assert take_in(credit(40_000_00, claim.kid)).to_look_at == 1
    assert (BankEvent.objects.get().trouble, now(claim).left_ore) == (BankEvent.Trouble.TWICE, 60_000_00)


# --- Offset -----------------------------------------------------------------------------------------------------------


def paid_batch(on: date = MAY) -> PaymentBatch:
    """A batch that is sent, and that the bank has paid."""
    batch = make_batch(State.SENT, on=on)
    take_in(*[entry(payment, on=on) for payment in batch.payments.all()])
    return batch


def test_nothing_is_offset_before_it_is_overdue_and_the_recipient_was_told():
    claim = make_claim()
    with on_day(DUE), pytest.raises(Refused, match="forfalt"):
        tell_of_offset(claim, by=finance())
    make_order(amount_ore=60_000_00, due_on=date(2017, 4, 20))
    with on_day(DUE + timedelta(days=1)):
        told = tell_of_offset(claim, by=finance())
    assert told.due_on == date(2017, 4, 28)
    batch = make_batch(State.SEALED, on=date(2017, 4, 27))
    assert batch.total_ore == 60_000_00 and not PaymentOffset.objects.exists()


def test_a_payment_is_less_by_what_is_offset_and_the_books_say_both():
    claim = told_of_offset(amount_ore=20_000_00)
    make_order(amount_ore=60_000_00, due_on=MAY)
    batch = paid_batch()
    payment = batch.payments.get()
    assert payment.amount_ore == 40_000_00 and str(claim) in payment.message
    assert b"40000.00" in file_of(batch, "03")
    assert (now(claim).standing, now(claim).offset_ore) == (Standing.SETTLED, 20_000_00)
    lines = LedgerEntry.objects.filter(value_date=MAY).order_by("pk").values_list("debit", "credit", "amount_ore")
    assert list(lines) == [("owed", "paid", 60_000_00), ("paid", "recovered", 20_000_00)]
    # What left the bank: 20 000 in February and 40 000 now.
    assert (balance(Account.PAID), books_balance()) == (60_000_00, True)


def test_an_offset_never_takes_the_whole_payment_and_the_rest_waits_for_the_next():
    claim = told_of_offset(amount_ore=100_000_00)
    make_order(amount_ore=60_000_00, due_on=MAY)
    assert paid_batch().payments.get().amount_ore == 1_00
    assert now(claim).left_ore == 40_001_00
    make_order("run:2:0101", amount_ore=60_000_00, due_on=MAY + timedelta(days=30))
    assert paid_batch(MAY + timedelta(days=30)).payments.get().amount_ore == 60_000_00 - 40_001_00
    assert (now(claim).standing, books_balance()) == (Standing.SETTLED, True)


def test_a_payment_that_comes_back_takes_its_offset_back_and_is_offset_anew():
    claim = told_of_offset(amount_ore=20_000_00)
    make_order(amount_ore=60_000_00, due_on=MAY)
    payment = paid_batch().payments.get()
    take_in(entry(payment, on=MAY + timedelta(days=3), back=True))
    assert (now(claim).left_ore, balance(Account.RECOVERED), books_balance()) == (20_000_00, 0, True)
    assert story(claim)[-2:] == [Kind.OFFSET, Kind.OFFSET_UNDONE]
    event = BankEvent.objects.get(trouble=BankEvent.Trouble.RETURNED)
    resolve_bank_event(event, BankResolution.Action.PAY_AGAIN, words="Ny konto.", by=finance())
    assert paid_batch(MAY + timedelta(days=10)).payments.get().amount_ore == 40_000_00
    assert (now(claim).standing, balance(Account.PAID), books_balance()) == (Standing.SETTLED, 60_000_00, True)


def test_while_an_offset_is_on_its_way_nothing_else_takes_the_same_money():
    claim = told_of_offset(amount_ore=20_000_00)
    make_order(amount_ore=60_000_00, due_on=MAY)
    batch = make_batch(State.SENT, on=MAY)
    with pytest.raises(BadInput):
        book_by_hand(claim, amount_ore=20_000_00, on=DUE, words="Kom i dag.", by=finance())
    with pytest.raises(BadInput):
        propose_write_off(claim, amount_ore=1_00, reason="Små beløp.", by=finance())
    assert take_in(credit(20_000_00, claim.kid, on=MAY)).to_look_at == 1
    take_in(entry(batch.payments.get(), on=MAY))
    assert (now(claim).left_ore, balance(Account.RECOVERED)) == (0, 20_000_00)


def test_a_batch_that_is_given_up_lets_go_of_its_offsets():
    claim = told_of_offset(amount_ore=20_000_00)
    make_order(amount_ore=60_000_00, due_on=MAY)
    discard_batch(make_batch(State.SEALED, on=MAY), by=finance(), why="Feil dag.")
    book_by_hand(claim, amount_ore=20_000_00, on=DUE, words="Kom likevel.", by=finance())
    assert make_batch(State.SEALED, on=MAY).total_ore == 60_000_00


def test_a_claim_on_a_municipality_that_was_merged_is_offset_against_its_successor():
    andebu = Organisation.objects.get(municipality_number="0719")
    claim = told_of_offset(amount_ore=20_000_00, to=andebu)
    sandefjord = recipient("0710", account="86011117947")
    make_order("run:9:0710", 60_000_00, to=sandefjord, due_on=MAY)
    batch = paid_batch()
    assert batch.payments.get().recipient == sandefjord and batch.total_ore == 40_000_00
    line = LedgerEntry.objects.get(credit=Account.RECOVERED)
    # What was paid to the old one is recovered, on the day that the new one was paid less.
    assert (line.recipient, line.budget_year, now(claim).left_ore) == (andebu, 2017, 0)


def test_a_recipient_with_a_negative_carry_is_paid_nothing_so_nothing_is_offset():
    claim = told_of_offset(amount_ore=20_000_00)
    # A correction downwards waits as a negative sum: no order is made of it.
    book(Account.OWED, Account.APPROPRIATION, 5_000_00, claim.recipient, value_date=MAY)
    with pytest.raises(Refused, match="negativ"):
        make_order("run:3:0101", amount_ore=-5_000_00, due_on=MAY)
    with pytest.raises(Refused, match="Ingenting kan betales"):
        make_batch(State.OPEN, on=MAY)
    assert now(claim).left_ore == 20_000_00
    assert not RecoveryEvent.objects.filter(kind=Kind.OFFSET).exists()


def test_a_plan_that_is_kept_is_not_offset():
    claim = told_of_offset(amount_ore=20_000_00)
    with on_day(DUE + timedelta(days=2)):
        agree_on_plan(
            claim, [(date(2017, 5, 10), 10_000_00), (date(2017, 6, 10), 10_000_00)], words="Avtalt.", by=finance()
        )
    make_order(amount_ore=60_000_00, due_on=MAY)
    assert make_batch(State.SEALED, on=MAY).total_ore == 60_000_00
    make_order("run:2:0101", amount_ore=60_000_00, due_on=date(2017, 5, 20))
    assert make_batch(State.SEALED, on=date(2017, 5, 20)).total_ore == 50_000_00  # the part that is late


def test_the_seal_covers_the_offsets():
    told_of_offset(amount_ore=20_000_00)
    make_order(amount_ore=60_000_00, due_on=MAY)
    batch = make_batch(State.SEALED, on=MAY)
    assert batch.total_ore == sum(batch.payments.values_list("amount_ore", flat=True)) == 40_000_00
    assert (Payment.objects.count(), Hold.objects.count(), EntitlementRun.objects.count()) == (1, 0, 0)

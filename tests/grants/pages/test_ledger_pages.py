"""The ledger and the reconciliation: balances that add up page by page, and days that do not agree with the bank."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grants.ledger import lines
from grants.models import Account, BankStatement, LedgerEntry, PaymentBatch, Role
from grants.payments import reconciled
from grants.services.settle import BY_HAND, settle
from grants.services.take_in_bank_file import take_in_bank_file
from grants.shared.errors import BadInput
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
)  # fmt: skip
from tests.factories.books import book
from tests.factories.payments import ACCOUNT
from tests.factories.register import appropriate, finance, make_user

pytestmark = pytest.mark.django_db
State = PaymentBatch.State


@pytest.fixture(autouse=True)
def payer(settings: Any, tmp_path: Any) -> None:
    settings.PAYER_ACCOUNT, settings.PAYER_BIC = ACCOUNT, "DNBANOKK"
    settings.BANK, settings.BANK_FOLDER, settings.LETTER_ARCHIVE = "folder", tmp_path / "bank", tmp_path / "archive"
    appropriate()


def client_of(role: Role = Role.FINANCE) -> Client:
    client = Client()
    client.force_login(make_user("one", role))
    return client


def shown(name: str, client: Client | None = None, **query: str) -> str:
    answer = (client or client_of()).get(reverse(name), query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def paid(*kroner: int) -> None:
    """So many payments, one batch each, paid and told of by the bank."""
    for number, amount in enumerate(kroner, start=1):
        make_order(f"run:{number}:0101", amount_ore=amount * 100, due_on=day_after(number))
        payment = make_batch(State.SENT, on=day_after(number)).payments.get()
        take_in_bank_file(notification(entry(payment, on=day_after(number))), name=f"{number}.xml")


# --- The ledger -------------------------------------------------------------------------------------------------------


def test_the_balance_runs_through_every_page_both_ways():
    paid(100, 250, 30, 7, 1000)
    chosen = lines.Chosen(account=Account.PAID)
    first = lines.page(chosen, size=2)
    second = lines.page(chosen, before=first.older, size=2)
    third = lines.page(chosen, before=second.older, size=2)
    assert [[one.balance_ore // 100 for one in page.lines] for page in (first, second, third)] == [
        [1387, 387], [380, 350], [100],
    ]  # fmt: skip
    assert (first.newer, third.older) == (None, None)
    assert lines.page(chosen, after=third.newer, size=2).lines == second.lines
    back = lines.page(chosen, after=second.newer, size=2)
    assert (back.lines, back.newer) == (first.lines, None)


def test_a_new_line_does_not_move_the_pages_that_are_read():
    paid(100, 250, 30)
    chosen = lines.Chosen(account=Account.PAID)
    first = lines.page(chosen, size=1)
    make_order("run:9:0104", to=recipient("0104"))
    payment = make_batch(State.SENT).payments.get()
    take_in_bank_file(notification(entry(payment)), name="9.xml")
    assert [one.balance_ore for one in lines.page(chosen, before=first.older, size=1).lines] == [350_00]


def test_every_account_is_shown_and_they_add_up_under_every_filter():
    paid(100, 250)
    make_order("run:9:0104", to=recipient("0104"), amount_ore=80_00)
    for chosen in (
        lines.Chosen(),
        lines.Chosen(year=2017),
        lines.Chosen(recipient="moss"),
        lines.Chosen(kind="owed-paid"),
    ):
        found = lines.overview(chosen)
        assert found.adds_up and found.balances == lines.balances_of(lines.narrowed(chosen))
        assert found.posts == ["0496/60"] and "owed-paid" in found.kinds
    assert lines.overview(lines.Chosen(recipient="moss")).balances[Account.OWED] == 80_00
    assert lines.overview(lines.Chosen(recipient="0101")).balances[Account.PAID] == 350_00
    text = shown("ledger", account="owed", recipient="moss")
    assert "+80\xa0kr" in text and "går opp" in text and "Halden" not in text.split("<tbody")[1]
    assert "Ingen linjer passer" in shown("ledger", year="2018")
    assert "Ingen linjer passer" in shown("ledger", post="0496/61")
    assert "Halden" in shown("ledger", post="0496/60", scheme="integration", kind="owed-paid")


@pytest.mark.parametrize(
    "query",
    [
        {"account": "nope", "year": "20x7", "kind": "a-b-c", "post": "//", "before": "-1", "after": "9" * 18},
        {"before": "²", "after": "0x1", "recipient": "\0 ' OR 1=1 --", "scheme": "\0"},
        {"year": "0000", "before": "9" * 40, "recipient": "x" * 5000},
    ],
)
def test_nonsense_in_the_address_is_not_asked_for(query: dict[str, str]):
    paid(100)
    shown("ledger", **query)
    shown("reconciliation", **query)
    shown("payment_orders", **query)
    shown("payment_batches", **query)


def test_the_last_page_asks_as_many_questions_as_the_first(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("grants.pages.finance.ledger.LINES_ON_A_PAGE", 1)
    paid(100, 250, 30)
    client = client_of()

    def questions(**query: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            shown("ledger", client, **query)
        return len(asked)

    questions()
    oldest, second, _newest = LedgerEntry.objects.order_by("pk").filter(credit="paid").values_list("pk", flat=True)
    # The balance above the newest line is known; above any other it is asked once: what came in, and what went out.
    assert questions(before=str(second)) == questions() + 2
    assert questions(before=str(second)) == questions(after=str(oldest))


# --- Reconciliation ---------------------------------------------------------------------------------------------------


def test_a_year_on_which_all_agrees_says_so():
    paid(100, 250)
    assert all(day.agrees for day in reconciled.days(2017)) and len(reconciled.days(2017)) == 2
    assert "Bank og hovedbok stemmer" in shown("reconciliation", year="2017")


def test_a_day_on_which_the_bank_says_more_is_named_with_what_it_said():
    paid(100)
    take_in_bank_file(notification(entry(None, on=day_after(1), more_ore=777_00, reference="STRANGE")), name="x.xml")
    [day] = [day for day in reconciled.days(2017) if not day.agrees]
    assert (day.on, day.apart_ore, [event.trouble for event in day.events]) == (day_after(1), -777_00, ["unknown"])
    text = shown("reconciliation", year="2017")
    assert "stemmer ikke" in text and "Ukjent referanse" in text and "−777\xa0kr" in text


def test_a_return_is_in_on_its_own_day_in_both_books():
    paid(100)
    payment = PaymentBatch.objects.get().payments.get()
    take_in_bank_file(notification(entry(payment, on=day_after(20), back=True)), name="back.xml")
    assert [(day.on, day.bank_ore, day.agrees) for day in reconciled.days(2017)] == [
        (day_after(20), 100_00, True), (day_after(1), -100_00, True),
    ]  # fmt: skip


def test_what_was_booked_by_hand_is_told_apart_and_is_not_expected_of_the_bank():
    instalment = instalment_of(make_order())
    settle({instalment.pk: BY_HAND}, on=ON, by=finance())
    book(Account.OWED, Account.PAID, 5_00, recipient(), value_date=ON, key="transfer:A-17:paid")
    [day] = reconciled.days(2017)
    assert (day.by_hand_ore, day.bank_ore, day.ledger_ore, day.agrees) == (-57_505_00, 0, 0, True)
    assert "Ført for hånd" in shown("reconciliation", year="2017")


def statement(number: int, opening: int, closing: int, *entries: str, on: date = ON, account: str = ACCOUNT) -> bytes:
    """camt.053 of the account, kroner."""

    def balance(kind: str, kroner: int) -> str:
        return (
            f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy='NOK'>{abs(kroner)}.00</Amt>"
            f"<CdtDbtInd>{'CRDT' if kroner >= 0 else 'DBIT'}</CdtDbtInd><Dt><Dt>{on}</Dt></Dt></Bal>"
        )

    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>
<GrpHdr><MsgId>S{number}-{on}</MsgId><CreDtTm>{on}T18:00:00+01:00</CreDtTm></GrpHdr>
<Stmt><Id>S{number}</Id><ElctrncSeqNb>{number}</ElctrncSeqNb><CreDtTm>{on}T18:00:00+01:00</CreDtTm>
<Acct><Id><Othr><Id>{account}</Id></Othr></Id></Acct>
{balance("OPBD", opening)}{balance("CLBD", closing)}{"".join(entries)}</Stmt></BkToCstmrStmt></Document>""".encode()


def test_statements_that_follow_each_other_agree_with_the_ledger():
    paid(100, 250)
    one, two = (batch.payments.get() for batch in PaymentBatch.objects.order_by("number"))
    take_in_bank_file(statement(1, 1000, 900, entry(one, on=day_after(1)), on=day_after(1)), name="s1.xml")
    take_in_bank_file(statement(2, 900, 650, entry(two, on=day_after(2)), on=day_after(2)), name="s2.xml")
    found = reconciled.statements(2017)
    assert [(one.agrees, one.ledger_ore) for one in found] == [(True, 650_00), (True, 900_00)]
    assert "Bank og hovedbok stemmer" in shown("reconciliation", year="2017")
    assert BankStatement.objects.count() == 2


def test_a_statement_that_is_missing_and_a_balance_that_jumps_are_named():
    paid(100, 250)
    one, two = (batch.payments.get() for batch in PaymentBatch.objects.order_by("number"))
    take_in_bank_file(statement(1, 1000, 900, entry(one, on=day_after(1)), on=day_after(1)), name="s1.xml")
    take_in_bank_file(statement(3, 880, 630, entry(two, on=day_after(2)), on=day_after(2)), name="s3.xml")
    newest, _first = reconciled.statements(2017)
    assert (newest.is_skipped, newest.jump_ore, newest.apart_ore, newest.agrees) == (True, -20_00, -20_00, False)
    text = shown("reconciliation", year="2017")
    assert "Etter utskrift 1 kommer 3" in text and "−20\xa0kr" in text
    assert "1 kontoutskrift stemmer ikke" in text


def test_a_statement_starts_again_at_one_when_the_year_does():
    take_in_bank_file(statement(250, 10, 10, on=date(2017, 12, 29)), name="a.xml")
    take_in_bank_file(statement(1, 10, 10, on=date(2018, 1, 2)), name="b.xml")
    [first] = reconciled.statements(2018)
    assert first.agrees


def test_statements_that_come_out_of_order_are_read_in_theirs():
    take_in_bank_file(statement(2, 20, 20, on=day_after(2)), name="b.xml")
    take_in_bank_file(statement(1, 20, 20, on=day_after(1)), name="a.xml")
    assert [one.statement.sequence for one in reconciled.statements(2017)] == [2, 1]
    assert all(one.agrees for one in reconciled.statements(2017))


def test_a_refused_statement_leaves_none():
    with pytest.raises(BadInput):
        take_in_bank_file(statement(1, 1000, 900), name="wrong.xml")  # the sum is off
    with pytest.raises(BadInput):
        take_in_bank_file(statement(1, 10, 10, account="12345678903"), name="other.xml")
    assert not BankStatement.objects.exists()


def test_a_payment_is_silent_three_banking_days_after_its_day_and_not_before():
    make_order()
    make_order("run:1:0104", to=recipient("0104"))
    batch = make_batch(State.SENT)  # Wednesday 15 March 2017
    halden, moss = batch.payments.order_by("name")
    take_in_bank_file(status_report(batch), name="accepted.xml")
    assert not reconciled.silent(date(2017, 3, 20)).exists()  # Monday: three banking days after
    assert set(reconciled.silent(date(2017, 3, 21))) == {halden, moss}
    take_in_bank_file(notification(entry(moss)), name="paid.xml")
    assert list(reconciled.silent(date(2017, 3, 21))) == [halden]
    text = shown("reconciliation")
    assert "Banken har ikke svart" in text and re.search(r"3\s+bankdager", text)


def test_the_auditor_reads_the_books():
    paid(100)
    client = client_of(Role.AUDITOR)
    assert "Halden" in shown("ledger", client)
    shown("reconciliation", client)

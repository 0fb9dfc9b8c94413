"""Round trips with a bank that others wrote: accepted, rejected, closed, twice, late back, silent, and a gap."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from grants.bank.messages import BankMessage, Kind, StatusReport, gap
from grants.bank.particulars import iban
from grants.bank.payment_file import VERSIONS, file_name, payment_file
from grants.bank.port import Folder, Http
from grants.bank.read import read
from grants.bank.reasons import Outcome
from grants.bank.refusals import WrongSum
from tests.factories.payments import ACCOUNT, key, make_batch, make_payment
from tests.factories.payments import PAYER as OURS
from tests.grants.bank.conftest import CLOSED, OPENING_ORE, MockBank

# The bank knows its own accounts by IBAN.
PAYER = replace(OURS, account=iban(ACCOUNT))
BATCH = make_batch(payer=PAYER)
FILE = payment_file(BATCH, "09")
TOTAL = BATCH.total_ore


def reports(answers: list[BankMessage]) -> list[StatusReport]:
    return [answer.report for answer in answers if answer.report]


def of_kind(answers: list[BankMessage], kind: Kind) -> list[BankMessage]:
    return [answer for answer in answers if answer.kind is kind]


@pytest.mark.parametrize("version", VERSIONS)
def test_accepted_booked_and_on_the_statement(mock_bank: MockBank, version: Any):
    assert mock_bank.takes(payment_file(BATCH, version)).status_code == 202
    mock_bank.days_pass(2)
    answers = mock_bank.answers()
    (report,) = reports(answers)

    assert report.file.batch == BATCH.message_id
    assert (report.file.payments, report.file.sum_ore) == (3, TOTAL)
    assert {report.of(payment.id).outcome for payment in BATCH.payments} == {Outcome.ACCEPTED}

    (notified,) = of_kind(answers, Kind.NOTIFICATION)
    booked = {d.payment: (d.signed_ore, entry.booked_on) for _, entry in notified.entries for d in entry.details}
    assert booked == {payment.id: (-payment.amount_ore, BATCH.on) for payment in BATCH.payments}

    first, second = (statement for each in of_kind(answers, Kind.STATEMENT) for statement in each.statements)
    assert (first.account, first.opening_ore, first.closing_ore) == (ACCOUNT, OPENING_ORE, OPENING_ORE)
    assert (second.closing_ore, len(second.entries)) == (OPENING_ORE - TOTAL, 3)
    assert gap(first, second) == ""


def test_partly_rejected(mock_bank: MockBank):
    """There is only money for the first two."""
    mock_bank.account(behaviour="insufficient-funds", balance=BATCH.payments[0].amount_ore * 2 + 10)
    mock_bank.takes(FILE)
    (report,) = reports(mock_bank.answers())

    assert report.file.outcome is Outcome.PARTLY
    assert [report.of(key(n)).outcome for n in (1, 2, 3)] == [Outcome.ACCEPTED, Outcome.ACCEPTED, Outcome.REJECTED]
    assert "ikke dekning" in report.of(key(3)).text


def test_a_closed_account(mock_bank: MockBank):
    batch = make_batch(payer=PAYER, payments=(make_payment(1), make_payment(2, account=iban(CLOSED))))
    mock_bank.takes(payment_file(batch))
    (report,) = reports(mock_bank.answers())

    assert report.of(key(1)).outcome is Outcome.ACCEPTED
    assert report.of(key(2)).outcome is Outcome.REJECTED
    assert report.of(key(2)).reasons[0].code == "AC04"
    assert "Kontoen er avsluttet" in report.of(key(2)).text


def test_the_same_file_twice_is_paid_once(mock_bank: MockBank):
    mock_bank.takes(FILE)
    mock_bank.takes(FILE)
    first, second = reports(mock_bank.answers())
    mock_bank.days_pass(2)
    booked = [
        d.payment
        for each in of_kind(mock_bank.answers(), Kind.NOTIFICATION)
        for _, e in each.entries
        for d in e.details
    ]

    assert first.file.outcome is Outcome.ACCEPTED
    assert second.file.outcome is Outcome.REJECTED
    assert "duplikat" in second.of(key(1)).text
    assert sorted(booked, key=str) == [key(1), key(2), key(3)]


def test_a_rejected_file(mock_bank: MockBank):
    mock_bank.account(behaviour="reject-file")
    mock_bank.takes(FILE)
    (report,) = reports(mock_bank.answers())

    assert report.of(key(1)).outcome is Outcome.REJECTED
    assert "Filformatet er feil" in report.of(key(1)).text


def test_a_payment_that_comes_back_three_days_later(mock_bank: MockBank):
    mock_bank.account(behaviour="return-later", parameters={"days": 3, "reason": "AC04", "end_to_end_id": key(2).hex})
    mock_bank.takes(FILE)
    mock_bank.days_pass(7)
    answers = mock_bank.answers()
    (returned,) = of_kind(answers, Kind.RETURN)
    (back,) = returned.returns

    assert (back.payment, back.amount_ore, back.message_id) == (key(2), 100_002, BATCH.message_id.hex)
    assert (back.reason.code, back.on.isoformat() if back.on else "") == ("AC04", "2017-03-20")
    into = [e for each in of_kind(answers, Kind.NOTIFICATION) for _, e in each.entries if e.credit]
    assert [(d.payment, d.signed_ore, d.returned and d.returned.code) for e in into for d in e.details] == [
        (key(2), 100_002, "AC04")
    ]
    statements = [statement for each in of_kind(answers, Kind.STATEMENT) for statement in each.statements]
    assert statements[-1].closing_ore == OPENING_ORE - TOTAL + 100_002
    assert {gap(before, after) for before, after in pairwise(statements)} == {""}


def test_a_silent_bank_pays_and_the_statement_tells(mock_bank: MockBank):
    mock_bank.account(behaviour="silent")
    mock_bank.takes(FILE)
    assert mock_bank.answers() == []
    mock_bank.days_pass(2)

    booked = {
        d.payment for each in of_kind(mock_bank.answers(), Kind.STATEMENT) for _, e in each.entries for d in e.details
    }
    assert booked == {key(1), key(2), key(3)}


def test_a_statement_with_a_hole_in_it_is_refused_and_says_how_much_is_missing(mock_bank: MockBank):
    mock_bank.account(behaviour="statement-gap")
    mock_bank.takes(FILE)
    mock_bank.days_pass(2)

    with pytest.raises(WrongSum, match="en postering mangler") as refused:
        mock_bank.answers()
    assert refused.value.said_ore - refused.value.found_ore in {-p.amount_ore for p in BATCH.payments}


def test_statements_that_went_astray_leave_a_gap(mock_bank: MockBank):
    mock_bank.takes(FILE)
    mock_bank.days_pass(3)
    statements = [s for each in of_kind(mock_bank.answers(), Kind.STATEMENT) for s in each.statements]

    assert gap(statements[0], statements[1]) == ""
    assert "kommer" in gap(statements[0], statements[2]) and "saldo" in gap(statements[0], statements[2])


def test_by_folder_there_and_back(folder_bank: tuple[MockBank, Path]):
    bank, folder = folder_bank
    port = Folder(folder, settled_seconds=0)
    assert not port.send(key(999).hex, file_name(BATCH), payment_file(BATCH)).already
    assert bank.http.post("/_mock/drop/scan").status_code == 200
    bank.days_pass(2)
    assert port.send(key(999).hex, file_name(BATCH), payment_file(BATCH)).already
    assert bank.http.post("/_mock/drop/scan").status_code == 200

    answers = list(port.fetch())
    assert {read(answer.content).kind for answer in answers} == {Kind.STATUS, Kind.NOTIFICATION, Kind.STATEMENT}
    assert len(reports([read(answer.content) for answer in answers])) == 1
    for answer in answers:
        port.taken(answer)
    assert list(port.fetch()) == []
    assert len(list((folder / "in" / "taken").iterdir())) == len(answers)


def test_by_http_to_a_bank_that_answers_later(mock_bank: MockBank):
    port = Http(mock_bank.address)
    port.send(key(999).hex, file_name(BATCH), FILE)

    assert [report.file.batch for report in reports(mock_bank.answers())] == [key(999)]

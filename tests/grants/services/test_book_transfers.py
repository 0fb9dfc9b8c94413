"""Transfers outside the 18 schemes: two people, once per reference, covered, and in the year-end figures."""

import json
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from grants.models import Account, Approval, LedgerEntry, TransferLine, TransferList
from grants.services.book_transfers import COLUMNS, approve_transfers, pay_transfers, prepare_transfers
from grants.services.close_year import close_year
from grants.shared.errors import BadInput, ChangedSince, ConflictingPosting, NotAllowed, OverBudget, YearIsClosed
from reporting.figures.ledger_sums import booked
from tests.factories.books import make_organisation, write_file
from tests.factories.register import appropriate, finance, make_user

pytestmark = pytest.mark.django_db
ORGNR = "974760673"  # a number with right check digits
ON = date(2017, 10, 2)


@pytest.fixture(autouse=True)
def recipient():
    return make_organisation("Språkrådet i nord", "ngo", orgnr=ORGNR)


@pytest.fixture
def transfers(tmp_path: Path) -> TransferList:
    appropriate(post="72")
    return prepare_transfers(file(tmp_path), by=finance("a"))


def file(folder: Path, *rows: dict[str, str]) -> Path:
    usual = {
        "reference": "T-1", "code": "interpreters", "orgnr": ORGNR, "year": "2017",
        "amount_kroner": "400000", "about": "Autorisasjonsprøve",
    }  # fmt: skip
    return write_file(folder / "transfers.csv", COLUMNS, *(list((usual | row).values()) for row in rows or ({},)))


def test_a_transfer_is_prepared_approved_and_paid_by_two_people(transfers: TransferList):
    approve_transfers(transfers, by=finance("b"), on=ON)
    pay_transfers(transfers, by=finance("a"))

    owed, paid = LedgerEntry.objects.order_by("pk")
    assert (owed.debit, owed.credit, owed.amount_ore) == (Account.APPROPRIATION, Account.OWED, 400_000_00)
    assert (owed.chapter, owed.post, owed.code, owed.value_date) == ("0496", "72", "interpreters", ON)
    assert (paid.debit, paid.credit, paid.value_date) == (Account.OWED, Account.PAID, ON)
    assert TransferList.objects.get().state == "paid"


def test_it_is_in_the_figures_of_the_year(transfers: TransferList):
    approve_transfers(transfers, by=finance("b"), on=ON)
    pay_transfers(transfers, by=finance("a"))

    [figure] = [figure for figure in booked(2017) if figure.paid_ore]
    assert (figure.chapter, figure.post, figure.sector, figure.paid_ore) == ("0496", "72", "ideell", 400_000_00)


def test_nobody_approves_what_they_prepared(transfers: TransferList):
    with pytest.raises(NotAllowed, match="another person"):
        approve_transfers(transfers, by=finance("a"), on=ON)
    with pytest.raises(NotAllowed, match="role finance"):
        approve_transfers(transfers, by=make_user("c"), on=ON)


def test_it_is_approved_and_paid_once(transfers: TransferList):
    approve_transfers(transfers, by=finance("b"), on=ON)
    with pytest.raises(ChangedSince):
        approve_transfers(transfers, by=finance("b"), on=ON)
    pay_transfers(transfers, by=finance("b"))
    with pytest.raises(ChangedSince):
        pay_transfers(transfers, by=finance("b"))
    assert LedgerEntry.objects.count() == 2


def test_a_reference_is_booked_once_ever(transfers: TransferList, tmp_path: Path):
    beside = prepare_transfers(file(tmp_path), by=finance("a"))
    approve_transfers(transfers, by=finance("b"), on=ON)

    with pytest.raises(ConflictingPosting):
        approve_transfers(beside, by=finance("b"), on=ON)
    with pytest.raises(BadInput, match="not booked already"):
        prepare_transfers(file(tmp_path), by=finance("a"))
    assert LedgerEntry.objects.count() == 1
    assert Approval.objects.count() == 1


def test_it_is_covered_by_the_appropriation(tmp_path: Path):
    appropriate(post="72", kroner=399_999)
    transfers = prepare_transfers(file(tmp_path), by=finance("a"))

    with pytest.raises(OverBudget):
        approve_transfers(transfers, by=finance("b"), on=ON)
    assert TransferList.objects.get().state == "prepared"


def test_a_closed_year_takes_none(transfers: TransferList):
    close_year(2017, by=finance("b"))

    with pytest.raises(YearIsClosed):
        approve_transfers(transfers, by=finance("b"), on=ON)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"code": "integration"}, "one of settlement_follow_up"),
        ({"orgnr": "974760674"}, "right check digit"),
        ({"orgnr": "971277882"}, "that is imported"),
        ({"amount_kroner": "0"}, "above zero"),
        ({"amount_kroner": "-5"}, "above zero"),
        ({"amount_kroner": "1e400"}, "plain digits"),
        ({"amount_kroner": "NaN"}, "plain digits"),
        ({"amount_kroner": "1.000,50"}, "plain digits"),
        ({"year": "17"}, "1990"),
        ({"about": ""}, "what the money is for"),
        ({"reference": "=cmd()"}, "letters, digits"),
    ],
)
def test_a_row_that_cannot_be_is_refused_and_nothing_is_written(tmp_path: Path, row: dict[str, str], says: str):
    with pytest.raises(BadInput, match=says):
        prepare_transfers(file(tmp_path, {"reference": "T-0"}, row), by=finance("a"))
    assert TransferList.objects.count() == TransferLine.objects.count() == 0


def test_the_same_reference_twice_in_a_file_is_refused(tmp_path: Path):
    with pytest.raises(BadInput, match="line 2 has this one"):
        prepare_transfers(file(tmp_path, {}, {}), by=finance("a"))


ATTACKS = [
    "UPDATE grants_transferlist SET state = 'approved', booked_on = '2017-10-02'",
    "UPDATE grants_transferlist SET state = 'paid', booked_on = '2017-10-02'",
    "UPDATE grants_transferlist SET total_ore = 1",
    "UPDATE grants_transferlist SET digest = 'x'",
    "UPDATE grants_transferline SET amount_ore = 1",
    "DELETE FROM grants_transferline",
    "DELETE FROM grants_transferlist",
    "INSERT INTO grants_transferline (list_id, reference, code, recipient_id, year, amount_ore, about) "
    "SELECT list_id, 'T-9', code, recipient_id, year, 1, about FROM grants_transferline",
]


@pytest.mark.parametrize("sql", ATTACKS)
def test_the_database_holds_two_people_and_the_lines(transfers: TransferList, sql: str):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_commands(tmp_path: Path, settings):
    appropriate(post="72")
    finance("a"), finance("b")
    assert _json("prepare_transfers", str(file(tmp_path)), by="a")["lines"] == 1
    number = TransferList.objects.get().pk

    settings.OPERATOR_APPROVAL = False
    with pytest.raises(CommandError, match="switched off"):
        call_command("approve_transfers", number, by="b")
    settings.OPERATOR_APPROVAL = True
    assert _json("approve_transfers", str(number), by="b", on="2017-10-02")["booked_on"] == "2017-10-02"
    assert _json("pay_transfers", str(number), by="a")["state"] == "paid"


def _json(command: str, argument: str, *, by: str, on: str = "") -> dict:
    out = StringIO()
    call_command(command, argument, "--json", "--by", by, *(["--on", on] if on else []), stdout=out)
    return json.loads(out.getvalue())

"""Batches and ledger as files: the same rows in three forms, with control totals, streamed, and nothing a spreadsheet would run."""

import csv
import io
import json
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from grants.ledger.lines import Chosen
from grants.models import LedgerEntry, Organisation, PaymentBatch, Role
from grants.shared.dates import today
from grants.shared.errors import ChangedSince
from reporting.exports import payments as exports
from reporting.exports.streamed import Control, Leaving, answer, controlled
from tests.factories.batches import make_batch, make_order, recipient
from tests.factories.books import make_organisation, pay
from tests.factories.payments import ACCOUNT
from tests.factories.register import appropriate, finance, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def payer(settings: Any, tmp_path: Any) -> None:
    settings.PAYER_ACCOUNT, settings.PAYER_BIC, settings.LETTER_ARCHIVE = ACCOUNT, "DNBANOKK", tmp_path
    appropriate()


def got(name: str, *args: Any, role: Role = Role.AUDITOR, **query: str) -> Any:
    client = Client()
    client.force_login(make_user("one", role))
    return client.get(reverse(name, args=args), query)


def content(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def batch_of_two() -> PaymentBatch:
    make_order(amount_ore=57_500_00)
    make_order("run:2:0101", amount_ore=100_01, scheme="kum", chapter="0496", post="60")
    make_order("run:1:0104", to=recipient("0104"), amount_ore=80_000_00)
    return make_batch(PaymentBatch.State.SEALED)


def test_a_batch_is_the_same_in_three_forms_with_its_control_totals():
    batch = batch_of_two()
    answers = {kind: got("payment_batch_export", batch.number, kind) for kind in ("csv", "json", "xlsx")}
    for one in answers.values():
        assert one.headers["X-Control-Rows"] == "2"
        assert one.headers["X-Control-Total-Ore"] == str(batch.total_ore) == "13760001"
        assert one.headers["Content-Disposition"].startswith('attachment; filename="bunt_')
    of_csv = list(csv.DictReader(io.StringIO(content(answers["csv"]).decode())))
    of_json = json.loads(content(answers["json"]))
    book = openpyxl.load_workbook(io.BytesIO(content(answers["xlsx"])))
    of_xlsx = list(book.worksheets[0].values)
    assert of_json["control"] == {"rows": 2, "total_ore": batch.total_ore}
    assert dict(book["Kontroll"].values)["total_ore"] == batch.total_ore
    ore = [row["amount_ore"] for row in of_json["rows"]]
    assert sum(ore) == batch.total_ore and [int(row["amount_ore"]) for row in of_csv] == ore
    assert [row[6] for row in of_xlsx[1:]] == ore
    halden = next(row for row in of_json["rows"] if row["municipality_number"] == "0101")
    assert (halden["schemes"], halden["instalments"], halden["amount_ore"]) == ("integration kum", 2, 57_600_01)
    assert b"86011117947" not in b"".join(str(row).encode() for row in of_json["rows"])


def test_the_ledger_is_exported_as_it_was_narrowed_and_its_accounts_add_up():
    batch_of_two()
    every = json.loads(content(got("ledger_export", "json")))
    assert every["control"]["rows"] == LedgerEntry.objects.count() == len(every["rows"])
    assert sum(ore for name, ore in every["control"].items() if name.startswith("balance_")) == 0
    assert every["control"]["balance_owed_ore"] == 137_600_01
    moss = json.loads(content(got("ledger_export", "json", recipient="moss")))
    assert {row["municipality_number"] for row in moss["rows"]} == {"0104"}
    assert got("ledger_export", "csv", year="2018").headers["X-Control-Rows"] == "0"
    assert content(got("ledger_export", "csv", year="2018")).decode().count("\n") == 1


def test_what_a_spreadsheet_would_run_is_made_harmless():
    evil = make_organisation('=HYPERLINK("http://x")', kind="ngo")
    pay(5_00, evil)
    rows = list(csv.DictReader(io.StringIO(content(got("ledger_export", "csv")).decode())))
    assert {row["recipient_name"] for row in rows} == {'\'=HYPERLINK("http://x")'}
    sheet = openpyxl.load_workbook(io.BytesIO(content(got("ledger_export", "xlsx")))).worksheets[0]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_a_line_that_is_booked_meanwhile_is_in_neither_rows_nor_totals():
    halden = Organisation.objects.get(municipality_number="0101")
    pay(100, halden)
    table = exports.ledger_lines(Chosen(), file_format="csv", on=today())
    pay(7, halden)
    assert sum(row[5] for row in controlled(table)) == table.control.total_ore == 200


def test_a_table_that_does_not_hold_what_was_promised_is_broken_off():
    table = Leaving("t", "T", ("a", "ore"), (), iter([("x", 1), ("y", 2)]), 1, Control(2, 4), today())
    with pytest.raises(ChangedSince, match="promised"):
        content(answer(table, "csv"))
    with pytest.raises(ChangedSince):
        answer(Leaving("t", "T", ("a", "ore"), (), iter([("x", 1)]), 1, Control(2, 1), today()), "xlsx")


def test_more_than_a_sheet_can_hold_in_time_is_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(exports, "MOST_ON_SHEETS", 1)
    pay(100, Organisation.objects.get(municipality_number="0101"))
    refused = got("ledger_export", "xlsx")
    assert refused.status_code == 409 and "CSV" in refused.content.decode()
    assert got("ledger_export", "csv").status_code == 200


def test_other_forms_and_other_people_get_nothing():
    batch = batch_of_two()
    assert got("payment_batch_export", batch.number, "exe").status_code == 404
    assert got("ledger_export", "pdf").status_code == 404
    client = Client()
    client.force_login(make_user("other", Role.CASEWORKER))
    assert client.get(reverse("ledger_export", args=["csv"])).status_code == 403
    assert finance() != make_user("other")

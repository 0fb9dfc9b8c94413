"""Payments, batches and the ledger for other systems: by scope and role, by cursor, and nothing that should stay here."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from grants.models import ApiToken, LedgerEntry, PaymentBatch, Role, TokenScope
from grants.services.api_tokens import give_token
from grants.services.take_in_bank_file import take_in_bank_file
from grants.shared.errors import Refused
from tests.applications.api.client import Api
from tests.factories.batches import make_batch, make_order, recipient, status_report
from tests.factories.cases import caseworker
from tests.factories.payments import ACCOUNT
from tests.factories.register import appropriate, finance, make_user

pytestmark = pytest.mark.django_db
MONEY = (TokenScope.PAYMENTS, TokenScope.LEDGER)


@pytest.fixture(autouse=True)
def payer(settings: Any, tmp_path: Any) -> None:
    settings.PAYER_ACCOUNT, settings.PAYER_BIC, settings.LETTER_ARCHIVE = ACCOUNT, "DNBANOKK", tmp_path
    appropriate()


def sent_batch() -> PaymentBatch:
    make_order()
    make_order("run:1:0104", to=recipient("0104"), amount_ore=80_000_00)
    return make_batch(PaymentBatch.State.SENT)


def results(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.content
    return list(answer.json()["results"])


def test_a_batch_and_its_payments_with_what_the_bank_said():
    batch = sent_batch()
    moss = batch.payments.get(amount_ore=80_000_00)
    take_in_bank_file(status_report(batch, moss), name="status.xml")
    api = Api(make_user("per", Role.AUDITOR), *MONEY)

    [told] = results(api.get("api_payment_batches", state="sent", year=2017))
    assert (told["number"], told["payments"], told["total_ore"]) == (batch.number, 2, 137_500_00)
    assert (told["prepared_by"], told["attested_by"]) == ("fredrik", "mona")
    assert told == api.get("api_payment_batch", batch.number).json()
    assert results(api.get("api_payment_batches", state="open")) == []
    payments = results(api.get("api_payments", batch=batch.number))
    assert sum(one["amount_ore"] for one in payments) == told["total_ore"]
    [rejected] = results(api.get("api_payments", state="rejected"))
    whole = api.get("api_payment", moss.pk).json()
    assert rejected.items() <= whole.items()
    assert [part["subject"] for part in whole["parts"]] == ["run:1:0104"]
    assert [(event["kind"], event["reason_code"], event["trouble"]) for event in whole["events"]] == [
        ("rejected", "AC04", "rejected")
    ]
    assert "86011117947" not in str(whole) and "15030012345" not in str(whole)
    assert api.get("api_payment", uuid4()).status_code == 404
    assert api.get("api_payment_batch", 987654).status_code == 404


def test_the_ledger_is_read_whole_by_cursor_and_then_what_is_new():
    sent_batch()
    api = Api(finance("kari"), TokenScope.LEDGER)
    found, address = [], reverse("api_ledger") + "?page_size=1"
    while address:
        answer = api.client.get(address).json()
        assert len(answer["results"]) <= 1
        found += answer["results"]
        address = answer["next"]
    assert [one["id"] for one in found] == list(LedgerEntry.objects.order_by("pk").values_list("pk", flat=True))
    assert results(api.get("api_ledger", after=found[-1]["id"])) == []
    make_order("run:9:0101")
    assert len(results(api.get("api_ledger", after=found[-1]["id"]))) == 1
    assert results(api.get("api_ledger", account="paid")) == []
    assert len(results(api.get("api_ledger", account="owed", year=2017, chapter="0496", post="60"))) == 3
    assert results(api.get("api_ledger", recipient="999999999")) == []


def test_a_page_has_a_most():
    api = Api(finance("kari"), TokenScope.LEDGER)
    for number in range(201):
        make_order(f"run:{number}:0101")
    assert len(results(api.get("api_ledger", page_size=10_000))) == 200


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("api_ledger", {"year": "20x7"}), ("api_ledger", {"year": "1"}), ("api_ledger", {"after": "-1"}),
        ("api_ledger", {"after": str(2**63)}), ("api_ledger", {"account": "nope"}), ("api_ledger", {"scheme": "\0"}),
        ("api_ledger", {"recipient": "12"}), ("api_payments", {"batch": str(2**40)}), ("api_payments", {"state": "x"}),
        ("api_payment_batches", {"year": "0"}), ("api_payment_batches", {"state": "none"}),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_by_name(name: str, query: dict[str, str]):
    answer = Api(finance("kari"), *MONEY).get(name, **query)
    assert answer.status_code == 422 and set(answer.json()["fields"]) == set(query)


def test_a_made_up_cursor_is_no_page():
    assert Api(finance("kari"), *MONEY).get("api_ledger", cursor="cD1hYmM=").status_code == 404


# --- Scopes -----------------------------------------------------------------------------------------------------------


def test_a_scope_narrows_what_a_token_opens_and_never_widens_what_its_person_may():
    kari = finance("kari")
    payments, ledger, cases = Api(kari, TokenScope.PAYMENTS), Api(kari, TokenScope.LEDGER), Api(kari)
    assert payments.get("api_payments").status_code == 200 and payments.get("api_ledger").status_code == 403
    assert ledger.get("api_ledger").status_code == 200 and ledger.get("api_payments").status_code == 403
    assert cases.get("api_cases").status_code == 200
    refused = cases.get("api_ledger")
    assert (
        refused.status_code == 403
        and refused.json()["error"] == "not_allowed"
        and "ledger" in refused.json()["message"]
    )
    assert ledger.get("api_cases").status_code == 403
    assert Api(caseworker(), *TokenScope).get("api_ledger").status_code == 403
    assert Api(caseworker(), *TokenScope).get("api_cases").status_code == 200


def test_a_token_from_before_there_were_scopes_is_for_cases():
    token = give_token(finance("kari"), "old", days=1)
    assert ApiToken.objects.get().scopes == "cases"
    client = Client(headers={"Authorization": f"Bearer {token}"})
    assert client.get(reverse("api_payments")).status_code == 403


def test_somebody_signed_in_by_a_session_needs_no_scope():
    client = Client()
    client.force_login(finance("kari"))
    assert client.get(reverse("api_ledger")).status_code == 200


def test_a_token_for_nothing_is_refused_and_the_command_takes_scopes(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(Refused, match="for something"):
        give_token(finance("kari"), "x", days=1, scopes=[])
    call_command("api_token", "kari", "--name", "Agresso", "--scope", "ledger", "--scope", "payments")
    assert ApiToken.objects.get(name="Agresso").scopes == "ledger payments"
    call_command("api_token")
    assert "ledger payments" in capsys.readouterr().out
    with pytest.raises((CommandError, SystemExit)):
        call_command("api_token", "kari", "--scope", "everything")

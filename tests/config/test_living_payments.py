"""The demo's payments of today: one batch answered with a rejection in the queue, one that waits, nothing of 2017."""

import random
from pathlib import Path
from typing import Any

import pytest

from config.demo.budget import appropriations_of_open_calls
from config.demo.calls import open_demo_calls
from config.demo.living_payments import make_living_payments
from config.demo.living_year import make_living_year
from config.demo.organisations import organisations
from grants.models import BankEvent, BankStatement, Hold, LedgerEntry, PaymentBatch, User
from grants.payments.reconciled import days, statements
from grants.services.demo_users import make_demo_users
from grants.services.import_organisations import import_organisations
from tests.factories.books import APPROPRIATION_COLUMNS, write_file
from tests.factories.payments import ACCOUNT

pytestmark = pytest.mark.django_db
ORGANISATIONS = ("orgnr", "name", "kind", "kommunenummer", "account_number", "parent_orgnr")


@pytest.fixture
def living_year(settings: Any, tmp_path: Path) -> None:
    settings.DEMO, settings.PAYER_ACCOUNT, settings.PAYER_BIC = True, ACCOUNT, "DNBANOKK"
    settings.BANK, settings.BANK_FOLDER, settings.LETTER_ARCHIVE = "folder", tmp_path / "bank", tmp_path / "archive"
    import_organisations(write_file(tmp_path / "o.csv", ORGANISATIONS, *organisations(random.Random(2018))))
    make_demo_users()
    appropriations = write_file(tmp_path / "a.csv", APPROPRIATION_COLUMNS, *appropriations_of_open_calls())
    open_demo_calls(appropriations, by=User.objects.get(username="samira.ali"))
    make_living_year(appropriations)


def test_two_batches_are_there_to_look_at_and_making_them_again_changes_nothing(living_year: None):
    kari, mona = (User.objects.get(username=name) for name in ("kari.berg", "mona.lien"))

    assert make_living_payments(kari, mona) == 2
    answered, waiting = PaymentBatch.objects.order_by("number")
    before = LedgerEntry.objects.count()
    assert make_living_payments(kari, mona) == 2

    assert (answered.state, waiting.state) == ("answered", "sealed")
    assert sorted(answered.payments.values_list("state", flat=True)) == ["paid", "paid", "rejected"]
    assert BankEvent.objects.exclude(trouble="").get().payment.state == "rejected"
    assert waiting.payments_count > 1 and waiting.prepared_by == kari
    assert Hold.objects.open().filter(kind="by_hand").count() == 1
    assert BankStatement.objects.count() == 1 and LedgerEntry.objects.count() == before
    assert all(one.agrees for one in (*days(answered.pay_on.year), *statements(answered.pay_on.year)))
    assert not LedgerEntry.objects.filter(budget_year=2017).exists()

"""What recipients do in the demo: made by the services, once, and nothing of it is money."""

from typing import Any

import pytest
from stdnum.no import kontonr

from config.demo.recipients import STEMS, make_recipients_busy
from grants.models import AccountChange, Discrepancy, EntitlementLine, EntitlementRun, LedgerEntry, Organisation, Person
from grants.register.account_changes import Where, changes_of
from grants.services.demo_users import THEIR_MUNICIPALITY, make_demo_users
from grants.shared.dates import today
from tests.factories.register import finance
from tests.factories.runs import PREPARED_AT

pytestmark = pytest.mark.django_db


def a_booked_run_for_drammen() -> None:
    run = EntitlementRun.objects.create(
        scheme="integration", year=2017, term=1, prepared_by=finance("kari.berg"), prepared_at=PREPARED_AT
    )
    for number in (1, 2):
        EntitlementLine.objects.create(
            run=run, person=Person.objects.create(person_ref=f"P-{number}"), municipality_number=THEIR_MUNICIPALITY,
            code="AR-2", origin_year=2017, origin_term=1, kind="due", amount_ore=57_500_00,
        )  # fmt: skip


def test_the_recipients_of_the_demo_are_busy_once_and_book_nothing(settings: Any, monkeypatch: pytest.MonkeyPatch):
    settings.DEMO = True
    Organisation.objects.create(name="Broen", search_key="broen", kind="ngo", orgnr="811049980")
    make_demo_users()
    a_booked_run_for_drammen()
    monkeypatch.setattr(type(EntitlementRun.objects.all()), "booked", lambda self: self.all())

    assert make_recipients_busy() == 4
    assert make_recipients_busy() == 0

    found = {one.change.organisation.name: one.where for one in changes_of(Organisation.objects.all(), on=today())}
    assert found == {"Drammen kommune": Where.PROPOSED, "Broen": Where.IN_USE}  # a first account waits for nothing
    assert [one.events.filter(kind="kept").exists() for one in Discrepancy.objects.order_by("pk")] == [True, False]
    assert not LedgerEntry.objects.exists()
    assert AccountChange.objects.count() == 2


def test_the_accounts_of_the_demo_have_right_check_digits():
    assert len([f"{stem}{n}" for stem in STEMS for n in range(10) if kontonr.is_valid(f"{stem}{n}")]) >= 2

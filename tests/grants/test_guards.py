"""The guards, attacked by raw SQL and through the ORM."""

from datetime import date

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from grants.models import (
    Approval,
    ClosedYear,
    EntitlementLine,
    EntitlementRun,
    LedgerEntry,
    Organisation,
    SettlementFact,
)
from grants.services.approve_run import approve_run
from grants.services.mark_paid import mark_paid
from grants.services.prepare_run import prepare_run
from grants.shared import guards
from tests.factories.register import appropriate, finance, settle

pytestmark = pytest.mark.django_db


@pytest.fixture
def prepared() -> EntitlementRun:
    settle("P1")
    appropriate()
    return prepare_run("integration", 2017, 1, by=finance("a"))


@pytest.fixture
def booked(prepared: EntitlementRun) -> EntitlementRun:
    return mark_paid(approve_run(prepared, by=finance("b")), by=finance("a"))


def refused(sql: str, *values: object) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
    except DatabaseError:
        return True
    return False


GUARDED = [
    "grants_ledgerentry", "grants_entitlementline", "grants_runpayable", "grants_approval", "grants_settlementfact",
    "grants_auditevent", "grants_appropriationdecision",
]  # fmt: skip


@pytest.mark.parametrize("table", GUARDED)
def test_rows_are_never_changed_and_never_removed(booked: EntitlementRun, table: str):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        assert cursor.fetchone()[0] > 0, "the attack needs a row to attack"
    assert refused(f"UPDATE {table} SET id = id + 1000")
    assert refused(f"DELETE FROM {table}")


def test_replace_does_not_walk_past_the_guards(booked: EntitlementRun):
    if connection.vendor == "sqlite":
        entry = LedgerEntry.objects.values().first()
        columns, values = ", ".join(entry), list(entry.values())
        marks = ", ".join(["%s"] * len(values))
        assert refused(f"INSERT OR REPLACE INTO grants_ledgerentry ({columns}) VALUES ({marks})", *map(str, values))
    else:
        assert refused("TRUNCATE grants_ledgerentry CASCADE")


def test_a_prepared_run_takes_no_more_lines(prepared: EntitlementRun):
    line = EntitlementLine.objects.values("run_id", "municipality_number", "code", "kind").first()
    with pytest.raises(DatabaseError), transaction.atomic():
        EntitlementLine.objects.create(**line, origin_year=2017, origin_term=1, amount_ore=1)


@pytest.mark.parametrize(
    "change",
    [
        "state = 'approved', booked_on = '2017-03-15'",
        "state = 'paid', booked_on = '2017-03-15'",
        "total_ore = total_ore + 1",
        "digest = 'another'",
        "state = 'preparing'",
        "year = 2018",
    ],
)
def test_a_prepared_run_moves_only_with_an_approval(prepared: EntitlementRun, change: str):
    assert refused(f"UPDATE grants_entitlementrun SET {change}")


def test_the_proposer_of_a_run_cannot_be_swapped(prepared: EntitlementRun):
    assert refused("UPDATE grants_entitlementrun SET prepared_by_id = %s", str(finance("b").pk.hex))


def test_a_run_is_not_born_approved():
    with pytest.raises(DatabaseError), transaction.atomic():
        EntitlementRun.objects.create(
            scheme="integration", year=2017, term=1, state="approved", prepared_by=finance(),
            prepared_at="2017-01-01T00:00:00Z", booked_on=date(2017, 3, 15),
        )  # fmt: skip


def test_nobody_approves_what_they_proposed_themselves(prepared: EntitlementRun):
    with pytest.raises(DatabaseError), transaction.atomic():
        Approval.objects.create(
            subject="run:1", digest=prepared.digest, proposed_by=prepared.prepared_by, approved_by=prepared.prepared_by
        )


def test_an_approval_of_something_else_does_not_count(prepared: EntitlementRun):
    Approval.objects.create(
        subject=f"run:{prepared.pk}",
        digest="of something else",
        proposed_by=prepared.prepared_by,
        approved_by=finance("b"),
    )
    assert refused("UPDATE grants_entitlementrun SET state = 'approved', booked_on = '2017-03-15', approval_number = 1")


def test_a_closed_year_takes_no_more_lines(prepared: EntitlementRun):
    ClosedYear.objects.create(year=2017, closed_by=finance())
    line = {
        "key": "x", "debit": "appropriation", "credit": "owed", "amount_ore": 1, "budget_year": 2017,
        "value_date": date(2017, 3, 1), "chapter": "0496", "post": "60", "scheme": "integration", "code": "AR-2",
        "origin_year": 2017, "origin_term": 1, "recipient_sector": "kommune", "account_class": "tilskudd",
        "recorded_at": "2017-03-01T00:00:00Z", "by": finance(),
    }  # fmt: skip

    recipient = Organisation.objects.municipalities().first()
    with pytest.raises(DatabaseError, match="closed"), transaction.atomic():
        LedgerEntry.objects.create(**line, recipient=recipient)
    LedgerEntry.objects.create(**line | {"budget_year": 2018, "value_date": date(2018, 3, 1)}, recipient=recipient)


def test_the_value_date_lies_in_the_budget_year(booked: EntitlementRun):
    entry = LedgerEntry.objects.values().first()
    entry |= {"id": None, "key": "other", "budget_year": 2018}
    with pytest.raises(DatabaseError), transaction.atomic():
        LedgerEntry.objects.create(**entry)


def test_a_missing_guard_is_found_and_comes_back():
    guard = next(guard for guard in guards.GUARDS if guard.name == "grants_ledgerentry_never_changes")
    guards.remove(guards=[guard])
    assert guards.missing() == ["guard_grants_ledgerentry_never_changes"]
    call_command("migrate", verbosity=0)
    assert guards.missing() == []


def test_facts_leave_only_when_the_person_is_erased():
    person = settle("P1")
    assert refused("DELETE FROM grants_settlementfact")
    person.erased_on = date(2040, 1, 1)
    person.save()
    SettlementFact.objects.filter(person=person).delete()
    assert not SettlementFact.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_guards_stand_in_a_test_with_real_transactions():
    settle("P1")
    assert guards.missing() == []
    assert refused("DELETE FROM grants_settlementfact")


@pytest.mark.django_db
def test_a_database_whose_guards_are_older_is_migrated_and_gets_the_new_ones():
    guards.remove(guards=[guards.every_guard()[-1]])

    call_command("migrate", verbosity=0)

    assert guards.missing() == []

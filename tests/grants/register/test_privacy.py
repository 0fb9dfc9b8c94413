"""Little, pseudonymous, kept apart, erased in its time, and every look is logged."""

import csv
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from grants.entitlements.files import write_lines
from grants.models import Account, EntitlementLine, LedgerEntry, Person, PersonLook, Role, SettlementFact
from grants.services.approve_run import approve_run
from grants.services.erase_persons import erase_persons
from grants.services.prepare_run import prepare_run
from grants.services.protect_person import protect_person
from grants.shared.errors import NotAllowed, Refused
from tests.factories.register import appropriate, finance, happen, make_user, settle

pytestmark = pytest.mark.django_db


def test_a_protected_person_is_never_in_an_export_and_gives_the_same_money(tmp_path):
    settle("SECRET-1")
    settle("P2")
    appropriate()
    protect_person("SECRET-1", level="strictly_confidential", reason="kode 6", since=date(2017, 1, 1))
    run = approve_run(prepare_run("integration", 2017, 1, by=finance("a")), by=finance("b"))

    write_lines(run, str(tmp_path / "lines.csv"))

    text = (tmp_path / "lines.csv").read_text()
    assert "SECRET-1" not in text
    rows = list(csv.DictReader(text.splitlines()))
    assert [(row["person_ref"], row["amount_ore"]) for row in rows] == [("", "5750000"), ("P2", "5750000")]
    assert not Person.objects.filter(person_ref="SECRET-1").exists()


def test_a_protected_person_is_found_again_by_the_import(tmp_path):
    settle("SECRET-1")
    protect_person("SECRET-1", level="confidential", reason="kode 7", since=date(2017, 1, 1))
    (tmp_path / "s.csv").write_text(
        "person_ref,born_on,category,settled_on,kommunenummer,grant_years,from_institution,counts_for_request\n"
        "SECRET-1,1985-06-01,adult,2016-05-10,0101,5,0,1\n"
    )
    call_command("import_register", str(tmp_path / "s.csv"))
    assert SettlementFact.objects.count() == 1


def test_every_explanation_and_export_is_logged(tmp_path):
    settle("P1")
    settle("P2")
    appropriate()
    run = approve_run(prepare_run("integration", 2017, 1, by=finance("a")), by=finance("b"))
    call_command("explain", "P1", "--scheme", "integration", "--year", "2017")
    call_command("export_lines", str(run.pk), "--out", str(tmp_path / "l.csv"))
    looks = list(PersonLook.objects.order_by("pk").values_list("person__person_ref", "persons", "what"))
    assert looks == [("P1", 1, "explain integration 2017"), (None, 2, f"export_lines run:{run.pk}")]


def test_an_explanation_says_rule_rate_citation_residence_and_bookings(capsys):
    person = settle("P1")
    happen(person, "moved", "2017-03-01", "0301")
    appropriate()
    approve_run(prepare_run("integration", 2017, 1, by=finance("a")), by=finance("b"))
    call_command("explain", "P1", "--scheme", "integration", "--year", "2017")
    said = capsys.readouterr().out
    for words in (
        "A3",
        "Rundskriv 01/2017",
        "cut-off 2017-03-01: lived in 0301 Oslo",
        "booked in run",
        "not booked yet",
    ):
        assert words in said
    with pytest.raises(CommandError, match="P9"):
        call_command("explain", "P9", "--scheme", "integration", "--year", "2017")


def test_an_erased_person_leaves_the_sums_behind():
    person = settle("P1")
    settle("P2", "2017-02-02")
    appropriate()
    approve_run(prepare_run("integration", 2017, 4, by=finance("a")), by=finance("b"))
    owed, lines = LedgerEntry.objects.balance_ore(Account.OWED), EntitlementLine.objects.count()

    with pytest.raises(NotAllowed):
        erase_persons(settled_before=2017, on=date(2040, 1, 1), by=finance("a"))
    with pytest.raises(Refused, match="kept 15 years"):
        erase_persons(settled_before=2017, on=date(2020, 1, 1), by=make_user("adm", Role.ADMINISTRATOR))
    assert erase_persons(settled_before=2017, on=date(2040, 1, 1), by=make_user("adm", Role.ADMINISTRATOR)) == 1

    person.refresh_from_db()
    assert person.person_ref is None
    assert SettlementFact.objects.count() == 1
    assert (LedgerEntry.objects.balance_ore(Account.OWED), EntitlementLine.objects.count()) == (owed, lines)
    again = prepare_run("integration", 2017, 4, by=finance("a"))
    assert again.lines_count == 0  # what is booked for the erased is left in peace

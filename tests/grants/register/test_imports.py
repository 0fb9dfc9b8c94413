"""The imports: taken whole or refused whole, known facts never overwritten, every refusal naming line and column."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command

from grants.models import (
    BankAccount,
    ClaimFact,
    EventFact,
    ImportedFile,
    Organisation,
    Person,
    RequestFact,
    SettlementFact,
)
from grants.register import reading
from grants.shared.secrets import CannotDecrypt, decrypt

pytestmark = pytest.mark.django_db

SETTLEMENTS = "person_ref,born_on,category,settled_on,kommunenummer,grant_years,from_institution,counts_for_request"
EVENTS = "person_ref,event,on,kommunenummer"
GOOD = "P1,1985-06-01,adult,2016-05-10,0101,5,0,1"


@pytest.fixture
def write(tmp_path):
    def write(name: str, *rows: str, encoding: str = "utf-8") -> str:
        path = tmp_path / name
        path.write_bytes(("\n".join(rows) + "\n").encode(encoding))
        return str(path)

    return write


def nothing_is_written() -> bool:
    return not any(model.objects.exists() for model in (Person, SettlementFact, EventFact, ImportedFile))


BAD_SETTLEMENTS = {
    "unknown municipality": ("P1,1985-06-01,adult,2016-05-10,9999,5,0,1", "kommunenummer"),
    "municipality before it existed": ("P1,1985-06-01,adult,2016-05-10,0710,5,0,1", "existed"),
    "municipality after it was merged": ("P1,1985-06-01,adult,2017-05-10,0719,5,0,1", "existed"),
    "child who is 18": ("P1,1998-06-01,child,2016-05-10,0101,5,0,1", "at most 17"),
    "adult who is 17": ("P1,1999-06-01,adult,2016-05-10,0101,5,0,1", "at least 18"),
    "minor who is 21": ("P1,1995-06-01,unaccompanied_minor,2016-05-10,0101,5,0,1", "at most 20"),
    "day out of range": ("P1,1885-06-01,adult,2016-05-10,0101,5,0,1", "born_on"),
    "no such day": ("P1,1985-06-01,adult,2017-02-29,0101,5,0,1", "settled_on"),
    "grant years": ("P1,1985-06-01,adult,2016-05-10,0101,4,0,1", "grant_years"),
    "flag": ("P1,1985-06-01,adult,2016-05-10,0101,5,yes,1", "from_institution"),
    "category": ("P1,1985-06-01,grownup,2016-05-10,0101,5,0,1", "category"),
    "formula as a reference": ("=cmd(),1985-06-01,adult,2016-05-10,0101,5,0,1", "person_ref"),
    "too few cells": ("P1,1985-06-01,adult", "8 values"),
}


@pytest.mark.parametrize("row, named", BAD_SETTLEMENTS.values(), ids=BAD_SETTLEMENTS.keys())
def test_one_wrong_row_refuses_the_whole_file(write, row: str, named: str):
    path = write("s.csv", SETTLEMENTS, GOOD.replace("P1", "P0"), row)
    with pytest.raises(CommandError) as refusal:
        call_command("import_register", path)
    assert "s.csv" in str(refusal.value)
    assert "line 3" in str(refusal.value)
    assert named in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert nothing_is_written()


def test_two_settlements_of_one_person_are_refused(write):
    with pytest.raises(CommandError, match="one settlement per person; line 2"):
        call_command("import_register", write("s.csv", SETTLEMENTS, GOOD, GOOD))
    assert nothing_is_written()


@pytest.mark.parametrize(
    "header, expected",
    [
        (SETTLEMENTS.replace(",grant_years", ""), "missing column grant_years"),
        (SETTLEMENTS + ",extra", "unknown column extra"),
    ],
)
def test_a_missing_or_extra_column_is_refused(write, header: str, expected: str):
    with pytest.raises(CommandError, match=expected):
        call_command("import_register", write("s.csv", header, GOOD))
    assert nothing_is_written()


def test_wrong_encoding_is_refused_with_its_line(write):
    path = write("s.csv", SETTLEMENTS, GOOD, GOOD.replace("P1", "Pø"), encoding="latin-1")
    with pytest.raises(CommandError, match="line 3.*UTF-8"):
        call_command("import_register", path)
    assert nothing_is_written()


def test_an_empty_file_and_a_huge_file_are_refused(tmp_path, settings):
    empty, huge = tmp_path / "empty.csv", tmp_path / "huge.csv"
    empty.write_bytes(b"")
    with huge.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    with pytest.raises(CommandError, match="empty"):
        call_command("import_register", str(empty))
    with pytest.raises(CommandError, match="above"):
        call_command("import_register", str(huge))


BAD_EVENTS = {
    "before settlement": (["P1,died,2016-05-10,"], "after the settlement"),
    "two on one day": (["P1,died,2017-05-10,", "P1,emigrated,2017-05-10,"], "one event per person and day"),
    "the same row twice": (["P1,died,2017-05-10,", "P1,died,2017-05-10,"], "one event per person and day"),
    "unknown person": (["P9,died,2017-05-10,"], "settled"),
    "moved nowhere": (["P1,moved,2017-05-10,"], "kommunenummer"),
    "died somewhere": (["P1,died,2017-05-10,0101"], "has no municipality"),
    "moved to the past": (["P1,moved,2017-05-10,0719"], "existed"),
    "nothing to take back": (["P1,retracted,2017-05-10,"], "take back"),
    "unknown event": (["P1,vanished,2017-05-10,"], "one of moved"),
}


@pytest.mark.parametrize("rows, named", BAD_EVENTS.values(), ids=BAD_EVENTS.keys())
def test_a_wrong_event_refuses_settlements_and_events(write, rows: list[str], named: str):
    with pytest.raises(CommandError, match=named):
        call_command("import_register", write("s.csv", SETTLEMENTS, GOOD), write("e.csv", EVENTS, *rows))
    assert nothing_is_written()


def test_at_most_twenty_faults_are_listed(write):
    rows = [f"P{n},x,adult,2016-05-10,0101,5,0,1" for n in range(30)]
    with pytest.raises(CommandError, match="and 10 more"):
        call_command("import_register", write("s.csv", SETTLEMENTS, *rows))


def test_the_same_file_again_changes_nothing_and_a_longer_one_adds(write):
    first = write("s.csv", SETTLEMENTS, GOOD)
    call_command("import_register", first, write("e.csv", EVENTS, "P1,moved,2017-03-01,0301"))
    call_command("import_register", first, write("e.csv", EVENTS, "P1,moved,2017-03-01,0301"))
    assert (SettlementFact.objects.count(), EventFact.objects.count()) == (1, 1)
    call_command(
        "import_register", write("s2.csv", SETTLEMENTS, GOOD, GOOD.replace("P1", "P2")),
        write("e2.csv", EVENTS, "P1,moved,2017-03-01,0301", "P1,retracted,2017-03-01,"),
    )  # fmt: skip
    assert (SettlementFact.objects.count(), EventFact.objects.count()) == (2, 2)
    assert [person.events for person in reading.settled_persons()] == [(), ()]
    call_command(
        "import_register", write("s2.csv", SETTLEMENTS, GOOD, GOOD.replace("P1", "P2")),
        write("e2.csv", EVENTS, "P1,moved,2017-03-01,0301", "P1,retracted,2017-03-01,"),
    )  # fmt: skip
    assert (SettlementFact.objects.count(), EventFact.objects.count()) == (2, 2)


def test_a_contradiction_is_refused_and_a_correction_is_a_new_fact(write):
    call_command("import_register", write("s.csv", SETTLEMENTS, GOOD), "--known-on", "2017-01-10")
    moved = write("s2.csv", SETTLEMENTS, GOOD.replace("0101", "0301"))
    with pytest.raises(CommandError, match="0101, as known since 2017-01-10"):
        call_command("import_register", moved)
    with pytest.raises(CommandError, match="on or after 2017-01-10"):
        call_command("import_register", moved, "--correct", "typed wrong", "--known-on", "2017-01-09")
    call_command("import_register", moved, "--correct", "typed wrong", "--known-on", "2017-06-01")

    [before] = reading.settled_persons(as_of=date(2017, 5, 31))
    [after] = reading.settled_persons(as_of=date(2017, 6, 1))
    assert (before.municipality, after.municipality) == ("0101", "0301")
    assert SettlementFact.objects.count() == 2
    assert SettlementFact.objects.order_by("pk").last().reason == "typed wrong"
    call_command("import_register", write("s.csv", SETTLEMENTS, GOOD))  # the old row is known: nothing changes
    assert SettlementFact.objects.count() == 2


def test_an_event_after_a_death_is_kept_as_a_discrepancy_without_effect(write, capsys):
    call_command(
        "import_register", write("s.csv", SETTLEMENTS, GOOD),
        write("e.csv", EVENTS, "P1,died,2017-03-01,", "P1,moved,2017-04-01,0301"),
    )  # fmt: skip
    assert "1 events follow a death or a withdrawal" in capsys.readouterr().out
    [person] = reading.settled_persons()
    assert person.events == (("2017-03-01", "died", ""),)


def test_requests_are_known_once_and_corrected_by_a_new_fact(write):
    call_command("import_requests", write("r.csv", "kommunenummer,year,requested", "0101,2015,20"))
    call_command("import_requests", write("r.csv", "kommunenummer,year,requested", "0101,2015,20"))
    other = write("r2.csv", "kommunenummer,year,requested", "0101,2015,25")
    with pytest.raises(CommandError, match="20, as known since"):
        call_command("import_requests", other)
    call_command("import_requests", other, "--correct", "new letter")
    assert (reading.requested(2015), RequestFact.objects.count()) == ({"0101": 25}, 2)
    for wrong in ("1e3", "NaN", "-1", "1.000,50"):
        with pytest.raises(CommandError, match="requested"):
            call_command("import_requests", write("r3.csv", "kommunenummer,year,requested", f'0301,2015,"{wrong}"'))


@pytest.mark.parametrize("amount", ["1e400", "NaN", '"1.000,50"', "-5", "12.5", ""])
def test_amounts_are_whole_kroner_in_plain_digits(write, amount: str):
    call_command("import_register", write("s.csv", SETTLEMENTS, GOOD))
    header = "claim_ref,person_ref,kommunenummer,year,part,documented_costs_kroner,received_on"
    with pytest.raises(CommandError, match="documented_costs_kroner"):
        call_command("import_claims", "disability", write("c.csv", header, f"C1,P1,0101,2017,2,{amount},2017-05-01"))
    assert not ClaimFact.objects.exists()


def test_asylum_training_is_claimed_once_per_person_and_kind(write):
    header = "claim_ref,person_ref,kommunenummer,kind,registered_on"
    first = write("c.csv", header, "C1,A1,0101,norwegian,2017-02-01", "C2,A1,0101,culture,2017-02-01")
    call_command("import_claims", "asylum_training", first)
    call_command("import_claims", "asylum_training", first)
    with pytest.raises(CommandError, match="one claim per person and kind"):
        call_command("import_claims", "asylum_training", write("d.csv", header, "C3,A1,0301,norwegian,2017-05-01"))
    assert ClaimFact.objects.count() == 2


ORGANISATIONS = "orgnr,name,kind,kommunenummer,account_number,parent_orgnr"


def test_organisations_with_wrong_check_digits_are_refused(write):
    for row, named in (
        ("974760674,Halden kommune,municipality,0101,,", "orgnr"),
        ("974760673,Halden kommune,municipality,0101,12345678901,", "account_number"),
        ("974760673,Halden kommune,municipality,,,", "kommunenummer"),
        ("974760673,Halden kommune,town,0101,,", "kind"),
    ):
        with pytest.raises(CommandError, match=named):
            call_command("import_organisations", write("o.csv", ORGANISATIONS, row))
    assert not Organisation.objects.exclude(orgnr=None).exists()


def test_a_municipality_gets_its_number_and_its_account_encrypted_and_bound_to_the_row(write):
    path = write("o.csv", ORGANISATIONS, "974760673,=cmd() kommune,municipality,0101,12540575124,")
    call_command("import_organisations", path)
    call_command("import_organisations", path)
    halden = Organisation.objects.get(orgnr="974760673")
    assert (halden.municipality_number, halden.name) == ("0101", "=cmd() kommune")
    account = BankAccount.objects.get(organisation=halden)
    assert b"12540575124" not in bytes(account.number_encrypted)
    assert decrypt(account.number_encrypted, bound_to=f"bankaccount:number:{account.pk}") == "12540575124"
    with pytest.raises(CannotDecrypt):
        decrypt(account.number_encrypted, bound_to="bankaccount:number:another row")


def test_another_account_number_needs_a_reason_and_the_old_one_stays_on_record(write):
    call_command(
        "import_organisations", write("o.csv", ORGANISATIONS, "974760673,Halden,municipality,0101,12540575124,")
    )
    other = write("o2.csv", ORGANISATIONS, "974760673,Halden,municipality,0101,69930570044,")
    with pytest.raises(CommandError, match="account_number") as refusal:
        call_command("import_organisations", other)
    assert "12540575124" not in str(refusal.value)
    call_command("import_organisations", other, "--correct", "new bank")
    assert BankAccount.objects.count() == 2


def test_a_district_stands_below_its_municipality(write):
    call_command(
        "import_organisations",
        write("o.csv", ORGANISATIONS, "864870732,Bydel Alna,municipality,0301,,974760673", "974760673,Oslo,municipality,0301,,"),
    )  # fmt: skip
    assert Organisation.objects.get(orgnr="864870732").parent == Organisation.objects.get(orgnr="974760673")

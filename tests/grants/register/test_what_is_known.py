"""What is known already, what contradicts it, and what a correction may do; and who may stand where."""

import sqlite3
import tracemalloc
from collections.abc import Callable, Collection, Iterable
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from grants.models import (
    AuditEvent,
    BankAccount,
    ClaimFact,
    DirectorateRole,
    EventFact,
    ImportedFile,
    KnownRate,
    Membership,
    Organisation,
    OrganisationChange,
    Person,
    RequestFact,
    Role,
    SettlementFact,
    User,
)
from grants.register import reading
from grants.services.erase_persons import erase_persons
from grants.services.import_register import import_register
from grants.services.protect_person import protect_person
from tests.factories.register import make_user

pytestmark = pytest.mark.django_db

SETTLEMENTS = "person_ref,born_on,category,settled_on,kommunenummer,grant_years,from_institution,counts_for_request"
EVENTS = "person_ref,event,on,kommunenummer"
REQUESTS = "kommunenummer,year,requested"
PLACES = "claim_ref,kommunenummer,year,places,months"
ASYLUM = "claim_ref,person_ref,kommunenummer,kind,registered_on"
DISABILITY = "claim_ref,person_ref,kommunenummer,year,part,documented_costs_kroner,received_on"
ORGANISATIONS = "orgnr,name,kind,kommunenummer,account_number,parent_orgnr"
GOOD = "P1,1985-06-01,adult,2016-05-10,0101,5,0,1"
ONE, TWO, THREE = "974760673", "864870732", "811111112"
DAY = "2016-06-01"

Write = Callable[..., str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(name: str, *rows: str) -> str:
        path = tmp_path / name
        path.write_bytes(("\n".join(rows) + "\n").encode())
        return str(path)

    return write


@pytest.fixture
def settled(write: Write) -> str:
    path = write("settled.csv", SETTLEMENTS, GOOD)
    call_command("import_register", path, "--known-on", "2017-01-01")
    return path


def events_known() -> list[str]:
    return list(EventFact.objects.order_by("known_on", "pk").values_list("kind", flat=True))


# --- Files ------------------------------------------------------------------------------------------------------------


def test_a_byte_order_mark_is_no_fault(tmp_path: Path):
    path = tmp_path / "s.csv"
    path.write_bytes(f"{SETTLEMENTS}\n{GOOD}\n".encode("utf-8-sig"))
    call_command("import_register", str(path))
    assert Person.objects.get().person_ref == "P1"


@pytest.mark.parametrize("sign", ["\0", "\x1b", "\x07"])
def test_control_characters_are_refused(write: Write, sign: str):
    path = write("o.csv", ORGANISATIONS, f"{ONE},Halden{sign},municipality,0101,,")
    with pytest.raises(CommandError, match=r"o\.csv.*line 2"):
        call_command("import_organisations", path)
    assert not OrganisationChange.objects.exists()


def test_a_file_with_only_a_header_is_refused(write: Write):
    with pytest.raises(CommandError, match="only a header"):
        call_command("import_register", write("s.csv", SETTLEMENTS))


def test_a_file_of_nothing_but_faults_takes_no_memory(write: Write):
    path = write("s.csv", SETTLEMENTS, *["x"] * 200_000)
    tracemalloc.start()
    with pytest.raises(CommandError, match="and 199980 more"):
        call_command("import_register", path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10_000_000


def test_more_persons_than_a_statement_takes_values(write: Write):
    if connection.vendor != "sqlite":
        pytest.skip("the limit is SQLite's")
    connection.ensure_connection()
    limit = connection.connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 32_766)
    try:
        call_command(
            "import_register", write("s.csv", SETTLEMENTS, *(GOOD.replace("P1", f"P{n}") for n in range(33_000)))
        )
    finally:
        connection.connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, limit)
    assert SettlementFact.objects.count() == 33_000


def test_an_import_can_be_watched_stage_by_stage(write: Write):
    seen: list[tuple[str, int]] = []

    def watch[Row](stage: str, rows: Collection[Row], /) -> Iterable[Row]:
        seen.append((stage, len(rows)))
        return rows

    settlements = write("s.csv", SETTLEMENTS, GOOD)
    events = write("e.csv", EVENTS, f"P1,moved,{DAY},0301", f"P1,retracted,{DAY},")
    import_register(Path(settlements), Path(events), watch=watch)
    assert seen == [
        ("Settlements: checking", 1), ("Events: checking", 2), ("Settlements: writing", 1), ("Events: writing", 2),
    ]  # fmt: skip


# --- Facts ------------------------------------------------------------------------------------------------------------


def test_what_changes_nothing_leaves_no_note(write: Write, settled: str):
    call_command("import_register", settled)
    note = ImportedFile.objects.get()
    assert (note.kind, note.rows, note.new_rows, len(note.sha256)) == ("settlements", 1, 1, 64)


@pytest.mark.parametrize("model", [SettlementFact, EventFact])
def test_facts_are_never_changed_and_never_removed(write: Write, settled: str, model: type):
    call_command("import_register", settled, write("e.csv", EVENTS, f"P1,moved,{DAY},0301"))
    for attack in (lambda: model.objects.update(municipality_number="1103"), lambda: model.objects.all().delete()):
        with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
            attack()


def test_a_day_that_was_taken_back_stays_known_after_the_settlement_has_moved(write: Write, settled: str):
    events = write("e.csv", EVENTS, f"P1,moved,{DAY},0301", f"P1,retracted,{DAY},")
    call_command("import_register", settled, events)
    later = write("later.csv", SETTLEMENTS, GOOD.replace("2016-05-10", "2016-07-10"))
    call_command("import_register", later, "--correct", "wrong day")

    call_command("import_register", later, events)

    assert events_known() == ["moved", "retracted"]


def test_an_event_can_be_taken_back_and_the_settlement_corrected_in_one_import(write: Write, settled: str):
    call_command("import_register", settled, write("e.csv", EVENTS, f"P1,moved,{DAY},0301"))
    later = write("later.csv", SETTLEMENTS, GOOD.replace("2016-05-10", "2016-07-10"))
    with pytest.raises(CommandError, match="a day before the event on 2016-06-01"):
        call_command("import_register", later, "--correct", "wrong day")
    call_command(
        "import_register", later, write("e2.csv", EVENTS, f"P1,retracted,{DAY},"), "--correct", "wrong day"
    )  # fmt: skip
    [person] = reading.settled_persons()
    assert (person.settled_on, person.events) == ("2016-07-10", ())


def test_an_old_file_does_not_take_back_what_came_after_it(write: Write, settled: str):
    old = write("old.csv", EVENTS, f"P1,moved,{DAY},0301", f"P1,retracted,{DAY},")
    call_command("import_register", settled, old)
    call_command("import_register", settled, write("new.csv", EVENTS, f"P1,moved,{DAY},1103"))

    call_command("import_register", settled, old)

    assert events_known() == ["moved", "retracted", "moved"]
    [person] = reading.settled_persons()
    assert person.events == ((DAY, "moved", "1103"),)


def test_a_second_retraction_says_what_it_takes_back(write: Write, settled: str):
    bare = write("bare.csv", EVENTS, f"P1,retracted,{DAY},")
    call_command("import_register", settled, write("a.csv", EVENTS, f"P1,moved,{DAY},0301", f"P1,retracted,{DAY},"))
    call_command("import_register", settled, write("b.csv", EVENTS, f"P1,moved,{DAY},1103"))
    with pytest.raises(CommandError, match="moved 1103, as known since"):
        call_command("import_register", settled, bare)
    call_command(
        "import_register", settled, write("c.csv", EVENTS, f"P1,moved,{DAY},1103", f"P1,retracted,{DAY},")
    )  # fmt: skip
    [person] = reading.settled_persons()
    assert person.events == ()


def test_an_event_is_corrected_by_a_newer_fact(write: Write, settled: str):
    call_command("import_register", settled, write("a.csv", EVENTS, f"P1,moved,{DAY},0301"), "--known-on", "2017-02-01")
    other = write("b.csv", EVENTS, f"P1,moved,{DAY},1103")
    with pytest.raises(CommandError, match="moved 0301, as known since 2017-02-01"):
        call_command("import_register", settled, other)
    with pytest.raises(CommandError, match="on or after 2017-02-01"):
        call_command("import_register", settled, other, "--correct", "typed wrong", "--known-on", "2017-01-31")
    call_command("import_register", settled, other, "--correct", "typed wrong", "--known-on", "2017-06-01")
    was = [person.events for person in reading.settled_persons(as_of=date(2017, 5, 31))]
    now = [person.events for person in reading.settled_persons(as_of=date(2017, 6, 1))]
    assert (was, now) == ([((DAY, "moved", "0301"),)], [((DAY, "moved", "1103"),)])


@pytest.mark.parametrize(
    ("command", "header", "first", "second", "model"),
    [
        (["import_requests"], REQUESTS, "0101,2015,5", "0101,2015,6", RequestFact),
        (["import_claims", "integration_reception"], PLACES, "C1,0101,2017,5,12", "C1,0101,2017,6,12", ClaimFact),
        (["import_organisations"], ORGANISATIONS, f"{ONE},Gammel,ngo,,12540575124,", f"{ONE},Ny,ngo,,69930570044,",
         OrganisationChange),
    ],
    ids=["requests", "claims", "organisations"],
)  # fmt: skip
def test_what_was_corrected_is_known_too(
    write: Write, command: list[str], header: str, first: str, second: str, model: type
):
    before, after = write("a.csv", header, first), write("b.csv", header, second)
    call_command(*command, before, "--known-on", "2017-05-01")
    with pytest.raises(CommandError, match="--correct REASON"):
        call_command(*command, after)
    with pytest.raises(CommandError, match=r"on or after 2017-05-01|known later"):
        call_command(*command, after, "--correct", "typed wrong", "--known-on", "2017-04-30")
    call_command(*command, after, "--correct", "typed wrong")
    call_command(*command, before)
    assert model.objects.count() == 2


# --- Claims -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("protected", [False, True])
def test_a_person_claims_once_also_under_protection(write: Write, protected: bool):
    call_command("import_claims", "asylum_training", write("a.csv", ASYLUM, "C1,A1,0101,norwegian,2017-02-01"))
    if protected:
        protect_person("A1", level="confidential", reason="kode 7", since=date(2017, 3, 1))
    with pytest.raises(CommandError, match="C1 is one already"):
        call_command("import_claims", "asylum_training", write("b.csv", ASYLUM, "C2,A1,0301,norwegian,2017-05-01"))


def test_a_correction_gives_nobody_a_second_claim(write: Write):
    rows = ("C1,A1,0101,norwegian,2017-02-01", "C2,A2,0101,norwegian,2017-02-01")
    call_command("import_claims", "asylum_training", write("a.csv", ASYLUM, *rows))
    with pytest.raises(CommandError, match="C1 is one already"):
        call_command(
            "import_claims", "asylum_training", write("b.csv", ASYLUM, "C2,A1,0101,norwegian,2017-02-01"),
            "--correct", "another person",
        )  # fmt: skip


def test_disability_is_claimed_for_settled_persons(write: Write, settled: str, django_assert_max_num_queries):
    with pytest.raises(CommandError, match="a person who is settled"):
        call_command("import_claims", "disability", write("a.csv", DISABILITY, "C1,P9,0101,2017,2,1,2017-03-01"))
    persons = [GOOD.replace("P1", f"P{n}") for n in range(50)]
    call_command("import_register", write("s.csv", SETTLEMENTS, *persons))
    claims = write("b.csv", DISABILITY, *(f"C{n},P{n},0101,2017,2,300000,2017-03-01" for n in range(50)))
    with django_assert_max_num_queries(15):
        call_command("import_claims", "disability", claims)
    assert set(ClaimFact.objects.values_list("kind", "costs_ore", "year")) == {("2", 300_000_00, 2017)}


# --- Organisations ----------------------------------------------------------------------------------------------------


def test_sub_units_of_sub_units_come_in_any_order(write: Write):
    rows = (f"{ONE},Lokallag,ngo,,,{TWO}", f"{TWO},Fylkeslag,ngo,,,{THREE}", f"{THREE},Forbund,ngo,,,")
    call_command("import_organisations", write("o.csv", ORGANISATIONS, *rows))
    local = Organisation.objects.get(orgnr=ONE)
    assert local.parent is not None and local.parent.parent is not None
    assert (local.parent.orgnr, local.parent.parent.orgnr) == (TWO, THREE)


@pytest.mark.parametrize("rows", [(f"{ONE},A,ngo,,,{ONE}",), (f"{ONE},A,ngo,,,{TWO}", f"{TWO},B,ngo,,,{ONE}")])
def test_nobody_stands_below_itself(write: Write, rows: tuple[str, ...]):
    with pytest.raises(CommandError, match="does not stand below this one"):
        call_command("import_organisations", write("o.csv", ORGANISATIONS, *rows))
    assert not OrganisationChange.objects.exists()


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (f"{ONE},Halden,municipality,0101,,", f"{ONE},Halden,municipality,0301,,", "0101: this is that municipality"),
        (f"{ONE},Halden,municipality,0101,,", f"{ONE},Halden,ngo,,,", "0101: this is that municipality"),
        (f"{ONE},Laget,ngo,,,", f"{ONE},Laget,municipality,0301,,", "Oslo kommune is the municipality"),
    ],
)
def test_a_municipality_keeps_its_number_also_under_a_correction(write: Write, before: str, after: str, expected: str):
    call_command("import_organisations", write("a.csv", ORGANISATIONS, before))
    with pytest.raises(CommandError, match=expected):
        call_command("import_organisations", write("b.csv", ORGANISATIONS, after), "--correct", "typed wrong")


def test_a_fault_names_the_column_of_the_file(write: Write):
    call_command("import_organisations", write("a.csv", ORGANISATIONS, f"{ONE},Fylket,county,0101,,"))
    with pytest.raises(CommandError, match='column kommunenummer: "0301"'):
        call_command("import_organisations", write("b.csv", ORGANISATIONS, f"{ONE},Fylket,county,0301,,"))


def test_a_corrected_account_number_is_a_new_row_and_the_newest_is_in_use(write: Write):
    first = write("a.csv", ORGANISATIONS, f"{ONE},Laget,ngo,,12540575124,")
    call_command("import_organisations", first)
    second = write("b.csv", ORGANISATIONS, f"{ONE},Laget,ngo,,69930570044,")
    call_command("import_organisations", second, "--correct", "new bank")
    call_command("import_organisations", first)
    assert [account.reason for account in BankAccount.objects.order_by("recorded_at")] == ["", "new bank"]


# --- Erasure ----------------------------------------------------------------------------------------------------------


def test_the_erased_are_not_taken_in_again_under_their_old_reference(write: Write, settled: str):
    call_command("import_claims", "asylum_training", write("a.csv", ASYLUM, "C1,P1,0101,norwegian,2016-02-01"))
    administrator = make_user("adm", Role.ADMINISTRATOR)
    assert erase_persons(settled_before=2017, on=date(2040, 1, 1), by=administrator) == 1
    assert not ClaimFact.objects.exists()

    with pytest.raises(CommandError, match="have been erased; leave the row out"):
        call_command("import_register", settled)
    with pytest.raises(CommandError, match="have been erased; leave the row out"):
        call_command("import_claims", "asylum_training", write("a.csv", ASYLUM, "C1,P1,0101,norwegian,2016-02-01"))
    call_command("import_register", write("new.csv", SETTLEMENTS, "P2,1985-06-01,adult,2017-05-10,0101,5,0,1"))
    assert Person.objects.exclude(person_ref=None).get().person_ref == "P2"


def test_a_protected_person_is_erased_with_the_reference(settled: str):
    protected = protect_person("P1", level="confidential", reason="kode 7", since=date(2017, 1, 1))
    erase_persons(settled_before=2017, on=date(2040, 1, 1), by=make_user("adm", Role.ADMINISTRATOR))
    assert not type(protected).objects.exists()
    assert "P1" not in str(list(AuditEvent.objects.values_list("subject", "details")))


def test_the_refusal_names_a_year_that_is_accepted(settled: str):
    administrator = make_user("adm", Role.ADMINISTRATOR)
    with pytest.raises(Exception, match="settled before 2025 may be erased"):
        erase_persons(settled_before=2026, on=date(2040, 1, 1), by=administrator)
    assert erase_persons(settled_before=2025, on=date(2040, 1, 1), by=administrator) == 1


# --- Users and law ----------------------------------------------------------------------------------------------------


def test_a_user_is_added_once_and_may_have_several_roles(write: Write):
    for _ in range(2):
        call_command("add_user", "kari", "--role", "finance")
        call_command("add_user", "kari", "--role", "auditor")
    assert (User.objects.count(), DirectorateRole.objects.count()) == (1, 2)
    call_command("import_organisations", write("o.csv", ORGANISATIONS, f"{ONE},Laget,ngo,,,"))
    call_command("add_user", "ola", "--role", "signatory", "--organisation", ONE)
    assert Membership.objects.get().organisation.orgnr == ONE


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["kari", "--role", "finance", "--organisation", ONE], "leave --organisation out"),
        (["kari", "--role", "editor"], "name it with --organisation"),
        (["kari", "--role", "editor", "--organisation", ONE], "There is no organisation"),
        (["x" * 81, "--role", "finance"], "1 to 80"),
        (["", "--role", "finance"], "1 to 80"),
    ],
)
def test_a_role_fits_its_organisation(arguments: list[str], expected: str):
    with pytest.raises(CommandError, match=expected):
        call_command("add_user", *arguments)
    assert not User.objects.exists()


def test_the_law_is_loaded_once_and_an_edited_rate_is_refused():
    call_command("load_law")
    number = KnownRate.objects.count()
    call_command("load_law")
    assert KnownRate.objects.count() == number > 0


@pytest.mark.parametrize(("name", "value"), [("value", "1"), ("unit", "count"), ("valid_to", date(2017, 6, 30))])
def test_an_edited_rate_is_refused(name: str, value: object):
    known = {
        "scheme": "integration", "name": "year_2", "valid_from": date(2017, 1, 1), "valid_to": date(2017, 12, 31),
        "unit": "ore", "citation": "x", "certainty": "V", "value": "23000000",
    }  # fmt: skip
    KnownRate.objects.create(**known | {name: value})
    with pytest.raises(CommandError, match=f"integration.year_2 from 2017-01-01: {name} was known as"):
        call_command("load_law")
    assert KnownRate.objects.count() == 1


def test_protecting_again_keeps_what_was_said_before(settled: str):
    carl = make_user("carl", Role.ADMINISTRATOR)
    call_command("protect_person", "P1", "--level", "confidential", "--reason", "kode 7", "--by", "carl")
    call_command("protect_person", "P1", "--level", "strictly_confidential", "--reason", "kode 6")

    first, second = AuditEvent.objects.filter(verb="protect_person").order_by("pk")
    assert (first.by, first.details["before"]) == (carl, None)
    assert second.details["before"] == {"level": "confidential", "reason": "kode 7"}
    assert second.details["actor"].startswith("command:")


@pytest.mark.parametrize("row", ["0710,2016,5", "0720,2017,5", "0720,2018,5"])
def test_a_request_names_a_municipality_that_existed_that_year(write: Write, row: str):
    with pytest.raises(CommandError, match="existed in"):
        call_command("import_requests", write("r.csv", REQUESTS, row))
    assert not RequestFact.objects.exists()

"""Many rows at once: what goes in comes out, on both databases, also while the rows are read from the same connection."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from grants.models import Organisation, Person, RequestFact, SettlementFact
from grants.register.reading import CHUNK, stream
from grants.shared import bulk
from grants.shared.bulk import write_groups, write_rows

COLUMNS = ("municipality_number", "year", "requested", "known_on", "recorded_at", "reason")
KNOWN = ("2017-01-01", "2017-01-01 12:00:00")
pytestmark = [pytest.mark.django_db, pytest.mark.timeout(60)]

STRANGE = ["", "\t", "\\N", "\\", "a\\tb", "line\nbreak\r", "=cmd()", "'; DROP TABLE x; --", "%s %(a)s", "æøå ✓", '"']


def reasons() -> list[str]:
    return list(RequestFact.objects.order_by("pk").values_list("reason", flat=True))


def test_text_comes_out_as_it_went_in():
    write_rows(RequestFact, COLUMNS, [("0301", 2017, 1, *KNOWN, text) for text in STRANGE])

    assert reasons() == STRANGE


@pytest.mark.parametrize("number", [0, 1, 332, 333, 334, 1000, bulk.COPY_LINES + 1])
def test_every_row_is_written_in_its_order_whatever_their_number(number):
    write_rows(RequestFact, COLUMNS, (("0301", 2017, n, *KNOWN, "") for n in range(number)))

    assert list(RequestFact.objects.order_by("pk").values_list("requested", flat=True)) == list(range(number))


def test_true_and_one_are_each_written_as_their_column_reads_them():
    write_rows(Person, ("id", "person_ref"), [(1, "p-1"), (2, "p-2")])
    columns = (
        "from_institution", "counts_for_request", "person_id", "born_on", "category", "settled_on",
        "municipality_number", "grant_years", "known_on", "recorded_at", "reason",
    )  # fmt: skip
    settled = ("1990-01-01", "adult", "2017-02-01", "0301", 5, *KNOWN, "")
    write_rows(SettlementFact, columns, [(True, False, 2, *settled), (0, 1, 1, *settled)])

    facts = SettlementFact.objects.order_by("pk").values_list("person_id", "from_institution", "counts_for_request")
    assert list(facts) == [(2, True, False), (1, False, True)]


def test_nothing_is_written_as_null():
    write_rows(Organisation, _ORGANISATION, [_organisation("a" * 32, None), _organisation("b" * 32, date(2018, 1, 1))])

    found = Organisation.objects.filter(name="Prøve").order_by("valid_to")
    assert sorted(str(one.valid_to) for one in found) == ["2018-01-01", "None"]


def test_groups_give_a_row_for_each_tail():
    shared = ((5, *KNOWN, "first"), (7, *KNOWN, "tab\there"))
    write_groups(RequestFact, COLUMNS, [(("0301", 2016), shared), (("1201", 2017), shared), (("0104", 2017), ())])

    rows = RequestFact.objects.order_by("pk").values_list("municipality_number", "year", "requested", "reason")
    assert list(rows) == [
        ("0301", 2016, 5, "first"), ("0301", 2016, 7, "tab\there"),
        ("1201", 2017, 5, "first"), ("1201", 2017, 7, "tab\there"),
    ]  # fmt: skip


def test_rows_can_be_made_from_a_stream_on_the_same_connection():
    write_rows(Person, ("person_ref",), ((f"p-{n}",) for n in range(2 * CHUNK + 5)))

    def groups():
        for number, (ref,) in enumerate(stream("SELECT person_ref FROM grants_person ORDER BY id", [])):
            if number % CHUNK == 3:  # a question of its own in the middle of the writing
                assert Person.objects.filter(person_ref=ref).exists()
            yield ("0301", 2017), ((number, *KNOWN, ref),)

    write_groups(RequestFact, COLUMNS, groups())

    assert reasons() == [f"p-{n}" for n in range(2 * CHUNK + 5)]


def test_a_fault_while_rows_are_made_writes_none_of_them_and_leaves_the_connection_usable():
    def rows():
        yield from (("0301", 2017, n, *KNOWN, "") for n in range(1500))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        write_rows(RequestFact, COLUMNS, rows())

    assert RequestFact.objects.count() == 0


def test_a_row_that_the_database_refuses_writes_none_of_them():
    with pytest.raises(DatabaseError), transaction.atomic():
        write_rows(Person, ("person_ref",), [("p-1",), ("p-2",), ("p-1",)])

    assert Person.objects.count() == 0


_ORGANISATION = ("id", "name", "search_key", "kind", "municipality_number", "language", "valid_from", "valid_to")


def _organisation(key, valid_to):
    return (key, "Prøve", "prøve", "ngo", "", "nb", "2017-01-01", valid_to and valid_to.isoformat())

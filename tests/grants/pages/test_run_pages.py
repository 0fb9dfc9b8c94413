"""The pages about runs: what they show, what they refuse, and that each look at a person leaves a trace."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grants.models import (
    EntitlementLine,
    EntitlementRun,
    LedgerEntry,
    Person,
    PersonLook,
    ProtectedPerson,
    Role,
    RunPayable,
)
from grants.services.prepare_run import prepare_run
from tests.factories.register import appropriate, finance, make_user, settle
from tests.factories.runs import make_run

pytestmark = pytest.mark.django_db
State = EntitlementRun.State


@pytest.fixture
def client_of() -> Callable[[Any], Client]:
    def signed_in(user: Any) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in


def prepared_by_kari() -> EntitlementRun:
    settle("P-1")
    appropriate()
    return prepare_run("integration", 2017, 1, by=finance("kari"))


def test_the_page_shows_the_difference_and_the_rates_with_their_source(client_of: Any):
    run = prepared_by_kari()

    page = client_of(finance("mona")).get(reverse("run", args=[run.pk])).content.decode()

    assert "57\xa0500\xa0kr" in page
    assert "Rundskriv 01/2017" in page
    assert reverse("run_approve", args=[run.pk]) in page


def test_a_second_person_approves_and_marks_as_paid(client_of: Any):
    run = prepared_by_kari()
    mona = client_of(finance("mona"))

    mona.post(reverse("run_approve", args=[run.pk]))
    mona.post(reverse("run_pay", args=[run.pk]))

    run.refresh_from_db()
    assert run.state == State.PAID
    assert LedgerEntry.objects.count() == 2


def test_the_one_who_prepared_gets_no_button_and_is_refused_by_the_server(client_of: Any):
    run = prepared_by_kari()
    kari = client_of(finance("kari"))

    assert reverse("run_approve", args=[run.pk]) not in kari.get(reverse("run", args=[run.pk])).content.decode()
    answer = kari.post(reverse("run_approve", args=[run.pk]))

    assert answer.status_code == 409
    assert "En annen må godkjenne den" in answer.content.decode()
    run.refresh_from_db()
    assert run.state == State.PREPARED


def test_what_other_programs_ask_is_refused_in_plain_text(client_of: Any):
    run = prepared_by_kari()

    answer = client_of(finance("kari")).post(reverse("run_approve", args=[run.pk]), headers={"Accept": "text/plain"})

    assert answer.status_code == 409
    assert answer.headers["Content-Type"].startswith("text/plain")


def test_a_form_from_elsewhere_is_refused(client_of: Any):
    run = prepared_by_kari()
    client = Client(enforce_csrf_checks=True)
    client.force_login(finance("mona"))

    assert client.post(reverse("run_approve", args=[run.pk])).status_code == 403
    assert not LedgerEntry.objects.exists()


def test_a_look_at_person_lines_is_logged_with_how_many(client_of: Any):
    run = make_run(State.PAID)
    auditor = make_user("per", Role.AUDITOR)

    page = client_of(auditor).get(reverse("run_municipality", args=[run.pk, "0101"])).content.decode()

    look = PersonLook.objects.get()
    assert (look.by, look.persons) == (auditor, 2)
    assert "P-" in page


def test_the_page_is_refused_when_the_look_cannot_be_logged(client_of: Any, monkeypatch: pytest.MonkeyPatch):
    run = make_run(State.PAID)
    client = client_of(finance("mona"))
    client.raise_request_exception = False

    def fails(*args: Any, **kwargs: Any) -> None:
        raise OSError("the log is full")

    monkeypatch.setattr("grants.pages.run_municipality.log_look", fails)
    answer = client.get(reverse("run_municipality", args=[run.pk, "0101"]))

    assert answer.status_code == 500
    assert b"P-" not in answer.content


def test_a_protected_person_is_shown_without_reference(client_of: Any):
    run = make_run(State.PAID)
    person = Person.objects.get(lines__code="AR-1")
    ref = person.person_ref
    ProtectedPerson.objects.create(person=person, person_ref=ref, level="confidential", since="2017-01-01", reason="x")
    Person.objects.filter(pk=person.pk).update(person_ref=None)

    page = client_of(finance("mona")).get(reverse("run_municipality", args=[run.pk, "0101"])).content.decode()

    assert f">{ref}<" not in page
    assert "Skjermet" in page


@pytest.mark.parametrize("number", ["0106", "9999", "x"])
def test_a_municipality_that_is_not_in_the_run_is_not_found(number: str, client_of: Any):
    run = make_run(State.PAID)

    assert client_of(finance("mona")).get(reverse("run_municipality", args=[run.pk, number])).status_code == 404
    assert not PersonLook.objects.exists()


@pytest.mark.parametrize(
    ("search", "found"), [("mos", ["0104"]), ("SARPS", ["0105"]), ("010", ["0101", "0104", "0105"]), ("zzz", [])]
)
def test_municipalities_are_found_by_name_and_number(search: str, found: list[str], client_of: Any):
    run = make_run()

    answer = client_of(finance("mona")).get(
        reverse("run", args=[run.pk]), {"search": search}, headers={"HX-Request": "true"}
    )

    page = answer.content.decode()
    assert "<html" not in page
    assert [number for number in ("0101", "0104", "0105") if f">{number}<" in page] == found


def test_a_run_that_is_still_being_written_is_not_shown(client_of: Any):
    run = make_run(State.PREPARING)

    assert client_of(finance("mona")).get(reverse("run", args=[run.pk])).status_code == 404


@pytest.mark.parametrize("page", ["0", "-1", "999", "x", ""])
def test_a_page_that_is_not_there_gives_one_that_is(page: str, client_of: Any):
    make_run()

    assert client_of(finance("mona")).get(reverse("runs"), {"page": page}).status_code == 200


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    return len(asked)


def test_the_number_of_questions_does_not_grow_with_the_lists(client_of: Any):
    client = client_of(finance("mona"))
    run = make_run()
    client.get(reverse("runs"))  # what the process remembers from here on is not asked again
    few = (
        [queries(client, reverse(name)) for name in ("runs", "front_page")],
        queries(client, reverse("run", args=[run.pk])),
    )
    for _ in range(4):
        make_run()
    bigger = make_run(State.PREPARING)
    for number in ("0106", "0111", "0118"):
        RunPayable.objects.create(
            run=bigger, municipality_number=number, due_ore=1, carried_in_ore=0, paid_ore=1, carried_out_ore=0
        )
        EntitlementLine.objects.create(
            run=bigger,
            municipality_number=number,
            code="AR-2",
            origin_year=2017,
            origin_term=1,
            kind="due",
            amount_ore=1,
        )
    EntitlementRun.objects.filter(pk=bigger.pk).update(state=State.PREPARED)
    many = (
        [queries(client, reverse(name)) for name in ("runs", "front_page")],
        queries(client, reverse("run", args=[bigger.pk])),
    )

    assert few == many

"""A claim by hand: a municipality writes and sends it, a caseworker looks and proposes, another person decides."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from applications.models import Application, HealthLook, State
from applications.services.attach import attach
from grants.jobs.queue import drain
from grants.models import ClaimFact, Role, User
from tests.factories.attachments import uploaded
from tests.factories.cases import caseworker, decision_maker, impartial, member, municipality, signatory
from tests.factories.claims import (
    CONTACT,
    COSTS,
    GRANTED_ORE,
    SECRET,
    decided,
    disability_call,
    make_claim_draft,
    make_places_draft,
    person_answers,
    reception_call,
    sent,
    taken,
    with_access,
)
from tests.factories.register import settle
from tests.grants.documents.gate.makers import pdf_with

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found.group(1)


def write(client: Client, case: Application, theme: str, typed: dict[str, str]):
    address = reverse("application_theme", kwargs={"pk": case.pk, "theme": theme})
    page = client.get(address).content.decode()
    form = typed | {"version": hidden(page, "version"), "seen": hidden(page, "seen"), "next": "1"}
    return client.post(address, form)


def test_a_claim_for_a_person_from_the_call_to_the_runs():
    settle("P1")
    call, signer = disability_call(), signatory(municipality(), "signe")
    client = signed_in(signer)
    assert "Tilskudd 2" in client.get(reverse("calls")).content.decode()
    client.post(reverse("application_begin", kwargs={"pk": call.pk}), {"organisation": str(municipality().pk)})
    draft = Application.objects.get()
    for theme, typed in (("contact", CONTACT), ("person", person_answers()), ("costs", COSTS)):
        assert write(client, draft, theme, typed).status_code == 302, theme
    for number, place in enumerate(("medical_statement", "costs_documented")):
        attach(draft, place, uploaded(f"{place}.pdf", pdf_with(Number=number)), by=signer)
    check_address = reverse("application_check", kwargs={"pk": draft.pk})
    check = client.get(check_address).content.decode()
    assert (
        "300\N{NO-BREAK SPACE}000" in check and "100\N{NO-BREAK SPACE}000" in check
    )  # the costs, and what they come to
    form = {"version": hidden(check, "version"), "key": hidden(check, "key"), "confirmed": "on"}
    assert client.post(check_address, form).status_code == 302
    drain()
    case = Application.objects.get()
    receipt = client.get(reverse("application_receipt", kwargs={"pk": case.pk})).content.decode()
    assert case.state == State.SUBMITTED and SECRET not in receipt

    worker = signed_in(with_access(impartial(caseworker(), call)))
    of_case = {"pk": case.pk}
    worker.post(reverse("case_take", kwargs=of_case), {"version": case.version})
    assert SECRET in worker.post(reverse("case_health", kwargs=of_case)).content.decode()
    page = worker.get(reverse("case_decide", kwargs=of_case)).content.decode()
    assert "Kravet om tilskudd er innvilget" in page
    case.refresh_from_db()
    proposal = {"amount": "100 000", "reason": "Kravet er dokumentert.", "version": case.version, "propose": "1"}
    assert worker.post(reverse("case_propose", kwargs=of_case), proposal).status_code == 302
    case.refresh_from_db()
    decider = signed_in(impartial(decision_maker(), call))
    form = {"version": case.version, "proposal": case.decisions.get().pk}
    assert decider.post(reverse("case_decision", kwargs=of_case), form).status_code == 302
    drain()

    case.refresh_from_db()
    assert (case.state, ClaimFact.objects.get().costs_ore) == (State.GRANTED, 300_000_00)
    told = client.get(reverse("application", kwargs=of_case)).content.decode()
    assert "Dere har ingen vilkår å godta" in told and "Vedtak: Tilskudd 2" in told
    assert "betales i den neste" in worker.get(reverse("case", kwargs=of_case)).content.decode()


def test_a_claim_for_places_says_what_it_comes_to_while_it_is_written():
    draft = make_places_draft()
    client = signed_in(draft.created_by)

    page = client.get(reverse("application_theme", kwargs={"pk": draft.pk, "theme": "places"})).content.decode()
    assert "1\N{NO-BREAK SPACE}481\N{NO-BREAK SPACE}440" in page
    wrong = write(client, draft, "places", {"has_agreement": "yes", "centre": "H", "agreed_on": "2016-11-01",
                                            "places": "80", "months": "13"})  # fmt: skip
    assert wrong.status_code == 422 and "Skriv et tall fra 1 til 12." in wrong.content.decode()


@pytest.mark.parametrize(("ref", "said"), [("P9", "Vi finner ingen bosatt person"), ("OLD", "gikk ut")])
def test_what_is_wrong_with_the_person_is_told_on_the_page_before_anything_else_is_written(ref: str, said: str):
    settle("OLD", "2015-01-10")
    draft = make_claim_draft(files=False, person={})

    answer = write(signed_in(draft.created_by), draft, "person", person_answers(ref))
    assert answer.status_code == 422 and said in answer.content.decode()


def test_a_late_claim_says_so_before_one_sends_it():
    settle("P1", "2015-01-10")
    draft = make_claim_draft()

    page = signed_in(draft.created_by).get(reverse("application_check", kwargs={"pk": draft.pk})).content.decode()
    assert "gikk ut 10.\N{NO-BREAK SPACE}februar\N{NO-BREAK SPACE}2016" in page and "Send inn søknaden" not in page


def test_what_is_told_is_not_kept_in_the_browser_and_the_pages_say_that_it_is_shielded():
    draft = make_claim_draft(files=False)
    client = signed_in(draft.created_by)

    person = client.get(reverse("application_theme", kwargs={"pk": draft.pk, "theme": "person"})).content.decode()
    contact = client.get(reverse("application_theme", kwargs={"pk": draft.pk, "theme": "contact"})).content.decode()
    assert " data-apart" in person and "Opplysningene er skjermet" in person
    assert " data-apart" not in contact


def test_two_who_write_at_once_see_both_texts_and_the_look_is_logged():
    settle("P1")
    draft = make_claim_draft(files=False)
    editor = signed_in(member(Role.EDITOR, username="erik"))
    address = reverse("application_theme", kwargs={"pk": draft.pk, "theme": "person"})
    page = editor.get(address).content.decode()
    write(signed_in(draft.created_by), draft, "person", person_answers(condition=f"{SECRET}, ny tekst"))
    form = person_answers(condition="Min tekst") | {"version": hidden(page, "version"), "seen": hidden(page, "seen")}

    answer = editor.post(address, form | {"next": "1"})
    assert answer.status_code == 409
    assert all(text in answer.content.decode() for text in ("Min tekst", f"{SECRET}, ny tekst"))
    assert HealthLook.objects.filter(by__username="erik").count() == 2


def test_the_municipality_reads_again_what_it_sent_in_and_what_it_answered():
    settle("P1")
    case = sent(make_claim_draft())
    drain()

    page = signed_in(case.created_by).get(reverse("application_health", kwargs={"pk": case.pk})).content.decode()
    assert all(text in page for text in (SECRET, "Legeerklæring 1.pdf", "250\N{NO-BREAK SPACE}000"))


def test_every_part_of_a_granted_claim_can_be_opened_by_those_who_read_cases():
    settle("P1")
    person = sent(make_claim_draft())
    decided(person)
    places = taken(sent(make_places_draft(reception_call())))
    client = signed_in(impartial(caseworker(), person.call))
    impartial(caseworker(), places.call)

    for case in (person, places):
        for name in ("case", "case_application", "case_documents", "case_history", "case_decide"):
            assert client.get(reverse(name, kwargs={"pk": case.pk})).status_code == 200, name
    assert person.applied_ore == GRANTED_ORE

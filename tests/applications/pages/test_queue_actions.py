"""What is done from the queue, without JavaScript: take, declare, share out, give back, and keep views."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications.models import Application, Declaration, SavedView, State
from applications.services.assess import declare, take_case
from applications.services.saved_views import open_with, save_view
from grants.models import User
from tests.factories.cases import caseworker, decision_maker, impartial, make_call, make_case, make_draft, municipality

pytestmark = pytest.mark.django_db
QUEUE = "/cases/?search=halden"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def token(case: Application) -> str:
    return f"{case.pk}.{case.version}"


def take(client: Client, case: Application, **more: Any) -> Any:
    address = reverse("case_take", args=[case.pk])
    return client.post(address, {"version": case.version, "next": QUEUE, **more})


# --- Take -------------------------------------------------------------------------------------------------------------


def test_who_is_impartial_takes_a_case_and_is_back_where_they_were():
    case = make_case()
    sara = impartial(caseworker(), case.call)

    answer = take(signed_in(sara), case)

    assert (answer.status_code, answer.url) == (302, QUEUE)
    case.refresh_from_db()
    assert (case.handler, case.state) == (sara, State.IN_PROGRESS)


def test_who_has_not_declared_does_so_and_has_the_case_afterwards():
    case = make_case()
    client = signed_in(caseworker())

    answer = take(client, case)
    assert answer.status_code == 302
    page = client.get(answer.url).content.decode()
    assert "Er du habil?" in page
    assert "Halden kommune" in page  # who applies, to know whom one stands near
    form = page[page.index("<main") : page.index("</main")]
    fields = dict(re.findall(r'type="hidden" name="(next|take)" value="([^"]*)"', form))
    assert fields == {"next": QUEUE, "take": token(case)}
    answer = client.post(answer.url.split("?")[0], fields | {"interest": "no"})

    assert (answer.status_code, answer.url) == (302, QUEUE)
    case.refresh_from_db()
    assert case.handler == caseworker()
    assert Declaration.objects.get().has_interest is False


def test_who_stands_too_near_says_why_and_sees_the_cases_no_more():
    case = make_case()
    client = signed_in(caseworker())
    address = reverse("declare", args=[case.call_id])
    posted = {"next": QUEUE, "take": token(case), "interest": "yes"}

    answer = client.post(address, posted)
    assert answer.status_code == 422
    assert "<title>Feil: " in answer.content.decode()
    answer = client.post(address, posted | {"reason": "Søsteren min leder prosjektet."})

    assert (answer.status_code, answer.url) == (302, "/cases/")
    case.refresh_from_db()
    assert case.handler is None
    assert case.reference not in client.get(reverse("cases")).content.decode().replace("search=", "")
    assert take(client, case).status_code == 404


@pytest.mark.parametrize("interest", ["", "maybe"])
def test_a_choice_is_made(interest: str):
    call = make_call()

    answer = signed_in(caseworker()).post(reverse("declare", args=[call.pk]), {"interest": interest})

    assert answer.status_code == 422
    assert "Velg om du er habil eller ikke." in answer.content.decode()
    assert not Declaration.objects.exists()


def test_what_was_said_is_shown_and_not_said_again():
    call = make_call()
    client = signed_in(impartial(caseworker(), call))
    address = reverse("declare", args=[call.pk])

    assert "Du har svart at du er habil" in client.get(address).content.decode()
    assert client.post(address, {"interest": "yes", "reason": "Likevel."}).status_code == 200
    assert Declaration.objects.get().has_interest is False


def test_a_decision_maker_declares_too_and_goes_on():
    call = make_call()

    answer = signed_in(decision_maker()).post(
        reverse("declare", args=[call.pk]), {"interest": "no", "next": "/runs/", "take": ""}
    )

    assert (answer.status_code, answer.url) == (302, "/runs/")


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil"])
def test_nobody_is_sent_away_from_us(elsewhere: str):
    case = make_case()
    client = signed_in(impartial(caseworker(), case.call))

    assert take(client, case, next=elsewhere).url == f"/cases/{case.pk}/"


def test_a_case_that_a_colleague_took_first_is_refused_kindly():
    case = make_case()
    client = signed_in(impartial(caseworker(), case.call))
    stale = Application.objects.get(pk=case.pk)
    take_case(case, by=impartial(caseworker("nils"), case.call))

    answer = take(client, stale)

    assert answer.status_code == 409
    assert "nils var først" in answer.content.decode()


def test_drafts_and_foreign_cases_answer_like_those_that_do_not_exist():
    hidden = make_case()
    draft = make_draft(hidden.call, municipality("0104"))
    sara = caseworker()
    declare(hidden.call, by=sara, has_interest=True, reason="Søsken.")
    client = signed_in(sara)
    missing = "00000000-0000-0000-0000-000000000000"

    for pk in (hidden.pk, draft.pk, missing):
        for name in ("case_take", "case_give_back"):
            assert client.post(reverse(name, args=[pk]), {"version": 1}).status_code == 404


# --- Share out and give back ------------------------------------------------------------------------------------------


def test_ticked_cases_are_shared_out():
    call = make_call()
    cases = [make_case(call=call, organisation=municipality(number)) for number in ("0101", "0104", "0105")]
    nils = caseworker("nils")
    posted = {"case": [token(case) for case in cases[:2]], "to": str(nils.pk), "next": QUEUE}

    answer = signed_in(caseworker()).post(reverse("cases_assign"), posted, follow=True)

    assert "2 saker er fordelt til nils." in answer.content.decode()
    assert set(Application.objects.filter(handler=nils)) == set(cases[:2])


def test_a_case_that_changed_meanwhile_is_named_and_the_others_are_shared_out():
    call = make_call()
    first, second = (make_case(call=call, organisation=municipality(number)) for number in ("0101", "0104"))
    nils = caseworker("nils")
    tokens = [token(first), token(second)]
    take_case(second, by=impartial(caseworker("anna"), call))

    answer = signed_in(caseworker()).post(reverse("cases_assign"), {"case": tokens, "to": str(nils.pk)})

    assert answer.status_code == 409
    page = answer.content.decode()
    assert second.reference in page
    assert "endret av en annen" in page
    assert set(Application.objects.filter(handler=nils)) == {first}


def test_nothing_is_shared_out_without_cases_or_to_nobody():
    case = make_case()
    client = signed_in(caseworker())
    sara = str(caseworker().pk)

    for posted in (
        {"to": sara},
        {"to": sara, "case": ["x", "1.2", "00000000-0000-0000-0000-000000000000.1"]},
        {"case": [token(case)]},
        {"case": [token(case)], "to": str(decision_maker().pk)},
        {"case": [token(case)], "to": "x"},
    ):
        assert client.post(reverse("cases_assign"), posted).status_code == 422
    case.refresh_from_db()
    assert case.handler is None


def test_hidden_cases_can_not_be_shared_out():
    case = make_case()
    nils, sara = caseworker("nils"), caseworker()
    declare(case.call, by=sara, has_interest=True, reason="Søsken.")

    answer = signed_in(sara).post(reverse("cases_assign"), {"case": [token(case)], "to": str(nils.pk)})

    assert answer.status_code == 422  # as if none was ticked
    case.refresh_from_db()
    assert case.handler is None


def test_a_case_is_given_back():
    case = make_case(State.IN_PROGRESS)

    answer = signed_in(caseworker()).post(
        reverse("case_give_back", args=[case.pk]), {"version": case.version}, follow=True
    )

    assert "ligger i køen igjen" in answer.content.decode()
    case.refresh_from_db()
    assert (case.state, case.handler) == (State.SUBMITTED, None)


# --- Views ------------------------------------------------------------------------------------------------------------


def test_a_view_is_saved_shown_and_opened_first():
    client = signed_in(caseworker())

    answer = client.post(reverse("case_views"), {"name": "Mine", "query": "handler=me", "shared": "1"})
    assert answer.url == "/cases/?handler=me"
    assert 'href="?handler=me" aria-current="true"' in client.get(answer.url).content.decode()
    view = SavedView.objects.get()
    assert view.is_shared
    client.post(reverse("case_view", args=[view.pk]), {"do": "first"})

    answer = client.get(reverse("cases"))
    assert (answer.status_code, answer.url) == (302, "/cases/?handler=me")
    assert client.get("/cases/?state=open").status_code == 200
    client.post(reverse("case_view", args=[view.pk]), {"do": "not_first"})
    assert client.get(reverse("cases")).status_code == 200


def test_a_view_is_renamed_and_removed():
    view = save_view("Mine", "handler=me", by=caseworker())
    client = signed_in(caseworker())
    address = reverse("case_view", args=[view.pk])

    client.post(address, {"do": "change", "name": "Mine egne"})
    assert "Mine egne" in client.get(reverse("case_views")).content.decode()
    client.post(address, {"do": "remove"})
    assert not SavedView.objects.exists()


def test_a_name_that_is_no_good_is_said_and_what_was_typed_stands():
    save_view("Mine", "", by=caseworker())
    other = save_view("Andre", "", by=caseworker())
    client = signed_in(caseworker())

    answer = client.post(reverse("case_views"), {"name": "mine", "query": "state=closed"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>Feil: " in page
    assert 'value="mine"' in page
    assert 'value="state=closed"' in page
    answer = client.post(reverse("case_view", args=[other.pk]), {"do": "change", "name": "Mine"})
    assert answer.status_code == 422
    assert f'href="#name-{other.pk}"' in answer.content.decode()


def test_anothers_view_is_not_there_and_a_shared_one_is_not_ones_own():
    own = save_view("Egen", "", by=decision_maker())
    shared = save_view("Delt", "", by=decision_maker(), is_shared=True)
    client = signed_in(caseworker())

    for do in ("change", "remove", "first", "not_first", "x"):
        assert client.post(reverse("case_view", args=[own.pk]), {"do": do, "name": "X"}).status_code == 404
    assert client.post(reverse("case_view", args=[shared.pk]), {"do": "x"}).status_code == 404
    for do in ("change", "remove"):
        assert client.post(reverse("case_view", args=[shared.pk]), {"do": do, "name": "X"}).status_code == 409
    page = client.get(reverse("case_views")).content.decode()
    assert "Delt" in page
    assert "Egen" not in page
    open_with(shared, by=caseworker())
    assert "Åpnes først" in client.get(reverse("case_views")).content.decode()

"""The applicant's road through the pages, without JavaScript: begin, write, be told, send in, answer, withdraw."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from applications.models import Application, State, Submission
from applications.services.assess import ask_applicant
from applications.services.draft import save_answers
from grants.models import Role, User
from tests.factories.cases import (
    ANSWERS,
    caseworker,
    impartial,
    make_call,
    make_case,
    make_draft,
    member,
    municipality,
    signatory,
)

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def fields(theme: str, **changes: Any) -> dict[str, Any]:
    """A theme as a browser posts it."""
    typed = ANSWERS[theme] | changes
    posted = {name: value for name, value in typed.items() if not isinstance(value, list)}
    for table in ("costs", "financing"):
        for part in ("text", "kroner"):
            if table in typed:
                posted[f"{table}-{part}"] = [row[part] for row in typed[table]]
    return posted


def post(client: Client, application: Application, theme: str, button: str = "next", **changes: Any) -> Any:
    version = Application.objects.get(pk=application.pk).version
    posted = {"version": version, button: "", **fields(theme, **changes)}
    return client.post(reverse("application_theme", args=[application.pk, theme]), posted)


def test_a_signatory_finds_a_call_and_sends_an_application_in():
    call = make_call()
    halden = municipality()
    client = signed_in(signatory(halden))
    assert "Kommunale utviklingsmidler" in client.get(reverse("calls")).content.decode()
    assert "Start søknaden" in client.get(reverse("call", args=[call.pk])).content.decode()

    begun = client.post(reverse("application_begin", args=[call.pk]), {"organisation": str(halden.pk)})
    application = Application.objects.get()
    assert begun["Location"] == reverse("application", args=[application.pk])
    for theme, after in zip(ANSWERS, [*list(ANSWERS)[1:], "attachments"], strict=True):
        answer = post(client, application, theme)
        assert answer.status_code == 302 and answer["Location"].rstrip("/").endswith(after)
    passed = client.post(reverse("application_theme", args=[application.pk, "attachments"]), {"next": ""})
    assert passed["Location"] == reverse("application_check", args=[application.pk])
    assert "6 av 6" in client.get(reverse("application", args=[application.pk])).content.decode()
    version = Application.objects.get().version
    sent = client.post(
        reverse("application_check", args=[application.pk]), {"version": version, "confirmed": "on"}, follow=True
    )

    page = sent.content.decode()
    assert "Søknaden er sendt inn" in page and f"{timezone.localdate().year}/1" in page
    assert Submission.objects.get().applied_ore == 500_000_00


def test_what_is_wrong_is_told_and_kept():
    application = make_draft()
    client = signed_in(application.created_by)

    answer = post(client, application, "goals", participants="<b>mange</b>")

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Skriv et helt tall" in page and "&lt;b&gt;mange&lt;/b&gt;" in page and "<b>mange" not in page
    assert Application.objects.get().answers["goals"]["participants"] == "<b>mange</b>"


@pytest.mark.parametrize("applied", ["-1", "1e9", "NaN", "99999999999999", "=1+1", "500 000,50"])
def test_an_amount_that_cannot_be_is_told_and_kept(applied: str):
    application = make_draft()
    answer = post(signed_in(application.created_by), application, "budget", applied=applied)

    assert answer.status_code == 422
    assert "hele kroner" in answer.content.decode()
    assert Application.objects.get().answers["budget"]["applied"] == applied


def test_the_sums_follow_what_is_typed_without_leaving_the_page():
    application = make_draft()
    answer = post(signed_in(application.created_by), application, "budget", "update", applied="400 000")

    assert answer.status_code == 200
    assert "600\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}kr" in answer.content.decode()
    assert "100\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}kr" in answer.content.decode()


def test_autosave_answers_with_the_time_and_the_new_version():
    application = make_draft()
    answer = signed_in(application.created_by).post(
        reverse("application_theme", args=[application.pk, "goals"]),
        {"version": application.version, "goals": "halvveis"},
        headers={"HX-Request": "true"},
    )

    page = answer.content.decode()
    assert "<html" not in page and "Lagret" in page and f'value="{application.version + 1}"' in page
    assert Application.objects.get().answers["goals"]["goals"] == "halvveis"


def test_two_windows_show_both_texts_and_the_second_can_choose():
    application = make_draft()
    client = signed_in(application.created_by)
    other = member(Role.EDITOR)
    save_answers(
        application, "goals", ANSWERS["goals"] | {"goals": "den første"}, version=application.version, by=other
    )
    url = reverse("application_theme", args=[application.pk, "goals"])
    mine = {"version": application.version - 1, **fields("goals", goals="den andre")}

    told = client.post(url, mine)
    page = told.content.decode()
    assert told.status_code == 409
    assert "den første" in page and "den andre" in page and "erik" in page
    assert Application.objects.get().answers["goals"]["goals"] == "den første"

    chosen = client.post(url, mine | {"version": application.version, "next": ""})
    assert chosen.status_code == 302
    assert Application.objects.get().answers["goals"]["goals"] == "den andre"


def test_an_editor_is_told_who_signs():
    application = make_draft()
    page = signed_in(member(Role.EDITOR)).get(reverse("application_check", args=[application.pk])).content.decode()

    assert "En med signaturrett sender inn" in page and "signe-0101" in page
    assert "Send inn søknaden" not in page


def test_sending_in_takes_a_confirmation_and_happens_once():
    application = make_draft()
    client = signed_in(application.created_by)
    url = reverse("application_check", args=[application.pk])
    assert client.post(url, {"version": application.version}).status_code == 422
    assert client.post(url, {"version": application.version, "confirmed": "on"}).status_code == 302
    assert client.post(url, {"version": application.version, "confirmed": "on"}).status_code == 409
    assert Submission.objects.count() == 1


def test_too_late_is_told_and_nothing_is_sent():
    call = make_call()
    application = make_draft(call)
    client = signed_in(application.created_by)
    with time_machine.travel(call.closes_at + timedelta(seconds=1), tick=False):
        client.force_login(application.created_by)
        answer = client.post(
            reverse("application_check", args=[application.pk]), {"version": application.version, "confirmed": "on"}
        )

    assert answer.status_code == 409 and "Fristen var" in answer.content.decode()
    assert Application.objects.get().state == State.DRAFT


def test_the_applicant_answers_a_question_and_sees_it_on_the_timeline():
    application = make_case(State.IN_PROGRESS)
    ask_applicant(application, "Hva koster kurset?", by=impartial(caseworker(), application.call))
    client = signed_in(application.created_by)
    page = client.get(reverse("application", args=[application.pk])).content.decode()
    assert "Hva koster kurset?" in page and "Venter på svar fra dere" in page

    version = Application.objects.get().version
    answered = client.post(
        reverse("application_answer", args=[application.pk]),
        {"version": version, "answer": "100 000 kroner"},
        follow=True,
    )
    assert "100 000 kroner" in answered.content.decode()
    assert Application.objects.get().state == State.IN_PROGRESS


def test_a_proposal_is_not_shown_before_it_is_a_decision():
    application = make_case(State.PROPOSED)
    page = signed_in(application.created_by).get(reverse("application", args=[application.pk])).content.decode()

    assert "Under behandling" in page and "Innstilt" not in page and "godt forankret" not in page


def test_a_case_can_be_withdrawn_by_who_signs():
    application = make_case()
    client = signed_in(application.created_by)
    client.post(reverse("application_withdraw", args=[application.pk]), {"version": application.version})

    assert Application.objects.get().state == State.WITHDRAWN


@pytest.mark.parametrize("name", ["application", "application_theme", "application_check"])
@pytest.mark.parametrize("verb", ["get", "post", "put", "delete"])
def test_another_organisations_application_is_not_there(name: str, verb: str):
    application = make_draft()
    stranger = signed_in(signatory(municipality("0104"), "stranger"))
    arguments = [application.pk, "goals"] if name == "application_theme" else [application.pk]

    answer = getattr(stranger, verb)(reverse(name, args=arguments))

    assert answer.status_code in (404, 405)
    assert Application.objects.get().version == application.version


def test_a_call_that_is_not_published_is_not_there_and_json_tells_the_rest():
    call = make_call()
    type(call).objects.create(
        scheme="kum", year=2018, title_nb="Hemmelig", title_nn="Hemmeleg", about_nb="x", about_nn="x", envelope_ore=1,
        opens_at=call.opens_at, closes_at=call.closes_at, created_by=call.created_by,
    )  # fmt: skip

    assert "Hemmelig" not in Client().get(reverse("calls")).content.decode()
    [told] = json.loads(Client().get(reverse("calls_json")).content)["calls"]
    assert told["envelope_ore"] == call.envelope_ore and told["is_open"] is True


def test_a_reader_of_nynorsk_gets_the_calls_and_the_questions_in_nynorsk():
    application = make_draft()
    client = signed_in(application.created_by)
    client.cookies["django_language"] = "nn"

    assert (
        "Kommunale utviklingsmidlar 2017" in client.get(reverse("application", args=[application.pk])).content.decode()
    )
    page = client.get(reverse("application_theme", args=[application.pk, "goals"])).content.decode()
    assert "Kor mange deltek?" in page and "hald fram seinare" in page

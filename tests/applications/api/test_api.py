"""The API: the same road as on the pages, each act once per key, foreign things not there, and no answer of 500."""

import json
from threading import Thread
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connections, transaction
from django.test import Client
from django.urls import reverse

from applications.models import Application, Decision, Ruling, Score, State, Submission
from grants.models import AnsweredRequest, ApiToken, Role, User
from grants.services.api_tokens import end_token
from grants.shared.errors import Refused
from tests.applications.api.client import Api
from tests.factories.cases import (
    ANSWERS,
    APPLIED_ORE,
    caseworker,
    decision_maker,
    impartial,
    make_call,
    make_case,
    make_draft,
    make_proposal,
    member,
    municipality,
    signatory,
)
from tests.factories.register import appropriate

pytestmark = pytest.mark.django_db


def test_a_municipality_applies_from_its_own_system():
    call, halden = make_call(), municipality()
    api = Api(signatory(halden))
    begun = api.post("api_cases", call=str(call.pk), organisation=str(halden.pk))
    assert begun.status_code == 201
    case = begun.json()

    for theme, typed in ANSWERS.items():
        saved = api.post("api_theme", case["id"], theme, version=case["version"], typed=typed)
        assert saved.status_code == 200, saved.content
        case = saved.json()
    assert {theme["progress"] for theme in case["themes"]} == {"done"}
    sent = api.post("api_submit", case["id"], version=case["version"])

    assert (sent.status_code, sent.json()["state"], sent.json()["applied_ore"]) == (200, "submitted", APPLIED_ORE)
    assert Submission.objects.count() == 1
    assert [event["verb"] for event in api.get("api_events", case["id"]).json()["results"]] == ["submit", "begin"]


def test_a_case_is_worked_and_decided_by_two():
    application = make_case()
    sara, david = impartial(caseworker(), application.call), impartial(decision_maker(), application.call)
    appropriate(post="62", year=2026)
    work, decide = Api(sara), Api(david)
    case = work.post("api_take", application.pk, version=application.version).json()
    [finding] = work.get("api_findings", application.pk).json()
    assert work.post("api_rule", application.pk, finding["id"], met=True, reason="Kontrollert.").json()["met"] is True
    for criterion in application.call.criteria():
        given = work.post("api_score", application.pk, criterion=criterion["code"], points=4, reason="Godt.")
        assert given.status_code == 201
    proposed = work.post(
        "api_propose", application.pk, version=case["version"], amount_ore=APPLIED_ORE, reason="Godt forankret."
    )
    assert proposed.status_code == 201
    refused = work.post("api_decide", application.pk, version=proposed.json()["version"])
    decided = decide.post("api_decide", application.pk, version=proposed.json()["version"])

    assert refused.status_code == 403
    assert decided.status_code == 200, decided.content
    assert decided.json()["state"] == State.GRANTED
    assert (Ruling.objects.count(), Score.objects.count()) == (1, len(application.call.criteria()))


def test_the_same_key_is_done_once_and_answered_the_same():
    application = make_draft()
    api = Api(application.created_by)
    body = {"version": application.version, "typed": {"goals": "nye mål"}}
    first = api.post("api_theme", application.pk, "goals", key="key-0001", **body)
    again = api.post("api_theme", application.pk, "goals", key="key-0001", **body)
    other = api.post("api_theme", application.pk, "goals", key="key-0001", **body | {"typed": {"goals": "andre"}})

    assert (first.status_code, again.status_code, other.status_code) == (200, 200, 409)
    assert first.json() == again.json() and again.headers["Idempotency-Replayed"] == "true"
    assert Application.objects.get().version == application.version + 1
    assert "Idempotency-Replayed" not in first.headers


def test_a_refusal_is_no_answer_to_keep_and_may_be_tried_again():
    application = make_draft(contact={})
    api = Api(application.created_by)
    refused = api.post("api_submit", application.pk, key="key-0002", version=application.version)
    assert refused.status_code == 409 and "ikke ferdig" in refused.json()["message"]
    api.post("api_theme", application.pk, "contact", version=application.version, typed=ANSWERS["contact"])
    application.refresh_from_db()

    sent = api.post("api_submit", application.pk, key="key-0003", version=application.version)

    assert sent.status_code == 200
    assert AnsweredRequest.objects.filter(key="key-0002").count() == 0


@pytest.mark.parametrize("key", ["", "kort", "æøåæøåæøå", "x" * 81])
def test_an_act_takes_a_key(key: str):
    application = make_draft()
    client = Api(application.created_by).client
    answer = client.post(
        reverse("api_submit", args=[application.pk]), "{}", content_type="application/json",
        headers={"Idempotency-Key": key.encode("latin-1", "replace").decode("latin-1")},
    )  # fmt: skip

    assert answer.status_code == 422 and "Idempotency-Key" in answer.json()["message"]


def test_what_was_answered_never_changes():
    application = make_draft()
    Api(application.created_by).post("api_withdraw", application.pk, version=application.version)

    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        AnsweredRequest.objects.update(status=500)
    with pytest.raises(DatabaseError, match="never removed"), transaction.atomic():
        AnsweredRequest.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_with_one_key_are_one_act_and_twenty_equal_answers():
    application = make_draft()
    api = Api(application.created_by)
    answers: list[Any] = []

    def press() -> None:
        try:
            answers.append(api.post("api_submit", application.pk, key="the-one-key", version=application.version))
        finally:
            connections.close_all()

    threads = [Thread(target=press) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [answer.status_code for answer in answers] == [200] * 20, [a.content for a in answers]
    assert len({answer.content for answer in answers}) == 1
    assert Submission.objects.count() == 1


# --- Who may, and what is not there -----------------------------------------------------------------------------------


def test_another_organisations_case_answers_like_one_that_does_not_exist():
    application = make_draft()
    owner, stranger = Api(application.created_by), Api(signatory(municipality("0104"), "stranger"))
    body = {"version": application.version}
    for name, more in (("api_submit", {}), ("api_withdraw", {}), ("api_answer", {"text": "x"})):
        foreign = stranger.post(name, application.pk, **body | more)
        missing = stranger.post(name, uuid4(), **body | more)
        assert (foreign.status_code, foreign.content) == (missing.status_code, missing.content)
        assert foreign.status_code == 404
    assert stranger.get("api_case", application.pk).status_code == 404
    assert stranger.get("api_cases").json()["results"] == []
    assert Application.objects.get().version == application.version
    assert owner.get("api_case", application.pk).status_code == 200  # the control


def test_without_a_token_the_answer_says_how_and_with_one_that_has_ended_too():
    application = make_draft()
    nobody = Client().get(reverse("api_cases"))
    assert (nobody.status_code, nobody.headers["WWW-Authenticate"]) == (401, "Bearer")
    api = Api(application.created_by)
    assert api.get("api_cases").status_code == 200
    end_token(ApiToken.objects.get().pk)

    assert api.get("api_cases").status_code == 401
    with pytest.raises(Refused):
        end_token(ApiToken.objects.get().pk)


def test_a_token_opens_the_api_alone_and_a_deactivated_person_nothing():
    user = signatory()
    api = Api(user)
    assert api.client.get(reverse("our_applications")).status_code == 302
    User.objects.filter(pk=user.pk).update(is_active=False)

    assert api.get("api_cases").status_code == 401


def test_a_session_must_bring_its_csrf_token():
    application = make_draft()
    client = Client(enforce_csrf_checks=True)
    client.force_login(application.created_by)

    answer = client.post(
        reverse("api_submit", args=[application.pk]), json.dumps({"version": application.version}),
        content_type="application/json", headers={"Idempotency-Key": str(uuid4())},
    )  # fmt: skip

    assert answer.status_code == 403
    assert Application.objects.get().state == State.DRAFT


def test_a_role_that_is_missing_is_said_to_the_directorate_and_hidden_from_others():
    application = make_case(State.IN_PROGRESS)
    assert Api(decision_maker()).post("api_score", application.pk).status_code == 403
    assert Api(member(Role.ACCOUNTANT)).post("api_submit", application.pk).status_code == 404


def test_a_stale_version_is_refused_with_who_was_first():
    application = make_case(State.PROPOSED)
    david = impartial(decision_maker(), application.call)

    answer = Api(david).post("api_decide", application.pk, version=application.version - 1)

    assert answer.status_code == 409 and answer.json()["error"] == "changed_since"
    assert Decision.objects.get().state == Decision.State.PROPOSED


@pytest.mark.parametrize(
    ("language", "message", "fault"),
    [
        ("nb", "Noen av feltene passer ikke", "Feltet finnes ikke. Feltene er cooperation, goals, participants, plan."),
        ("nn", "Nokre av felta passar ikkje", "Feltet finst ikkje. Felta er cooperation, goals, participants, plan."),
        (
            "en",
            "Some of the fields do not fit",
            "There is no such field. The fields are cooperation, goals, participants, plan.",
        ),
    ],
)
def test_what_is_wrong_is_said_in_the_language_of_the_header(language: str, message: str, fault: str):
    draft = make_draft()
    api = Api(draft.created_by)
    api.client.defaults["HTTP_ACCEPT_LANGUAGE"] = language

    answer = api.post("api_theme", draft.pk, "goals", version=draft.version, typed={"hopes": "Many."})
    said = answer.json()
    assert answer.status_code == 422 and said["message"].startswith(message)
    assert said["fields"] == {"hopes": fault}


@pytest.mark.parametrize(
    ("language", "said"), [("nb", "Beløpet må være mellom 0 og"), ("nn", "Beløpet må vere mellom 0 og")]
)
def test_a_caseworker_is_refused_in_their_form_of_norwegian(language: str, said: str):
    case = make_case(State.IN_PROGRESS)
    api = Api(impartial(caseworker(), case.call))
    api.client.defaults["HTTP_ACCEPT_LANGUAGE"] = language

    too_much = {"amount_ore": APPLIED_ORE + 100, "reason": "Godt forankret."}
    answer = api.post("api_propose", case.pk, version=case.version, **too_much)
    assert answer.status_code == 422 and answer.json()["message"].startswith(said)


# --- Lists ------------------------------------------------------------------------------------------------------------


def test_a_list_is_read_page_by_page_in_one_question_each(django_assert_max_num_queries: Any):
    call = make_call()
    made = [make_draft(call, municipality(number)) for number in ("0101", "0104", "0105")]
    for one in made[1:]:
        signatory(one.organisation, "signe")
    api = Api(signatory(municipality(), "signe"))

    with django_assert_max_num_queries(8):
        page = api.get("api_cases", page_size=2).json()
    rest = api.client.get(page["next"]).json()

    assert [len(page["results"]), len(rest["results"]), rest["next"]] == [2, 1, None]
    assert {row["id"] for row in page["results"] + rest["results"]} == {str(one.pk) for one in made}
    assert set(page["results"][0]) >= {"applied_ore", "organisation_name", "state", "version"}


@pytest.mark.parametrize(
    "query", [{"page_size": 2**65}, {"cursor": "tull"}, {"state": "' OR 1=1"}, {"page_size": "-1"}]
)
def test_nonsense_in_a_query_is_no_error_of_ours(query: dict[str, Any]):
    assert Api(signatory()).get("api_cases", **query).status_code in (200, 404, 422)


@pytest.mark.parametrize(
    "body",
    ["", "[]", "null", '{"version": 1e400}', '{"version": "\\u0000"}', '{"version": -1}', "{", '{"version": []}'],
)
def test_nonsense_in_a_body_is_told_and_nothing_is_done(body: str):
    application = make_draft()
    answer = Api(application.created_by).client.post(
        reverse("api_submit", args=[application.pk]), body, content_type="application/json",
        headers={"Idempotency-Key": str(uuid4())},
    )  # fmt: skip

    assert answer.status_code == 422, answer.content
    assert Application.objects.get().state == State.DRAFT


def test_anybody_may_read_calls_and_the_schema():
    call = make_call()
    make_proposal(make_case(State.IN_PROGRESS, call=call))

    [told] = Client().get(reverse("api_calls")).json()["results"]
    assert told["id"] == str(call.pk) and told["is_open"] is True
    assert "/api/v1/cases/" in Client().get(reverse("api_schema")).content.decode()

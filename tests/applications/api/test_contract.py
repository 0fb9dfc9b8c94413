"""What every endpoint keeps: one shape of refusals, versions by ETag, limits by name, lists by cursor, and a schema of it all."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import yaml
from django.test import Client
from django.urls import get_resolver, reverse

from applications.models import Application, State
from grants.api.refusals import WORDS
from tests.applications.api.client import Api
from tests.factories.cases import ANSWERS, caseworker, make_call, make_case, make_draft, municipality, signatory
from tests.test_access import patterns

pytestmark = pytest.mark.django_db
CHANGES = ("post", "put", "patch", "delete")


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return dict(yaml.safe_load(Client().get(reverse("api_schema")).content))


def operations(schema: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, verbs in schema["paths"].items():
        for verb, operation in verbs.items():
            yield path, verb, operation


# --- The schema -------------------------------------------------------------------------------------------------------


def test_the_schema_is_valid_openapi_and_names_every_address(
    schema: dict[str, Any], capsys: pytest.CaptureFixture[str]
):
    from drf_spectacular.validation import validate_schema

    validate_schema(schema)
    addresses = {p.name for p in patterns(get_resolver()) if p.name.startswith("api_")} - {"api_schema"}
    assert len(schema["paths"]) == len(addresses)
    assert "arning" not in capsys.readouterr().err


def test_every_operation_tells_its_answers_and_every_act_takes_a_key(schema: dict[str, Any]):
    for path, verb, operation in operations(schema):
        headers = {one["name"] for one in operation.get("parameters", []) if one["in"] == "header"}
        assert ("Idempotency-Key" in headers) == (verb in CHANGES), (path, verb)
        assert {"401", "403", "404", "422", "429"} <= set(operation["responses"]), (path, verb)
        assert any(status.startswith("2") for status in operation["responses"]), (path, verb)
        assert operation["description"], (path, verb)
    assert len({operation["operationId"] for _, _, operation in operations(schema)}) > 70


def test_a_list_that_can_grow_is_read_by_cursor(schema: dict[str, Any]):
    """The few that are whole are bounded by what they belong to: conditions of a scheme, the most files of a case."""
    whole = []
    for path, verb, operation in operations(schema):
        [content] = [*operation["responses"].get("200", {"content": {"": {"schema": {}}}})["content"].values()]
        if content["schema"].get("type") == "array":
            whole.append((path, verb))
    assert whole == [("/api/v1/cases/{id}/attachments/", "get"), ("/api/v1/cases/{id}/findings/", "get")]


def test_one_signs_in_with_a_token_or_a_session(schema: dict[str, Any]):
    assert schema["paths"]["/api/v1/cases/"]["get"]["security"] == [{"token": []}, {"session": []}]
    assert {"token", "session"} == set(schema["components"]["securitySchemes"])


# --- Refusals ---------------------------------------------------------------------------------------------------------


def test_every_refusal_has_the_one_shape():
    application = make_draft()
    api = Api(application.created_by)
    where = reverse("api_submit", args=[application.pk])
    key = {"Idempotency-Key": "key-0001"}
    answers = {
        401: Client().get(reverse("api_cases")),
        403: Api(caseworker()).post("api_submit", application.pk),
        404: api.get("api_case", uuid4()),
        405: api.client.put(where, "{}", content_type="application/json"),
        409: api.post("api_answer", application.pk, version=application.version, text="Svar."),
        413: api.client.post(where, b" " * 3_000_000, content_type="application/json", headers=key),
        415: api.client.post(where, "<a/>", content_type="application/xml", headers=key),
        422: api.post("api_submit", application.pk, version="x"),
    }
    for status, answer in answers.items():
        told = answer.json()
        assert answer.status_code == status, (status, answer.content)
        assert answer.headers["Content-Type"] == "application/json"
        assert set(told) - {"fields"} == {"error", "message"} and told["error"] in WORDS and told["message"]
    assert answers[422].json()["fields"].keys() == {"version"}


@pytest.mark.parametrize("path", ["/api/", "/api/v1/", "/api/v1/ukjent/", "/api/v2/cases/", "/api/v1/cases/1/"])
def test_an_unknown_address_answers_machines_in_json(path: str):
    answer = Client().get(path)

    assert (answer.status_code, answer.json()["error"]) == (404, "not_found")


def test_our_own_fault_is_told_without_its_insides(monkeypatch: pytest.MonkeyPatch):
    def broken(*_args: object, **_named: object) -> None:
        raise RuntimeError("en hemmelighet")

    api = Api(signatory())
    monkeypatch.setattr("applications.api.cases.Application.objects.visible_to", broken)
    api.client.raise_request_exception = False
    answer = api.get("api_cases")

    assert (answer.status_code, answer.json()["error"]) == (500, "our_fault")
    assert "hemmelighet" not in answer.content.decode()


def test_the_framework_words_come_in_the_language_that_is_asked_for():
    for language, words in (("nb", "Finnes ikke."), ("nn", "Finst ikkje.")):
        answer = Client(headers={"Accept-Language": language}).get("/api/v1/ukjent/")
        assert (answer.json()["message"], answer.headers["Content-Language"]) == (words, language)


def test_an_incomplete_application_is_told_where():
    application = make_draft(contact={}, budget={**ANSWERS["budget"], "applied": "1"})
    answer = Api(application.created_by).post("api_submit", application.pk, version=application.version)

    assert answer.status_code == 409
    assert {"contact.contact_name", "budget.applied"} <= set(answer.json()["fields"])


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "*/*", "nonsense", "application/json; version=9"])
def test_the_form_of_an_answer_is_not_for_the_caller_to_choose(accept: str):
    answer = Client(headers={"Accept": accept}).get(reverse("api_calls") + "?format=api")

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")


# --- Versions ---------------------------------------------------------------------------------------------------------


def if_match(api: Api, name: str, pk: Any, etag: str, **body: Any) -> Any:
    return api.client.post(
        reverse(name, args=[pk]), json.dumps(body), content_type="application/json",
        headers={"Idempotency-Key": str(uuid4()), "If-Match": etag},
    )  # fmt: skip


def test_what_was_read_is_named_by_its_etag_and_a_stale_one_is_refused():
    application = make_draft()
    api = Api(application.created_by)
    read = api.get("api_case", application.pk)
    assert read.headers["ETag"] == f'"{read.json()["version"]}"'
    api.post("api_theme", application.pk, "goals", version=application.version, typed={"goals": "Andre mål."})

    stale = if_match(api, "api_withdraw", application.pk, read.headers["ETag"])
    assert (stale.status_code, stale.json()["error"]) == (412, "changed_since")
    assert Application.objects.get().state == State.DRAFT
    fresh = api.get("api_case", application.pk).headers["ETag"]
    assert if_match(api, "api_withdraw", application.pk, fresh).status_code == 200  # the control


@pytest.mark.parametrize("etag", ["*", '"x"', "", '"1", "2"', 'W/"3"', '"99999999999999999999"'])
def test_an_etag_that_is_none_of_ours_is_refused(etag: str):
    application = make_draft()
    assert if_match(Api(application.created_by), "api_submit", application.pk, etag).status_code == 422


def test_header_and_body_must_not_say_different_versions():
    application = make_draft()
    answer = if_match(Api(application.created_by), "api_submit", application.pk, '"3"', version=4)

    assert answer.status_code == 422 and "hver sin versjon" in answer.json()["message"]


def test_an_act_without_a_version_is_told_to_send_one():
    application = make_draft()
    answer = Api(application.created_by).post("api_submit", application.pk)

    assert (answer.status_code, answer.json()["fields"].keys()) == (422, {"version"})


# --- Limits -----------------------------------------------------------------------------------------------------------


def test_limits_have_names_and_say_when_to_come_back(settings: Any):
    settings.API_LIMITS = {"anonymous": "2/minute", "read": "3/minute", "change": "1/minute"}
    application = make_draft()
    api, nobody = Api(application.created_by), Client()
    assert [nobody.get(reverse("api_calls")).status_code for _ in range(3)] == [200, 200, 429]
    assert [api.get("api_cases").status_code for _ in range(4)] == [200, 200, 200, 429]
    acts = [api.post("api_withdraw", application.pk, version=99) for _ in range(2)]

    assert [act.status_code for act in acts] == [409, 429]
    assert acts[1].json()["error"] == "too_many" and int(acts[1].headers["Retry-After"]) > 0
    assert Api(signatory(municipality("0104"), "en-annen")).get("api_cases").status_code == 200  # counted by itself


def test_a_header_does_not_make_somebody_new_of_the_unknown(settings: Any):
    settings.API_LIMITS = {"anonymous": "1/minute", "read": "", "change": ""}
    client = Client()
    told = [client.get(reverse("api_calls"), headers={"X-Forwarded-For": f"10.0.0.{n}"}).status_code for n in range(2)]

    assert told == [200, 429]


# --- Lists ------------------------------------------------------------------------------------------------------------


def test_a_page_is_never_larger_than_the_largest():
    application = make_case()
    for number in range(210):
        application.events.create(verb="begin", text=str(number), open_to_applicant=True)
    page = Api(application.created_by).get("api_events", application.pk, page_size=10_000).json()

    assert len(page["results"]) == 200 and page["next"]


@pytest.mark.parametrize(
    "cursor", ["cD14", "bz0xJnA9dHVsbA==", "cD0lMDA=", "bz0tMQ==", "bz05OTk5OTk5OTk5OTk5OTk=", "%00"]
)
def test_a_cursor_that_somebody_made_up_is_no_page(cursor: str):
    make_call()
    for name in ("api_calls", "api_cases"):
        assert Api(signatory()).get(name, cursor=cursor).status_code in (200, 404)


# --- What is typed ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("theme", "typed"),
    [
        ("budget", {"costs": "alt"}),
        ("budget", {"costs": [1]}),
        ("budget", {"costs": [{"text": {}, "kroner": "1"}]}),
        ("budget", {"costs": [{"tekst": "Lønn"}]}),
        ("budget", {"own": 50000}),
        ("goals", {"goals": ["a"]}),
        ("goals", {"goals": None}),
        ("goals", {"måll": "Slip."}),
        ("goals", "tekst"),
        ("goals", []),
    ],
)
def test_answers_of_another_kind_are_refused_by_field_and_nothing_is_stored(theme: str, typed: Any):
    application = make_draft()
    answer = Api(application.created_by).post(
        "api_theme", application.pk, theme, version=application.version, typed=typed
    )

    assert (answer.status_code, answer.json()["error"]) == (422, "bad_input")
    assert answer.json()["fields"]
    assert Application.objects.get().answers == application.answers


@pytest.mark.parametrize("sign", ["\u0000", "\ud800", "\u0008", "\u202e", "\u009f", "\ufeff"])
def test_a_character_that_nobody_sees_is_not_stored(sign: str):
    application = make_draft()
    typed = {"costs": [{"text": f"Lø{sign}nn", "kroner": f"5{sign}00"}], "own": f"{sign}1"}
    answer = Api(application.created_by).post(
        "api_theme", application.pk, "budget", version=application.version, typed=typed
    )

    assert answer.status_code == 200, answer.content
    assert Application.objects.get().answers["budget"] == {"costs": [{"text": "Lønn", "kroner": "500"}], "own": "1"}


@pytest.mark.parametrize("number", ["1e400", "-1e400", "NaN", "Infinity", "9" * 5000])
def test_numbers_that_no_database_holds_are_no_fault_of_ours(number: str):
    application = make_draft()
    answer = Api(application.created_by).client.post(
        reverse("api_theme", args=[application.pk, "goals"]), f'{{"version": {application.version}, "typed": {{"goals": {number}}}}}',
        content_type="application/json", headers={"Idempotency-Key": "key-0001"},
    )  # fmt: skip

    assert answer.status_code == 422

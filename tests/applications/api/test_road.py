"""The road to a decision through the API: copied, reopened, asked, answered, given on, noted; and the papers of the case."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from applications.models import Application, Call, State, Submission
from applications.services.submit import submit
from grants.jobs.queue import drain
from grants.models import Organisation, Role
from tests.applications.api.client import Api
from tests.factories.appeals import make_decided
from tests.factories.cases import (
    ANSWERS,
    caseworker,
    decision_maker,
    impartial,
    make_call,
    make_case,
    make_draft,
    member,
    municipality,
    owner,
    signatory,
)

pytestmark = pytest.mark.django_db


def test_a_new_application_begins_with_last_years_answers():
    earlier = make_case(call=make_call(title_nb="I fjor"))
    call, halden = make_call(), earlier.organisation
    api = Api(earlier.created_by)
    begun = api.post("api_cases", call=str(call.pk), organisation=str(halden.pk), copy=True)

    assert begun.status_code == 201, begun.content
    assert begun.json()["answers"]["goals"] == ANSWERS["goals"]
    assert {theme["progress"] for theme in begun.json()["themes"]} <= {"copied", "not started", "done"}
    nothing = Api(signatory(municipality("0104"), "ny")).post(
        "api_cases", call=str(call.pk), organisation=str(municipality("0104").pk), copy=True
    )
    assert (nothing.status_code, Application.objects.filter(organisation=municipality("0104")).count()) == (409, 0)


def test_what_was_sent_in_is_opened_changed_and_sent_again():
    application = make_case()
    api = Api(application.created_by)
    opened = api.post("api_reopen", application.pk, version=application.version)
    assert (opened.status_code, opened.json()["state"]) == (200, "draft")
    sent = api.post("api_submit", application.pk, version=opened.json()["version"])

    assert (sent.status_code, Submission.objects.count()) == (200, 2)
    assert api.get("api_receipt", application.pk).json()["number"] == 2


def test_a_question_with_a_last_day_is_asked_and_answered():
    application = make_case(State.IN_PROGRESS)
    work, ours = Api(impartial(caseworker(), application.call)), Api(application.created_by)
    due_on = (timezone.localdate() + timedelta(days=5)).isoformat()
    asked = work.post("api_ask", application.pk, version=application.version, text="Hva koster det?", due_on=due_on)
    assert asked.status_code == 200, asked.content
    answered = ours.post("api_answer", application.pk, version=asked.json()["version"], text="10 000 kroner.")
    assert answered.status_code == 200

    told = ours.get("api_questions", application.pk).json()["results"]
    assert [(one["kind"], one["text"], one["due_on"]) for one in told] == [
        ("answer", "10 000 kroner.", None),
        ("ask", "Hva koster det?", due_on),
    ]


def test_a_question_is_taken_back_and_a_case_given_to_a_colleague_and_back_to_the_queue():
    application = make_case(State.IN_PROGRESS)
    sara, anna = impartial(caseworker(), application.call), impartial(caseworker("anna"), application.call)
    work = Api(sara)
    case = work.post("api_ask", application.pk, version=application.version, text="Hva koster det?").json()
    case = work.post("api_stop_waiting", application.pk, version=case["version"]).json()
    assert case["state"] == "in_progress"
    case = work.post("api_assign", application.pk, version=case["version"], to="anna").json()
    assert Application.objects.get().handler == anna
    assert work.post("api_assign", application.pk, version=case["version"], to="ingen").status_code == 422
    given = Api(anna).post("api_give_back", application.pk, version=case["version"])

    assert (given.status_code, given.json()["state"]) == (200, "submitted")


def test_a_note_stays_inside_and_a_case_is_opened_again_after_the_deadline():
    application = make_case(State.IN_PROGRESS)
    work = Api(impartial(caseworker(), application.call))
    noted = work.post("api_note", application.pk, version=application.version, text="Ring\x08 kommunen.")
    assert (noted.status_code, noted.json()["text"]) == (201, "Ring kommunen.")
    until = (timezone.now() + timedelta(days=3)).isoformat()
    opened = work.post(
        "api_open_again", application.pk, version=application.version, until=until, reason="Budsjettet mangler."
    )

    assert (opened.status_code, opened.json()["state"]) == (200, "draft")
    assert "Ring kommunen." not in Api(application.created_by).get("api_events", application.pk).content.decode()


def test_the_papers_of_a_case_are_listed_and_fetched_and_internal_ones_stay_inside(monkeypatch: pytest.MonkeyPatch):
    press: Any = lambda *_args, **_named: b"%PDF-1.7 pressed"  # noqa: E731
    monkeypatch.setattr("applications.services.record_incoming.render_pdf", press)
    application = make_draft()
    submit(application, by=application.created_by)
    drain()
    ours = Api(application.created_by)
    receipt = ours.get("api_receipt", application.pk).json()
    [document] = ours.get("api_documents", application.pk).json()["results"]

    assert (receipt["reference"], receipt["document"]) == (Application.objects.get().reference, document["number"])
    for name, arguments in (("api_document", [document["number"]]), ("api_receipt_file", [])):
        file = ours.get(name, application.pk, *arguments)
        assert (file.status_code, file.headers["Content-Type"]) == (200, "application/pdf")
        assert file.content.startswith(b"%PDF")
    assert ours.get("api_document", application.pk, 99).status_code == 404
    assert ours.get("api_decision", application.pk).status_code == 404


def test_the_decision_that_stands_is_told_with_its_last_day_to_appeal():
    decision = make_decided()
    told = Api(signatory(decision.application.organisation)).get("api_decision", decision.application_id).json()

    assert (told["outcome"], told["amount_ore"], told["last_day_to_appeal"]) == (
        "grant_in_part", decision.amount_ore, "2017-06-22",
    )  # fmt: skip


def test_a_call_is_prepared_published_and_a_recipient_invited():
    api, now = Api(owner()), timezone.now()
    contents = {
        "scheme": "resource_centres", "year": 2017, "title_nb": "Ressurs", "title_nn": "Ressurs", "about_nb": "Om.",
        "about_nn": "Om.", "envelope_ore": 100_000_00, "opens_at": (now - timedelta(days=1)).isoformat(),
        "closes_at": (now + timedelta(days=30)).isoformat(),
    }  # fmt: skip
    made = api.post("api_prepare_call", **contents)
    assert made.status_code == 201, made.content
    pk = made.json()["id"]
    assert api.post("api_publish_call", pk).status_code == 200
    assert api.post("api_publish_call", pk).status_code == 409
    kind = Call.objects.get().terms["recipients"][0]
    named = Organisation.objects.create(name="Senteret", kind=kind, orgnr="974760673")
    invited = api.post("api_invite", pk, organisation=str(named.pk), ground="Prop. 1 S", amount_ore=50_000_00)

    assert (invited.status_code, invited.json()["organisation_name"]) == (201, "Senteret")
    assert api.post("api_invite", uuid4(), organisation=str(named.pk), ground="Prop. 1 S").status_code == 404
    assert api.post("api_prepare_call", **contents | {"envelope_ore": -1}).status_code == 422


def test_the_accountant_reads_and_a_decision_maker_takes_nothing():
    application = make_case()
    assert Api(member(Role.ACCOUNTANT)).get("api_receipt", application.pk).status_code == 200
    assert Api(decision_maker()).post("api_give_back", application.pk, version=1).status_code == 403

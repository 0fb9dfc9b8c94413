"""The rest of the applicant's road: finding a call, lines of the budget, the receipt, documents, copying, changing."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from applications.models import Application, CaseDocument, State, Submission
from applications.services.records import record
from grants.jobs.queue import drain
from grants.models import Role
from tests.applications.pages.test_applicant import fields, signed_in
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
from tests.factories.register import make_user

pytestmark = pytest.mark.django_db


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


# --- Calls ----------------------------------------------------------------------------------------------------------


def test_calls_are_found_by_words_and_by_who_applies():
    make_call()
    make_call(scheme="attitudes", title_nb="Holdninger", title_nn="Haldningar")

    def found(**asked: Any) -> tuple[bool, bool]:
        page = text_of(Client().get(reverse("calls"), asked))
        return "Kommunale utviklingsmidler" in page, "Holdninger" in page

    assert found() == (True, True)
    assert found(search="haldn") == (False, True)
    assert found(search="utvikl kommunale") == (True, False)
    assert found(search="100%_") == (False, False)
    assert found(who="municipality")[0] and not found(who="ngo")[0]
    assert found(who="nonsense") == (True, True)


def test_a_deadline_that_is_near_is_warned_of():
    call = make_call()
    assert "dager igjen" not in text_of(Client().get(reverse("calls")))
    with time_machine.travel(call.closes_at - timedelta(days=8), tick=False):
        assert "8 dager igjen" in text_of(Client().get(reverse("calls")))


# --- The budget without JavaScript -----------------------------------------------------------------------------------


def test_a_line_is_added_and_removed_and_what_is_typed_is_saved():
    application = make_draft()
    client = signed_in(application.created_by)
    url = reverse("application_theme", args=[application.pk, "budget"])

    added = client.post(url, {"version": application.version, **fields("budget", own="1"), "add": "costs"})
    assert added.status_code == 200 and 'id="costs-2-text"' in text_of(added)
    version = Application.objects.get().version
    removed = client.post(url, {"version": version, **fields("budget"), "remove": "costs-0"})

    assert 'id="costs-1-text"' not in text_of(removed)
    assert Application.objects.get().answers["budget"]["costs"] == [{"text": "Kurs", "kroner": "100 000"}]


def test_faults_are_told_at_the_top_and_at_the_field():
    application = make_draft()
    url = reverse("application_theme", args=[application.pk, "budget"])
    costs = [{"text": "", "kroner": "100"}, {"text": "Kurs", "kroner": "nitti tusen"}]
    page = text_of(
        signed_in(application.created_by).post(
            url, {"version": application.version, **fields("budget", costs=costs), "next": ""}
        )
    )

    assert 'href="#costs-0-text"' in page and 'aria-describedby="costs-0-text-fault"' in page
    assert "Kostnad 2: Skriv beløpet i hele kroner" in page and "<title>Feil: " in page


# --- The receipt -------------------------------------------------------------------------------------------------------


def sent(client: Client, application: Application, key: Any, version: int | None = None) -> Any:
    url = reverse("application_check", args=[application.pk])
    return client.post(url, {"version": version or application.version, "confirmed": "on", "key": str(key)})


def test_pressing_twice_gives_the_same_receipt():
    application, key = make_draft(), uuid4()
    client = signed_in(application.created_by)

    answers = [sent(client, application, key) for _ in range(3)]

    receipt = reverse("application_receipt", args=[application.pk])
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, receipt)] * 3
    assert sent(client, application, key, version=99).status_code == 409
    page = text_of(client.get(receipt))
    submission = Submission.objects.get()
    assert submission.sha256 in page and f"{submission.submitted_at.year}/1" in page
    assert f"{timezone.localtime(submission.submitted_at):%H.%M.%S}" in page


def test_the_receipt_file_is_there_at_once_and_is_what_is_recorded():
    case = make_case()
    client = signed_in(case.created_by)
    url = reverse("application_receipt_file", args=[case.pk])

    before = client.get(url)
    assert before["Content-Type"] == "application/pdf" and before.content.startswith(b"%PDF")
    assert not CaseDocument.objects.exists()
    drain()
    assert client.get(url).content == before.content
    assert CaseDocument.objects.get().kind.startswith("submission:")


def test_a_draft_has_no_receipt_and_another_organisations_is_not_there():
    draft, case = make_draft(), make_case(organisation=municipality("0104"))
    client = signed_in(draft.created_by)
    for name in ("application_receipt", "application_receipt_file"):
        assert client.get(reverse(name, args=[draft.pk])).status_code == 404
        assert client.get(reverse(name, args=[case.pk])).status_code == 404
        assert signed_in(case.created_by).get(reverse(name, args=[case.pk])).status_code == 200


# --- Documents ---------------------------------------------------------------------------------------------------------


def document_in(case: Application, direction: str, of: int) -> CaseDocument:
    return record(
        case, "submission", of=of, content=b"%PDF-1.7 " + direction.encode(), about="KUM", language="nb",
        direction=CaseDocument.Direction(direction), dated=date(2017, 3, 1),
    )  # fmt: skip


def test_a_document_is_for_its_applicant_and_the_directorate():
    case = make_case()
    document = document_in(case, "out", 1)
    internal = document_in(case, "internal", 2)
    worker = signed_in(caseworker())
    applicant = signed_in(member(Role.ACCOUNTANT))
    stranger = signed_in(signatory(municipality("0104"), "fremmed"))

    def got(client: Client, number: int, pk: Any = case.pk) -> int:
        return client.get(reverse("case_document", args=[pk, number])).status_code

    assert [got(client, document.number) for client in (worker, applicant, stranger)] == [200, 200, 404]
    assert [got(client, internal.number) for client in (worker, applicant, stranger)] == [200, 404, 404]
    assert [got(client, 99) for client in (worker, applicant, stranger)] == [404, 404, 404]
    assert got(applicant, 1, uuid4()) == 404
    assert got(signed_in(make_user("adam", Role.ADMINISTRATOR)), document.number) == 403


def test_somebody_with_an_interest_does_not_get_the_document():
    case = make_case()
    document = document_in(case, "in", 1)
    worker = caseworker()
    case.call.declarations.create(user=worker, has_interest=True, reason="Bror")
    assert signed_in(worker).get(reverse("case_document", args=[case.pk, document.number])).status_code == 404


def test_a_document_that_was_tampered_with_is_not_shown(settings):
    case = make_case()
    document = document_in(case, "in", 1)
    (settings.LETTER_ARCHIVE / document.path).write_bytes(b"%PDF-1.7 forged")
    answer = signed_in(case.created_by).get(reverse("case_document", args=[case.pk, document.number]))
    assert answer.status_code == 409 and b"forged" not in answer.content


# --- The case ----------------------------------------------------------------------------------------------------------


def test_the_case_shows_where_it_stands_its_documents_and_when_they_were_sent():
    case = make_case(State.GRANTED)
    drain()
    page = text_of(signed_in(case.created_by).get(reverse("application", args=[case.pk])))

    assert "Hvor saken står" in page and "Prosjektet er godt forankret." in page
    assert "som er hele beløpet dere søkte om" in page and "sendt til dere" in page
    for number in (1, 2):
        assert reverse("case_document", args=[case.pk, number]) in page


def test_our_applications_are_shown_by_group():
    draft, case = make_draft(), make_case(organisation=municipality())
    client = signed_in(draft.created_by)

    def shown(group: str) -> set[str]:
        page = text_of(client.get(reverse("our_applications"), {"show": group}))
        return {str(one.pk) for one in (draft, case) if str(one.pk) in page}

    assert shown("") == shown("nonsense") == {str(draft.pk), str(case.pk)}
    assert (shown("draft"), shown("in_hand"), shown("ended")) == ({str(draft.pk)}, {str(case.pk)}, set())


def test_a_case_is_taken_back_after_a_question_and_sent_in_again():
    case = make_case()
    client = signed_in(case.created_by)
    url = reverse("application_reopen", args=[case.pk])
    assert "må sendes inn på nytt" in text_of(client.get(url))

    page = text_of(client.post(url, {"version": case.version}, follow=True))
    assert "Husk å sende den inn på nytt" in page
    version = Application.objects.get().version
    assert sent(client, case, uuid4(), version).status_code == 302
    assert Submission.objects.count() == 2


def test_a_stale_withdrawal_is_refused():
    case = make_case()
    client = signed_in(case.created_by)
    url = reverse("application_withdraw", args=[case.pk])
    assert "Det kan ikke angres" in text_of(client.get(url))
    assert client.post(url, {"version": case.version - 1}).status_code == 409
    assert Application.objects.get().state == State.SUBMITTED


# --- Begin with last year's, and be let in again ---------------------------------------------------------------------------


def test_last_years_answers_are_offered_and_must_be_looked_over():
    case = make_case()
    numbers = {"least_share_of_immigrants": 0, "least_refugees": 100}  # no source gives those of 2018
    call = make_call(year=2018, closes_at=timezone.now() + timedelta(days=60), numbers=numbers)
    client = signed_in(case.created_by)
    assert "Start med svarene fra sist" in text_of(client.get(reverse("call", args=[call.pk])))

    organisation = {"organisation": str(case.organisation_id)}
    begun = client.post(reverse("application_begin", args=[call.pk]), organisation | {"copy": "1"}, follow=True)
    page = text_of(begun)
    assert "1 av 6" in page and page.count("Kopiert, må sees over") == 5

    new = Application.objects.get(call=call)
    url = reverse("application_theme", args=[new.pk, "goals"])
    assert ANSWERS["goals"]["plan"] in text_of(client.get(url))
    client.post(url, {"version": new.version, **fields("goals"), "next": ""})
    assert "2 av 6" in text_of(client.get(reverse("application", args=[new.pk])))


def test_a_caseworker_opens_a_case_again_with_a_reason_and_a_deadline():
    case = make_case()
    client = signed_in(impartial(caseworker(), case.call))
    url = reverse("case_open_again", args=[case.pk])
    day = (timezone.localdate() + timedelta(days=3)).isoformat()
    form = {"version": case.version, "until_on": day, "until_at": "12:00", "reason": "Budsjettet mangler."}

    for wrong in ({"reason": " "}, {"until_on": "2017-01-01"}, {"until_on": "snart"}):
        assert client.post(url, form | wrong).status_code == 422
    assert client.post(url, form).status_code == 302

    case.refresh_from_db()
    assert (case.state, f"{timezone.localtime(case.open_until):%H.%M}") == (State.DRAFT, "12.00")
    assert client.get(url).status_code == 404

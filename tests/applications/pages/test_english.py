"""The applicant's whole road in English: no page, refusal or receipt has a Norwegian word that is not marked as one."""

import io
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from applications.models import Appeal, Application, Call, Report, State
from applications.services.appeal_work import ask_appellant, assign_appeal
from applications.services.reports import submit_report
from applications.services.review_report import propose_unspent, return_report
from applications.services.terms import decline_grant
from grants.law.registry import SCHEMES
from grants.models import Role, User
from tests.factories.appeals import handler, make_decided, make_reversal
from tests.factories.cases import (
    caseworker,
    impartial,
    make_call,
    make_case,
    make_draft,
    make_question,
    member,
    moment,
    municipality,
    signatory,
)
from tests.factories.claims import (
    decided,
    disability_call,
    make_claim_draft,
    make_places_draft,
    person_answers,
    sent,
    taken,
)
from tests.factories.follow_up import (
    IN_TIME,
    accept,
    approve_change,
    make_accepted,
    make_change,
    make_grant,
    make_recommended,
    make_report,
    make_submitted,
    on,
    terms_of,
    underspent,
)
from tests.factories.frames import make_frame, make_handed_on
from tests.factories.register import settle
from tests.norwegian import unmarked

pytestmark = pytest.mark.django_db
# What an English-speaking applicant of Halden writes.
IN_ENGLISH: dict[str, dict[str, Any]] = {
    "contact": {"contact_name": "Kari Nordmann", "contact_email": "kari@halden.example"},
    "municipality": {"share_of_immigrants": "7.5", "refugees": "120"},
    "project": {
        "project_name": "Sooner in work", "summary": "Qualification in firms.", "target_group": "Newcomers.",
        "starts_on": "2017-03-01", "ends_on": "2017-12-31",
    },
    "goals": {"goals": "20 in work.", "participants": "20", "plan": "Practice from week one."},
    "budget": {
        "costs": [{"text": "Wages", "kroner": "500,000"}, {"text": "Course", "kroner": "NOK 100,000"}],
        "financing": [{"text": "NAV", "kroner": "50 000"}],
        "own": "50,000", "applied": "500,000",
    },
}  # fmt: skip


def reader(user: User | None = None) -> Client:
    """The browser of somebody who has chosen English."""
    client = Client()
    if user is not None:
        client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


def seen(answer: Any, status: int = 200) -> str:
    """A page, looked through."""
    page = str(answer.content.decode())
    assert answer.status_code == status
    assert '<html lang="en"' in page and unmarked(page) == []
    return page.replace("\N{NO-BREAK SPACE}", " ")


def look(client: Client, name: str, application: Application, status: int = 200, **more: Any) -> str:
    return seen(client.get(reverse(name, kwargs={"pk": application.pk} | more)), status)


def send(
    client: Client, name: str, application: Application, posted: dict[str, Any], status: int = 422, **more: Any
) -> str:
    return seen(client.post(reverse(name, kwargs={"pk": application.pk} | more), posted), status)


def as_posted(theme: str, **changes: Any) -> dict[str, Any]:
    typed = IN_ENGLISH[theme] | changes
    posted = {name: value for name, value in typed.items() if not isinstance(value, list)}
    for table in ("costs", "financing"):
        for part in ("text", "kroner"):
            if table in typed:
                posted[f"{table}-{part}"] = [row[part] for row in typed[table]]
    return posted


def words_of(pdf: HttpResponse) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.content)).pages).split())


# --- The list itself ---------------------------------------------------------------------------------------------------


def test_the_list_knows_norwegian_and_what_is_marked():
    assert unmarked("<p>Søknaden er sendt</p>") and unmarked('<a aria-label="Neste side">x</a>')
    assert unmarked('<p>The case. <span lang="nb">Søknaden er <b>sendt</b></span> We read it for you.</p>') == []
    page = Client().get(reverse("sign_in")).content.decode()
    assert len(unmarked(page)) > 5


# --- Before signing in ---------------------------------------------------------------------------------------------------


def test_the_public_pages(settings: Any):
    settings.DEMO = True
    make_call()
    make_call(opens_at=timezone.now() + timedelta(days=2))
    call = make_call(closes_at=timezone.now() + timedelta(days=3))
    signatory()
    client = reader()

    page = seen(client.get(reverse("calls")))
    assert "3 days left" in page or "2 days left" in page
    assert "NOK 5,000,000" in page and '<span lang="nb">Kommunale utviklingsmidler</span>' in page
    assert "Nothing found" in seen(client.get(reverse("calls"), {"search": "xyzzy"}))
    page = seen(client.get(reverse("call", args=[call.pk])))
    assert "At least 5 per cent immigrants" in page and "The text of the call is in Norwegian" in page
    for name in ("sign_in", "accessibility", "schemes"):
        seen(client.get(reverse(name)))
    assert "Page not found" not in seen(client.get("/nothing-here/"), 404)


@pytest.mark.parametrize("code", SCHEMES)
def test_every_scheme(code: str):
    page = seen(reader().get(reverse("scheme", args=[code])))
    assert "Target group" in page and "the Norwegian text applies" in page
    seen(reader().get(reverse("scheme", args=[code]), {"on": "nonsense"}), 422)


# --- Writing and sending -----------------------------------------------------------------------------------------------


def test_an_application_from_the_first_page_to_the_receipt():
    call, signe = make_call(), signatory()
    client = reader(signe)
    page = seen(client.get(reverse("call", args=[call.pk])))
    assert 'name="letters_in" value="nn"' in page
    begun = {"organisation": str(municipality().pk), "letters_in": "nn"}
    assert client.post(reverse("application_begin", args=[call.pk]), begun).status_code == 302
    application = Application.objects.get()
    assert application.language == "nn"
    look(client, "application", application)

    for theme in (*IN_ENGLISH, "attachments"):
        look(client, "application_theme", application, theme=theme)
    faulty = {
        "contact": {}, "municipality": {"share_of_immigrants": "x", "refugees": "x"}, "goals": {"participants": "many"},
        "project": as_posted("project", ends_on="2017-02-01", summary="x" * 900, project_name="x\ny"),
        "budget": as_posted("budget", costs=[{"text": "", "kroner": "x"}], own="x", applied=""),
    }  # fmt: skip
    for theme, typed in faulty.items():
        version = Application.objects.get().version
        page = send(client, "application_theme", application, {"version": version, "next": "", **typed}, theme=theme)
        assert "<title>Error: " in page
    short = as_posted("budget", applied="400,000") | {"version": Application.objects.get().version, "next": ""}
    assert "NOK 100,000 of the costs lacks financing" in send(
        client, "application_theme", application, short, theme="budget"
    )

    for theme in IN_ENGLISH:
        posted = {"version": Application.objects.get().version, "next": "", **as_posted(theme)}
        assert client.post(reverse("application_theme", args=[application.pk, theme]), posted).status_code == 302
    stale = {"version": 1, "next": "", **as_posted("goals", goals="Something else.")}
    assert "Your text" in send(client, "application_theme", application, stale, 409, theme="goals")
    for name, content in (
        ("virus.exe", b"MZ"),
        ("empty.pdf", b""),
        ("other.pdf", b"GIF89a"),
        ("half.png", b"\x89PNG\r\n\x1a\n"),
    ):
        file = {"file": SimpleUploadedFile(name, content)}
        send(client, "application_attach", application, file, place="other")
    page = look(client, "application_check", application)
    assert "7.5%" in page and "1 March 2017" in page and "NOK 500,000" in page
    unconfirmed = {"version": Application.objects.get().version, "key": "0" * 32}
    send(client, "application_check", application, unconfirmed)
    sent = client.post(reverse("application_check", args=[application.pk]), unconfirmed | {"confirmed": "on"})
    assert sent["Location"] == reverse("application_receipt", args=[application.pk])

    assert "Received on" in look(client, "application_receipt", application)
    receipt = words_of(client.get(reverse("application_receipt_file", args=[application.pk])))
    assert "This is a copy in English" in receipt and "NOK" in receipt and "Amount" in receipt
    assert (
        unmarked(
            receipt.replace("Kommunale utviklingsmidlar", "").replace("Integrerings- og mangfoldsdirektoratet", "")
        )
        == []
    )
    for name in ("application", "application_reopen", "application_withdraw"):
        look(client, name, application)
    client.post(reverse("application_reopen", args=[application.pk]), {"version": Application.objects.get().version})
    assert "open again" in look(client, "application", application)
    look(client, "application_withdraw", application)
    seen(client.get(reverse("our_applications")))


def test_a_new_application_made_from_last_years():
    make_case(**IN_ENGLISH)
    call = make_call(title_nb="Utvikling igjen", closes_at=timezone.now() + timedelta(days=60))
    client = reader(Application.objects.get().created_by)
    assert "also applied in 2017" in seen(client.get(reverse("call", args=[call.pk])))
    organisation = str(municipality().pk)
    client.post(reverse("application_begin", args=[call.pk]), {"organisation": organisation, "copy": "1"})
    copied = Application.objects.get(call=call)

    assert "copied from an earlier application" in look(client, "application", copied)
    look(client, "application_theme", copied, theme="goals")


def test_a_deadline_that_has_passed_is_told_with_the_day():
    application = make_draft(**IN_ENGLISH)
    client = reader(application.created_by)
    posted = {"version": application.version, "confirmed": "on", "key": "0" * 32}
    with time_machine.travel(application.call.closes_at + timedelta(minutes=1), tick=False):
        look_again = reader(application.created_by)
        page = send(look_again, "application_check", application, posted, 409)
        look(look_again, "application", application)

    assert "The deadline was" in page and "has not been submitted" in page
    assert "This form has been sent" not in seen(client.get(reverse("our_applications")))


# --- While it is processed ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [State.SUBMITTED, State.IN_PROGRESS, State.PROPOSED, State.GRANTED, State.REFUSED])
def test_the_case_in_every_state(state: State):
    case = make_case(state, **IN_ENGLISH)
    client = reader(case.created_by)

    page = look(client, "application", case)
    assert "Letters, terms and reasons from us are in Norwegian" in page
    if state == State.GRANTED:
        assert "You get NOK 500,000, which is the whole amount you applied for." in page
        assert '<span lang="nb">Prosjektet er godt forankret.</span>' in page
    seen(client.get(reverse("our_applications")))


def test_a_question_is_answered():
    case = make_question(make_case(State.IN_PROGRESS, **IN_ENGLISH))
    client = reader(case.created_by)

    page = look(client, "application", case)
    assert "Answer by" in page and '<span lang="nb">Hva koster kurset?</span>' in page
    answered = {"version": case.version, "answer": "NOK 100,000."}
    assert client.post(reverse("application_answer", args=[case.pk]), answered).status_code == 302
    assert "Your answer has been sent." in look(client, "application", case)


def test_who_may_not_is_told_so():
    case = make_draft(**IN_ENGLISH)
    client = reader(member(Role.EDITOR, username="erik"))

    assert "A signatory submits" in look(client, "application_check", case)
    seen(client.get(reverse("application_withdraw", args=[case.pk])), 404)
    accountant = reader(member(Role.ACCOUNTANT, username="anna"))
    look(accountant, "application", case)


# --- After the decision -----------------------------------------------------------------------------------------------------


def test_terms_changes_and_the_report():
    case = make_grant(**IN_ENGLISH)
    client = reader(case.created_by)
    with time_machine.travel(moment(IN_TIME), tick=False):
        client = reader(case.created_by)
        assert "by 22 June 2017" in look(client, "application_terms", case)
        sha256 = terms_of(case).sha256
        send(client, "application_terms", case, {"sha256": sha256, "accept": ""})
        send(client, "application_terms", case, {"sha256": sha256, "decline": ""})
        send(client, "application_terms", case, {"sha256": "old", "accept": "", "confirmed": "on"}, 409)
        look(client, "application_change", case)
        send(client, "application_change", case, {"sha256": sha256, "send": "", "starts_on": "x", "ends_on": "x"})
    with time_machine.travel(moment("2017-07-10 12:00"), tick=False):
        late = reader(case.created_by)
        assert "The deadline for accepting the terms has passed" in look(late, "application_terms", case)
        look(late, "application", case)
        send(late, "application_terms", case, {"sha256": sha256, "accept": "", "confirmed": "on"}, 409)
    accept(case)
    make_change(case, text="We began late.")
    assert "We answer what you have asked for" in look(reader(case.created_by), "application_change", case)


def test_a_change_that_is_approved_and_one_grant_that_is_declined():
    changed = make_accepted(**IN_ENGLISH)
    approve_change(make_recommended(changed, text="We began late."))
    client = reader(changed.created_by)
    look(client, "application_change", changed)
    assert "Terms number 2" in look(client, "application_terms", changed)
    look(client, "application", changed)

    declined = make_grant(organisation=municipality("0104"), call=changed.call, **IN_ENGLISH)
    with time_machine.travel(moment(IN_TIME), tick=False):
        decline_grant(
            terms_of(declined), sha256=terms_of(declined).sha256, reason="We lack staff.", by=declined.created_by
        )
    client = reader(declined.created_by)
    assert "You have declined" in look(client, "application_terms", declined)
    look(client, "application", declined)


ANSWERED = {
    "results": {"goal_1_result": "18 got work.", "goal_1_indicator": "In work after a year", "goal_1_number": "18"},
    "accounts": {
        "lines": [{"kroner": "500,000", "why": ""}, {"kroner": "100,000", "why": ""}], "more": [],
        "financing": [{"kroner": "50 000"}], "own": "50 000", "total": "600 000",
    },
}  # fmt: skip
UNDERSPENT = {**underspent(), "lines": [{"kroner": "380,000", "why": "Late."}, {"kroner": "100,000", "why": ""}]}


def test_a_report_is_written_and_sent():
    case = make_accepted(**IN_ENGLISH)
    client = reader(case.created_by)
    look(client, "application_report", case)
    for theme in ("results", "participants", "accounts"):
        look(client, "application_report_theme", case, theme=theme)
        version = Report.objects.get().version
        lines = (
            {"actual": ["x", "1"], "why": ["", ""], "financing": [""], "own": "x", "total": ""}
            if theme == "accounts"
            else {}
        )
        posted = {
            "version": version,
            "next": "",
            "more-text": ["", ""],
            "more-kroner": ["5", ""],
            "more-why": ["", ""],
            **lines,
        }
        send(client, "application_report_theme", case, posted, theme=theme)
    make_report(case, **ANSWERED)
    page = look(client, "application_report", case)
    assert "NOK 600,000" in page and "Submit the report" in page
    send(client, "application_report", case, {"version": Report.objects.get().version})
    stale = {"version": 1, "next": "", "reached": "20", "why_reached": "Other."}
    send(client, "application_report_theme", case, stale, 409, theme="participants")


@pytest.mark.parametrize("reviewed", ["", "returned", "proposed"])
def test_a_report_that_has_been_sent(reviewed: str):
    submission = make_submitted(make_accepted(**IN_ENGLISH), **ANSWERED | {"accounts": UNDERSPENT})
    case = submission.report.application
    worker = impartial(caseworker(), case.call)
    if reviewed == "returned":
        return_report(submission.report, reason="Forklar kursene.", last_day=on("2030-01-01"), by=worker)
    if reviewed == "proposed":
        propose_unspent(submission.report, amount_ore=100_000_00, reason="En femtedel er ikke brukt.", by=worker)

    client = reader(case.created_by)
    look(client, "application_report", case)
    look(client, "application", case)


def test_an_appeal_from_the_draft_to_the_answer():
    decision = make_decided(**IN_ENGLISH)
    case = decision.application
    with time_machine.travel(moment("2017-06-02 12:00"), tick=False):
        client = reader(case.created_by)
        look(client, "application", case)
        assert "up to and including 22 June 2017" in look(client, "application_appeal", case)
        send(client, "application_appeal", case, {"version": "0", "grounds": "", "wanted": "", "send": ""})
        send(client, "application_appeal", case, {"version": "0", "grounds": "x", "wanted": "y", "save": ""}, 409)
        texts = {"grounds": "The plan has been adopted.", "wanted": "The whole amount.", "version": "1"}
        sent = client.post(reverse("application_appeal", args=[case.pk]), texts | {"send": ""})
        assert sent.status_code == 302
    appeal = assign_appeal(Appeal.objects.get(), handler(case), by=handler(case))
    client = reader(case.created_by)
    look(client, "application_appeal", case)
    ask_appellant(appeal, "Når ble planen vedtatt?", by=handler(case))
    assert "We have a question about the appeal" in look(client, "application_appeal", case)
    send(client, "application_appeal_answer", case, {"version": Appeal.objects.get().version, "answer": " "})


def test_an_appeal_after_the_deadline():
    decision = make_decided(**IN_ENGLISH)
    page = look(reader(decision.application.created_by), "application_appeal", decision.application)

    assert "Public Administration Act section 31" in page


def test_a_notice_of_reversal():
    reversal = make_reversal(200_000_00, decision=make_decided(**IN_ENGLISH))
    case = reversal.application
    client = reader(case.created_by)

    assert "We are considering reversing the decision" in look(client, "application", case)
    assert "from NOK 300,000 to NOK 200,000" in look(client, "application_notice", case)
    send(client, "application_notice", case, {"version": reversal.version, "answer": ""})
    client.post(reverse("application_notice", args=[case.pk]), {"version": reversal.version, "answer": "We disagree."})
    look(client, "application_notice", case)


# --- Claims, and frames to hand on ------------------------------------------------------------------------------------------


ABOUT_A_PERSON = person_answers(condition="Uses a wheelchair.")
COSTS = {"cost_support": "250,000", "cost_education": "50,000"}


def claims_call() -> Call:
    """A call for claims, with a title that no list of Norwegian words has."""
    return disability_call(title_nb="Kompensasjon", title_nn="Kompensasjon")


def post_theme(client: Client, case: Application, theme: str, typed: dict[str, Any], status: int = 422) -> str:
    """A theme sent from the page as it stands now."""
    posted = {"version": Application.objects.get(pk=case.pk).version, "next": "", **typed}
    return send(client, "application_theme", case, posted, status, theme=theme)


def test_a_claim_for_a_person_while_it_is_written():
    settle("P1")
    settle("OLD", "2015-01-10")
    draft = make_claim_draft(claims_call(), files=False, person={}, costs={})
    client = reader(draft.created_by)
    look(client, "application", draft)
    for theme in ("contact", "person", "costs", "attachments"):
        look(client, "application_theme", draft, theme=theme)
    look(client, "application_check", draft)

    assert "We find no person" in post_theme(client, draft, "person", person_answers("P9"))
    assert "The deadline for the claim" in post_theme(client, draft, "person", person_answers("OLD"))
    for typed in (
        {"person_ref": "P 1"},
        {"person_ref": "x" * 99, "condition": "word " * 9_999, "has_consent": "maybe"},
    ):
        post_theme(client, draft, "person", typed)
    for costs in ({"cost_support": "x"}, {"cost_support": "100,000"}, {"cost_other": "300,000"}, {"cost_support": "0"}):
        post_theme(client, draft, "costs", costs)
    for place in ("medical_statement", "costs_documented"):
        file = {"file": SimpleUploadedFile("virus.exe", b"MZ")}
        send(client, "application_attach", draft, file, place=place)
    look(client, "application_check", draft)


def test_a_claim_for_a_person_from_the_check_to_the_answer():
    settle("P1")
    with time_machine.travel(moment("2017-06-01 10:00"), tick=True):
        draft = make_claim_draft(claims_call(), person=ABOUT_A_PERSON, costs=COSTS)
        client = reader(draft.created_by)
        assert "NOK 100,000" in look(client, "application_theme", draft, theme="costs")
        assert "NOK 100,000" in look(client, "application_check", draft)
        unconfirmed = {"version": draft.version, "key": "0" * 32}
        send(client, "application_check", draft, unconfirmed)
        answer = client.post(reverse("application_check", args=[draft.pk]), unconfirmed | {"confirmed": "on"})
        assert answer["Location"] == reverse("application_receipt", args=[draft.pk])
        assert "wheelchair" not in look(client, "application_receipt", draft)
        receipt = words_of(client.get(reverse("application_receipt_file", args=[draft.pk])))
        assert "This is a copy in English" in receipt and "wheelchair" not in receipt
        files = "|".join(re.escape(one.name) for one in draft.attachments.all())  # as we named them in Norwegian
        assert unmarked(re.sub(f"Integrerings- og mangfoldsdirektoratet|{files}", "", receipt)) == []
        for name in ("application", "application_reopen", "application_withdraw"):
            look(client, name, draft)
    case = make_question(taken(Application.objects.get()))
    client = reader(case.created_by)
    look(client, "application", case)
    send(client, "application_answer", case, {"version": case.version, "answer": ""}, 409)
    client.post(reverse("application_answer", args=[case.pk]), {"version": case.version, "answer": "Two aids."})
    assert "Your answer has been sent." in look(client, "application", case)

    with time_machine.travel(moment("2017-06-10 10:00"), tick=True):
        again = make_claim_draft(case.call, files=False, person={}, costs=COSTS)
        case.refresh_from_db()
        decided(case)
        client = reader(case.created_by)
        assert "You get NOK 100,000" in look(client, "application", case)
        assert "has been approved already" in post_theme(client, again, "person", ABOUT_A_PERSON)
        look(client, "application_appeal", case)
        seen(client.get(reverse("our_applications")))


def test_a_claim_for_a_person_that_is_refused():
    settle("P1")
    with time_machine.travel(moment("2017-06-01 10:00"), tick=True):
        case = sent(make_claim_draft(claims_call(), person=ABOUT_A_PERSON, costs=COSTS))
    decided(case, 0)

    look(reader(case.created_by), "application", case)


def test_a_claim_for_places():
    draft = make_places_draft()
    client = reader(draft.created_by)
    assert "NOK 1,481,440" in look(client, "application_theme", draft, theme="places")
    for wrong in ({"places": "80", "months": "13"}, {"places": "x", "agreed_on": "x"}, {"centre": "x" * 900}):
        post_theme(client, draft, "places", wrong)
    look(client, "application_check", draft)


OF_THE_FRAME: dict[str, dict[str, Any]] = {
    "distribution": {
        "takes_responsibility": "yes", "announced_on": "2017-06-20", "criteria": "Breadth.", "admin_share": "5",
    },
}  # fmt: skip
HANDED_ON = [
    {"organisation": "The Language Café", "purpose": "Weekly meetings", "kroner": "400,000"},
    {"organisation": "Women Together", "purpose": "Swimming", "kroner": "120,000"},
]


@pytest.mark.parametrize("state", [State.DRAFT, State.SUBMITTED, State.GRANTED])
def test_a_frame_in_every_state(state: State):
    case = make_frame(state, **OF_THE_FRAME)
    client = reader(case.saved_by)

    look(client, "application", case)
    seen(client.get(reverse("our_applications")))
    seen(client.get(reverse("call", args=[case.call_id])))
    if state == State.DRAFT:
        for theme in ("contact", "distribution", "attachments"):
            look(client, "application_theme", case, theme=theme)
        wrong = {"takes_responsibility": "no", "announced_on": "x", "criteria": "word " * 1_999, "admin_share": "200"}
        post_theme(client, case, "distribution", wrong)
        look(client, "application_check", case)
        send(client, "application_check", case, {"version": Application.objects.get().version, "key": "0" * 32})


def test_what_a_frame_was_handed_on_to():
    case = make_frame(**OF_THE_FRAME)
    with time_machine.travel(moment(IN_TIME), tick=False):
        client = reader(case.saved_by)
        look(client, "application_terms", case)
        send(client, "application_terms", case, {"sha256": terms_of(case).sha256, "accept": ""})
        look(client, "application_change", case)
    accept(case, by=signatory(municipality(), "signe-0101"))
    client = reader(case.saved_by)
    look(client, "application_report", case)
    for theme in ("results", "regrants"):
        look(client, "application_report_theme", case, theme=theme)
    columns = ("organisation", "purpose", "kroner")
    for rows, admin in (
        ([{"organisation": "", "purpose": "", "kroner": "5"}], ""),
        ([{"organisation": "x" * 201, "purpose": "y", "kroner": "much"}], "x"),
        (HANDED_ON, "200,000"),
        ([], "0"),
    ):
        posted = {f"regrant-{name}": [row[name] for row in rows] for name in columns}
        posted |= {"admin": admin, "version": Report.objects.get().version, "next": ""}
        page = send(client, "application_report_theme", case, posted, theme="regrants")
        assert "<title>Error: " in page
    send(client, "application_report", case, {"version": Report.objects.get().version})


@pytest.mark.parametrize("reviewed", ["written", "sent", "returned", "proposed"])
def test_the_report_of_a_frame(reviewed: str):
    report = make_handed_on(OF_THE_FRAME, results={"came_of": "More places to meet."}, rows=HANDED_ON, admin="30,000")
    case = report.application
    if reviewed != "written":
        with time_machine.travel(moment("2018-02-20 10:00"), tick=False):
            submit_report(report, by=report.saved_by)
    worker = impartial(caseworker(), case.call)
    if reviewed == "returned":
        return_report(report, reason="Forklar kursene.", last_day=on("2030-01-01"), by=worker)
    if reviewed == "proposed":
        propose_unspent(report, amount_ore=50_000_00, reason="En del er ikke delt ut.", by=worker)

    client = reader(report.saved_by)
    page = look(client, "application_report", case)
    assert "50,000" in page and (reviewed == "written" or "The Language Café" in page)
    look(client, "application", case)
    seen(client.get(reverse("our_applications")))


# --- People and payments ----------------------------------------------------------------------------------------------------


def test_ones_own_page_our_people_and_payments():
    client = reader(signatory())
    for name in ("account", "our_people", "our_payments", "our_applications"):
        seen(client.get(reverse(name)))
    seen(client.post(reverse("account"), {"code": "ABCD-EFGH-2345"}), 422)
    seen(client.post(reverse("account"), {"name": ""}), 422)
    organisation = str(municipality().pk)
    seen(
        client.post(
            reverse("our_people"), {"do": "invite", "organisation": organisation, "name": "", "role": "editor"}
        ),
        422,
    )
    page = seen(
        client.post(
            reverse("our_people"), {"do": "invite", "organisation": organisation, "name": "Ann", "role": "editor"}
        )
    )
    assert "has been invited to" in page
    assert "Apply for grants" in seen(client.get(reverse("account")))


def test_a_letter_is_not_translated_and_says_so():
    decision = make_decided(**IN_ENGLISH)

    page = look(reader(decision.application.created_by), "application", decision.application)
    assert '<span lang="nb">Vedtak: Tilsagn</span> (PDF)' in page

"""Bad input and rough weather, each point with the test that holds it. What no other file tests is tested here.

- Late: services/test_submit_once (to the second), pages/test_applicant (the page says so), here through the API.
- Double and replayed: services/test_submit_once, pages/test_road (the same form), api/test_api (the same key, at once).
- Two signatories at once: services/test_submit_once (eight), follow_up/test_terms (terms), here on pages and API together.
- Files: test_attachments, pages/test_attachment_pages and grants/documents/gate (bomb, macro, script, type, 10 GB).
- HTML, formulas, control characters: here in every column that holds text, on every page and in the papers of a case;
  in CSV and XLSX reporting/test_exports and reporting/pages; what is posted, here and in api/test_contract.
- Amounts: pages/test_applicant, pages/test_decide, pages/test_distribution, api/test_contract; here through the API.
- A budget that does not add up: test_case, pages/test_applicant, follow_up (changes, reports); here through the API.
- One's own proposal, twice, in two windows, beyond the envelope: test_case, pages/test_decide, trials/test_envelope.
- A worker killed between decision and letter: trials/test_envelope, trials/test_worker_killed.
- An id guessed from another organisation: tests/test_access.py, every address, person and verb.
"""

import io
import re
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pypdf
import pytest
import time_machine
from django.apps import apps
from django.db import connections, models
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from applications.models import Application, CaseDocument, Decision, State, Submission
from grants.documents import archive
from grants.jobs.queue import drain
from grants.models.user import DIRECTORATE_ROLES, ORGANISATION_ROLES
from grants.shared import guards
from tests.applications.api.client import Api
from tests.factories.appeals import handler, second_decider
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
    municipality,
    signatory,
)
from tests.factories.register import appropriate
from tests.test_access import insider, patterns
from tests.test_access import world as world  # the fixture: one of everything that an address names

# Breaks out of an attribute, is a tag, and begins no word of ours. Short, so that it fits in every column.
MARK = "\"'><i id=x>"
RAW, ESCAPED = "<i id=x", "&lt;i id=x"
# Columns that hold codes, hashes, paths and numbers of ours: nobody types in them.
CODES = {
    "sha256", "previous_sha256", "digest", "request_hash", "path", "kind", "code", "scheme", "part", "language", "verb",
    "rule", "criterion", "place", "media_type", "access_code", "legal_ground", "retention", "orgnr", "municipality_number",
    "subject", "issuer", "key", "search_key", "words", "password", "username", "chapter", "post", "account_class", "query",
    "recipient_sector", "sector", "keyword", "unit", "certainty", "number", "credit", "debit", "what", "sent_with",
    "national_id", "ciphertext", "citation", "county_number", "letter", "receipt", "channel",
}  # fmt: skip


def words_of(model: type[models.Model]) -> "list[models.Field[Any, Any]]":
    """The columns of a table that hold what people write."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not field.choices
        and field.name not in CODES
        and (field.max_length or 1000) > len(MARK) + 12
    ]


def hostile_json(value: Any) -> Any:
    """Sentences, and the texts of budget lines, are the mark; codes, days and numbers stay."""
    if isinstance(value, dict):
        return {
            key: MARK if key == "text" and isinstance(inner, str) else hostile_json(inner)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [
            MARK if isinstance(inner, str) and place == 0 and len(value) == 2 else hostile_json(inner)
            for place, inner in enumerate(value)
        ]
    return MARK if isinstance(value, str) and re.search(r"[a-zæøå]{2} |\.$", value) else value


def make_all_text_hostile() -> int:
    """Whatever text is stored, in whatever table, is the mark from now on. The guards step aside for it."""
    guards.remove()
    changed = 0
    for model in apps.get_models():
        if model._meta.app_label not in ("grants", "applications", "reporting") or not model._meta.managed:
            continue
        rows = model._default_manager.all()
        for field in words_of(model):
            for pk in rows.exclude(**{field.name: ""}).values_list("pk", flat=True)[:400]:
                changed += rows.filter(pk=pk).update(**{field.name: f"{MARK}{str(pk)[:11]}"})
        for field in model._meta.concrete_fields:
            if isinstance(field, models.JSONField) and model.__name__ not in ("Job", "EntitlementRun", "YearEndReport"):
                for pk, value in rows.values_list("pk", field.name):
                    changed += rows.filter(pk=pk).update(**{field.name: hostile_json(value)})
    return changed


@pytest.mark.django_db
def test_whatever_text_is_stored_no_page_takes_it_for_html(world: dict[str, dict[str, Any]]):
    assert make_all_text_hostile() > 300
    seen_on: set[str] = set()
    names = {pattern.name for pattern in patterns(get_resolver()) if not pattern.name.startswith("api_")}
    for role in (*ORGANISATION_ROLES, *DIRECTORATE_ROLES):
        for client in insider(role):
            for name in sorted(names):
                answer = client.get(reverse(name, kwargs=world.get(name, {})))
                if answer.streaming or "text/html" not in answer.headers["Content-Type"]:
                    continue
                page = answer.content.decode()
                assert RAW not in page, (name, role, page[max(0, page.find(RAW) - 300) : page.find(RAW) + 100])
                if ESCAPED in page:
                    seen_on.add(name)
    # The control: it was there to be seen, where people write and where others read it.
    assert {
        "application", "application_theme", "application_check", "application_terms", "application_report", "account",
        "application_appeal", "application_receipt", "call", "calls", "case", "case_application", "case_history", "appeal",
        "case_documents", "case_follow_up", "case_decide", "cases", "our_applications", "our_people", "owner_call", "users",
        "call_compare",
    } <= seen_on  # fmt: skip


# --- Papers -----------------------------------------------------------------------------------------------------------

# A file of the machine, an address inside, a script, a formula, a template, and signs that nobody sees.
HOSTILE = (
    '<link rel=attachment href="file:///etc/passwd"><img src="http://169.254.169.254/x"><script>alert(1)</script>'
    "=HYPERLINK(1) {{ 7*7 }} \b\u202eabc\ufeff"
)
READ = "<script>alert(1)</script>"


def text_and_insides(document: CaseDocument) -> tuple[str, str]:
    """What a paper says, without the breaks of its lines, and all its objects as text."""
    reader = pypdf.PdfReader(io.BytesIO(archive.read(document.path, sha256=document.sha256)))
    said = "".join(page.extract_text() for page in reader.pages)
    return re.sub(r"\s+", "", said), " ".join(
        str(reader.get_object(number)) for number in range(1, len(reader.xref[0]) + 1)
    )


@pytest.mark.django_db
def test_hostile_text_is_only_text_in_every_paper_of_a_case():
    """Through the API from the application to the appeal, with the papers really pressed."""
    year = timezone.localdate().year
    for one in (2017, year):
        appropriate(post="62", year=one)
    texts = {"project_name": "Navn <script>alert(1)</script>", **dict.fromkeys(("summary", "target_group"), HOSTILE)}
    application = make_case(
        project=ANSWERS["project"] | texts, goals=ANSWERS["goals"] | dict.fromkeys(("goals", "plan"), HOSTILE)
    )
    pk, call = application.pk, application.call
    ours, work = Api(application.created_by), Api(impartial(caseworker(), call))
    decide = Api(impartial(decision_maker(), call))

    def act(api: Api, name: str, *where: Any, **sent: Any) -> dict[str, Any]:
        answer = api.post(name, *where, **sent)
        assert answer.status_code in (200, 201), (name, answer.content)
        return dict(answer.json())

    case = act(work, "api_take", pk, version=application.version)
    case = act(work, "api_ask", pk, version=case["version"], text=HOSTILE)
    case = act(ours, "api_answer", pk, version=case["version"], text=HOSTILE)
    for criterion in call.criteria():
        act(work, "api_score", pk, criterion=criterion["code"], points=4, reason=HOSTILE)
    case = act(work, "api_propose", pk, version=case["version"], amount_ore=APPLIED_ORE // 2, reason=HOSTILE)
    act(decide, "api_decide", pk, version=case["version"])
    drain()
    act(ours, "api_accept", pk, sha256=ours.get("api_terms", pk).json()["sha256"])
    act(ours, "api_changes", pk, text=HOSTILE, activity=HOSTILE)
    act(work, "api_recommend_change", pk, 1, version=1, approve=True, reason=HOSTILE)
    act(decide, "api_decide_change", pk, 1, version=2, approve=False, reason=HOSTILE)
    appeal = act(ours, "api_own_appeal", pk, version=0, grounds=HOSTILE, wanted=HOSTILE)
    appeal = act(ours, "api_send_appeal", pk, version=appeal["version"])
    hanne, dina = Api(handler(application)), Api(second_decider(application))
    appeal = act(hanne, "api_take_appeal", appeal["id"], version=appeal["version"])
    appeal = act(
        hanne, "api_propose_outcome", appeal["id"], version=appeal["version"], outcome="uphold", reason=HOSTILE
    )
    appeal = act(dina, "api_decide_appeal", appeal["id"], version=appeal["version"])
    act(hanne, "api_forward_appeal", appeal["id"], version=appeal["version"], ministry="<b>KD</b>")
    drain()

    papers = list(CaseDocument.objects.filter(application=pk).order_by("number"))
    kinds = {paper.kind.partition(":")[0] for paper in papers}
    assert len(kinds) >= 8, kinds
    quoting = set()
    for paper in papers:
        said, insides = text_and_insides(paper)
        assert not re.search(r"/(JavaScript|JS|Launch|EmbeddedFiles?|AA)\b", insides), paper.kind
        assert "169.254.169.254" not in insides, paper.kind  # no link; what is only said is in the pages' own streams
        assert not re.search("[\b\u202e\ufeff]", said), paper.kind
        if READ in said:
            quoting.add(paper.kind.partition(":")[0])
            assert "{{7*7}}" in said or paper.kind.startswith("acceptance"), paper.kind
    assert {"submission", "question", "answer", "decision"} <= quoting  # the control: it is there, to be read


# --- What is posted ---------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("sign", ["\x00", "\x08", "\x1b", "\x7f", "\x9f", "\u202e", "\u2066", "\ufeff"])
def test_signs_that_nobody_sees_do_not_come_in_by_a_form(sign: str):
    application = make_draft()
    client = Client()
    client.force_login(application.created_by)
    answer = client.post(
        reverse("application_theme", args=[application.pk, "goals"]),
        {
            "version": application.version,
            "goals": f"Nye{sign} mål",
            "participants": f"2{sign}0",
            "plan": "Linje\r\nto\tog",
        },
    )

    assert answer.status_code in (200, 302, 422)
    typed = Application.objects.get().answers["goals"]
    assert (typed["goals"], typed["participants"]) == ("Nye mål", "20")
    assert typed["plan"].split() == ["Linje", "to", "og"]


@pytest.mark.django_db
def test_joiners_that_names_need_are_kept():
    application = make_draft()
    client = Client()
    client.force_login(application.created_by)
    name = "نامه\u200cها 👩\u200d🏫"
    client.post(
        reverse("application_theme", args=[application.pk, "goals"]),
        {"version": application.version, "goals": name, "participants": "20", "plan": "x\x08"},
    )

    assert Application.objects.get().answers["goals"]["goals"] == name


# --- Amounts and budgets through the API ------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    "amount", ["-1", "1e400", "1.5", '"500 000"', "null", "[]", "9" * 30, "1000000000001", "50", "true"]
)
def test_an_amount_that_is_none_is_refused_by_the_api(amount: str):
    application = make_case(State.IN_PROGRESS)
    api = Api(impartial(caseworker(), application.call))
    answer = api.client.post(
        reverse("api_propose", args=[application.pk]),
        f'{{"version": {application.version}, "amount_ore": {amount}, "reason": "Godt."}}',
        content_type="application/json", headers={"Idempotency-Key": "key-0001"},
    )  # fmt: skip

    assert (answer.status_code, answer.json()["error"]) == (422, "bad_input"), answer.content
    assert not Decision.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"applied": "-5"}, "applied", "hele kroner"),
        ({"applied": "99999999999999"}, "applied", "hele kroner"),
        ({"applied": "1e9"}, "applied", "hele kroner"),
        ({"applied": "５００"}, "applied", "hele kroner"),
        ({"applied": "=1+1"}, "applied", "hele kroner"),
        ({"applied": "499 999"}, "applied", "1 kr av kostnadene mangler"),
        ({"applied": "500 001"}, "applied", "1 kr større"),
        ({"costs": []}, "costs", "minst én kostnad"),
        ({"costs": [{"text": "", "kroner": "600 000"}]}, "costs-0-text", "hva beløpet gjelder"),
        ({"costs": [{"text": "x", "kroner": "1"}] * 61}, "costs", "60 linjer"),
    ],
)  # fmt: skip
def test_a_budget_that_does_not_add_up_is_kept_told_and_not_sent(changes: dict[str, Any], field: str, says: str):
    application = make_draft()
    api = Api(application.created_by)
    saved = api.post(
        "api_theme", application.pk, "budget", version=application.version, typed=ANSWERS["budget"] | changes
    )
    [budget] = [theme for theme in saved.json()["themes"] if theme["code"] == "budget"]
    sent = api.post("api_submit", application.pk, version=saved.json()["version"])

    assert (saved.status_code, budget["progress"]) == (200, "faulty")
    assert says.replace(" ", "") in re.sub(r"\s", "", budget["faults"][field])
    assert (sent.status_code, Submission.objects.count()) == (409, 0)


# --- Late, and at once ------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_too_late_by_a_second_is_told_through_the_api_too():
    call = make_call()
    early, late = make_draft(call), make_draft(call, municipality("0104"))
    with time_machine.travel(call.closes_at - timedelta(seconds=1), tick=False):
        api = Api(early.created_by)
        assert api.post("api_submit", early.pk, version=early.version).status_code == 200  # the control
    with time_machine.travel(call.closes_at, tick=False):
        api = Api(late.created_by)
        answer = api.post("api_submit", late.pk, version=late.version)
        begun = api.post("api_cases", call=str(call.pk), organisation=str(late.organisation_id))

    assert (answer.status_code, "Fristen var" in answer.json()["message"]) == (409, True)
    assert (begun.status_code, Submission.objects.count()) == (409, 1)


@pytest.mark.django_db(transaction=True)
def test_two_signatories_at_once_on_the_page_and_through_the_api_send_in_once():
    application = make_draft()
    one, other = application.created_by, signatory(application.organisation, "en-annen")
    api, page = Api(one), Client()
    page.force_login(other)
    start, answers = Barrier(2), []

    def by_api() -> None:
        start.wait(10)
        answers.append(api.post("api_submit", application.pk, version=application.version).status_code)
        connections.close_all()

    def by_page() -> None:
        start.wait(10)
        form = {"version": application.version, "confirmed": "yes", "key": "0b1e6a0e-6b1f-4a4e-8f0a-000000000001"}
        answers.append(page.post(reverse("application_check", args=[application.pk]), form).status_code)
        connections.close_all()

    threads = [Thread(target=by_api), Thread(target=by_page)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    # One of them sends it; the other is told that somebody was first, or that it is no draft any longer.
    assert sorted(answers)[0] in (200, 302) and sorted(answers)[1] in (404, 409), answers
    assert Submission.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_decision_makers_at_once_decide_once():
    application = make_case(State.IN_PROGRESS)
    make_proposal(application)
    appropriate(post="62", year=timezone.localdate().year)
    deciders = [Api(impartial(decision_maker(name), application.call)) for name in ("david", "dina")]
    start, answers = Barrier(2), []

    def press(api: Api) -> None:
        start.wait(10)
        answers.append(api.post("api_decide", application.pk, version=application.version).status_code)
        connections.close_all()

    threads = [Thread(target=press, args=[api]) for api in deciders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) in ([200, 404], [200, 409])
    assert [decision.state for decision in Decision.objects.all()] == [Decision.State.DECIDED]

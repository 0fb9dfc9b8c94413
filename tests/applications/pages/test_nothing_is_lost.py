"""What somebody types is never lost and never another's: two who write at once, a session that ended, a repeated save."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from applications.models import Appeal, Application, State
from applications.services.appeal_work import ask_appellant
from applications.services.assess import ask_applicant
from applications.services.draft import save_answers
from grants.models import Role, User
from tests.applications.pages.test_applicant import fields, signed_in
from tests.factories.appeals import handler, make_appeal, make_decided, make_reversal
from tests.factories.cases import ANSWERS, caseworker, impartial, make_case, make_draft, member, municipality, signatory
from tests.factories.follow_up import make_accepted

pytestmark = pytest.mark.django_db


def theme_url(application: Application, theme: str = "goals") -> str:
    return reverse("application_theme", args=[application.pk, theme])


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found.group(1)


def form_of(client: Client, url: str, **changes: Any) -> dict[str, Any]:
    """What a browser would post from a page that it has open."""
    page = client.get(url).content.decode()
    return {name: hidden(page, name) for name in ("version", "seen", "seal")} | fields("goals") | changes


def somebody_else_writes(application: Application, theme: str = "goals", **changes: Any) -> User:
    application.refresh_from_db()
    other = member(Role.EDITOR)
    save_answers(application, theme, ANSWERS[theme] | changes, version=application.version, by=other)
    return other


# --- Two who write at once --------------------------------------------------------------------------------------------


def test_two_people_in_two_themes_do_not_disturb_each_other():
    application = make_draft()
    client = signed_in(application.created_by)
    form = form_of(client, theme_url(application), goals="mine mål", next="")
    somebody_else_writes(application, "contact", contact_name="Ola")

    assert client.post(theme_url(application), form).status_code == 302

    answers = Application.objects.get().answers
    assert (answers["goals"]["goals"], answers["contact"]["contact_name"]) == ("mine mål", "Ola")


def test_a_save_whose_answer_was_lost_may_be_repeated():
    application = make_draft()
    client = signed_in(application.created_by)
    form = form_of(client, theme_url(application), goals="mine mål")
    for _ in range(2):
        assert client.post(theme_url(application), form, headers={"HX-Request": "true"}).status_code == 200


@pytest.mark.parametrize(("pick", "kept"), [("mine", "min tekst, skrevet videre"), ("theirs", "deres tekst")])
def test_one_chooses_question_by_question(pick: str, kept: str):
    application = make_draft()
    client = signed_in(application.created_by)
    form = form_of(client, theme_url(application), goals="min tekst", participants="7", next="")
    somebody_else_writes(application, goals="deres tekst", participants="9")

    told = client.post(theme_url(application), form)
    page = told.content.decode()
    assert told.status_code == 409 and "<title>Feil: " in page
    assert "min tekst" in page and "deres tekst" in page and "Bruk det erik skrev" in page
    assert "Hvordan skal dere gjøre det?" not in page  # both wrote the same there

    chosen = form | {name: hidden(page, name) for name in ("version", "seen")}
    del chosen["next"]
    chosen |= {"merge": "1", "pick-goals": pick, "pick-participants": "theirs", "goals": "min tekst, skrevet videre"}
    assert client.post(theme_url(application), chosen).status_code == 302
    answers = Application.objects.get().answers["goals"]
    assert (answers["goals"], answers["participants"], answers["plan"]) == (kept, "9", ANSWERS["goals"]["plan"])


def test_a_third_who_writes_while_one_chooses_is_not_overwritten():
    application = make_draft()
    client = signed_in(application.created_by)
    form = form_of(client, theme_url(application), goals="min", next="")
    somebody_else_writes(application, goals="deres")
    page = client.post(theme_url(application), form).content.decode()
    somebody_else_writes(application, goals="den tredjes")

    chosen = form | {name: hidden(page, name) for name in ("version", "seen")} | {"merge": "1", "pick-goals": "theirs"}
    assert client.post(theme_url(application), chosen).status_code == 409
    assert Application.objects.get().answers["goals"]["goals"] == "den tredjes"


def test_budgets_are_chosen_table_by_table():
    application = make_draft()
    client = signed_in(application.created_by)
    page = client.get(theme_url(application, "budget")).content.decode()
    stale = {name: hidden(page, name) for name in ("version", "seen")}
    theirs = [{"text": "Leie", "kroner": "600 000"}]
    somebody_else_writes(application, "budget", costs=theirs)
    mine = stale | fields("budget", own="60 000", applied="490 000") | {"next": ""}

    page = client.post(theme_url(application, "budget"), mine).content.decode()
    assert "Leie: 600 000" in page and "Lønn: 500 000" in page
    chosen = mine | {name: hidden(page, name) for name in ("version", "seen")} | {"merge": "1", "pick-costs": "theirs"}
    client.post(theme_url(application, "budget"), chosen)

    stored = Application.objects.get().answers["budget"]
    assert (stored["costs"], stored["own"], stored["applied"]) == (theirs, "60 000", "490 000")


def test_autosave_is_told_of_the_other_and_keeps_the_version_it_saw():
    application = make_draft()
    client = signed_in(application.created_by)
    form = form_of(client, theme_url(application), goals="min tekst")
    somebody_else_writes(application, goals="deres tekst")

    for _ in range(2):  # going on to write does not overwrite what was not seen
        told = client.post(theme_url(application), form, headers={"HX-Request": "true"})
        assert told.status_code == 409
        assert hidden(told.content.decode(), "version") == form["version"]
    assert Application.objects.get().answers["goals"]["goals"] == "deres tekst"


# --- A session that ended -----------------------------------------------------------------------------------------------


def ended(client: Client) -> None:
    Session.objects.all().delete()


def sign_in_again(client: Client, user: User, settings: Any, at: str) -> Any:
    settings.DEMO = True
    return client.post(reverse("sign_in"), {"username": user.username, "next": at.partition("next=")[2]})


@pytest.fixture
def posted_too_late(settings: Any, monkeypatch: pytest.MonkeyPatch) -> tuple[Application, Client, Any]:
    """Somebody has written for hours, and their session ended before they pressed «Neste steg»."""
    monkeypatch.setattr(
        "grants.pages.sign_in.demo_user", lambda username: User.objects.filter(username=username).first()
    )
    application = make_draft()
    client = signed_in(application.created_by)
    form = form_of(client, theme_url(application), goals="det jeg skrev i timevis", next="")
    ended(client)
    return application, client, client.post(theme_url(application), form)


def test_what_was_posted_is_shown_again_after_signing_in(posted_too_late, settings):
    application, client, sent_away = posted_too_late
    assert sent_away.status_code == 302 and reverse("sign_in") in sent_away["Location"]

    sign_in_again(client, application.created_by, settings, sent_away["Location"])
    for _ in range(2):  # reading it twice loses nothing
        page = client.get(theme_url(application)).content.decode()
        assert "det jeg skrev i timevis" in page and "Du ble logget ut mens du skrev" in page
    assert Application.objects.get().answers["goals"] == ANSWERS["goals"]  # shown, not saved

    form = form_of(client, theme_url(application), goals="det jeg skrev i timevis", next="")
    assert client.post(theme_url(application), form).status_code == 302
    assert Application.objects.get().answers["goals"]["goals"] == "det jeg skrev i timevis"
    assert "Du ble logget ut" not in client.get(theme_url(application)).content.decode()


def test_what_was_posted_is_not_shown_to_another_who_signs_in_on_the_same_machine(posted_too_late, settings):
    application, client, sent_away = posted_too_late
    colleague = signatory(username="sverre")  # who may read the very same draft

    sign_in_again(client, colleague, settings, sent_away["Location"])
    page = client.get(theme_url(application)).content.decode()

    assert "det jeg skrev i timevis" not in page


def test_what_was_posted_is_not_shown_in_another_browser(posted_too_late):
    application, _client, _ = posted_too_late
    page = signed_in(application.created_by).get(theme_url(application)).content.decode()
    assert "det jeg skrev i timevis" not in page


def test_what_was_posted_is_kept_for_an_hour(posted_too_late, settings):
    application, client, sent_away = posted_too_late
    sign_in_again(client, application.created_by, settings, sent_away["Location"])
    with time_machine.travel(timezone.now() + timedelta(minutes=61), tick=False):
        assert "det jeg skrev i timevis" not in client.get(theme_url(application)).content.decode()


def test_a_conflict_is_found_also_after_signing_in_again(posted_too_late, settings):
    application, client, sent_away = posted_too_late
    somebody_else_writes(application, goals="deres tekst")
    sign_in_again(client, application.created_by, settings, sent_away["Location"])

    form = form_of(client, theme_url(application), goals="det jeg skrev i timevis", next="")
    assert client.post(theme_url(application), form).status_code == 409


@pytest.mark.parametrize("seal", ["", "x", "eyJhIjoxfQ:1abc:forged"])
def test_a_stranger_without_a_seal_has_nothing_kept(seal: str):
    application = make_draft()
    answer = Client().post(theme_url(application), {"goals": "x" * 1000, "seal": seal})
    assert answer.status_code == 302
    assert not Session.objects.exists()


def test_a_seal_is_for_one_address():
    application, other = make_draft(), make_draft(organisation=municipality("0104"))
    client = signed_in(application.created_by)
    form = form_of(client, theme_url(application))
    ended(client)
    client.post(theme_url(other), form)
    assert not Session.objects.exists()


def test_a_page_that_saves_by_itself_is_told_that_the_session_ended():
    application = make_draft()
    client = signed_in(application.created_by)
    form = form_of(client, theme_url(application), goals="mer")
    ended(client)
    answer = client.post(theme_url(application), form, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.content) == (401, b"")


def test_an_answer_to_the_directorate_is_kept_too(settings, monkeypatch):
    monkeypatch.setattr(
        "grants.pages.sign_in.demo_user", lambda username: User.objects.filter(username=username).first()
    )
    case = make_case(State.IN_PROGRESS)
    ask_applicant(case, "Hva koster kurset?", by=impartial(caseworker(), case.call))
    client = signed_in(case.created_by)
    page = client.get(reverse("application", args=[case.pk])).content.decode()
    form = {name: hidden(page, name) for name in ("version", "seal")} | {"answer": "Et langt svar"}
    ended(client)

    sent_away = client.post(reverse("application_answer", args=[case.pk]), form)
    sign_in_again(client, case.created_by, settings, sent_away["Location"])

    assert "Et langt svar" in client.get(reverse("application", args=[case.pk])).content.decode()


# --- After a decision, too ----------------------------------------------------------------------------------------------


def asked_about() -> Application:
    """The case of an appeal about which its handler has asked something."""
    appeal = make_appeal(Appeal.State.IN_PROGRESS)
    ask_appellant(appeal, "Hva koster kurset?", by=handler(appeal.application))
    return appeal.application


WRITTEN = "det jeg skrev i timevis"
# The case, where the form is posted, and where it stands.
LATER: dict[str, tuple[Callable[[], Application], str, str]] = {
    "appeal": (lambda: make_decided().application, "application_appeal", "application_appeal"),
    "question about an appeal": (asked_about, "application_appeal_answer", "application_appeal"),
    "notice": (lambda: make_reversal(0).application, "application_notice", "application_notice"),
    "change": (make_accepted, "application_change", "application_change"),
    "report": (make_accepted, "application_report_theme", "application_report_theme"),
}


@pytest.mark.parametrize("what", LATER)
def test_what_is_written_after_a_decision_outlives_the_session(
    what: str, settings: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(
        "grants.pages.sign_in.demo_user", lambda username: User.objects.filter(username=username).first()
    )
    make, to, at = LATER[what]
    case = make()
    user = signatory(case.organisation)
    where = {"pk": case.pk} | ({"theme": "results"} if what == "report" else {})
    client = signed_in(user)
    page = client.get(reverse(at, kwargs=where)).content.decode()
    form = page[page.index(f'action="{reverse(to, kwargs=where)}"') :]
    seen, field = (
        re.search(r'name="(version|sha256)" value="([^"]*)"', form),
        re.search(r'<textarea[^>]* name="([^"]+)"', form),
    )
    assert seen and field
    ended(client)

    posted = {"seal": hidden(form, "seal"), seen[1]: seen[2], field[1]: WRITTEN, "next": ""}
    sent = client.post(reverse(to, kwargs=where), posted)
    assert sent.status_code == 302 and reverse("sign_in") in sent["Location"]
    sign_in_again(client, user, settings, sent["Location"])

    again = client.get(reverse(at, kwargs=where)).content.decode()
    assert WRITTEN in again and "Du ble logget ut mens du skrev" in again
    assert f'name="{seen[1]}" value="{seen[2]}"' in again

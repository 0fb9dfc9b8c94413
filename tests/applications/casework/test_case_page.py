"""The case page: who reads and who works, the next step, and that nothing typed is lost when somebody was first."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from applications.models import Application, CaseDocument, Declaration, Note, Presence, Ruling, Score, State
from applications.services.assess import rule_on, score, take_case
from applications.workflow.grounds import newest_findings
from grants.jobs.queue import drain
from grants.models import Role, User
from tests.factories.appeals import make_appeal
from tests.factories.cases import (
    ANSWERS,
    caseworker,
    handler_of,
    impartial,
    make_call,
    make_case,
    make_question,
    municipality,
    signatory,
)
from tests.factories.register import make_user

pytestmark = pytest.mark.django_db
BELOW = {"share_of_immigrants": "4,9", "refugees": "99"}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(user: User, application: Application, name: str = "case", query: str = "") -> str:
    answer = signed_in(user).get(reverse(name, args=[application.pk]) + query)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode().replace("\N{NO-BREAK SPACE}", " "))


def post(user: User, application: Application, name: str, **fields: Any) -> Any:
    return signed_in(user).post(reverse(name, args=[application.pk]), {"version": application.version} | fields)


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode().replace("\N{NO-BREAK SPACE}", " "))


# --- Reading ----------------------------------------------------------------------------------------------------------


def test_the_key_facts_stand_on_top():
    numbers = {"least_share_of_immigrants": 0, "least_refugees": 100}
    make_case(State.GRANTED, call=make_call(year=2016, numbers=numbers))
    application = make_case(State.IN_PROGRESS)

    text = page(caseworker(), application)

    for words in ("Halden", application.reference, "500 000 kr", "600 000 kr", "Fikk i 2016", "sara (deg)"):
        assert words in text
    assert re.search(r"Fikk i 2016</dt> <dd>500 000 kr", text)


@pytest.mark.parametrize("role", [Role.DECISION_MAKER, Role.SCHEME_OWNER, Role.FINANCE, Role.AUDITOR])
@pytest.mark.parametrize("state", [State.SUBMITTED, State.IN_PROGRESS, State.PROPOSED, State.REFUSED])
def test_others_read_without_buttons(role: Role, state: State):
    application = make_case(state, municipality=BELOW if state == State.IN_PROGRESS else ANSWERS["municipality"])

    for name in ("case", "case_application", "case_documents", "case_history"):
        text = page(make_user("reader", role), application, name)
        main = text[text.index("<main") : text.index("</main>")]
        assert "<button" not in main and "<textarea" not in main


def test_the_control_a_caseworker_has_buttons():
    text = page(caseworker(), make_case(State.IN_PROGRESS))

    assert "Lagre poengene" in text and "Send spørsmålet" in text


def test_the_administrator_and_those_with_an_interest_do_not_see_it():
    application = make_case(State.IN_PROGRESS)
    impartial_not = make_user("siri", Role.CASEWORKER)
    Declaration.objects.create(call=application.call, user=impartial_not, has_interest=True, reason="Søster.")

    address = reverse("case", args=[application.pk])
    assert signed_in(make_user("admin", Role.ADMINISTRATOR)).get(address).status_code == 403
    assert signed_in(impartial_not).get(address).status_code == 404
    assert signed_in(signatory()).get(address).status_code == 404


@pytest.mark.parametrize(
    ("state", "says"),
    [
        (State.SUBMITTED, "Neste steg: ta saken"),
        (State.IN_PROGRESS, "Neste steg: gi poeng"),
        (State.PROPOSED, "Neste steg: vedtak"),
        (State.GRANTED, "Neste steg: følg opp"),
        (State.REFUSED, "Saken er avsluttet"),
    ],
)
def test_the_next_step_follows_the_state(state: State, says: str):
    application = make_case(state)

    assert says in page(handler_of(application), application)


def test_the_next_step_is_what_is_missing():
    application = make_case(State.IN_PROGRESS, municipality={})
    sara = caseworker()
    assert "Neste steg: avklar vilkårene" in page(sara, application)

    rule_on(newest_findings(application)[0], met=True, reason="Tall fra SSB.", by=sara)
    assert "Neste steg: gi poeng" in page(sara, application)

    for criterion in application.call.criteria():
        score(application, criterion["code"], 4, reason="Godt.", by=sara)
    assert "Neste steg: skriv innstilling" in page(sara, application)

    make_question(application)
    assert "Neste steg: vent på søker" in page(sara, application)


def test_a_finding_is_told_in_words_with_its_citation_and_source():
    text = page(caseworker(), make_case(State.IN_PROGRESS, municipality=BELOW))

    assert "Innvandrere fra landgruppe 2: 4,9 % (krav: minst 5 %)." in text
    assert "Flyktninger med under fem års botid: 99 (krav: minst 100)." in text
    assert "JD regelverk 2018" in text and "Fra søknaden, prøvd" in text
    assert "1 avvik" in text and "Be søker rette" in text and "Gjør unntak med begrunnelse" in text


# --- Working ----------------------------------------------------------------------------------------------------------


def test_a_caseworker_says_that_they_are_impartial_takes_the_case_and_works():
    application, siri = make_case(), caseworker("siri")
    assert "Neste steg: si om du er habil" in page(siri, application)

    here = reverse("case", args=[application.pk])
    to_declare = f"{reverse('declare', args=[application.call_id])}?next={here}"
    assert f'href="{to_declare}"' in page(siri, application)
    answer = signed_in(siri).post(to_declare, {"interest": "no", "next": here, "take": ""})
    assert answer["Location"] == here
    assert "Neste steg: ta saken" in page(siri, application)
    assert post(siri, application, "case_take")["Location"] == here

    application.refresh_from_db()
    assert (application.state, application.handler) == (State.IN_PROGRESS, siri)


def test_what_else_may_be_done_is_linked_where_it_is_allowed():
    application = make_case(State.IN_PROGRESS)
    open_again, reverse_it = (reverse(name, args=[application.pk]) for name in ("case_open_again", "case_reverse"))
    text = page(caseworker(), application)
    assert open_again in text and reverse_it not in text
    assert open_again not in page(make_user("arne", Role.AUDITOR), application)

    decided = make_appeal().application
    text = page(caseworker(), decided)
    assert reverse("case_reverse", args=[decided.pk]) in text and "Klage 2017/1" in text
    assert reverse("case_open_again", args=[decided.pk]) not in text
    assert "Spør søkeren" not in text


def test_a_condition_is_settled_with_a_reason_and_shown_with_who_and_when():
    application = make_case(State.IN_PROGRESS, municipality={})
    sara, [finding] = caseworker(), newest_findings(application)

    missing = post(sara, application, "case_rule", finding=finding.pk, seen=0)
    assert missing.status_code == 422
    assert "Velg oppfylt eller ikke oppfylt." in text_of(missing) and "<title> Feil:" in text_of(missing)

    post(sara, application, "case_rule", finding=finding.pk, seen=0, met="yes", reason="Tall fra SSB.")
    text = page(sara, application)
    assert "Vurdert som oppfylt" in text and "Tall fra SSB." in text


def test_a_ruling_that_is_overridden_is_kept_and_shown():
    application = make_case(State.IN_PROGRESS, municipality=BELOW)
    sara, siri = caseworker(), impartial(caseworker("siri"), application.call)
    [finding] = newest_findings(application)
    post(sara, application, "case_rule", finding=finding.pk, seen=0, met="yes", reason="Unntak: forsøk.")
    first = Ruling.objects.get()
    post(siri, application, "case_rule", finding=finding.pk, seen=first.pk, met="no", reason="Ikke grunn til unntak.")

    text = page(sara, application)
    assert text.index("Ikke grunn til unntak.") < text.index("Unntak: forsøk.")
    assert Ruling.objects.count() == 2


def test_the_second_of_two_rulings_is_refused_and_what_was_typed_is_kept():
    application = make_case(State.IN_PROGRESS, municipality=BELOW)
    sara, siri = caseworker(), impartial(caseworker("siri"), application.call)
    [finding] = newest_findings(application)
    rule_on(finding, met=False, reason="For få.", by=siri)

    answer = post(sara, application, "case_rule", finding=finding.pk, seen=0, met="yes", reason="Jeg skrev dette.")

    text = text_of(answer)
    assert answer.status_code == 409
    assert "siri var først: vilkåret er ikke oppfylt. Begrunnelsen er «For få.»." in text
    assert "Jeg skrev dette." in text and f'name="seen" value="{Ruling.objects.get().pk}"' in text
    assert Ruling.objects.count() == 1


def test_a_finding_of_another_case_is_not_ruled_on():
    application, other = make_case(State.IN_PROGRESS), make_case(State.IN_PROGRESS, organisation=municipality("0104"))
    [finding] = newest_findings(other)

    answer = post(caseworker(), application, "case_rule", finding=finding.pk, met="no", reason="Nei.")
    assert (answer.status_code, Ruling.objects.count()) == (404, 0)
    assert post(caseworker(), application, "case_rule", finding="9" * 30, met="no", reason="Nei.").status_code == 404


def scores(**changes: Any) -> dict[str, Any]:
    given = {f"points-{code}": "4" for code in ("transfer", "goals", "plan")}
    return {"seen": 0} | given | {f"reason-{code}": "Godt." for code in ("transfer", "goals", "plan")} | changes


def test_points_are_given_with_reasons_and_others_points_are_shown_after_ones_own():
    application = make_case(State.IN_PROGRESS)
    sara, siri = caseworker(), impartial(caseworker("siri"), application.call)
    for criterion in application.call.criteria():
        score(application, criterion["code"], 6, reason="Siri synes dette er best.", by=siri)

    assert "Siri synes" not in page(sara, application) and "av 6" not in page(sara, application)
    assert "Siri synes" in page(make_user("ada", Role.AUDITOR), application)
    post(sara, application, "case_score", **scores())

    text = page(sara, application)
    assert "Siri synes" in text and "5,00 av 6" in text and "2 vurderinger" in text


def test_points_without_reason_and_reasons_without_points_come_back():
    application = make_case(State.IN_PROGRESS)
    changes = {"reason-goals": "", "points-plan": "", "reason-plan": "Skrevet lenge."}

    answer = post(caseworker(), application, "case_score", **scores(**changes))

    text = text_of(answer)
    assert answer.status_code == 422 and Score.objects.count() == 0
    assert "Skriv en kort begrunnelse for poengene." in text and "Velg poeng fra 0 til 6." in text
    assert "Skrevet lenge." in text


@pytest.mark.parametrize("points", ["7", "-1", "²", "1e3", "9999999999"])
def test_points_that_cannot_be_are_refused(points: str):
    application = make_case(State.IN_PROGRESS)

    assert post(caseworker(), application, "case_score", **scores(**{"points-plan": points})).status_code == 422
    assert Score.objects.count() == 0


def test_points_from_an_old_window_are_refused_and_kept():
    application, sara = make_case(State.IN_PROGRESS), caseworker()
    post(sara, application, "case_score", **scores())

    answer = post(sara, application, "case_score", **scores(**{"points-plan": "1", "reason-plan": "Annet vindu."}))

    assert answer.status_code == 409 and "Annet vindu." in text_of(answer)
    assert Score.objects.count() == 3
    seen = Score.objects.latest("pk").pk
    again = post(sara, application, "case_score", **scores(**{"points-plan": "1", "reason-plan": "Nå.", "seen": seen}))
    assert again.status_code == 302
    assert Score.objects.count() == 4  # what was as before is left alone


def test_a_question_is_asked_with_a_last_day_and_withdrawn():
    application, sara = make_case(State.IN_PROGRESS), caseworker()
    due = timezone.localdate() + timedelta(days=5)

    assert post(sara, application, "case_ask", question="", due_on="i morgen").status_code == 422
    post(sara, application, "case_ask", question="Hva koster kurset?", due_on=due.isoformat())

    application.refresh_from_db()
    assert (application.state, application.answer_due_on) == (State.AWAITING_APPLICANT, due)
    assert "Søkers svarfrist" in page(sara, application)
    post(sara, application, "case_stop_waiting")
    application.refresh_from_db()
    assert (application.state, application.answer_due_on) == (State.IN_PROGRESS, None)


@pytest.mark.parametrize("due_on", [date(2016, 1, 1).isoformat(), "9999-99-99"])
def test_a_last_day_that_cannot_be_is_refused_and_the_question_kept(due_on: str):
    application = make_case(State.IN_PROGRESS)

    answer = post(caseworker(), application, "case_ask", question="Et langt spørsmål", due_on=due_on)

    assert answer.status_code == 422 and "Et langt spørsmål" in text_of(answer)


def test_a_question_about_a_condition_is_begun_for_the_caseworker():
    application = make_case(State.IN_PROGRESS, municipality=BELOW)

    text = page(caseworker(), application, query="?about=has_enough_immigrants_or_refugees")

    assert "Kan dere rette eller forklare dette?" in text


def test_a_question_from_an_old_page_is_refused_and_what_was_typed_is_kept():
    application = make_case()
    old = Application.objects.get(pk=application.pk)
    siri, sara = impartial(caseworker("siri"), application.call), impartial(caseworker(), application.call)
    take_case(application, by=siri)
    due = (timezone.localdate() + timedelta(days=9)).isoformat()

    answer = post(sara, old, "case_ask", question="Jeg skrev dette.", due_on=due)

    text = text_of(answer)
    assert answer.status_code == 409 and "siri var først" in text and "Tok saken, siri" in text
    assert "Jeg skrev dette." in text and f'name="version" value="{application.version}"' in text


def test_the_rules_are_tried_again_by_the_button():
    application, sara = make_case(State.IN_PROGRESS), caseworker()

    answer = signed_in(sara).post(reverse("case_retry", args=[application.pk]), follow=True)

    assert "Ingenting er endret" in text_of(answer)


# --- History, notes, application, documents ---------------------------------------------------------------------------


def test_a_note_is_seen_by_the_directorate_and_never_by_the_applicant():
    application, sara = make_case(State.IN_PROGRESS), caseworker()
    assert post(sara, application, "case_note", text=" ").status_code == 422
    post(sara, application, "case_note", text="Ring Halden om dette. <b>x</b>")

    assert Note.objects.get().by == sara
    text = page(make_user("ada", Role.AUDITOR), application, "case_history")
    assert "Ring Halden om dette. &lt;b&gt;x&lt;/b&gt;" in text and "<b>x" not in text
    applicants = signed_in(application.created_by).get(reverse("application", args=[application.pk]))
    assert "Ring Halden" not in text_of(applicants)


def test_a_note_from_an_old_page_is_refused_and_kept():
    application, sara = make_case(State.IN_PROGRESS), caseworker()
    old = Application.objects.get(pk=application.pk)
    make_question(application)

    answer = post(sara, old, "case_note", text="Et notat.")

    assert answer.status_code == 409 and "Et notat." in text_of(answer) and not Note.objects.exists()


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.DECISION_MAKER, Role.FINANCE, Role.SCHEME_OWNER])
@pytest.mark.parametrize(
    "name",
    [
        "case_note",
        "case_take",
        "case_rule",
        "case_score",
        "case_ask",
        "case_stop_waiting",
        "case_retry",
    ],
)
def test_readers_change_nothing(role: Role, name: str):
    application = make_case()

    assert post(make_user("reader", role), application, name, text="x").status_code == 403


def test_the_application_is_shown_as_sent_with_its_sums():
    text = page(caseworker(), make_case(State.IN_PROGRESS), "case_application")

    for words in ("Raskere i jobb", "1. mars 2017", "Lønn", "600 000 kr", "Egne midler", "7,5 %"):
        assert words in text


def test_an_earlier_submission_can_be_chosen_and_what_differs_is_marked():
    application = make_case(State.IN_PROGRESS)
    first = application.submissions.get()
    costs = [{"text": "Lønn", "kroner": "550 000"}, {"text": "Reise", "kroner": "50 000"}]
    answers = application.answers | {
        "goals": ANSWERS["goals"] | {"participants": "25"},
        "budget": ANSWERS["budget"] | {"costs": costs},
    }
    application.submissions.create(
        number=2, answers=answers, applied_ore=first.applied_ore, sha256="1" * 64, submitted_by=first.submitted_by,
        submitted_at=timezone.now(),
    )  # fmt: skip

    newest = page(caseworker(), application, "case_application")
    assert "25" in newest and "Endret" in newest and "Før: 20" in newest
    assert "før 500 000 kr" in newest and "Kurs: 100 000 kr" in newest
    older = page(caseworker(), application, "case_application", "?submission=1")
    assert "Endret" not in older


def test_documents_are_listed_as_the_journal_has_them():
    application = make_case(State.IN_PROGRESS)
    make_question(application)
    drain()
    last = CaseDocument.objects.get(direction="out")
    CaseDocument.objects.create(
        application=application, number=3, kind="x:1", title="Internt", direction="internal", sender="IMDi",
        recipient="IMDi", dated=date(2017, 1, 1), access_code="UO", legal_ground="offl. § 14", retention="x",
        sha256="0" * 64, path="x",
    )  # fmt: skip

    text = page(caseworker(), application, "case_documents")
    assert last.title in text and "Ut til Halden" in text and "Åpent" in text and "UO, offl. § 14" in text


# --- Presence ---------------------------------------------------------------------------------------------------------


def test_a_colleague_in_the_case_is_seen_while_there_and_remembered_after():
    application = make_case(State.IN_PROGRESS)
    sara, siri = caseworker(), caseworker("siri")
    assert "siri" not in page(sara, application)
    page(siri, application)

    assert "siri har saken åpen nå." in page(sara, application)
    Presence.objects.filter(user=siri).update(seen_at=timezone.now() - timedelta(minutes=5))
    assert "siri var sist i saken" in page(sara, application)


def test_the_poll_answers_only_when_something_is_new():
    application = make_case(State.IN_PROGRESS)
    sara, siri = caseworker(), caseworker("siri")
    page(siri, application)

    news = post(sara, application, "case_presence", shown="")
    assert news.status_code == 200 and "siri har saken åpen nå." in text_of(news) and "<html" not in text_of(news)
    assert post(sara, application, "case_presence", shown="siri").status_code == 204


def test_who_only_reads_is_not_somebody_in_the_case():
    application = make_case(State.IN_PROGRESS)
    page(make_user("ada", Role.AUDITOR), application)

    assert not Presence.objects.filter(user__username="ada").exists()


def test_the_page_asks_no_more_of_the_database_when_there_is_more_in_the_case(django_assert_max_num_queries):
    application = make_case(State.IN_PROGRESS)
    sara, siri = caseworker(), impartial(caseworker("siri"), application.call)
    [finding] = newest_findings(application)
    for number in range(10):
        rule_on(finding, met=True, reason=f"Grunn {number}", by=siri)
        score(application, "plan", 3, reason="…", by=siri)

    with django_assert_max_num_queries(55):
        page(sara, application)

"""After the decision, through the pages and without JavaScript: the recipient answers, asks and reports; two people decide."""

from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from applications.models import Acceptance, Application, ChangeRequest, Report, UnspentFinding
from applications.services.review_report import propose_unspent, return_report
from applications.services.terms import decline_grant
from grants.models import Role, User
from tests.factories.cases import (
    caseworker,
    decision_maker,
    impartial,
    make_case,
    make_draft,
    member,
    moment,
    municipality,
    signatory,
)
from tests.factories.follow_up import (
    IN_TIME,
    REPORT,
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
from tests.factories.register import make_user

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def at(text: str = IN_TIME) -> Any:
    return time_machine.travel(moment(text), tick=False)


def page(client: Client, name: str, application: Application, **more: Any) -> str:
    answer = client.get(reverse(name, kwargs={"pk": application.pk} | more))
    assert answer.status_code == 200
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def send(client: Client, name: str, application: Application, posted: dict[str, Any], **more: Any) -> Any:
    return client.post(reverse(name, kwargs={"pk": application.pk} | more), posted)


# --- The recipient ------------------------------------------------------------------------------------------------------


def test_the_case_says_what_to_do_and_by_when():
    application = make_grant()
    with at():
        shown = page(signed_in(application.created_by), "application", application)

    assert "Dette skjer videre" in shown and "Godta vilkårene" in shown and "22. juni 2017" in shown


def test_a_case_without_a_grant_has_no_next_step_of_ours():
    application = make_case()

    assert "Dette skjer videre" not in page(signed_in(application.created_by), "application", application)


def test_a_signatory_reads_confirms_and_accepts():
    application = make_grant()
    sha256 = terms_of(application).sha256
    with at():
        client = signed_in(application.created_by)
        shown = page(client, "application_terms", application)
        assert "500 000 kr" in shown and "betales tilbake" in shown and sha256 in shown
        unconfirmed = send(client, "application_terms", application, {"sha256": sha256, "accept": ""})
        assert unconfirmed.status_code == 422 and "<title>Feil: " in unconfirmed.content.decode()
        accepted = send(client, "application_terms", application, {"sha256": sha256, "accept": "", "confirmed": "on"})
        assert accepted["Location"] == reverse("application", args=[application.pk])
        shown = page(client, "application", application)

    assert "Vilkårene er godtatt" in shown and "Skriv rapporten" in shown and "28. februar 2018" in shown
    assert Acceptance.objects.get().by == application.created_by


def test_a_signatory_with_an_old_page_is_shown_the_new_terms():
    application = make_grant()
    old = terms_of(application)
    approve_change(make_recommended(application))
    with at():
        client = signed_in(application.created_by)
        answer = send(client, "application_terms", application, {"sha256": old.sha256, "confirmed": "on"})

    shown = answer.content.decode()
    assert answer.status_code == 409 and "Vilkårene er endret" in shown and "Vilkår nummer 2" in shown
    assert not Acceptance.objects.exists()


def test_the_second_of_two_signatories_is_told_who_was_first():
    application = make_grant()
    sha256 = terms_of(application).sha256
    with at():
        for client in (signed_in(application.created_by), signed_in(signatory(username="simen"))):
            answer = send(client, "application_terms", application, {"sha256": sha256, "confirmed": "on"})

    assert answer.status_code == 409 and "signe-0101 har svart allerede" in answer.content.decode()
    assert Acceptance.objects.count() == 1


def test_after_the_deadline_the_page_says_so_and_takes_only_a_no():
    application = make_grant()
    sha256 = terms_of(application).sha256
    with at("2017-06-23 00:00:00"):
        client = signed_in(application.created_by)
        shown = page(client, "application_terms", application)
        assert "Fristen for å godta vilkårene er ute" in shown and 'name="accept"' not in shown
        assert send(client, "application_terms", application, {"sha256": sha256, "confirmed": "on"}).status_code == 409
        silent = send(client, "application_terms", application, {"sha256": sha256, "decline": "", "reason": " "})
        assert silent.status_code == 422 and "hvorfor dere takker nei" in silent.content.decode()
        send(
            client, "application_terms", application, {"sha256": sha256, "decline": "", "reason": "Vi rekker det ikke."}
        )
        shown = page(client, "application", application)

    assert Acceptance.objects.get().answer == "declined"
    assert "Dere har takket nei" in shown


def test_an_editor_is_told_who_signs_and_cannot():
    application = make_grant()
    with at():
        client = signed_in(member(Role.EDITOR))
        shown = page(client, "application_terms", application)
        assert "En med signaturrett svarer" in shown and "signe-0101" in shown and 'name="accept"' not in shown
        posted = {"sha256": terms_of(application).sha256, "confirmed": "on"}
        assert send(client, "application_terms", application, posted).status_code == 409
    assert not Acceptance.objects.exists()


def test_a_change_is_asked_for_with_faults_told_and_typed_text_kept():
    application = make_accepted()
    client = signed_in(application.created_by)
    shown = page(client, "application_change", application)
    assert 'value="500 000"' in shown and 'value="2017-12-31"' in shown
    typed = {
        "sha256": terms_of(application).sha256, "text": "<b>Vi</b> trenger lenger tid.", "starts_on": "2017-03-01",
        "ends_on": "2016-01-01", "costs-text": ["Lønn"], "costs-kroner": ["600 000"], "financing-text": [],
        "financing-kroner": [], "own": "50 000", "changes_budget": "yes",
    }  # fmt: skip

    refused = send(client, "application_change", application, typed)
    shown = refused.content.decode()
    assert refused.status_code == 422 and "Perioden kan ikke slutte" in shown and "mangler finansiering" in shown
    assert "&lt;b&gt;Vi&lt;/b&gt;" in shown and "<b>Vi" not in shown
    more = send(client, "application_change", application, typed | {"add_costs": ""})
    assert more.status_code == 200 and not ChangeRequest.objects.exists()

    sent = send(client, "application_change", application, typed | {"ends_on": "2018-06-30", "own": "100 000"})
    assert sent.status_code == 302
    assert ChangeRequest.objects.get().wanted["budget"]["own_ore"] == 100_000_00
    assert "Til behandling" in page(client, "application_change", application)
    assert "Vi ser på endringen" in page(client, "application", application)


def test_a_change_from_old_terms_is_refused_and_the_text_kept():
    application = make_accepted()
    client = signed_in(application.created_by)
    answer = send(
        client, "application_change", application, {"sha256": "0" * 64, "text": "Kan vi?", "ends_on": "2018-01-31"}
    )

    assert answer.status_code == 409 and "Kan vi?" in answer.content.decode()
    assert not ChangeRequest.objects.exists()


def fields(theme: str) -> dict[str, Any]:
    """A theme of the report as a browser posts it."""
    typed = REPORT[theme]
    if theme != "accounts":
        return typed
    return {
        "actual": [row["kroner"] for row in typed["lines"]], "why": [row["why"] for row in typed["lines"]],
        "more-text": [""], "more-kroner": [""], "more-why": [""],
        "financing": [row["kroner"] for row in typed["financing"]], "own": typed["own"], "total": typed["total"],
    }  # fmt: skip


def test_a_report_is_written_theme_by_theme_and_sent():
    application = make_accepted()
    client = signed_in(application.created_by)
    assert "1 av 4" in page(client, "application_report", application)
    for theme, after in zip(REPORT, ["participants", "accounts", "attachments"], strict=True):
        shown = page(client, "application_report_theme", application, theme=theme)
        assert ("«20 i arbeid.»" in shown) == (theme == "results")
        posted = {"version": Report.objects.get().version, "next": "", **fields(theme)}
        answer = send(client, "application_report_theme", application, posted, theme=theme)
        assert answer.status_code == 302 and answer["Location"].rstrip("/").endswith(after)
    assert "4 av 4" in page(client, "application_report", application)
    version = Report.objects.get().version
    assert send(client, "application_report", application, {"version": version}).status_code == 422
    sent = send(client, "application_report", application, {"version": version, "confirmed": "on"})

    assert sent.status_code == 302 and Report.objects.get().state == "submitted"
    shown = page(client, "application_report", application)
    assert "Innsending nummer 1" in shown and "18 fikk jobb." in shown
    assert send(client, "application_report", application, {"version": version, "confirmed": "on"}).status_code == 409


def test_accounts_that_do_not_add_up_are_told_and_kept():
    application = make_accepted()
    client = signed_in(application.created_by)
    posted = {"version": 1, "next": "", **fields("accounts"), "actual": ["300 000", "=1+1"], "total": "900 000"}

    answer = send(client, "application_report_theme", application, posted, theme="accounts")

    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "Forklar avviket" in shown and "hele kroner" in shown and 'value="=1+1"' in shown
    assert Report.objects.get().answers["accounts"]["total"] == "900 000"


def test_two_windows_on_a_report_show_both_texts():
    report = make_report()
    application = report.application
    client = signed_in(application.created_by)
    old = {"version": 1, "next": "", "reached": "7"}

    answer = send(client, "application_report_theme", application, old, theme="participants")
    shown = answer.content.decode()
    assert answer.status_code == 409 and "<strong>7</strong>" in shown and "<strong>19</strong>" in shown
    fragment = client.post(
        reverse("application_report_theme", args=[application.pk, "participants"]),
        {"version": report.version, "reached": "8"}, headers={"HX-Request": "true"},
    )  # fmt: skip
    assert "<html" not in fragment.content.decode() and "Lagret" in fragment.content.decode()
    assert Report.objects.get().answers["participants"]["reached"] == "8"


def test_an_accountant_writes_the_accounts_and_is_told_who_sends():
    report = make_report()
    client = signed_in(member(Role.ACCOUNTANT))

    assert "Regnskap mot budsjett" in page(client, "application_report_theme", report.application, theme="accounts")
    assert "En med signaturrett sender inn" in page(client, "application_report", report.application)


def test_a_returned_report_says_what_to_mend():
    report = make_submitted().report
    with at("2018-03-05 09:00"):
        return_report(report, reason="Forklar mål 1 bedre.", last_day=on("2018-03-20"), by=caseworker())
        client = signed_in(report.application.created_by)
        for name in ("application", "application_report"):
            assert "Forklar mål 1 bedre." in page(client, name, report.application)


def test_what_one_person_found_is_not_shown_before_another_approved_it():
    report = make_submitted(accounts=underspent()).report
    propose_unspent(report, amount_ore=77_000_00, reason="Hemmelig inntil videre.", by=caseworker())
    client = signed_in(report.application.created_by)

    for name in ("application", "application_report"):
        shown = page(client, name, report.application)
        assert "77 000" not in shown and "Hemmelig" not in shown and "Venter på en annen" not in shown


@pytest.mark.parametrize(
    "name", ["application_terms", "application_change", "application_report", "application_report_theme"]
)
@pytest.mark.parametrize("verb", ["get", "post", "put", "delete"])
def test_another_organisations_grant_is_not_there(name: str, verb: str):
    application = make_accepted()
    arguments = [application.pk, "accounts"] if name.endswith("theme") else [application.pk]
    stranger = signed_in(signatory(municipality("0104"), "stranger"))

    assert getattr(stranger, verb)(reverse(name, args=arguments)).status_code in (404, 405)
    assert signed_in(application.created_by).get(reverse(name, args=arguments)).status_code == 200


@pytest.mark.parametrize("name", ["application_terms", "application_change", "application_report"])
def test_what_is_not_granted_has_no_terms_and_no_report(name: str):
    for application in (make_draft(), make_case(organisation=municipality("0104"))):
        assert signed_in(application.created_by).get(reverse(name, args=[application.pk])).status_code == 404


def test_a_declined_grant_owes_no_report():
    application = make_grant()
    terms = terms_of(application)
    with at():
        decline_grant(terms, sha256=terms.sha256, reason="Nei.", by=application.created_by)
    client = signed_in(application.created_by)

    assert client.get(reverse("application_report", args=[application.pk])).status_code == 404
    assert "kan ikke endres lenger" in page(client, "application_change", application)


# --- The directorate ----------------------------------------------------------------------------------------------------


def test_a_caseworker_moves_the_deadline_on_the_page():
    application = make_grant()
    with at("2017-06-23 09:00"):
        client = signed_in(caseworker())
        assert "Fristen er ute" in page(client, "case_follow_up", application)
        bad = send(client, "case_deadline", application, {"what": "accept", "last_day": "snart", "reason": "Ferie."})
        assert bad.status_code == 422 and "som en dato" in bad.content.decode() and "Ferie." in bad.content.decode()
        good = {"what": "accept", "last_day": "2017-07-01", "reason": "Ferie."}
        assert send(client, "case_deadline", application, good).status_code == 302
        assert "1. juli 2017" in page(client, "case_follow_up", application)
        assert "Ferie." in page(signed_in(application.created_by), "application", application)


def test_a_change_is_recommended_by_one_and_decided_by_another_on_the_page():
    application = make_accepted()
    request = make_change(application)
    sara, david = signed_in(caseworker()), signed_in(impartial(decision_maker(), application.call))
    assert "Vi kom sent i gang." in page(sara, "case_follow_up", application)
    silent = send(sara, "case_change", application, {"version": 1, "recommend": "approve", "reason": ""})
    assert silent.status_code == 422 and "bør godkjennes eller avslås" in silent.content.decode()
    assert "Tilrå godkjenning" not in page(david, "case_follow_up", application)
    assert send(david, "case_change", application, {"version": 1, "approve": "", "reason": "x"}).status_code == 409

    send(sara, "case_change", application, {"version": 1, "recommend": "approve", "reason": "Rimelig."})
    assert "Godkjenn endringen" not in page(sara, "case_follow_up", application)
    stale = send(david, "case_change", application, {"version": 1, "approve": "", "reason": "Greit."})
    assert stale.status_code == 409
    send(david, "case_change", application, {"version": 2, "approve": "", "reason": "Greit."})

    request.refresh_from_db()
    assert (request.state, terms_of(application).number) == ("approved", 2)
    assert send(david, "case_change", application, {"version": 3, "refuse": "", "reason": "x"}).status_code == 404
    assert "Greit." in page(signed_in(application.created_by), "application_change", application)


def test_a_report_is_reviewed_on_the_page_and_unspent_money_takes_another():
    report = make_submitted(accounts=underspent()).report
    application = report.application
    sara, david = signed_in(caseworker()), signed_in(impartial(decision_maker(), application.call))
    shown = page(sara, "case_follow_up", application)
    assert "Sen ansettelse." in shown and "100 000 kr" in shown and "18 fikk jobb." in shown
    wrong = {"version": report.version, "unspent": "", "amount": "mye", "reason": "x"}
    assert send(sara, "case_report", application, wrong).status_code == 422
    assert send(sara, "case_report", application, {"version": report.version, "approve": ""}).status_code == 422
    assert send(sara, "case_report", application, {"version": report.version}).status_code == 404

    send(sara, "case_report", application, wrong | {"amount": "100 000"})
    version = Report.objects.get().version
    assert "Godkjenn funnet" not in page(sara, "case_follow_up", application)
    assert send(sara, "case_report", application, {"version": version, "approve_unspent": ""}).status_code == 409
    assert "Godkjenn funnet" in page(david, "case_follow_up", application)
    assert send(david, "case_report", application, {"version": version, "approve_unspent": ""}).status_code == 302

    assert UnspentFinding.objects.get().amount_ore == 100_000_00
    assert "100 000 kr" in page(signed_in(application.created_by), "application", application)


def test_a_report_is_returned_on_the_page():
    application = make_submitted().report.application
    version = Report.objects.get().version
    with at("2018-03-05 09:00"):
        client = signed_in(caseworker())
        posted = {"version": version, "return": "", "reason": "Vis tallene.", "last_day": "2018-03-01"}
        assert send(client, "case_report", application, posted).status_code == 422
        assert send(client, "case_report", application, posted | {"last_day": "2018-03-20"}).status_code == 302

    assert Report.objects.get().state == "returned"


def test_an_auditor_sees_all_and_is_offered_nothing():
    application = make_submitted(accounts=underspent()).report.application
    shown = page(signed_in(make_user("per", Role.AUDITOR)), "case_follow_up", application)

    assert "Sen ansettelse." in shown and "Godkjenn rapporten" not in shown and "Gi ny frist" not in shown


def test_a_case_that_is_not_granted_has_a_page_that_says_so():
    assert "ikke innvilget" in page(signed_in(caseworker()), "case_follow_up", make_case())


def test_who_declared_an_interest_finds_neither_the_case_nor_its_report():
    application = make_submitted().report.application
    siri = caseworker("siri")
    application.call.declarations.create(user=siri, has_interest=True, reason="Søsteren min.")
    client = signed_in(siri)

    assert client.get(reverse("case_follow_up", args=[application.pk])).status_code == 404
    assert str(application.organisation) not in client.get(reverse("reports") + "?show=review").content.decode()
    assert str(application.organisation) in signed_in(caseworker()).get(reverse("reports")).content.decode()


def test_the_lists_of_reports_and_their_number_of_queries(django_assert_max_num_queries: Any):
    due = make_accepted()
    call = due.call
    for number in ("0104", "0105", "0106"):
        make_submitted(make_accepted(call=call, organisation=municipality(number)))
    with at("2018-03-01 09:00"):
        client = signed_in(caseworker())
        with django_assert_max_num_queries(14):
            review = client.get(reverse("reports")).content.decode()
        overdue = client.get(reverse("reports") + "?show=overdue").content.decode()
        nothing = client.get(reverse("reports") + "?show=due").content.decode()

    assert "Moss" in review and "Halden" not in review and "(3)" in review
    assert "Halden" in overdue and "28. februar 2018" in overdue.replace("\N{NO-BREAK SPACE}", " ")
    assert "Ingen rapporter her." in nothing

"""The road after the decision, walked from end to end: what happens, what is booked, and what its applicant reads of it."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from applications.models import Application, Decision, State, UnspentFinding
from applications.services.appeal import save_appeal, send_appeal
from applications.services.appeal_outcome import decide_appeal, propose_outcome
from applications.services.appeal_work import assign_appeal
from applications.services.attach import attach
from applications.services.change_requests import ask_for_change, decide_change, recommend_change
from applications.services.remind import sweep
from applications.services.reports import IncompleteReport, save_report, submit_report
from applications.services.reverse import answer_notice, begin_reversal, decide_reversal, propose_reversal
from applications.services.review_report import approve_report, approve_unspent, propose_unspent, return_report
from grants.jobs.queue import drain
from grants.law.registry import SCHEMES
from grants.models import Account, LedgerEntry, Role
from grants.shared.errors import NotAllowed
from tests.factories.appeals import TEXTS, handler, make_decided, second_decider
from tests.factories.attachments import uploaded
from tests.factories.cases import caseworker, decision_maker, impartial, make_call, moment
from tests.factories.follow_up import REPORT, accept, make_grant, terms_of, underspent
from tests.factories.register import make_user

pytestmark = pytest.mark.django_db


def morning(day: str) -> time_machine.travel:
    return time_machine.travel(moment(f"{day} 09:00"), tick=False)


def read(application: Application, name: str = "application") -> str:
    """What the applicant reads, in one line."""
    client = Client()
    client.force_login(application.created_by)
    answer = client.get(reverse(name, args=[application.pk]))
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode().replace("\N{NO-BREAK SPACE}", " "))


def titles(application: Application) -> list[str]:
    return [document.title.partition(":")[0] for document in application.documents.order_by("number")]


def reminded(day: str) -> None:
    with morning(day):
        sweep(date.fromisoformat(day))
        drain()


def test_a_grant_is_accepted_changed_reported_mended_and_found_to_leave_money_unspent(monkeypatch: pytest.MonkeyPatch):
    call = make_call()
    monkeypatch.setitem(SCHEMES, call.scheme, replace(call.law, auditors_statement=True))
    application = make_grant(call=call)
    by, sara, david = application.created_by, impartial(caseworker(), call), impartial(decision_maker(), call)

    # The terms, with a deadline of three weeks.
    reminded("2017-06-16")
    with morning("2017-06-17"):
        page = read(application)
        assert "Godta vilkårene" in page and "22. juni 2017" in page and "innen 22. juni 2017" in page
    accept(application, at="2017-06-20 12:00")

    # Another period, recommended by one and approved by another: the next terms hold.
    with morning("2017-10-02"):
        request = ask_for_change(terms_of(application), {"text": "Sen start.", "ends_on": "2018-01-31"}, by=by)
        assert "Vi ser på endringen dere ba om" in read(application)
        recommend_change(request, approve=True, reason="Rimelig.", by=sara)
        with pytest.raises(NotAllowed):
            decide_change(request, approve=True, reason="Greit.", by=make_user("sara", Role.DECISION_MAKER))
        decide_change(request, approve=True, reason="Greit.", by=david)
        drain()
        assert "Endringen er godkjent" in read(application)
    assert terms_of(application).number == 2

    # The report is due in February and is reminded of.
    reminded("2018-02-14")
    reminded("2018-03-01")
    with morning("2018-03-02"):
        page = read(application)
        assert "Rapporten er ikke kommet i tide" in page and "Fristen var 28. feb" in page
        report = application.reports.get()
        for theme, typed in (REPORT | {"accounts": underspent()}).items():
            save_report(report, theme, typed, version=report.version, by=by)
        with pytest.raises(IncompleteReport):
            submit_report(report, by=by)
        attach(application, "report_statement", uploaded("revisor.pdf"), by=by)
        submit_report(report, by=by)
        assert "Vi leser rapporten" in read(application)

    # It goes back once, comes again, and leaves money that a second person confirms.
    with morning("2018-03-05"):
        return_report(report, reason="Forklar mål 1.", last_day=date(2018, 3, 20), by=sara)
        page = read(application)
        assert "Rett rapporten" in page and "Forklar mål 1." in page and "20. mars 2018" in page
    with morning("2018-03-12"):
        submit_report(report, by=by)
        propose_unspent(report, amount_ore=100_000_00, reason="Etter regelen i vilkårene.", by=sara)
        assert "100 000" not in read(application, "application_report").partition("Innsending nummer")[0]
        approve_unspent(report, by=david)
        drain()
        page = read(application)
    assert UnspentFinding.objects.get().amount_ore == 100_000_00
    assert "Penger til overs" in page and "100 000 kr er ikke brukt" in page
    wanted = [
        "Søknad", "Vedtak", "Svar på vilkår", "Søknad om endring", "Svar på søknad om endring", "Påminnelse", "Rapport",
        "Vedlegg", "Svar på rapport", "Rapport", "Vedlegg", "Svar på rapport",
    ]  # fmt: skip
    assert titles(application) == wanted
    for title in set(wanted):
        assert f"{title}:" in page, "what is recorded is there for the applicant to read"


def test_a_decision_is_appealed_and_reversed_and_then_reversed_to_loss_by_the_directorate():
    decision = make_decided()
    application, by = decision.application, decision.application.created_by
    hanne, dina = handler(application), second_decider(application)
    with morning("2017-06-20"):
        assert "dere klage til og med 22. juni 2017" in read(application)
        appeal = save_appeal(decision, version=0, by=by, **TEXTS)
        send_appeal(appeal, by=by)
        assert not appeal.is_late and appeal.reference != application.reference
        with pytest.raises(NotAllowed, match="forberedt eller fattet"):
            assign_appeal(appeal, caseworker(), by=caseworker())
        assign_appeal(appeal, hanne, by=hanne)
        assert "Klagen har fått en saksbehandler" in read(application)
    with morning("2017-07-03"):
        proposal = propose_outcome(appeal, "reverse", reason="De har rett.", amount_ore=500_000_00, by=hanne)
        decide_appeal(proposal, by=dina, on=date(2017, 7, 3))
        drain()
        page = read(application)
        assert "Klagen har ført fram" in page and "Et nytt vedtak er kommet i stedet for det forrige" in page
        assert "Omgjøring etter klage:" in page and "Godta vilkårene" in page and "Tidligere klage" in page
    first, second = LedgerEntry.objects.order_by("pk")
    assert (first.amount_ore, second.amount_ore) == (300_000_00, 200_000_00)
    assert second.key.startswith(f"decision:{Decision.objects.standing().get().pk}:")

    with morning("2017-08-01"):
        reversal = begin_reversal(
            application, to_ore=100_000_00, ground="error", reason="Beløpet er feil.",
            answer_by=date(2017, 8, 1) + timedelta(days=14), by=hanne,
        )  # fmt: skip
        drain()
        assert "Vi vurderer å omgjøre vedtaket" in read(application) and "Varsel om omgjøring:" in read(application)
        answer_notice(reversal, "Vi er uenige.", by=by)
        propose_reversal(reversal, reason="Satsen var feil.", by=hanne)
        decide_reversal(reversal, by=dina, on=date(2017, 8, 2))
        drain()
        page = read(application)
    application.refresh_from_db()
    assert application.state == State.GRANTED and Decision.objects.standing().get().amount_ore == 100_000_00
    assert LedgerEntry.objects.balance_ore(Account.COMMITTED) == 100_000_00
    assert LedgerEntry.objects.count() == 3
    assert "Dere får 100 000 kr." in page and "Omgjøring:" in page and "Svar på varsel:" in page
    # And that one can be appealed too.
    assert "kan dere klage til og med 23. aug" in page


def test_a_report_in_order_ends_the_case():
    application = make_grant()
    accept(application)
    report = application.reports.get()
    for theme, typed in REPORT.items():
        save_report(report, theme, typed, version=report.version, by=application.created_by)
    submit_report(report, by=application.created_by)
    approve_report(report, by=impartial(caseworker(), application.call))
    drain()

    assert "Saken er ferdig" in read(application) and "Vi har godkjent rapporten" in read(application)

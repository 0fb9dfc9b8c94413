"""What a case leads to: claims from reports, from new decisions and from reports that never came, none of it twice."""

from datetime import date

import pytest
import time_machine

from applications.models import Application, Decision, UnspentFinding
from applications.services.claim_back import claim_missing_report, claims_of, may_be_claimed
from applications.services.pay_round import pay_round
from applications.services.remind import sweep
from applications.services.reports import submit_report
from applications.services.reverse import answer_notice, decide_reversal, propose_reversal
from applications.services.review_report import approve_unspent, propose_unspent
from grants.jobs.queue import drain
from grants.models import RecoveryClaim, RecoveryEvent
from grants.services.raise_recovery import approve_claim, reject_claim
from grants.shared.errors import BadInput, ChangedSince, NotAllowed, Refused
from tests.factories.appeals import handler, letter_to, make_decided, make_reversal
from tests.factories.cases import caseworker, decision_maker, impartial, moment, signatory
from tests.factories.follow_up import accept, make_accepted, make_report, make_submitted, underspent
from tests.factories.register import finance

pytestmark = pytest.mark.django_db
ON = date(2017, 9, 1)
Kind = RecoveryClaim.Kind


def paid(application: Application) -> Application:
    pay_round(application.call, by=finance(), on=ON)
    return application


def find_unspent(application: Application, ore: int) -> UnspentFinding:
    submission = make_submitted(application, accounts=underspent())
    report = submission.report
    call = application.call
    propose_unspent(report, amount_ore=ore, reason="Etter regelen i vilkårene.", by=impartial(caseworker(), call))
    return approve_unspent(report, by=impartial(decision_maker(), call))


def test_unspent_money_that_was_paid_is_claimed_when_it_is_found_by_two():
    application = paid(make_accepted())
    finding = find_unspent(application, 100_000_00)

    [claim] = claims_of(application)
    assert (claim.kind, claim.amount_ore, claim.standing) == (Kind.UNSPENT, 100_000_00, "proposed")
    assert (claim.source, claim.recipient) == (f"report_review:{finding.review_id}", application.organisation)
    assert (claim.scheme, claim.post, claim.origin_year, claim.ground) == (
        application.call.scheme, application.call.law.post, application.call.year, "Etter regelen i vilkårene.",
    )  # fmt: skip
    # Who found it is not who approves the claim; finance does.
    with pytest.raises(NotAllowed):
        approve_claim(claim, by=decision_maker())
    approve_claim(claim, by=finance())


def test_unspent_money_that_was_never_paid_is_not_claimed():
    find_unspent(make_accepted(), 100_000_00)
    assert not RecoveryClaim.objects.exists()


def change_to(to_ore: int, decision: Decision) -> Decision:
    reversal = make_reversal(to_ore, decision=decision)
    if reversal.is_to_loss:
        answer_notice(reversal, "Vi forstår.", by=signatory())
    propose_reversal(reversal, reason="Beløpet rettes.", by=handler(reversal.application))
    successor = decide_reversal(reversal, by=impartial(decision_maker(), reversal.application.call), on=ON)
    letter_to(successor)
    return Decision.objects.select_related("application__organisation", "call", "replaces").get(pk=successor.pk)


def test_each_new_decision_claims_only_what_is_not_claimed_already():
    decision = make_decided()  # 300 000 kroner
    accept(decision.application)
    paid(decision.application)
    less = change_to(200_000_00, decision)
    accept(less.application)
    still_less = change_to(50_000_00, less)

    claims = claims_of(decision.application)
    assert [(one.kind, one.amount_ore) for one in claims] == [
        (Kind.WITHDRAWN, 150_000_00), (Kind.WITHDRAWN, 100_000_00),
    ]  # fmt: skip
    assert [one.source for one in claims] == [f"decision:{still_less.pk}", f"decision:{less.pk}"]
    # And up again: nothing is claimed, and finance reads in each claim what there is ground for now.
    accept(still_less.application)
    change_to(250_000_00, still_less)
    notes = RecoveryEvent.objects.filter(kind="note").values_list("words", flat=True)
    assert len(notes) == 2 and all("grunnlag for å kreve 50\N{NO-BREAK SPACE}000 kroner" in words for words in notes)
    assert RecoveryClaim.objects.count() == 2


def test_a_claim_that_was_not_approved_does_not_stand_in_the_way_of_the_next():
    decision = make_decided()
    accept(decision.application)
    paid(decision.application)
    less = change_to(200_000_00, decision)
    reject_claim(claims_of(decision.application)[0], reason="Feil beløp i vedtaket.", by=finance())
    accept(less.application)
    change_to(50_000_00, less)
    assert claims_of(decision.application)[0].amount_ore == 250_000_00


def test_a_report_that_never_came_is_claimed_by_a_person_after_a_reminder():
    application = paid(make_accepted())
    report = application.reports.get()
    sara = impartial(caseworker(), application.call)
    with time_machine.travel(moment("2018-02-28 12:00")):
        assert not may_be_claimed(report)
        with pytest.raises(Refused, match="purret"):
            claim_missing_report(report, reason="Den kom ikke.", by=sara)
    with time_machine.travel(moment("2018-03-01 12:00")):
        assert not may_be_claimed(report)  # nobody was reminded yet
        sweep(date(2018, 3, 1))
        drain()
        assert may_be_claimed(report)
        with pytest.raises(NotAllowed):
            claim_missing_report(report, reason="Den kom ikke.", by=finance())
        with pytest.raises(BadInput):
            claim_missing_report(report, reason=" ", by=sara)
        claim = claim_missing_report(report, reason="Rapporten kom ikke, heller ikke etter purring.", by=sara)
        assert (claim.kind, claim.amount_ore) == (Kind.NO_REPORT, report.decision.amount_ore)
        with pytest.raises((Refused, ChangedSince)):
            claim_missing_report(report, reason="En gang til.", by=sara)
        assert RecoveryClaim.objects.count() == 1


def test_a_report_that_comes_after_all_is_noted_for_finance_and_is_not_claimed_twice():
    application = paid(make_accepted())
    with time_machine.travel(moment("2018-03-01 12:00")):
        sweep(date(2018, 3, 1))
        drain()
        sara = impartial(caseworker(), application.call)
        claim = claim_missing_report(application.reports.get(), reason="Den kom ikke.", by=sara)
    with time_machine.travel(moment("2018-03-10 12:00")):
        approve_claim(claim, by=finance())
    make_report(application, accounts=underspent())
    report = application.reports.get()
    with time_machine.travel(moment("2018-03-12 12:00")):
        submit_report(report, by=application.created_by)
        propose_unspent(report, amount_ore=100_000_00, reason="Etter regelen.", by=sara)
        approve_unspent(report, by=impartial(decision_maker(), application.call))
    assert RecoveryClaim.objects.count() == 1
    notes = list(claim.events.filter(kind="note").order_by("number").values_list("words", flat=True))
    assert notes[0].startswith("Rapporten kom 12.03.2018") and "grunnlag for å kreve 100" in notes[1]

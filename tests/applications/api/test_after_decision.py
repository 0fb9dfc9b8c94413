"""After the decision, through the API: terms, changes, report, appeal and reversal, from the first word to the last."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from applications.models import Acceptance, Appeal, Decision, Report, Reversal, UnspentFinding
from applications.models.terms import due_on
from tests.applications.api.client import Api
from tests.factories.appeals import GRANTED_ORE, handler, make_decided, make_reversal, second_decider
from tests.factories.cases import APPLIED_ORE, caseworker, decision_maker, impartial, moment, signatory
from tests.factories.follow_up import (
    IN_TIME,
    REPORT,
    decision_of,
    make_accepted,
    make_grant,
    make_report,
    terms_of,
    underspent,
)
from tests.factories.register import appropriate

pytestmark = pytest.mark.django_db
BUDGET = {
    "costs": [{"text": "Lønn", "kroner": "550 000"}, {"text": "Kurs", "kroner": "50 000"}],
    "financing": [{"text": "Nav", "kroner": "50 000"}],
    "own": "50 000",
}


def test_terms_are_read_and_accepted_once():
    application = make_grant()
    with time_machine.travel(moment(IN_TIME), tick=False):
        api = Api(application.created_by)
        told = api.get("api_terms", application.pk).json()
        assert (told["answer"], told["amount_ore"]) == (None, APPLIED_ORE)
        other = api.post("api_accept", application.pk, sha256="0" * 64)
        accepted = api.post("api_accept", application.pk, sha256=told["sha256"])
        again = api.post("api_accept", application.pk, sha256=told["sha256"])

    assert (other.status_code, accepted.status_code, again.status_code) == (409, 200, 409)
    assert accepted.json()["answer"] == "accepted" and Acceptance.objects.count() == 1


def test_a_grant_is_declined_with_a_reason():
    application = make_grant()
    api = Api(application.created_by)
    sha256 = terms_of(application).sha256
    silent = api.post("api_decline", application.pk, sha256=sha256, reason=" ")
    declined = api.post("api_decline", application.pk, sha256=sha256, reason="Prosjektet ble ikke noe av.")

    assert (silent.status_code, declined.status_code, declined.json()["answer"]) == (422, 200, "declined")


def test_a_change_is_asked_recommended_and_decided_by_another():
    application = make_accepted()
    ours, sara = Api(application.created_by), Api(impartial(caseworker(), application.call))
    david = Api(impartial(decision_maker(), application.call))
    asked = ours.post("api_changes", application.pk, text="Vi trenger mer tid.", ends_on="2018-06-30", budget=BUDGET)
    assert asked.status_code == 201, asked.content
    assert (asked.json()["number"], set(asked.json()["wanted"])) == (1, {"ends_on", "budget"})
    again = ours.post("api_changes", application.pk, text="En til.", ends_on="2018-07-30")
    assert again.status_code == 409
    advised = sara.post(
        "api_recommend_change", application.pk, 1, version=asked.json()["version"], approve=True, reason="Rimelig."
    )
    decided = david.post(
        "api_decide_change", application.pk, 1, version=advised.json()["version"], approve=True, reason="Greit."
    )

    assert (decided.status_code, decided.json()["state"]) == (200, "approved")
    assert terms_of(application).content["ends_on"] == "2018-06-30"
    assert [one["state"] for one in ours.get("api_changes", application.pk).json()["results"]] == ["approved"]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"text": "Alt.", "budget": {**BUDGET, "own": "0"}}, "costs"),
        ({"text": "Alt.", "starts_on": "2018-06-30", "ends_on": "2018-01-01"}, "ends_on"),
        ({"text": "Alt."}, "activity"),
        ({"text": "Alt.", "budget": {"kostnader": []}}, "kostnader"),
        ({"text": ""}, "text"),
    ],
)
def test_a_change_that_does_not_add_up_is_told_where(sent: dict, field: str):
    application = make_accepted()
    answer = Api(application.created_by).post("api_changes", application.pk, **sent)

    assert (answer.status_code, field in answer.json()["fields"]) == (422, True), answer.content


def test_a_report_is_written_sent_returned_and_approved():
    application = make_accepted()
    ours, sara = Api(application.created_by), Api(impartial(caseworker(), application.call))
    report = ours.get("api_report", application.pk).json()
    for theme, typed in REPORT.items():
        saved = ours.post("api_report_theme", application.pk, theme, version=report["version"], typed=typed)
        assert saved.status_code == 200, saved.content
        report = saved.json()
    assert {theme["progress"] for theme in report["themes"]} == {"done"}
    report = ours.post("api_submit_report", application.pk, version=report["version"]).json()
    assert [one["case"] for one in sara.get("api_reports").json()["results"]] == [str(application.pk)]
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    review = {"verdict": "return", "reason": "Summen mangler."}
    assert sara.post("api_review_report", application.pk, version=report["version"], **review).status_code == 422
    report = sara.post(
        "api_review_report", application.pk, version=report["version"], last_day=tomorrow, **review
    ).json()
    assert report["state"] == "returned"
    report = ours.post("api_submit_report", application.pk, version=report["version"]).json()
    approved = sara.post("api_review_report", application.pk, version=report["version"], verdict="approve")

    assert (approved.status_code, approved.json()["state"]) == (200, Report.State.APPROVED)


def test_unspent_money_takes_two_and_an_unknown_field_is_no_answer():
    application = make_accepted()
    report = make_report(application, accounts=underspent())
    ours, sara = Api(application.created_by), Api(impartial(caseworker(), application.call))
    david = Api(impartial(decision_maker(), application.call))
    slip = ours.post("api_report_theme", application.pk, "participants", version=report.version, typed={"nådd": "3"})
    assert (slip.status_code, list(slip.json()["fields"])) == (422, ["nådd"])
    version = ours.post("api_submit_report", application.pk, version=report.version).json()["version"]
    found = sara.post(
        "api_review_report", application.pk, version=version, verdict="unspent", amount_ore=100_000_00, reason="Ubrukt."
    )
    assert found.json()["state"] == "proposed", found.content
    version = found.json()["version"]
    assert sara.post("api_unspent", application.pk, version=version, approve=True).status_code == 403
    back = david.post("api_unspent", application.pk, version=version, approve=False, reason="Regn på nytt.")
    found = sara.post(
        "api_review_report", application.pk, version=back.json()["version"], verdict="unspent", amount_ore=90_000_00,
        reason="Ubrukt.",
    )  # fmt: skip
    done = david.post("api_unspent", application.pk, version=found.json()["version"], approve=True)

    assert (done.status_code, UnspentFinding.objects.get().amount_ore) == (200, 90_000_00)


def test_a_deadline_is_moved_with_a_reason():
    application = make_grant()
    sara = Api(impartial(caseworker(), application.call))
    day = (timezone.localdate() + timedelta(days=9)).isoformat()
    moved = sara.post("api_deadline", application.pk, what="accept", due_on=day, reason="Ferie.")

    assert moved.status_code == 201, moved.content
    assert str(due_on(decision_of(application), "accept")) == day


def test_an_appeal_is_written_sent_handled_by_another_and_decided():
    decision = make_decided()
    appropriate(post="62", year=timezone.localdate().year)
    pk, application = decision.application_id, decision.application
    with time_machine.travel(moment("2017-06-02 12:00"), tick=False):
        ours = Api(signatory(application.organisation))
        before = ours.get("api_own_appeal", pk).json()
        assert (before["kind"], before["last_day"], before["appeal"]) == ("appeal", "2017-06-22", None)
        draft = ours.post("api_own_appeal", pk, version=0, grounds="Feil.", wanted="Alt.").json()
        stale = ours.post("api_own_appeal", pk, version=draft["version"] + 1, grounds="Mer.")
        sent = ours.post("api_send_appeal", pk, version=draft["version"])
    ours = Api(signatory(application.organisation))  # the first token has ended since
    assert (stale.status_code, sent.status_code, sent.json()["is_late"]) == (409, 200, False)
    appeal = sent.json()
    hanne, dina = Api(handler(application)), Api(second_decider(application))
    assert [one["id"] for one in hanne.get("api_appeals").json()["results"]] == [appeal["id"]]
    appeal = hanne.post("api_take_appeal", appeal["id"], version=appeal["version"]).json()
    appeal = hanne.post("api_ask_appellant", appeal["id"], version=appeal["version"], text="Hvilken plan?").json()
    appeal = ours.post("api_answer_about_appeal", pk, version=appeal["version"], text="Vedlagt.").json()
    proposal = {"outcome": "reverse", "reason": "Planen var vedtatt.", "amount_ore": APPLIED_ORE}
    appeal = hanne.post("api_propose_outcome", appeal["id"], version=appeal["version"], **proposal).json()
    returned = dina.post("api_return_outcome", appeal["id"], version=appeal["version"], text="Begrunn mer.").json()
    appeal = hanne.post("api_propose_outcome", appeal["id"], version=returned["version"], **proposal).json()
    assert hanne.post("api_decide_appeal", appeal["id"], version=appeal["version"]).status_code == 403
    decided = dina.post("api_decide_appeal", appeal["id"], version=appeal["version"])

    assert (decided.status_code, decided.json()["state"]) == (200, Appeal.State.REVERSED)
    assert Decision.objects.standing().get().amount_ore == APPLIED_ORE


def test_an_upheld_appeal_goes_to_the_ministry_and_its_answer_is_recorded():
    decision = make_decided()
    with time_machine.travel(moment("2017-06-02 12:00"), tick=False):
        ours = Api(signatory(decision.application.organisation))
        draft = ours.post("api_own_appeal", decision.application_id, version=0, grounds="Feil.", wanted="Alt.").json()
        appeal = ours.post("api_send_appeal", decision.application_id, version=draft["version"]).json()
    ours = Api(signatory(decision.application.organisation))  # the first token has ended since
    hanne, dina = Api(handler(decision.application)), Api(second_decider(decision.application))

    def act(api: Api, name: str, **sent: object) -> dict:
        answer = api.post(name, appeal["id"], version=appeal["version"], **sent)
        assert answer.status_code in (200, 201), answer.content
        return dict(answer.json())

    appeal = act(hanne, "api_take_appeal")
    appeal = act(hanne, "api_ask_appellant", text="Noe mer?")
    appeal = act(hanne, "api_go_on_with_appeal")
    appeal = act(hanne, "api_propose_outcome", outcome="uphold", reason="Ikke noe nytt.")
    appeal = act(dina, "api_decide_appeal")
    appeal = act(hanne, "api_forward_appeal", ministry="Kunnskapsdepartementet")
    today = timezone.localdate().isoformat()
    appeal = act(hanne, "api_ministry", outcome="upheld", reason="Enig.", reference="17/1", dated=today)

    assert appeal["state"] == Appeal.State.CONFIRMED
    assert ours.post("api_withdraw_appeal", decision.application_id, version=appeal["version"]).status_code == 409


def test_a_late_appeal_waits_until_somebody_takes_it_in():
    decision = make_decided()
    ours = Api(signatory(decision.application.organisation))
    draft = ours.post("api_own_appeal", decision.application_id, version=0, grounds="Feil.", wanted="Alt.").json()
    appeal = ours.post("api_send_appeal", decision.application_id, version=draft["version"]).json()
    hanne = Api(handler(decision.application))
    taken = hanne.post("api_take_appeal", appeal["id"], version=appeal["version"]).json()
    early = hanne.post("api_propose_outcome", appeal["id"], version=taken["version"], outcome="uphold", reason="Nei.")
    admitted = hanne.post("api_admit_appeal", appeal["id"], version=taken["version"], text="Sykdom.")

    assert (appeal["is_late"], early.status_code, admitted.status_code) == (True, 409, 200)


def test_a_reversal_to_loss_is_noticed_answered_proposed_and_decided():
    decision = make_decided()
    pk, application = decision.application_id, decision.application
    hanne, dina = Api(handler(application)), Api(second_decider(application))
    until = (timezone.localdate() + timedelta(days=14)).isoformat()
    begun = hanne.post(
        "api_begin_reversal", pk, to_ore=GRANTED_ORE - 100_000_00, ground="error", reason="Feil beløp.", answer_by=until
    )
    assert begun.status_code == 201, begun.content
    ours = Api(signatory(application.organisation))
    notice = ours.get("api_notice", pk).json()
    unheard = hanne.post("api_propose_reversal", pk, version=notice["version"], text="Beløpet er feil.")
    answered = ours.post("api_notice", pk, version=notice["version"], text="Vi er uenige.")
    assert (unheard.status_code, answered.status_code) == (409, 200)
    reversal = hanne.get("api_reversal", pk).json()
    reversal = hanne.post("api_propose_reversal", pk, version=reversal["version"], text="Beløpet er feil.").json()
    reversal = dina.post("api_return_reversal", pk, version=reversal["version"], text="Begrunn.").json()
    reversal = hanne.post("api_propose_reversal", pk, version=reversal["version"], text="Beløpet er feil.").json()
    decided = dina.post("api_decide_reversal", pk, version=reversal["version"])

    assert (decided.status_code, decided.json()["state"]) == (200, "decided")
    assert Decision.objects.standing().get().amount_ore == GRANTED_ORE - 100_000_00


def test_a_reversal_is_put_away():
    reversal = make_reversal(APPLIED_ORE)
    hanne = Api(handler(reversal.application))
    dropped = hanne.post("api_drop_reversal", reversal.application_id, version=reversal.version, text="Likevel ikke.")

    assert (dropped.status_code, Reversal.objects.get().state) == (200, "dropped")
    assert hanne.get("api_reversal", reversal.application_id).status_code == 404

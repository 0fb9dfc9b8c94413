"""Scenarios and whole rounds: saved, sent on, decided by another, worked in steps, and all that must not happen."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from applications.models import (
    Application,
    Batch,
    BatchLine,
    CaseDocument,
    Decision,
    Scenario,
    ScenarioLine,
    State,
)
from applications.services.decide import decide, propose, return_proposal
from applications.services.round import decide_round, seal_of, send_scenario, waiting_in
from applications.services.round_steps import work_step
from applications.services.scenario import (
    ScenarioChanged,
    begin_scenario,
    copy_scenario,
    save_reasons,
    save_scenario,
)
from grants.models import Approval, DirectorateRole, Job, LedgerEntry, Role
from grants.shared.errors import BadInput, ChangedSince, NotAllowed, OverBudget, Refused
from tests.factories.cases import (
    APPLIED_ORE,
    caseworker,
    decision_maker,
    impartial,
    make_call,
    make_case,
    make_proposal,
    proposal_of,
)
from tests.factories.register import appropriate, make_user
from tests.factories.rounds import make_cases, make_round, make_scenario, states_of, work

pytestmark = pytest.mark.django_db
NOW = timezone.localdate().year


def proposed(points=(6, 4, 2), *amounts, **of_call):
    """A round that is sent on and proposed."""
    cases = make_cases(points, call=make_call(**of_call))
    scenario = make_scenario(cases, *(amounts or (APPLIED_ORE, 100_000_00, 0)[: len(cases)]))
    send_scenario(scenario, version=scenario.version, by=caseworker())
    work()
    return list(cases[0].call.applications.order_by("case_number"))


# --- Scenarios --------------------------------------------------------------------------------------------------------


def test_a_scenario_keeps_what_each_case_gets():
    cases = make_cases()
    scenario = make_scenario(cases, APPLIED_ORE, 0, None)

    save_scenario(scenario, {cases[2].pk: 200_000_00}, version=1, by=caseworker(), name="Midt på treet")

    assert (scenario.name, scenario.version) == ("Midt på treet", 2)
    assert list(scenario.lines.order_by("pk").values_list("amount_ore", flat=True)) == [APPLIED_ORE, 0, 200_000_00]


def test_the_second_of_two_windows_is_told_and_nothing_is_overwritten():
    cases = make_cases()
    scenario = make_scenario(cases)
    other = Scenario.objects.get(pk=scenario.pk)
    save_scenario(scenario, {cases[0].pk: 1_00}, version=1, by=caseworker())

    with pytest.raises(ScenarioChanged, match="sara lagret") as refused:
        save_scenario(other, {cases[0].pk: 2_00}, version=1, by=caseworker())

    assert refused.value.now.version == 2
    assert scenario.lines.get(application=cases[0]).amount_ore == 1_00


@pytest.mark.parametrize("amount", [-100, APPLIED_ORE + 100, 50])
def test_an_amount_that_cannot_be_is_refused(amount):
    cases = make_cases()

    with pytest.raises(BadInput):
        make_scenario(cases, amount, 0, 0)
    assert not Scenario.objects.exists()


def test_a_case_of_another_call_has_no_place_in_a_scenario():
    cases, [stranger] = make_cases((3,)), make_cases((3,))

    with pytest.raises(BadInput, match="hører ikke til"):
        begin_scenario(cases[0].call, "A", {stranger.pk: 0}, by=caseworker())


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "Forslag 1"])
def test_a_scenario_has_a_name_of_its_own(name):
    scenario = make_scenario(make_cases())

    with pytest.raises(BadInput, match="navn"):
        copy_scenario(scenario, name, by=caseworker())


def test_a_copy_is_free_to_be_changed_also_when_the_first_is_sent_on():
    cases = make_cases()
    scenario = make_scenario(cases)
    send_scenario(scenario, version=1, by=caseworker())

    copy = copy_scenario(scenario, "Kopi", by=caseworker())

    assert copy.lines.count() == len(cases) and not copy.is_sent


def test_sharing_is_for_caseworkers_who_are_impartial():
    cases = make_cases()

    with pytest.raises(NotAllowed, match="ikke saksbehandler"):
        begin_scenario(cases[0].call, "A", {}, by=impartial(decision_maker(), cases[0].call))
    with pytest.raises(NotAllowed, match="habil"):
        begin_scenario(cases[0].call, "A", {}, by=caseworker("siri"))


# --- Sent to the decision-maker ---------------------------------------------------------------------------------------


def test_a_scenario_sent_on_is_a_proposal_for_each_case_and_is_locked():
    cases = make_cases((6, 4, 2, 3), unmet=(3,))
    scenario = make_scenario(cases[:3], APPLIED_ORE, 100_000_00, 0)
    save_reasons(scenario, {cases[0].pk: "Helt enig."}, version=1, by=caseworker())

    batch = send_scenario(scenario, version=2, by=caseworker())
    work()

    found = Decision.objects.filter(call=cases[0].call).order_by("pk")
    assert [(one.outcome, one.amount_ore) for one in found] == [
        ("grant", APPLIED_ORE), ("grant_in_part", 100_000_00), ("refuse", 0), ("refuse", 0),
    ]  # fmt: skip
    assert found[0].reason == "Helt enig."
    assert "4,00 av 6 poeng" in found[1].reason and "100\N{NO-BREAK SPACE}000 kroner" in found[1].reason
    assert "4,00 poeng eller mer" in found[2].reason
    assert "oppfyller ikke" in found[3].reason
    assert set(batch.lines.values_list("state", flat=True)) == {"done"}
    scenario.refresh_from_db()
    with pytest.raises(ChangedSince, match="låst"):
        save_scenario(scenario, {}, version=scenario.version, by=caseworker())


def test_what_is_not_ready_stays_behind():
    cases = make_cases((6, 4))
    scenario = make_scenario(cases, APPLIED_ORE, None)

    batch = send_scenario(scenario, version=1, by=caseworker())

    assert [line.application for line in batch.lines.all()] == [cases[0]]


def test_a_scenario_beyond_the_envelope_is_not_sent_on_and_says_by_how_much():
    scenario = make_scenario(make_cases((6, 4), call=make_call(envelope_ore=2 * APPLIED_ORE - 1_000_00)))

    with pytest.raises(OverBudget, match="1.000 kroner over rammen"):
        send_scenario(scenario, version=1, by=caseworker())
    assert not Batch.objects.exists()


def test_a_scenario_that_somebody_saved_meanwhile_is_not_sent_on():
    cases = make_cases()
    scenario = make_scenario(cases)
    save_scenario(scenario, {}, version=1, by=impartial(caseworker("siri"), cases[0].call))

    with pytest.raises(ScenarioChanged, match="siri lagret"):
        send_scenario(scenario, version=1, by=caseworker())


def test_a_scenario_is_sent_on_once():
    scenario = make_scenario(make_cases())
    send_scenario(scenario, version=1, by=caseworker())

    with pytest.raises(ChangedSince, match="låst"):
        send_scenario(scenario, version=1, by=caseworker())


# --- A whole round ----------------------------------------------------------------------------------------------------


def test_a_round_is_decided_by_another_person_who_stands_on_each_approval():
    cases = proposed()
    appropriate(post="62", year=NOW)

    batch = make_round(cases[0].call)
    work()

    assert states_of(cases[0].call) == [State.GRANTED, State.GRANTED, State.REFUSED]
    assert [str(one.approved_by) for one in Approval.objects.all()] == ["david"] * 3
    assert LedgerEntry.objects.count() == 2
    assert CaseDocument.objects.filter(kind__startswith="decision").count() == 3
    assert batch.total_ore == 600_000_00


def test_ones_own_proposals_are_left_out_of_a_round():
    cases = proposed()
    sara = make_user("sara", Role.DECISION_MAKER)

    assert waiting_in(cases[0].call, by=sara) == []
    with pytest.raises(ChangedSince, match="Ingen innstillinger"):
        make_round(cases[0].call, by=sara)


def test_a_round_needs_the_role_and_a_declaration():
    cases = proposed()
    seal = seal_of(waiting_in(cases[0].call, by=decision_maker()))

    with pytest.raises(NotAllowed, match="ikke beslutter"):
        decide_round(cases[0].call, seal=seal, by=caseworker())
    with pytest.raises(NotAllowed, match="habil"):
        decide_round(cases[0].call, seal=seal, by=decision_maker())


def test_a_round_is_started_on_what_was_read():
    cases = proposed()
    david = impartial(decision_maker(), cases[0].call)
    seal = seal_of(waiting_in(cases[0].call, by=david))
    return_proposal(proposal_of(cases[2]), reason="Se på denne igjen.", by=david)

    with pytest.raises(ChangedSince, match="endret siden du leste"):
        decide_round(cases[0].call, seal=seal, by=david)


def test_a_round_beyond_the_envelope_does_not_start_and_says_by_how_much():
    call = make_call(envelope_ore=2 * APPLIED_ORE - 3_000_00)
    for case in make_cases((6, 4), call=call):
        make_proposal(case)
    appropriate(post="62", year=NOW)

    with pytest.raises(OverBudget, match="3.000 for mye"):
        make_round(call)
    assert not Batch.objects.exists()


@pytest.mark.parametrize(("kroner", "over"), [(599_000, "1.000 for mye"), (0, "600.000 for mye")])
def test_a_round_beyond_the_appropriation_does_not_start_and_says_by_how_much(kroner, over):
    cases = proposed()
    if kroner:
        appropriate(post="62", year=NOW, kroner=kroner)

    with pytest.raises(OverBudget, match=over):
        make_round(cases[0].call)


def test_an_appropriation_that_may_be_exceeded_holds_no_round_back():
    cases = proposed()
    appropriate(post="62", year=NOW, kroner=1, keyword="overslagsbevilgning")

    make_round(cases[0].call)
    work()

    assert states_of(cases[0].call)[0] == State.GRANTED


def test_one_round_of_a_call_at_a_time():
    cases = proposed()
    appropriate(post="62", year=NOW)
    make_round(cases[0].call)

    with pytest.raises(ChangedSince, match="i arbeid"):
        make_round(cases[0].call, by=decision_maker("dina"))


def test_a_line_that_is_refused_says_why_and_the_others_go_on():
    cases = proposed()
    appropriate(post="62", year=NOW)
    batch = make_round(cases[0].call)
    return_proposal(proposal_of(cases[1]), reason="Se på denne igjen.", by=decision_maker())
    work()

    assert [line.state for line in batch.lines.order_by("pk")] == ["done", "failed", "done"]
    assert "david var først" in batch.lines.get(state="failed").error
    assert states_of(cases[0].call) == [State.GRANTED, State.IN_PROGRESS, State.REFUSED]


def test_a_proposal_made_anew_is_not_decided_by_the_round_that_meant_the_old_one():
    cases = proposed()
    appropriate(post="62", year=NOW)
    batch = make_round(cases[0].call)
    return_proposal(proposal_of(cases[1]), reason="Mer penger.", by=decision_maker())
    propose(Application.objects.get(pk=cases[1].pk), amount_ore=APPLIED_ORE, reason="Hele.", by=caseworker())
    work()

    assert batch.lines.get(application=cases[1]).state == "failed"
    assert Application.objects.get(pk=cases[1].pk).state == State.PROPOSED


def test_somebody_who_loses_the_role_decides_nothing_more():
    cases = proposed()
    appropriate(post="62", year=NOW)
    batch = make_round(cases[0].call)
    DirectorateRole.objects.filter(user__username="david").delete()
    work()

    assert set(batch.lines.values_list("state", flat=True)) == {"failed"}
    assert set(states_of(cases[0].call)) == {State.PROPOSED}


def test_a_step_may_run_twice_and_decides_once():
    cases = proposed()
    appropriate(post="62", year=NOW)
    make_round(cases[0].call)
    step = Job.objects.get(kind="batch_step", state="waiting")
    work_step(step.payload)
    work_step(step.payload)

    assert Approval.objects.count() == 3
    assert set(BatchLine.objects.filter(batch__kind="decide").values_list("state", flat=True)) == {"done"}


def test_a_fault_of_ours_leaves_the_line_waiting_for_the_next_attempt(monkeypatch):
    cases = proposed()
    appropriate(post="62", year=NOW)
    batch = make_round(cases[0].call)
    real, asked = decide, []

    def decide_but_the_first_time(decision, **how):
        asked.append(decision.pk)
        if len(asked) == 1:
            raise RuntimeError("the disk was full")
        return real(decision, **how)

    monkeypatch.setattr("applications.services.round_steps.decide", decide_but_the_first_time)
    step = Job.objects.get(kind="batch_step", state="waiting")
    with pytest.raises(RuntimeError, match="disk was full"):
        work_step(step.payload)
    assert sorted(batch.lines.values_list("state", flat=True)) == ["done", "done", "waiting"]

    work_step(step.payload)
    assert set(batch.lines.values_list("state", flat=True)) == {"done"}


# --- One by one -------------------------------------------------------------------------------------------------------


def test_a_proposal_that_was_returned_is_not_decided():
    case = make_case(State.PROPOSED)
    appropriate(post="62")
    david = impartial(decision_maker(), case.call)
    stale = proposal_of(case)
    return_proposal(proposal_of(case), reason="Kortere.", by=david)

    with pytest.raises(ChangedSince, match="var først"):
        decide(stale, by=david, on=date(2017, 6, 1))
    assert not LedgerEntry.objects.exists()


def test_nothing_may_change_between_proposal_and_decision():
    from applications.models import Finding, Submission

    case = make_case(State.PROPOSED)
    appropriate(post="62")
    Finding.objects.create(
        application=case, submission=Submission.objects.get(), rule="ny", sentence="Ny.", citation="§ 1",
        verdict="not met", tried_at=timezone.now(),
    )  # fmt: skip

    with pytest.raises(ChangedSince, match="endret etter innstillingen"):
        decide(proposal_of(case), by=impartial(decision_maker(), case.call), on=date(2017, 6, 1))


# --- What the database holds ------------------------------------------------------------------------------------------

ATTACKS = {
    "a sent scenario renamed": "UPDATE applications_scenario SET name = 'x'",
    "a sent scenario opened": "UPDATE applications_scenario SET sent_at = NULL, sent_by_id = NULL",
    "a scenario removed": "DELETE FROM applications_scenario",
    "a sent share changed": "UPDATE applications_scenarioline SET amount_ore = 1",
    "a sent share removed": "DELETE FROM applications_scenarioline",
    "a round's sum changed": "UPDATE applications_batch SET total_ore = 1",
    "a round removed": "DELETE FROM applications_batch",
    "a line's amount changed": "UPDATE applications_batchline SET amount_ore = 1",
    "a line done with another reason": "UPDATE applications_batchline SET state = 'done', reason = 'x'",
    "a line removed": "DELETE FROM applications_batchline",
    "a line that failed without a word": "UPDATE applications_batchline SET state = 'failed', error = ''",
}


@pytest.mark.parametrize("sql", ATTACKS.values(), ids=ATTACKS.keys())
def test_the_database_holds_what_is_sent_on_and_the_lines_of_a_round(sql):
    scenario = make_scenario(make_cases((6,)))
    send_scenario(scenario, version=1, by=caseworker())

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert ScenarioLine.objects.get().amount_ore == APPLIED_ORE


def test_a_done_line_never_waits_again():
    scenario = make_scenario(make_cases((6,)))
    send_scenario(scenario, version=1, by=caseworker())
    work()

    with pytest.raises(DatabaseError, match="done once"), transaction.atomic():
        BatchLine.objects.update(state="waiting", done_at=None)
    with pytest.raises(DatabaseError, match="sent on never changes"), transaction.atomic():
        ScenarioLine.objects.create(scenario=scenario, application=make_cases((1,))[0], amount_ore=0)


def test_the_control_a_scenario_that_is_not_sent_can_be_changed():
    scenario = make_scenario(make_cases((6,)))

    assert ScenarioLine.objects.update(amount_ore=1_00) == 1
    assert Scenario.objects.filter(pk=scenario.pk).update(name="Nytt navn") == 1


def test_a_line_with_nothing_ready_is_refused():
    cases = make_cases((6,))
    scenario = make_scenario(cases, None)

    with pytest.raises(Refused, match="Ingen saker er klare"):
        send_scenario(scenario, version=1, by=caseworker())

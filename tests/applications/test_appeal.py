"""An appeal from the deadline to what it comes to, and all that must not happen on the way."""

from datetime import date, timedelta

import pytest
import time_machine

from applications.models import Appeal, Application, CaseEvent, Decision, MinistryAnswer, State
from applications.services.appeal import (
    SomebodyElseWrote,
    answer_about_appeal,
    save_appeal,
    send_appeal,
    withdraw_appeal,
)
from applications.services.appeal_outcome import decide_appeal, propose_outcome, proposed_outcome, return_outcome
from applications.services.appeal_work import (
    admit_late,
    ask_appellant,
    assign_appeal,
    forward_appeal,
    record_answer,
    stop_waiting,
)
from applications.services.assess import declare
from applications.services.deadline import is_late, last_day, reached_on
from grants.law.registry import SCHEMES
from grants.law.scheme import NO_APPEAL
from grants.models import Account, Job, LedgerEntry, Role, User
from grants.shared.errors import BadInput, ChangedSince, NotAllowed, OverBudget, Refused
from tests.factories.appeals import (
    DECIDED_ON,
    GRANTED_ORE,
    LAST_DAY,
    TEXTS,
    handler,
    letter_to,
    make_appeal,
    make_decided,
    make_outcome,
    second_decider,
)
from tests.factories.cases import (
    APPLIED_ORE,
    call_contents,
    caseworker,
    decision_maker,
    impartial,
    make_call,
    member,
    moment,
    municipality,
    signatory,
)
from tests.factories.register import make_user

pytestmark = pytest.mark.django_db
S = Appeal.State


# --- The deadline -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reached", "at", "late"),
    [
        (date(2017, 6, 1), "2017-06-22 23:59:59", False),
        (date(2017, 6, 1), "2017-06-23 00:00:00", True),
        # Across the change to summer time on 26 March, and back on 29 October.
        (date(2017, 3, 10), "2017-03-31 23:59:59", False),
        (date(2017, 3, 10), "2017-04-01 00:00:00", True),
        (date(2017, 10, 12), "2017-11-02 23:59:59", False),
        (date(2017, 10, 12), "2017-11-03 00:00:00", True),
        # An assumption: no deadline is moved out of a weekend or a holiday. Sunday stays, and so does Easter Monday.
        (date(2017, 6, 4), "2017-06-26 00:00:00", True),
        (date(2017, 3, 27), "2017-04-17 23:59:59", False),
        (date(2017, 3, 27), "2017-04-18 00:00:00", True),
    ],
)
def test_the_three_weeks_end_with_the_norwegian_day(reached, at, late):
    decision = make_decided(letter=False)
    letter_to(decision, reached)

    appeal = make_appeal(decision=decision, at=moment(at))

    assert (appeal.reached_on, appeal.last_day) == (reached, reached + timedelta(weeks=3))
    assert appeal.is_late is late
    assert appeal.state == S.RECEIVED


def test_the_deadline_begins_with_the_letter_and_not_before():
    decision = make_decided(letter=False)
    assert reached_on(decision) is None and last_day(decision) is None
    assert not is_late(None, moment("2040-01-01 00:00"))

    letter_to(decision)

    assert (reached_on(decision), last_day(decision)) == (DECIDED_ON, LAST_DAY)


# --- Writing and sending ----------------------------------------------------------------------------------------------


def test_a_signatory_appeals_and_gets_a_case_number_of_its_own():
    appeal = make_appeal()

    assert appeal.reference == "2017/1"  # the case itself was submitted in another year
    assert appeal.application.reference != ""
    assert appeal.application.state == State.GRANTED
    assert CaseEvent.objects.filter(verb="appeal_sent", open_to_applicant=True).count() == 1
    assert Job.objects.filter(kind="appeal_sent").count() == 1


def test_numbers_of_cases_and_appeals_come_from_one_counter():
    first = make_decided()
    now = moment(f"{first.application.case_year}-12-31 12:00")
    appeal = make_appeal(decision=first, at=now)

    assert appeal.case_year == first.application.case_year
    assert appeal.case_number == (first.application.case_number or 0) + 1


def test_an_editor_writes_and_a_signatory_sends():
    decision = make_decided()
    erik = member(Role.EDITOR)
    draft = save_appeal(decision, version=0, by=erik, **TEXTS)

    with pytest.raises(NotAllowed):
        send_appeal(draft, by=erik)
    with pytest.raises(NotAllowed):
        save_appeal(decision, version=1, by=member(Role.ACCOUNTANT, username="anne"), **TEXTS)
    with pytest.raises(NotAllowed):
        save_appeal(decision, version=1, by=signatory(municipality("0104"), "fremmed"), **TEXTS)
    assert send_appeal(draft, by=signatory()).state == S.RECEIVED


def test_the_second_of_two_windows_is_told_and_nothing_is_overwritten():
    draft = make_appeal(S.DRAFT)
    by = signatory()
    save_appeal(draft.decision, version=1, by=by, grounds="den første", wanted="", late_reason="")

    with pytest.raises(SomebodyElseWrote) as refused:
        save_appeal(draft.decision, version=1, by=by, grounds="den andre", wanted="", late_reason="")

    assert refused.value.now.grounds == "den første"
    with pytest.raises(SomebodyElseWrote):  # two who both begin
        save_appeal(draft.decision, version=0, by=by, grounds="den tredje")
    assert Appeal.objects.get().grounds == "den første"


@pytest.mark.parametrize("texts", [{"grounds": " "}, {"wanted": ""}])
def test_an_appeal_says_what_is_wrong_and_what_is_asked(texts):
    draft = make_appeal(S.DRAFT, **texts)

    with pytest.raises(BadInput):
        send_appeal(draft, by=signatory())
    assert Appeal.objects.get().state == S.DRAFT


def test_an_appeal_is_sent_once():
    draft = make_appeal(S.DRAFT)
    twin = Appeal.objects.get(pk=draft.pk)
    send_appeal(draft, by=signatory())

    with pytest.raises(ChangedSince, match="var først"):
        send_appeal(twin, by=signatory())
    with pytest.raises(ChangedSince, match="kan ikke endres"):
        save_appeal(draft.decision, version=draft.version, by=signatory(), **TEXTS)


def test_one_who_has_withdrawn_may_appeal_again():
    appeal = make_appeal()
    withdraw_appeal(appeal, by=signatory())

    again = make_appeal(decision=appeal.decision)

    assert (appeal.state, again.state) == (S.WITHDRAWN, S.RECEIVED)


def test_text_that_is_too_long_or_has_null_characters_is_met():
    decision = make_decided()
    with pytest.raises(BadInput, match="for lang"):
        save_appeal(decision, version=0, by=signatory(), grounds="x" * 50_001)
    assert save_appeal(decision, version=0, by=signatory(), grounds="a\x00b").grounds == "ab"


def test_a_decision_that_gives_no_appeal_gives_another_look_without_deadline(monkeypatch):
    from dataclasses import replace

    monkeypatch.setitem(SCHEMES, "kum", replace(SCHEMES["kum"], appeal=NO_APPEAL))
    appeal = make_appeal(S.IN_PROGRESS, at=moment("2019-01-01 12:00"))

    assert (appeal.kind, appeal.last_day, appeal.is_late) == ("review", None, False)
    decide_appeal(make_outcome("uphold", appeal=appeal), by=second_decider(appeal.application))
    appeal.refresh_from_db()
    assert appeal.state == S.KEPT  # it goes to no ministry


def test_who_sees_an_appeal():
    draft = make_appeal(S.DRAFT)

    def seen_by(user: User) -> bool:
        return Appeal.objects.visible_to(user).exists()

    assert seen_by(member(Role.ACCOUNTANT)) and not seen_by(caseworker("hanne"))
    send_appeal(draft, by=signatory())
    assert seen_by(caseworker("hanne"))
    assert not seen_by(signatory(municipality("0104"), "fremmed"))
    declare(draft.application.call, by=caseworker("inger"), has_interest=True, reason="Søsteren min.")
    assert not seen_by(caseworker("inger"))


# --- Handling ---------------------------------------------------------------------------------------------------------


def test_those_who_made_the_decision_do_not_handle_the_appeal():
    appeal = make_appeal()
    sara, david = caseworker(), make_user("david", Role.CASEWORKER)

    for one_of_the_two in (sara, david):
        with pytest.raises(NotAllowed, match="En annen"):
            assign_appeal(appeal, one_of_the_two, by=one_of_the_two)
    with pytest.raises(NotAllowed, match="En annen"):
        assign_appeal(appeal, sara, by=handler(appeal.application))
    assert assign_appeal(appeal, handler(appeal.application), by=handler(appeal.application)).state == S.IN_PROGRESS


def test_a_handler_has_declared_to_be_impartial():
    appeal = make_appeal()
    stranger = caseworker("ny")

    with pytest.raises(NotAllowed, match="habil"):
        assign_appeal(appeal, stranger, by=stranger)
    with pytest.raises(NotAllowed, match="habil"):
        assign_appeal(appeal, stranger, by=handler(appeal.application))
    with pytest.raises(NotAllowed, match="ikke saksbehandler"):
        assign_appeal(appeal, second_decider(appeal.application), by=handler(appeal.application))


def test_only_the_handler_works_on_it_and_a_colleague_may_take_over():
    appeal = make_appeal(S.IN_PROGRESS)
    other = handler(appeal.application, "harald")

    with pytest.raises(NotAllowed, match="Overta"):
        ask_appellant(appeal, "Hva mener dere?", by=other)
    assign_appeal(appeal, other, by=other)
    ask_appellant(appeal, "Hva mener dere?", by=other)
    assert appeal.state == S.AWAITING_APPELLANT
    with pytest.raises(BadInput):
        answer_about_appeal(appeal, " ", by=signatory())
    answer_about_appeal(appeal, "Vi mener planen.", by=member(Role.EDITOR))
    assert appeal.state == S.IN_PROGRESS
    ask_appellant(appeal, "Og mer?", by=other)
    assert stop_waiting(appeal, by=other).state == S.IN_PROGRESS


def test_a_late_appeal_is_decided_on_by_a_human():
    appeal = make_appeal(S.IN_PROGRESS, at=moment("2017-06-23 00:00"), late_reason="Brevet lå i feil innboks.")
    by = handler(appeal.application)
    with pytest.raises(Refused, match="for sent"):
        propose_outcome(appeal, "uphold", reason="Nei.", by=by)
    with pytest.raises(BadInput):
        admit_late(appeal, reason=" ", by=by)

    admit_late(appeal, reason="Kan ikke lastes for det.", by=by)

    assert not appeal.waits_for_admission
    with pytest.raises(Refused, match="kan avvises"):
        propose_outcome(appeal, "dismiss", reason="For sent.", by=by)
    assert propose_outcome(appeal, "uphold", reason="Nei.", by=by).state == "proposed"


def test_a_late_appeal_may_be_dismissed_by_two_people():
    appeal = make_appeal(S.IN_PROGRESS, at=moment("2017-07-23 00:00"))

    decide_appeal(make_outcome("dismiss", appeal=appeal), by=second_decider(appeal.application))

    appeal.refresh_from_db()
    assert appeal.state == S.DISMISSED
    assert Decision.objects.get().state == "decided"


def test_one_in_time_is_not_dismissed():
    with pytest.raises(Refused, match="kan avvises"):
        make_outcome("dismiss")


# --- The outcome ------------------------------------------------------------------------------------------------------


def test_a_reversal_puts_a_new_decision_in_the_place_of_the_old_and_books_the_difference():
    appeal = make_appeal(S.IN_PROGRESS)
    proposal = make_outcome("reverse", appeal=appeal, amount_ore=APPLIED_ORE)

    decide_appeal(proposal, by=second_decider(appeal.application), on=date(2017, 7, 3))

    appeal.refresh_from_db()
    old, new = Decision.objects.order_by("pk")
    assert (appeal.state, old.state, new.state) == (S.REVERSED, "reversed", "decided")
    assert (old.replaced_by_id, new.replaces, new.amount_ore) == (new.pk, old, APPLIED_ORE)
    assert (new.outcome, new.decided_on) == ("grant", date(2017, 7, 3))
    first, second = LedgerEntry.objects.order_by("pk")
    assert (second.debit, second.credit, second.amount_ore) == (
        Account.APPROPRIATION, Account.COMMITTED, APPLIED_ORE - GRANTED_ORE,
    )  # fmt: skip
    assert second.key == f"decision:{new.pk}:increased" and first.key == f"decision:{old.pk}:committed"
    assert LedgerEntry.objects.balance_ore(Account.COMMITTED) == APPLIED_ORE


def test_a_refusal_that_is_reversed_becomes_a_grant():
    decision = make_decided(0)
    appeal = make_appeal(S.IN_PROGRESS, decision=decision)

    decide_appeal(
        make_outcome("reverse_in_part", appeal=appeal, amount_ore=100_000_00),
        by=second_decider(appeal.application), on=date(2017, 7, 3),
    )  # fmt: skip

    appeal.refresh_from_db()
    assert appeal.state == S.REVERSED_IN_PART
    assert Application.objects.get().state == State.GRANTED
    assert LedgerEntry.objects.get().amount_ore == 100_000_00


@pytest.mark.parametrize(
    ("outcome", "amount_ore", "error"),
    [
        ("reverse", None, BadInput),
        ("reverse", APPLIED_ORE + 100, BadInput),
        ("reverse", GRANTED_ORE, Refused),
        ("reverse", GRANTED_ORE - 100, Refused),
        ("reverse_in_part", APPLIED_ORE, BadInput),
        ("reverse_in_part", GRANTED_ORE + 50, BadInput),
        ("something", None, BadInput),
    ],
)
def test_an_outcome_that_cannot_be_is_refused(outcome, amount_ore, error):
    appeal = make_appeal(S.IN_PROGRESS)

    with pytest.raises(error):
        make_outcome(outcome, appeal=appeal, amount_ore=amount_ore)
    assert Appeal.objects.get().state == S.IN_PROGRESS
    assert Decision.objects.count() == 1


def test_the_appeal_is_decided_by_another_than_the_first_two_and_the_handler():
    appeal = make_appeal(S.IN_PROGRESS)
    proposal = make_outcome("uphold", appeal=appeal)
    call = appeal.application.call

    with pytest.raises(NotAllowed, match="vedtaket det klages på"):
        decide_appeal(proposal, by=decision_maker())
    make_user("hanne", Role.DECISION_MAKER)
    with pytest.raises(NotAllowed, match="En annen"):
        decide_appeal(proposal, by=handler(appeal.application))
    make_user("sara", Role.DECISION_MAKER)
    with pytest.raises(NotAllowed, match="vedtaket det klages på"):
        decide_appeal(proposal, by=impartial(caseworker(), call))
    with pytest.raises(NotAllowed, match="habil"):
        decide_appeal(proposal, by=decision_maker("ny"))
    with pytest.raises(NotAllowed, match="rollen"):
        decide_appeal(proposal, by=handler(appeal.application, "harald"))
    decide_appeal(proposal, by=second_decider(appeal.application))


def test_an_outcome_is_decided_once():
    appeal = make_appeal(S.IN_PROGRESS)
    first = make_outcome("reverse", appeal=appeal, amount_ore=APPLIED_ORE)
    second = type(first).objects.get(pk=first.pk)
    dina = second_decider(appeal.application)
    decide_appeal(first, by=dina, on=date(2017, 7, 3))

    with pytest.raises(ChangedSince):
        decide_appeal(second, by=dina, on=date(2017, 7, 3))
    assert LedgerEntry.objects.count() == 2


def test_a_proposal_can_be_returned_and_made_again():
    appeal = make_appeal(S.IN_PROGRESS)
    proposal = make_outcome("reverse", appeal=appeal, amount_ore=APPLIED_ORE)
    dina = second_decider(appeal.application)
    with pytest.raises(BadInput):
        return_outcome(proposal, reason="", by=dina)
    return_outcome(proposal, reason="Se på budsjettet.", by=dina)
    appeal.refresh_from_db()
    assert appeal.state == S.IN_PROGRESS
    assert [one.state for one in Decision.objects.order_by("pk")] == ["decided", "returned"]

    again = make_outcome("reverse_in_part", appeal=appeal, amount_ore=400_000_00)
    decide_appeal(again, by=dina, on=date(2017, 7, 3))
    assert Decision.objects.standing().get().amount_ore == 400_000_00


def test_the_envelope_and_the_appropriation_hold_after_an_appeal_too():
    decision = make_decided(call=make_call(envelope_ore=APPLIED_ORE - 100))
    appeal = make_appeal(S.IN_PROGRESS, decision=decision)
    proposal = make_outcome("reverse", appeal=appeal, amount_ore=APPLIED_ORE)
    dina = second_decider(appeal.application)

    with pytest.raises(OverBudget, match="Rammen"):
        decide_appeal(proposal, by=dina, on=date(2017, 7, 3))
    return_outcome(proposal, reason="Mindre.", by=dina)
    appeal.refresh_from_db()
    small = make_outcome("reverse_in_part", appeal=appeal, amount_ore=APPLIED_ORE - 100)
    with pytest.raises(OverBudget, match="ikke bevilget"):  # a year without an appropriation
        decide_appeal(small, by=dina, on=date(2019, 7, 3))
    decide_appeal(proposed_outcome(Appeal.objects.get()), by=dina, on=date(2017, 7, 3))
    assert decision.call.decisions.granted_ore() == APPLIED_ORE - 100


# --- The ministry -----------------------------------------------------------------------------------------------------


def forwarded() -> Appeal:
    """An appeal that is upheld and lies with the ministry."""
    appeal = make_appeal(S.IN_PROGRESS)
    decide_appeal(make_outcome("uphold", appeal=appeal), by=second_decider(appeal.application))
    appeal.refresh_from_db()
    return forward_appeal(
        appeal, ministry="Justis- og beredskapsdepartementet", by=handler(appeal.application), on=date(2017, 7, 1)
    )


def answer(
    appeal: Appeal, outcome: str, amount_ore: int | None = None, dated: date = date(2017, 8, 1)
) -> MinistryAnswer:
    return record_answer(
        appeal, outcome, reason="Departementets grunner.", reference="17/4321", dated=dated, amount_ore=amount_ore,
        by=handler(appeal.application),
    )  # fmt: skip


def test_an_upheld_appeal_goes_to_the_ministry_and_its_answer_is_recorded():
    appeal = forwarded()
    assert Job.objects.filter(kind="appeal_forwarded").count() == 1
    assert not Job.objects.filter(kind="appeal_outcome").exists()

    answer(appeal, "upheld")

    assert appeal.state == S.CONFIRMED
    assert Decision.objects.get().state == "decided"


def test_a_reversal_by_the_ministry_is_carried_out_to_its_own_amount_by_two_people():
    appeal = forwarded()
    answer(appeal, "reversed", 450_000_00)
    assert appeal.state == S.TO_CARRY_OUT

    with pytest.raises(Refused, match="settes i verk"):
        make_outcome("reverse_in_part", appeal=appeal, amount_ore=400_000_00)
    with pytest.raises(Refused, match="settes i verk"):
        make_outcome("uphold", appeal=appeal)
    proposal = make_outcome("reverse_in_part", appeal=appeal, amount_ore=450_000_00)
    dina = second_decider(appeal.application)
    return_outcome(proposal, reason="Bedre begrunnelse.", by=dina)
    appeal.refresh_from_db()
    assert appeal.state == S.TO_CARRY_OUT
    decide_appeal(make_outcome("reverse_in_part", appeal=appeal, amount_ore=450_000_00), by=dina, on=date(2017, 9, 1))

    appeal.refresh_from_db()
    assert appeal.state == S.REVERSED_IN_PART
    assert LedgerEntry.objects.balance_ore(Account.COMMITTED) == 450_000_00


def test_what_the_ministry_sends_back_is_worked_on_again():
    appeal = forwarded()
    answer(appeal, "sent_back")
    assert appeal.state == S.IN_PROGRESS

    decide_appeal(make_outcome("uphold", appeal=appeal), by=second_decider(appeal.application))
    appeal.refresh_from_db()
    forward_appeal(appeal, ministry="Kunnskapsdepartementet", by=handler(appeal.application), on=date(2018, 1, 1))
    answer(appeal, "upheld", dated=date(2018, 2, 1))
    assert appeal.state == S.CONFIRMED


@pytest.mark.parametrize(
    ("outcome", "amount_ore", "dated"),
    [
        ("reversed", None, date(2017, 8, 1)),
        ("reversed", APPLIED_ORE + 100, date(2017, 8, 1)),
        ("upheld", None, date(2017, 6, 30)),
        ("upheld", None, date(2100, 1, 1)),
        ("other", None, date(2017, 8, 1)),
    ],
)
def test_an_answer_that_cannot_be_is_refused(outcome, amount_ore, dated):
    appeal = forwarded()

    with pytest.raises(BadInput):
        answer(appeal, outcome, amount_ore, dated)
    assert not MinistryAnswer.objects.exists()


def test_a_ministry_is_named_before_the_appeal_is_sent_to_it():
    appeal = make_appeal(S.IN_PROGRESS)
    decide_appeal(make_outcome("uphold", appeal=appeal), by=second_decider(appeal.application))
    appeal.refresh_from_db()

    with pytest.raises(BadInput, match="departement"):
        forward_appeal(appeal, ministry="  ", by=handler(appeal.application))


def test_an_appeal_can_be_withdrawn_until_it_is_answered_but_not_while_a_proposal_waits():
    appeal = forwarded()
    withdraw_appeal(appeal, by=signatory())
    assert appeal.state == S.WITHDRAWN

    other = make_outcome("uphold", appeal=make_appeal(S.IN_PROGRESS, decision=make_decided(
        call=make_call(**call_contents()), organisation=municipality("0104")
    ))).appeal  # fmt: skip
    with pytest.raises(ChangedSince):
        withdraw_appeal(other, by=signatory(municipality("0104")))


def test_an_outdated_page_changes_nothing():
    appeal = make_appeal(S.IN_PROGRESS)
    stale = Appeal.objects.get(pk=appeal.pk)
    ask_appellant(appeal, "Hva mener dere?", by=handler(appeal.application))

    with time_machine.travel(moment("2030-01-01 12:00")), pytest.raises(ChangedSince, match="var først"):
        ask_appellant(stale, "Hva mener dere?", by=handler(appeal.application))

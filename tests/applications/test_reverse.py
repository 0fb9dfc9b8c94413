"""The directorate reverses its own decision: notice, two people, and the ledger by the difference alone."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from applications.models import Application, CaseEvent, Decision, Overpaid, Reversal, State
from applications.services.appeal_letters import write_reversal
from applications.services.commitments import committed_ore, require_ledger_agrees
from applications.services.pay_round import pay_round
from applications.services.reverse import (
    answer_notice,
    begin_reversal,
    decide_reversal,
    drop_reversal,
    propose_reversal,
    return_reversal,
)
from grants.models import Account, Job, LedgerEntry, Role
from grants.shared.errors import BadInput, ChangedSince, NotAllowed, OverBudget, Refused
from tests.factories.appeals import GRANTED_ORE, handler, letter_to, make_appeal, make_decided, make_reversal
from tests.factories.books import book
from tests.factories.cases import APPLIED_ORE, caseworker, decision_maker, impartial, make_call, member, signatory
from tests.factories.follow_up import accept
from tests.factories.register import finance, make_user

pytestmark = pytest.mark.django_db
ON = date(2017, 9, 1)


def decider(reversal: Reversal):
    return impartial(decision_maker(), reversal.application.call)


def change_to(to_ore: int, decision: Decision | None = None) -> Decision:
    """The standing decision is reversed to an amount, the notice answered where there is one."""
    reversal = make_reversal(to_ore, decision=decision)
    if reversal.is_to_loss:
        answer_notice(reversal, "Vi forstår.", by=signatory())
    propose_reversal(reversal, reason="Beløpet rettes.", by=handler(reversal.application))
    successor = decide_reversal(reversal, by=decider(reversal), on=ON)
    letter_to(successor)
    return Decision.objects.select_related("application__organisation", "call", "replaces").get(pk=successor.pk)


def lines() -> list[tuple[str, str, int]]:
    found = LedgerEntry.objects.order_by("pk").values_list("key", "credit", "amount_ore")
    return [(key.rpartition(":")[2], credit, amount) for key, credit, amount in found]


# --- Notice -----------------------------------------------------------------------------------------------------------


def test_a_loss_waits_for_the_notice_to_be_answered_or_its_last_day_to_be_over():
    reversal = make_reversal(100_000_00)
    by = handler(reversal.application)
    assert (reversal.state, Job.objects.filter(kind="reversal_notice").count()) == ("noticed", 1)

    with pytest.raises(Refused, match="frist til og med"):
        propose_reversal(reversal, reason="Feil.", by=by)
    last = timezone.make_aware(timezone.datetime.combine(reversal.answer_by, timezone.datetime.max.time()))
    with time_machine.travel(last, tick=False), pytest.raises(Refused, match="frist til og med"):
        propose_reversal(reversal, reason="Feil.", by=by)
    with time_machine.travel(last + timedelta(microseconds=1), tick=False):
        propose_reversal(reversal, reason="Feil.", by=by)
    assert reversal.state == "proposed"


def test_an_answer_opens_the_way_and_is_kept():
    reversal = make_reversal(100_000_00)
    with pytest.raises(BadInput):
        answer_notice(reversal, " ", by=signatory())
    with pytest.raises(NotAllowed):
        answer_notice(reversal, "Nei.", by=member(Role.ACCOUNTANT, username="anne"))
    answer_notice(reversal, "Vi er uenige.", by=member(Role.EDITOR))
    with pytest.raises(ChangedSince, match="besvart"):
        answer_notice(reversal, "Igjen.", by=signatory())

    propose_reversal(reversal, reason="Feil.", by=handler(reversal.application))

    assert CaseEvent.objects.filter(verb="reversal_answered", open_to_applicant=True).count() == 1
    assert Job.objects.filter(kind="reversal_answer").count() == 1


def test_a_decision_dated_before_the_notice_is_over_is_refused():
    reversal = make_reversal(100_000_00)
    after = timezone.now() + timedelta(days=15)
    with time_machine.travel(after, tick=False):
        propose_reversal(reversal, reason="Feil.", by=handler(reversal.application))
        with pytest.raises(Refused, match="frist til og med"):
            decide_reversal(reversal, by=decider(reversal), on=ON)


def test_a_gain_takes_no_notice():
    reversal = make_reversal(APPLIED_ORE)

    assert (reversal.state, reversal.answer_by) == ("begun", None)
    assert not CaseEvent.objects.filter(verb="reversal_begun", open_to_applicant=True).exists()
    with pytest.raises(ChangedSince):
        answer_notice(reversal, "Takk.", by=signatory())


@pytest.mark.parametrize(
    "changes",
    [
        {"ground": "to_gain"},
        {"ground": "whim"},
        {"reason": " "},
        {"answer_by": None},
        {"answer_by": date(2017, 1, 1)},
        {"to_ore": GRANTED_ORE},
        {"to_ore": -100},
        {"to_ore": 50},
        {"to_ore": APPLIED_ORE + 100},
    ],
)
def test_a_reversal_that_cannot_be_is_refused(changes):
    decision = make_decided()
    usual = {"to_ore": 100_000_00, "ground": "error", "reason": "Feil.", "answer_by": date(2100, 1, 1)}

    with pytest.raises(BadInput):
        begin_reversal(decision.application, by=handler(decision.application), **usual | changes)
    assert not Reversal.objects.exists()


def test_one_at_a_time_and_not_while_an_appeal_waits():
    reversal = make_reversal(APPLIED_ORE)
    with pytest.raises(ChangedSince, match="i gang"):
        make_reversal(400_000_00, decision=reversal.decision)
    make_appeal(decision=reversal.decision)
    propose_reversal(reversal, reason="Mer.", by=handler(reversal.application))
    with pytest.raises(Refused, match="klaget"):
        decide_reversal(reversal, by=decider(reversal), on=ON)


def test_nothing_is_reversed_before_there_is_a_decision_with_its_letter():
    with pytest.raises(Refused, match="Brevet"):
        make_reversal(APPLIED_ORE, decision=make_decided(letter=False))


# --- Two people -------------------------------------------------------------------------------------------------------


def test_another_person_decides():
    reversal = make_reversal(APPLIED_ORE)
    hanne = handler(reversal.application)
    propose_reversal(reversal, reason="Mer.", by=hanne)
    make_user("hanne", Role.DECISION_MAKER)

    with pytest.raises(NotAllowed, match="En annen"):
        decide_reversal(reversal, by=hanne, on=ON)
    with pytest.raises(NotAllowed, match="rollen"):
        decide_reversal(reversal, by=handler(reversal.application, "harald"), on=ON)
    with pytest.raises(NotAllowed, match="habil"):
        decide_reversal(reversal, by=decision_maker("ny"), on=ON)
    with pytest.raises(NotAllowed, match="rollen"):
        begin_reversal(reversal.application, to_ore=0, ground="error", reason="Feil.", by=decision_maker("ny"))
    decide_reversal(reversal, by=decider(reversal), on=ON)


def test_it_can_be_returned_put_away_and_begun_again():
    reversal = make_reversal(APPLIED_ORE)
    hanne = handler(reversal.application)
    propose_reversal(reversal, reason="Mer.", by=hanne)
    return_reversal(reversal, reason="Hvorfor?", by=decider(reversal))
    assert (reversal.state, reversal.successor) == ("begun", None)
    drop_reversal(reversal, reason="Ombestemt.", by=hanne)
    with pytest.raises(ChangedSince):
        drop_reversal(reversal, reason="Igjen.", by=hanne)

    assert change_to(400_000_00, reversal.decision).amount_ore == 400_000_00


def test_it_is_decided_once():
    reversal = make_reversal(APPLIED_ORE)
    propose_reversal(reversal, reason="Mer.", by=handler(reversal.application))
    twin = Reversal.objects.get()
    decide_reversal(reversal, by=decider(reversal), on=ON)

    with pytest.raises(ChangedSince):
        decide_reversal(twin, by=decider(reversal), on=ON)
    assert len(lines()) == 2


def test_the_envelope_holds():
    reversal = make_reversal(APPLIED_ORE, decision=make_decided(call=make_call(envelope_ore=APPLIED_ORE - 100)))
    propose_reversal(reversal, reason="Mer.", by=handler(reversal.application))

    with pytest.raises(OverBudget, match="Rammen"):
        decide_reversal(reversal, by=decider(reversal), on=ON)


# --- The ledger -------------------------------------------------------------------------------------------------------


def test_an_increase_and_a_decrease_book_the_difference_alone():
    more = change_to(400_000_00)
    less = change_to(100_000_00, more)

    assert lines() == [
        ("committed", "committed", 300_000_00), ("increased", "committed", 100_000_00),
        ("decreased", "appropriation", 300_000_00),
    ]  # fmt: skip
    assert committed_ore(less.application) == 100_000_00
    assert LedgerEntry.objects.balance_ore(Account.COMMITTED) == 100_000_00
    assert [one.state for one in Decision.objects.order_by("pk")] == ["reversed", "reversed", "decided"]
    require_ledger_agrees(less)


def test_all_the_way_to_zero_and_back():
    zero = change_to(0)
    assert (zero.outcome, Application.objects.get().state) == ("refuse", State.REFUSED)
    assert LedgerEntry.objects.balance_ore(Account.COMMITTED) == 0

    again = change_to(200_000_00, zero)

    assert Application.objects.get().state == State.GRANTED
    assert LedgerEntry.objects.balance_ore(Account.COMMITTED) == 200_000_00
    require_ledger_agrees(again)


def test_what_is_paid_beyond_the_new_amount_is_to_be_recovered_and_never_negative():
    decision = make_decided()
    _pay(decision, 250_000_00)

    less = change_to(100_000_00, decision)

    overpaid = Overpaid.objects.get()
    assert (overpaid.decision, overpaid.paid_ore, overpaid.to_recover_ore) == (less, 250_000_00, 150_000_00)
    assert lines()[-1] == ("decreased", "appropriation", 50_000_00)
    assert LedgerEntry.objects.balance_ore(Account.COMMITTED) == 0
    assert LedgerEntry.objects.balance_ore(Account.PAID) == 250_000_00
    require_ledger_agrees(less)

    # And up again, past what is paid: the commitment grows by what is missing, and nothing is to be recovered.
    more = change_to(280_000_00, less)
    assert lines()[-1] == ("increased", "committed", 30_000_00)
    assert Overpaid.objects.filter(decision=more).count() == 0
    require_ledger_agrees(more)


def test_what_is_paid_within_the_new_amount_changes_nothing_else():
    decision = make_decided()
    _pay(decision, 100_000_00)

    less = change_to(100_000_00, decision)

    assert lines()[-1] == ("decreased", "appropriation", 200_000_00)
    assert not Overpaid.objects.exists()
    require_ledger_agrees(less)


def test_a_round_pays_what_is_left_of_a_decision_that_took_anothers_place():
    decision = make_decided()
    accept(decision.application)
    assert pay_round(decision.call, by=finance(), on=ON) == 1
    more = change_to(400_000_00, decision)
    assert pay_round(decision.call, by=finance(), on=ON) == 0  # the new terms are not accepted
    accept(more.application)

    assert pay_round(decision.call, by=finance(), on=ON) == 1
    assert LedgerEntry.objects.order_by("pk").values_list("credit", "amount_ore").last() == ("paid", 100_000_00)
    less = change_to(100_000_00, more)
    assert pay_round(decision.call, by=finance(), on=ON) == 0

    assert LedgerEntry.objects.balance_ore(Account.PAID) == 400_000_00
    assert Overpaid.objects.get(decision=less).to_recover_ore == 300_000_00


def test_a_ledger_that_differs_stops_the_reversal_and_the_letter():
    successor = change_to(400_000_00)
    reversal = Reversal.objects.get()
    stray = {"post": "62", "scheme": "kum", "code": "kum", "key": f"decision:{successor.pk}:decreased"}
    book(Account.COMMITTED, Account.APPROPRIATION, 1, successor.application.organisation, **stray)

    with pytest.raises(Refused, match="Regnskapet sier noe annet"):
        write_reversal(reversal)
    with pytest.raises(Refused, match="Regnskapet sier noe annet"):
        change_to(450_000_00, successor)
    assert Decision.objects.standing().get() == successor


def test_the_control_a_ledger_that_agrees_lets_the_letter_leave():
    successor = change_to(400_000_00)

    assert write_reversal(Reversal.objects.get()).kind == f"reversal:{successor.pk}"


def _pay(decision: Decision, amount_ore: int) -> None:
    """Owed and paid of a decision's commitment."""
    facts = {"post": "62", "scheme": "kum", "code": "kum"}
    who = decision.application.organisation
    book(Account.COMMITTED, Account.OWED, amount_ore, who, key=f"decision:{decision.pk}:owed:1", **facts)
    book(Account.OWED, Account.PAID, amount_ore, who, key=f"decision:{decision.pk}:paid:1", **facts)


def test_a_caseworker_who_took_part_in_the_first_decision_may_propose_a_reversal():
    decision = make_decided()

    begin_reversal(decision.application, to_ore=APPLIED_ORE, ground="to_gain", reason="Mer.", by=caseworker())
    assert Reversal.objects.get().begun_by == caseworker()

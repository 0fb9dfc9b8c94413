"""What the database itself refuses of appeals and reversals, tried with SQL by somebody who walks past the services."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from applications.models import Appeal, AppealOutcome, Decision, Reversal
from applications.services.appeal_outcome import decide_appeal
from applications.services.appeal_work import forward_appeal, record_answer
from applications.services.replace import propose_successor
from applications.services.reverse import answer_notice, propose_reversal
from grants.models import Approval, User
from tests.factories.appeals import (
    GRANTED_ORE,
    handler,
    make_appeal,
    make_decided,
    make_outcome,
    make_reversal,
    second_decider,
)
from tests.factories.cases import APPLIED_ORE, caseworker, decision_maker, make_call, signatory

pytestmark = pytest.mark.django_db


def run(sql: str, *values: Any) -> None:
    """One statement as an attacker would send it; what is checked at the end of a transaction is checked at once."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, [_stored(value) for value in values])
        connection.check_constraints()


def _stored(value: Any) -> Any:
    return value.hex if hasattr(value, "hex") and not isinstance(value, float) else value


def refused(sql: str, *values: Any, says: str | None = None) -> bool:
    with pytest.raises(DatabaseError, match=says):
        run(sql, *values)
    return True


def approve(subject: str, digest: str, proposed_by: User, approved_by: User) -> None:
    """An approval that somebody has written by hand."""
    Approval.objects.create(subject=subject, digest=digest, proposed_by=proposed_by, approved_by=approved_by)


def reversing(
    amount_ore: int = APPLIED_ORE, decision: Decision | None = None
) -> tuple[AppealOutcome, Decision, Decision]:
    """A proposal to reverse, the decision that stands, and the one proposed in its place."""
    appeal = make_appeal(Appeal.State.IN_PROGRESS, decision=decision)
    outcome = make_outcome("reverse", appeal=appeal, amount_ore=amount_ore)
    assert outcome.successor is not None
    return outcome, appeal.decision, outcome.successor


REVERSE = "UPDATE applications_decision SET state = 'reversed', replaced_by_id = %s WHERE id = %s"
DECIDE = "UPDATE applications_decision SET state = 'decided', decided_on = '2017-07-03' WHERE id = %s"
CLOSE = "UPDATE applications_appealoutcome SET state = 'decided', decided_on = '2017-07-03' WHERE id = %s"
SUCCEED = "INSERT INTO applications_succession (successor_id, replaced_id) VALUES (%s, %s)"


def test_the_control_with_two_approvals_and_in_order_every_statement_goes_through():
    outcome, old, new = reversing()
    dina = second_decider(old.application)
    approve(f"decision:{new.pk}", new.digest, new.prepared_by, dina)
    approve(f"appeal_outcome:{outcome.pk}", outcome.digest, outcome.prepared_by, dina)

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CLOSE, [outcome.pk])
        cursor.execute(REVERSE, [new.pk, old.pk])
        cursor.execute(DECIDE, [new.pk])
        cursor.execute(SUCCEED, [new.pk, old.pk])
        cursor.execute("UPDATE applications_appeal SET state = 'reversed'")
        connection.check_constraints()

    assert Decision.objects.standing().get() == new
    assert Appeal.objects.get().state == "reversed"


def test_no_decision_is_reversed_without_an_approved_successor():
    _outcome, old, new = reversing()

    assert refused(REVERSE, new.pk, old.pk, says="another person")
    assert refused(REVERSE, None, old.pk)
    assert refused(REVERSE, old.pk, old.pk)
    assert Decision.objects.standing().get() == old


def test_no_decision_is_reversed_while_its_successor_is_not_decided():
    outcome, old, new = reversing()
    dina = second_decider(old.application)
    approve(f"decision:{new.pk}", new.digest, new.prepared_by, dina)

    assert refused(REVERSE, new.pk, old.pk)  # when the transaction ends, the succession is missing
    assert refused(SUCCEED, new.pk, old.pk, says="takes another place")
    assert refused(DECIDE, new.pk)  # the place is not free
    assert outcome.state == "proposed" and Decision.objects.standing().get() == old


def test_no_successor_without_an_appeal_or_a_reversal_that_is_decided():
    outcome, old, new = reversing()
    approve(f"decision:{new.pk}", new.digest, new.prepared_by, second_decider(old.application))

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(REVERSE, [new.pk, old.pk])
        cursor.execute(DECIDE, [new.pk])
    assert outcome.state == "proposed"


def test_a_decision_has_one_successor():
    outcome, old, new = reversing()
    decide_appeal(outcome, by=second_decider(old.application), on=date(2017, 7, 3))
    new.refresh_from_db()

    assert refused(SUCCEED, old.pk, new.pk)
    assert refused(SUCCEED, new.pk, old.pk)
    assert refused(f"UPDATE applications_succession SET replaced_id = {new.pk}", says="only grows")
    with pytest.raises(DatabaseError, match="stands in its case"), transaction.atomic():
        second = Decision.objects.get(pk=new.pk)
        second.pk, second.state, second.decided_on, second.replaces = None, "proposed", None, old
        second.save(force_insert=True)
    assert refused("UPDATE applications_decision SET replaces_id = NULL WHERE id = %s", new.pk)
    assert refused("UPDATE applications_decision SET state = 'decided', replaced_by_id = NULL WHERE id = %s", old.pk)


def test_a_decision_takes_the_place_of_one_in_its_own_case():
    first = make_decided()
    appeal = make_appeal(decision=first)
    stranger = make_decided(call=make_call(), organisation=appeal.application.organisation)
    with pytest.raises(DatabaseError, match="stands in its case"), transaction.atomic():
        first.replaces = None
        other = propose_successor(
            stranger, APPLIED_ORE, reason="Mer.", because={}, by=handler(stranger.application, "harald")
        )
        other.pk, other.replaces = None, first
        other.save(force_insert=True)


def test_the_envelope_holds_for_a_successor_with_forged_approvals():
    outcome, old, new = reversing(decision=make_decided(call=make_call(envelope_ore=APPLIED_ORE - 100)))
    dina = second_decider(old.application)
    approve(f"decision:{new.pk}", new.digest, new.prepared_by, dina)
    approve(f"appeal_outcome:{outcome.pk}", outcome.digest, outcome.prepared_by, dina)

    with (
        pytest.raises(DatabaseError, match="never pass its envelope"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(CLOSE, [outcome.pk])
        cursor.execute(REVERSE, [new.pk, old.pk])
        cursor.execute(DECIDE, [new.pk])
    assert Decision.objects.granted_ore() == GRANTED_ORE


def test_an_outcome_is_approved_by_somebody_who_had_no_part():
    outcome, _old, _new = reversing()
    assert refused(CLOSE, outcome.pk, says="another person")
    approve(f"appeal_outcome:{outcome.pk}", outcome.digest, outcome.prepared_by, decision_maker())  # who decided first
    assert refused(CLOSE, outcome.pk, says="another person")


def test_an_outcome_of_another_digest_is_not_approved():
    outcome, old, _new = reversing()
    approve(f"appeal_outcome:{outcome.pk}", "0" * 64, outcome.prepared_by, second_decider(old.application))
    assert refused(CLOSE, outcome.pk, says="another person")


def test_the_first_two_are_never_handlers():
    appeal = make_appeal(Appeal.State.IN_PROGRESS)
    assign = "UPDATE applications_appeal SET handler_id = %s"

    for one_of_the_two in (caseworker(), decision_maker()):
        assert refused(assign, one_of_the_two.pk, says="another person")
    run(assign, handler(appeal.application, "harald").pk)  # the control


OUTCOME_ATTACKS = {
    "another outcome": "UPDATE applications_appealoutcome SET outcome = 'dismiss', successor_id = NULL",
    "another reason": "UPDATE applications_appealoutcome SET reason = 'noe annet'",
    "removed": "DELETE FROM applications_appealoutcome",
}


@pytest.mark.parametrize("sql", OUTCOME_ATTACKS.values(), ids=OUTCOME_ATTACKS.keys())
def test_a_proposed_outcome_never_changes(sql):
    make_outcome("uphold")
    assert refused(sql)
    assert AppealOutcome.objects.get().outcome == "uphold"


SENT_ATTACKS = {
    "grounds": "UPDATE applications_appeal SET grounds = 'noe annet'",
    "wanted": "UPDATE applications_appeal SET wanted = ''",
    "in time after all": "UPDATE applications_appeal SET is_late = (1 = 1)",
    "another day": "UPDATE applications_appeal SET last_day = '2030-01-01'",
    "number": "UPDATE applications_appeal SET case_number = 99",
    "reversed": "UPDATE applications_appeal SET state = 'reversed'",
    "dismissed": "UPDATE applications_appeal SET state = 'dismissed'",
    "confirmed": "UPDATE applications_appeal SET state = 'confirmed', forwarded_on = '2017-07-01', ministry = 'X'",
    "draft again": "UPDATE applications_appeal SET state = 'draft'",
    "removed": "DELETE FROM applications_appeal",
}


@pytest.mark.parametrize("sql", SENT_ATTACKS.values(), ids=SENT_ATTACKS.keys())
def test_an_appeal_that_is_sent_stands_as_it_was_sent(sql):
    appeal = make_appeal(Appeal.State.IN_PROGRESS)
    assert refused(sql)
    appeal.refresh_from_db()
    assert appeal.state == "in_progress"


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE applications_appeal SET state = 'in_progress'",
        "UPDATE applications_appeal SET admitted_reason = 'x'",
        "UPDATE applications_appeal SET version = 99",
    ],
)
def test_an_appeal_that_is_answered_never_changes(sql):
    outcome, old, _new = reversing()
    decide_appeal(outcome, by=second_decider(old.application), on=date(2017, 7, 3))
    assert refused(sql, says="answered")


def test_an_appeal_is_born_as_a_draft():
    appeal = make_appeal()
    appeal.pk, appeal.case_number = None, 77
    with pytest.raises(DatabaseError), transaction.atomic():
        appeal.save(force_insert=True)


def test_a_forwarded_appeal_is_answered_by_the_ministry_alone():
    appeal = make_appeal(Appeal.State.IN_PROGRESS)
    decide_appeal(make_outcome("uphold", appeal=appeal), by=second_decider(appeal.application))
    appeal.refresh_from_db()
    hanne = handler(appeal.application)
    forward_appeal(appeal, ministry="Departementet X", by=hanne, on=date(2017, 7, 1))

    for state in ("confirmed", "to_carry_out", "in_progress", "kept"):
        assert refused("UPDATE applications_appeal SET state = %s", state, says="ministry")
    record_answer(appeal, "upheld", reason="Enig.", reference="1", dated=date(2017, 8, 1), amount_ore=None, by=hanne)
    assert refused("UPDATE applications_ministryanswer SET outcome = 'reversed', amount_ore = 1", says="only grows")
    assert refused("DELETE FROM applications_ministryanswer", says="only grows")


# --- Reversals --------------------------------------------------------------------------------------------------------


def proposed_loss(*, answered: bool) -> tuple[Reversal, Decision, Decision]:
    """A reversal to loss that is proposed: answered, or by SQL before the notice is over."""
    reversal = make_reversal(100_000_00, answer_by=date(2100, 1, 1))
    hanne = handler(reversal.application)
    if answered:
        answer_notice(reversal, "Vi forstår.", by=signatory())
        new = propose_reversal(reversal, reason="Feil.", by=hanne)
    else:
        new = propose_successor(reversal.decision, 100_000_00, reason="Feil.", because={}, by=hanne)
        Reversal.objects.filter(pk=reversal.pk).update(state="proposed", successor=new)
    return reversal, reversal.decision, new


def replace_by_sql(old: Decision, new: Decision) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE applications_reversal SET state = 'decided'")
        cursor.execute(REVERSE, [new.pk, old.pk])
        cursor.execute(DECIDE, [new.pk])
        cursor.execute(SUCCEED, [new.pk, old.pk])
        connection.check_constraints()


def test_a_loss_is_not_decided_before_the_notice_is_answered_or_over():
    _reversal, old, new = proposed_loss(answered=False)
    approve(f"decision:{new.pk}", new.digest, new.prepared_by, second_decider(old.application))

    with pytest.raises(DatabaseError):
        replace_by_sql(old, new)
    assert Decision.objects.standing().get() == old


def test_the_control_a_loss_that_is_answered_and_approved_goes_through():
    _reversal, old, new = proposed_loss(answered=True)
    with pytest.raises(DatabaseError, match="another person"):
        replace_by_sql(old, new)
    approve(f"decision:{new.pk}", new.digest, new.prepared_by, second_decider(old.application))

    replace_by_sql(old, new)
    assert Decision.objects.standing().get() == new


REVERSAL_ATTACKS = {
    "to a gain on paper": "UPDATE applications_reversal SET to_ore = from_ore + 100",
    "an earlier last day": "UPDATE applications_reversal SET answer_by = '2017-01-01'",
    "another ground": "UPDATE applications_reversal SET ground = 'breach'",
    "decided at once": "UPDATE applications_reversal SET state = 'decided'",
    "removed": "DELETE FROM applications_reversal",
}


@pytest.mark.parametrize("sql", REVERSAL_ATTACKS.values(), ids=REVERSAL_ATTACKS.keys())
def test_what_a_reversal_gave_notice_of_stands(sql):
    reversal = make_reversal(100_000_00)
    assert refused(sql)
    reversal.refresh_from_db()
    assert (reversal.state, reversal.to_ore) == ("noticed", 100_000_00)


def test_an_answer_to_a_notice_never_changes_and_a_loss_never_begins_without_notice():
    reversal = make_reversal(100_000_00)
    answer_notice(reversal, "Vi er uenige.", by=signatory())
    assert refused("UPDATE applications_reversal SET answer = 'Vi er enige.'", says="answered")
    run("UPDATE applications_reversal SET state = 'dropped'")  # the control
    assert refused("UPDATE applications_reversal SET state = 'noticed'", says="never changed")

    reversal.pk, reversal.state, reversal.answer_by = None, "begun", timezone.localdate() + timedelta(days=1)
    with pytest.raises(DatabaseError, match="begins with a notice"), transaction.atomic():
        reversal.save(force_insert=True)

"""Ways round two people, and beyond what is claimed, by raw SQL: none succeeds. The right way, at the end, does."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, OperationalError, connection, transaction

from grants.models import Approval, PaymentBatch, RecoveryClaim, RecoveryEvent, Role, User
from grants.services.write_off_recovery import propose_write_off
from tests.factories.batches import make_batch, make_order
from tests.factories.cases import member
from tests.factories.recoveries import DUE, Kind, Standing, make_claim, now, second, told_of_offset
from tests.factories.register import finance

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("covered")]
REFUSED = (IntegrityError, InternalError, OperationalError)
MAY = date(2017, 5, 2)


def run(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def key(value: Any) -> Any:
    return value.hex if connection.vendor == "sqlite" and hasattr(value, "hex") else value


def insert(claim: RecoveryClaim, kind: str, by: User | None, amount_ore: int = 0, **more: Any) -> None:
    """An event by raw SQL, as somebody at a shell would write it."""
    last = claim.events.order_by("number").last()
    facts: dict[str, Any] = {
        "claim_id": claim.pk, "number": last.number + 1 if last else 1, "kind": kind, "amount_ore": amount_ore,
        '"on"': DUE.isoformat(), "words": "", "plan": "[]", "by_id": key(by.pk) if by else None,
        "at": "2017-04-13 10:00:00+00:00",
    }  # fmt: skip
    facts |= more
    columns, marks = ", ".join(facts), ", ".join(["%s"] * len(facts))
    run(f"INSERT INTO grants_recoveryevent ({columns}) VALUES ({marks})", *facts.values())


def approve(subject: str, digest: str, proposer: User, by: User) -> None:
    Approval.objects.create(subject=subject, digest=digest, proposed_by=proposer, approved_by=by)


# --- Approval of a claim ----------------------------------------------------------------------------------------------


def approved_without_approval(claim: RecoveryClaim) -> None:
    insert(claim, "approved", second())


def approved_by_the_one_who_raised_it(claim: RecoveryClaim) -> None:
    approve(f"recovery:{claim.pk}", claim.digest, second(), finance())
    insert(claim, "approved", finance())


def approved_with_another_as_the_one_who_raised_it(claim: RecoveryClaim) -> None:
    approve(f"recovery:{claim.pk}", claim.digest, finance("trude"), second())
    insert(claim, "approved", second())


def approved_by_another_than_the_approval_says(claim: RecoveryClaim) -> None:
    approve(f"recovery:{claim.pk}", claim.digest, finance(), second())
    insert(claim, "approved", finance("trude"))


def approved_with_the_digest_of_another_claim(claim: RecoveryClaim) -> None:
    approve(f"recovery:{claim.pk}", "e" * 64, finance(), second())
    insert(claim, "approved", second())


def approved_by_one_who_acts_for_the_recipient(claim: RecoveryClaim) -> None:
    approve(f"recovery:{claim.pk}", claim.digest, finance(), second())
    member(Role.ACCOUNTANT, claim.recipient, "mona")
    insert(claim, "approved", second())


def raise_the_sum(claim: RecoveryClaim) -> None:
    run("UPDATE grants_recoveryclaim SET amount_ore = amount_ore + 1 WHERE id = %s", claim.pk)


def swap_the_one_who_raised_it(claim: RecoveryClaim) -> None:
    run("UPDATE grants_recoveryclaim SET raised_by_id = %s WHERE id = %s", key(second().pk), claim.pk)


def remove_it(claim: RecoveryClaim) -> None:
    run("DELETE FROM grants_recoveryclaim WHERE id = %s", claim.pk)


def take_money_before_approval(claim: RecoveryClaim) -> None:
    insert(claim, "paid", finance(), 1_00)


def send_it_unapproved(claim: RecoveryClaim) -> None:
    insert(claim, "decided", finance())


@pytest.mark.parametrize(
    "attack",
    [
        approved_without_approval, approved_by_the_one_who_raised_it, approved_with_another_as_the_one_who_raised_it,
        approved_by_another_than_the_approval_says, approved_with_the_digest_of_another_claim,
        approved_by_one_who_acts_for_the_recipient, raise_the_sum, swap_the_one_who_raised_it, remove_it,
        take_money_before_approval, send_it_unapproved,
    ],
)  # fmt: skip
def test_no_way_round_the_second_person_of_a_claim(attack: Callable[[RecoveryClaim], None]):
    claim = make_claim(Standing.PROPOSED)
    with pytest.raises(REFUSED), transaction.atomic():
        attack(claim)
    assert now(claim).standing == Standing.PROPOSED


def test_the_right_way_to_approve_is_open():
    claim = make_claim(Standing.PROPOSED)
    approve(f"recovery:{claim.pk}", claim.digest, finance(), second())
    insert(claim, "approved", second())
    assert now(claim).standing == Standing.NOTICED
    with pytest.raises(REFUSED), transaction.atomic():
        insert(claim, "rejected", second())


# --- Write-off --------------------------------------------------------------------------------------------------------


def proposed_of(claim: RecoveryClaim) -> RecoveryEvent:
    return claim.events.get(kind=Kind.WRITE_OFF_PROPOSED)


def written_off_without_approval(claim: RecoveryClaim) -> None:
    insert(claim, "written_off", second(), 50_000_00, answers_id=proposed_of(claim).pk)


def written_off_by_the_one_who_proposed_it(claim: RecoveryClaim) -> None:
    approve(f"write_off:{proposed_of(claim).pk}", "d" * 64, second(), finance())
    insert(claim, "written_off", finance(), 50_000_00, answers_id=proposed_of(claim).pk)


def written_off_with_another_as_proposer(claim: RecoveryClaim) -> None:
    approve(f"write_off:{proposed_of(claim).pk}", "d" * 64, finance("trude"), second())
    insert(claim, "written_off", second(), 50_000_00, answers_id=proposed_of(claim).pk)


def written_off_more_than_was_proposed(claim: RecoveryClaim) -> None:
    approve(f"write_off:{proposed_of(claim).pk}", "d" * 64, finance(), second())
    insert(claim, "written_off", second(), 100_000_00, answers_id=proposed_of(claim).pk)


def written_off_that_nobody_proposed(claim: RecoveryClaim) -> None:
    insert(claim, "written_off", second(), 50_000_00)


def written_off_on_the_proposal_of_another_claim(claim: RecoveryClaim) -> None:
    other = make_claim(amount_ore=50_000_00)
    propose_write_off(other, amount_ore=50_000_00, reason="Konkurs.", by=finance())
    approve(f"write_off:{proposed_of(other).pk}", "d" * 64, finance(), second())
    insert(claim, "written_off", second(), 50_000_00, answers_id=proposed_of(other).pk)


def written_off_by_one_who_acts_for_the_recipient(claim: RecoveryClaim) -> None:
    approve(f"write_off:{proposed_of(claim).pk}", "d" * 64, finance(), second())
    member(Role.SIGNATORY, claim.recipient, "mona")
    insert(claim, "written_off", second(), 50_000_00, answers_id=proposed_of(claim).pk)


def raise_the_proposal(claim: RecoveryClaim) -> None:
    run("UPDATE grants_recoveryevent SET amount_ore = amount_ore * 2 WHERE id = %s", proposed_of(claim).pk)


def take_the_proposal_over(claim: RecoveryClaim) -> None:
    run("UPDATE grants_recoveryevent SET by_id = %s WHERE id = %s", key(second().pk), proposed_of(claim).pk)


def forget_what_happened(claim: RecoveryClaim) -> None:
    run("DELETE FROM grants_recoveryevent WHERE claim_id = %s", claim.pk)


def a_payment_beyond_the_claim(claim: RecoveryClaim) -> None:
    insert(claim, "paid", finance(), 100_000_01)


def an_offset_without_a_payment(claim: RecoveryClaim) -> None:
    insert(claim, "offset", None, 10_00)


def a_payment_taken_back_that_never_came(claim: RecoveryClaim) -> None:
    insert(claim, "undone", finance(), 10_00)


@pytest.mark.parametrize(
    "attack",
    [
        written_off_without_approval, written_off_by_the_one_who_proposed_it, written_off_with_another_as_proposer,
        written_off_more_than_was_proposed, written_off_that_nobody_proposed,
        written_off_on_the_proposal_of_another_claim, written_off_by_one_who_acts_for_the_recipient, raise_the_proposal,
        take_the_proposal_over, forget_what_happened, a_payment_beyond_the_claim, an_offset_without_a_payment,
        a_payment_taken_back_that_never_came,
    ],
)  # fmt: skip
def test_no_way_round_the_second_person_of_a_write_off(attack: Callable[[RecoveryClaim], None]):
    claim = make_claim()
    propose_write_off(claim, amount_ore=50_000_00, reason="Konkurs.", by=finance())
    with pytest.raises(REFUSED), transaction.atomic():
        attack(claim)
    assert now(claim).left_ore == 100_000_00


def test_the_right_way_to_write_off_is_open():
    claim = make_claim()
    proposed = propose_write_off(claim, amount_ore=50_000_00, reason="Konkurs.", by=finance())
    approve(f"write_off:{proposed.pk}", "d" * 64, finance(), second())
    insert(claim, "written_off", second(), 50_000_00, answers_id=proposed.pk)
    assert now(claim).left_ore == 50_000_00


# --- Offset -----------------------------------------------------------------------------------------------------------


def offset(batch: PaymentBatch, claim: RecoveryClaim, ore: int) -> None:
    run(
        "INSERT INTO grants_paymentoffset (payment_id, claim_id, amount_ore, is_alive) VALUES (%s, %s, %s, %s)",
        key(batch.payments.get().pk), claim.pk, ore, True,
    )  # fmt: skip


def test_an_offset_by_raw_sql_is_told_first_no_more_than_is_left_and_in_an_open_batch():
    told, untold = told_of_offset(amount_ore=20_000_00), make_claim()
    make_order(amount_ore=60_000_00, due_on=MAY)
    batch = make_batch(on=MAY)
    payment = batch.payments.get()
    for attack in (
        lambda: offset(batch, untold, 10_00),  # nobody told the recipient
        lambda: offset(batch, told, 10_00),  # it is wholly on its way in this payment
        lambda: run("UPDATE grants_paymentoffset SET amount_ore = 1 WHERE payment_id = %s", key(payment.pk)),
        lambda: run("UPDATE grants_paymentoffset SET is_alive = %s WHERE payment_id = %s", False, key(payment.pk)),
        lambda: run("DELETE FROM grants_paymentoffset WHERE payment_id = %s", key(payment.pk)),
    ):
        with pytest.raises(REFUSED), transaction.atomic():
            attack()
    assert payment.offsets.get().amount_ore == 20_000_00


def test_a_batch_whose_payment_is_not_its_instalments_less_its_offsets_is_not_sealed():
    claim = told_of_offset(amount_ore=50_000_00)
    make_order(amount_ore=20_000_00, due_on=MAY)
    batch = make_batch(on=MAY)  # takes 19 999 kroner
    with transaction.atomic():
        # Another offset slips in after the payment was made: the two no longer add up.
        other = told_of_offset(amount_ore=10_000_00)
        offset(batch, other, 5_000_00)
        with pytest.raises(REFUSED, match="less its offsets"), transaction.atomic():
            run(
                "UPDATE grants_paymentbatch SET state = 'sealed', digest = 'x', sealed_at = '2017-05-01 10:00:00+00:00' "
                "WHERE id = %s",
                key(batch.pk),
            )
    assert now(claim).left_ore == 50_000_00

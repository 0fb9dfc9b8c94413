"""Ways round four eyes by raw SQL: none succeeds. The right way, at the end, does."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, InternalError, OperationalError, connection, transaction

from grants.models import Approval, Outlier, PaymentBatch, Role
from grants.services.attest_batch import attest_batch
from tests.factories.batches import attester, make_batch, make_order
from tests.factories.cases import member, municipality
from tests.factories.register import finance

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("covered")]


def run(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def key(value: object) -> str:
    return value.hex if connection.vendor == "sqlite" and hasattr(value, "hex") else str(value)


def approve(batch: PaymentBatch, by: object, proposer: object = None, digest: str = "") -> None:
    Approval.objects.create(
        subject=f"batch:{batch.number}", digest=digest or batch.digest, approved_by=by,
        proposed_by=proposer or batch.prepared_by,
    )  # fmt: skip


def set_state(batch: PaymentBatch, state: str) -> None:
    run("UPDATE grants_paymentbatch SET state = %s WHERE id = %s", state, key(batch.pk))


def attested_without_approval(batch: PaymentBatch) -> None:
    set_state(batch, "attested")


def attested_by_the_one_who_prepared(batch: PaymentBatch) -> None:
    approve(batch, batch.prepared_by)
    set_state(batch, "attested")


def approval_in_the_name_of_another_preparer(batch: PaymentBatch) -> None:
    approve(batch, batch.prepared_by, proposer=attester())
    set_state(batch, "attested")


def approval_of_another_seal(batch: PaymentBatch) -> None:
    approve(batch, attester(), digest="e" * 64)
    set_state(batch, "attested")


def approval_by_an_interested_party(batch: PaymentBatch) -> None:
    approve(batch, member(Role.ACCOUNTANT, municipality("0101"), "innsider"))
    set_state(batch, "attested")


def swap_the_preparer(batch: PaymentBatch) -> None:
    run(
        "UPDATE grants_paymentbatch SET prepared_by_id = %s WHERE id = %s", key(attester().pk), key(batch.pk)
    )  # fmt: skip


def skip_a_state(batch: PaymentBatch) -> None:
    set_state(batch, "sent")


def open_it_again(batch: PaymentBatch) -> None:
    set_state(batch, "open")


def raise_the_sum_of_the_batch(batch: PaymentBatch) -> None:
    run("UPDATE grants_paymentbatch SET total_ore = total_ore + 1 WHERE id = %s", key(batch.pk))


def raise_a_payment(batch: PaymentBatch) -> None:
    run("UPDATE grants_payment SET amount_ore = amount_ore + 1 WHERE batch_id = %s", key(batch.pk))


def another_account(batch: PaymentBatch) -> None:
    run("UPDATE grants_payment SET account_encrypted = %s WHERE batch_id = %s", b"x", key(batch.pk))


def change_the_seal(batch: PaymentBatch) -> None:
    run("UPDATE grants_paymentbatch SET digest = %s WHERE id = %s", "a" * 64, key(batch.pk))


def one_more_payment(batch: PaymentBatch) -> None:
    run(
        "INSERT INTO grants_payment (id, batch_id, recipient_id, amount_ore, account_encrypted, account_fingerprint, name, "
        "message, kid, state) SELECT %s, batch_id, %s, amount_ore, account_encrypted, account_fingerprint, name, message, "
        "kid, 'planned' FROM grants_payment WHERE batch_id = %s",
        "1" * 32, key(municipality("0105").pk), key(batch.pk),
    )  # fmt: skip


def take_an_instalment_out(batch: PaymentBatch) -> None:
    run("UPDATE grants_paymentpart SET is_alive = %s", False)


def remove_a_payment(batch: PaymentBatch) -> None:
    run("DELETE FROM grants_paymentpart")


def born_attested(batch: PaymentBatch) -> None:
    run(
        "INSERT INTO grants_paymentbatch (id, number, pay_on, state, prepared_by_id, prepared_at, sealed_at, "
        "payments_count, total_ore, digest, file_sha256, receipt, trouble) SELECT %s, 99, pay_on, 'attested', "
        "prepared_by_id, prepared_at, sealed_at, payments_count, total_ore, digest, '', '', '' FROM grants_paymentbatch",
        "2" * 32,
    )


def send_a_payment_alone(batch: PaymentBatch) -> None:
    run("UPDATE grants_payment SET state = 'sent' WHERE batch_id = %s", key(batch.pk))


def pay_without_the_bank(batch: PaymentBatch) -> None:
    run("UPDATE grants_instalment SET settled_on = '2017-03-15'")


def raise_the_order(batch: PaymentBatch) -> None:
    run("UPDATE grants_instalmentline SET amount_ore = amount_ore + 1")


WAYS = (
    attested_without_approval, attested_by_the_one_who_prepared, approval_in_the_name_of_another_preparer,
    approval_of_another_seal, approval_by_an_interested_party, swap_the_preparer, skip_a_state, open_it_again,
    raise_the_sum_of_the_batch, raise_a_payment, another_account, change_the_seal, one_more_payment,
    take_an_instalment_out, remove_a_payment, born_attested, send_a_payment_alone, pay_without_the_bank, raise_the_order,
)  # fmt: skip


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_no_way_round_four_eyes(way: Callable[[PaymentBatch], None]):
    make_order()
    batch = make_batch(PaymentBatch.State.SEALED)
    with pytest.raises((IntegrityError, OperationalError, InternalError)), transaction.atomic():
        way(batch)


def test_an_outlier_that_is_not_explained_stops_raw_sql_too():
    make_order()
    from grants.services.prepare_batch import prepare_batch, seal_batch
    from tests.factories.batches import ON

    batch = prepare_batch(pay_on=ON, by=finance())
    Outlier.objects.create(payment=batch.payments.get(), kind="large")
    batch = seal_batch(batch, by=finance())
    approve(batch, attester())
    with pytest.raises(IntegrityError), transaction.atomic():
        set_state(batch, "attested")


def test_the_right_way_goes():
    make_order()
    batch = attest_batch(make_batch(PaymentBatch.State.SEALED), by=attester())
    set_state(batch, "sent")
    send_a_payment_alone(batch)
    assert batch.payments.get().state == "sent"

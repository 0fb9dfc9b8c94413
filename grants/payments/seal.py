"""The seal of a batch: a hash over everything that the bank and the attester are told."""

import hashlib
import json

from grants.models import PaymentBatch, PaymentOffset, PaymentPart


def digest_of(batch: PaymentBatch) -> str:
    """SHA-256 over the batch's day and its payments in their order: recipient, account, sum, words, instalments and offsets."""
    parts: dict[object, list[list[object]]] = {}
    rows = PaymentPart.objects.filter(payment__batch=batch).order_by("payment", "instalment")
    for payment, subject, number, ore in rows.values_list(
        "payment", "instalment__order__subject", "instalment__number", "instalment__amount_ore"
    ):
        parts.setdefault(payment, []).append([subject, number, ore])
    less: dict[object, list[list[object]]] = {}
    offsets = PaymentOffset.objects.filter(payment__batch=batch).order_by("payment", "claim")
    for payment, claim, ore in offsets.values_list("payment", "claim", "amount_ore"):
        less.setdefault(payment, []).append([claim, ore])
    payments = [
        [
            str(one.pk), str(one.recipient_id), one.amount_ore, one.account_fingerprint, one.name, one.message, one.kid,
            parts.get(one.pk, []), *filter(None, [less.get(one.pk)]),
        ]
        for one in batch.payments.order_by("pk")
    ]  # fmt: skip
    content = [str(batch.pk), batch.number, batch.pay_on.isoformat(), payments]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()

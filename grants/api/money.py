"""Payments, batches and the ledger for other systems: read only, by cursor, for finance and the auditor. Amounts are whole øre."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from grants.api.asking import Endpoint, Listing, NewestFirst
from grants.ledger import lines
from grants.models import Account, LedgerEntry, Payment, PaymentBatch
from grants.payments import shown

LARGEST_KEY = 2**63 - 1
FIRST_YEAR, LAST_YEAR = 1900, 9999


class BatchShape(serializers.Serializer[PaymentBatch]):
    """A payment batch. Until it is sealed, the number of payments and the sum are those of now."""

    number = serializers.IntegerField()
    message_id = serializers.CharField(source="id.hex", help_text="MsgId of the bank file.")
    state = serializers.ChoiceField(PaymentBatch.State.choices)
    pay_on = serializers.DateField()
    payments = serializers.IntegerField(source="count_now")
    total_ore = serializers.IntegerField(source="ore_now")
    prepared_by = serializers.CharField(source="prepared_by.username")
    prepared_at = serializers.DateTimeField()
    sealed_at = serializers.DateTimeField(allow_null=True)
    attested_by = serializers.CharField(source="attested_username", allow_null=True)
    digest = serializers.CharField(
        allow_blank=True, help_text="SHA-256 of what was sealed; the attestation repeats it."
    )
    file_sha256 = serializers.CharField(allow_blank=True)
    sent_at = serializers.DateTimeField(allow_null=True)
    trouble = serializers.CharField(allow_blank=True, help_text="Why the bank is not known to have the file.")


class PaymentShape(serializers.Serializer[Payment]):
    """One sum to one recipient. Account numbers are not given out."""

    end_to_end_id = serializers.CharField(source="id.hex")
    batch = serializers.IntegerField(source="batch.number")
    pay_on = serializers.DateField(source="batch.pay_on")
    recipient_orgnr = serializers.CharField(source="recipient.orgnr", allow_null=True)
    municipality_number = serializers.CharField(source="recipient.municipality_number", allow_blank=True)
    name = serializers.CharField()
    amount_ore = serializers.IntegerField()
    state = serializers.ChoiceField(Payment.State.choices)
    paid_on = serializers.DateField(allow_null=True)
    kid = serializers.CharField(allow_blank=True)
    message = serializers.CharField()


class PartShape(serializers.Serializer[Any]):
    """An instalment in a payment."""

    scheme = serializers.CharField(source="instalment.order.scheme")
    chapter = serializers.CharField(source="instalment.order.chapter")
    post = serializers.CharField(source="instalment.order.post")
    subject = serializers.CharField(source="instalment.order.subject", help_text="What makes the state owe it.")
    instalment = serializers.IntegerField(source="instalment.number")
    due_on = serializers.DateField(source="instalment.due_on")
    amount_ore = serializers.IntegerField(source="instalment.amount_ore")


class EventShape(serializers.Serializer[Any]):
    """One thing that the bank has told of a payment."""

    kind = serializers.CharField()
    on = serializers.DateField(allow_null=True)
    amount_ore = serializers.IntegerField(help_text="In is above zero, out below; 0 for a status.")
    reason_code = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(allow_blank=True)
    trouble = serializers.CharField(allow_blank=True, help_text="Why a person looks at it; empty where nobody must.")
    told_at = serializers.DateTimeField(source="message.taken_in_at")


class WholePayment(PaymentShape):
    """A payment with its specification and all that the bank has told of it."""

    parts = PartShape(many=True)
    events = EventShape(many=True)


class LineShape(serializers.Serializer[LedgerEntry]):
    """A line of the ledger: an amount that leaves the account `debit` and reaches the account `credit`. Never changed."""

    id = serializers.IntegerField()
    key = serializers.CharField(help_text="Names the event that it books, once, ever.")
    value_date = serializers.DateField()
    budget_year = serializers.IntegerField()
    debit = serializers.ChoiceField(Account.choices)
    credit = serializers.ChoiceField(Account.choices)
    amount_ore = serializers.IntegerField()
    chapter = serializers.CharField()
    post = serializers.CharField()
    scheme = serializers.CharField(allow_blank=True)
    code = serializers.CharField(allow_blank=True)
    origin_year = serializers.IntegerField()
    origin_term = serializers.IntegerField()
    recipient_orgnr = serializers.CharField(source="recipient.orgnr", allow_null=True)
    municipality_number = serializers.CharField(source="recipient.municipality_number", allow_blank=True)
    recipient_name = serializers.CharField(source="recipient.name")
    recipient_sector = serializers.CharField()
    account_class = serializers.CharField()
    run = serializers.IntegerField(source="run_id", allow_null=True)
    by = serializers.CharField(source="by.username")
    recorded_at = serializers.DateTimeField()


class BatchesAsked(serializers.Serializer[Any]):
    """Which batches."""

    year = serializers.IntegerField(required=False, min_value=FIRST_YEAR, max_value=LAST_YEAR)
    state = serializers.ChoiceField(PaymentBatch.State.choices, required=False)


class PaymentsAsked(serializers.Serializer[Any]):
    """Which payments."""

    batch = serializers.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    state = serializers.ChoiceField(Payment.State.choices, required=False)
    recipient = serializers.RegexField("^[0-9]{9}$", required=False, help_text="Organisation number.")


class LinesAsked(serializers.Serializer[Any]):
    """Which lines."""

    year = serializers.IntegerField(required=False, min_value=FIRST_YEAR, max_value=LAST_YEAR, help_text="Budget year.")
    chapter = serializers.RegexField("^[0-9]{4}$", required=False)
    post = serializers.RegexField("^[0-9]{2}$", required=False)
    scheme = serializers.SlugField(required=False, max_length=40)
    recipient = serializers.RegexField("^[0-9]{9}$", required=False, help_text="Organisation number.")
    account = serializers.ChoiceField(Account.choices, required=False, help_text="Lines that touch this account.")
    after = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=LARGEST_KEY,
        help_text="Only lines with a larger `id`: what is new since.",
    )


class ByNumber(NewestFirst):
    """The newest batch first."""

    ordering = ("-number",)


class ByKey(NewestFirst):
    """By keys that never change, so that no row is missed or told twice. Of the ledger: in the order it was booked."""

    ordering = ("id",)


class Batches(Listing):
    """Payment batches, the newest first."""

    pagination_class = ByNumber

    @extend_schema(operation_id="payment_batches", responses=BatchShape(many=True), parameters=[BatchesAsked])
    def get(self, request: Request) -> Response:
        asked = _asked(BatchesAsked, request)
        rows = shown.batches(year=asked.get("year"), state=asked.get("state", ""))
        return self.pages_of(rows, lambda one: dict(BatchShape(one).data))


class OneBatch(Endpoint):
    """One payment batch."""

    @extend_schema(operation_id="payment_batch", responses=BatchShape)
    def get(self, request: Request, batch: int) -> Response:
        return Response(BatchShape(get_object_or_404(shown.batches(), number=batch)).data)


class Payments(Listing):
    """Payments of all batches, or of one, or to one recipient."""

    pagination_class = ByKey

    @extend_schema(operation_id="payments", responses=PaymentShape(many=True), parameters=[PaymentsAsked])
    def get(self, request: Request) -> Response:
        rows = shown.payments(**_asked(PaymentsAsked, request))
        return self.pages_of(rows, lambda one: dict(PaymentShape(one).data))


class OnePayment(Endpoint):
    """One payment with its specification and the bank's answers."""

    @extend_schema(operation_id="payment", responses=WholePayment)
    def get(self, request: Request, pk: UUID) -> Response:
        found = get_object_or_404(
            shown.payments().prefetch_related("parts__instalment__order", "events__message"), pk=pk
        )
        told = {
            "parts": PartShape(found.parts.all(), many=True).data,
            "events": EventShape(found.events.all(), many=True).data,
        }
        return Response(PaymentShape(found).data | told)


class Ledger(Listing):
    """Lines of the ledger in the order they were booked."""

    pagination_class = ByKey

    @extend_schema(operation_id="ledger", responses=LineShape(many=True), parameters=[LinesAsked])
    def get(self, request: Request) -> Response:
        rows = lines.asked_for(**_asked(LinesAsked, request))
        return self.pages_of(rows, lambda one: dict(LineShape(one).data))


def _asked(shape: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """What the address asks for; what can't be used is refused, never left out."""
    asked = shape(data=request.query_params.dict())
    asked.is_valid(raise_exception=True)
    return dict(asked.validated_data)

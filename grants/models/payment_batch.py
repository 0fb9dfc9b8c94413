"""Payment batches: one payment per recipient, sealed, attested by a second person, sent to the bank and answered."""

import uuid
from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import Q

from grants.models.organisation import Organisation
from grants.models.payment_order import Instalment


class PaymentBatchQuerySet(models.QuerySet["PaymentBatch"]):
    def alive(self) -> "PaymentBatchQuerySet":
        """The batches that count: all but those that were given up."""
        return self.exclude(state=PaymentBatch.State.DISCARDED)


class PaymentBatch(models.Model):
    """What goes to the bank in one file. Once sealed nothing in it changes but its state, and that step by step.

    `id` is the message id of the bank file and `sealed_at` its time, so the file is the same bytes whenever it is made.
    """

    class State(models.TextChoices):
        OPEN = "open", "Under arbeid"
        SEALED = "sealed", "Forseglet"
        ATTESTED = "attested", "Attestert"
        SENT = "sent", "Sendt"
        ANSWERED = "answered", "Besvart"
        DISCARDED = "discarded", "Forkastet"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.PositiveIntegerField(unique=True)
    pay_on = models.DateField(help_text="The day the bank is asked to pay.")
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    sealed_at = models.DateTimeField(null=True)
    payments_count = models.PositiveIntegerField(default=0)
    total_ore = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the lines; the attestation repeats it.")
    file_sha256 = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the file as it was sent.")
    sent_at = models.DateTimeField(null=True)
    receipt = models.CharField(max_length=200, blank=True, help_text="What the bank's door called the file.")

    trouble = models.CharField(max_length=500, blank=True, help_text="Why it is not known to be with the bank.")

    objects = PaymentBatchQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "discarded"]) | (Q(sealed_at__isnull=False) & ~Q(digest="")),
                name="sealed_batch_has_its_seal",
            )
        ]

    def __str__(self) -> str:
        return f"bunt {self.number}"


class PaymentQuerySet(models.QuerySet["Payment"]):
    def of_recipients(self, recipients: Iterable[Organisation]) -> "PaymentQuerySet":
        """What left for these recipients, or is about to: never what still is being put together."""
        sent = PaymentBatch.State.SENT, PaymentBatch.State.ANSWERED
        found = self.filter(recipient__in=list(recipients), batch__state__in=sent)
        return found.select_related("recipient", "batch")


class Payment(models.Model):
    """One sum to one account. `id` is what the bank calls it (EndToEndId); it is never sent again under another."""

    class State(models.TextChoices):
        PLANNED = "planned", "Klar"
        SENT = "sent", "Sendt"
        ACCEPTED = "accepted", "Mottatt av banken"
        PAID = "paid", "Utbetalt"
        REJECTED = "rejected", "Avvist"
        RETURNED = "returned", "Kommet i retur"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    batch = models.ForeignKey(PaymentBatch, on_delete=models.PROTECT, related_name="payments")
    recipient = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="payments")
    amount_ore = models.BigIntegerField()
    account_encrypted = models.BinaryField(help_text="The account as it was when the batch was made.")
    account_fingerprint = models.CharField(max_length=64)
    name = models.CharField(max_length=140)
    message = models.CharField(max_length=140)
    kid = models.CharField(max_length=25, blank=True, help_text="Where the recipient wants one, instead of a message.")
    state = models.CharField(max_length=8, choices=State.choices, default=State.PLANNED)
    paid_on = models.DateField(null=True, help_text="The day the money left, as the bank says.")

    objects = PaymentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "recipient"], name="payment_is_one_per_recipient_and_batch"),
            models.CheckConstraint(condition=Q(amount_ore__gt=0), name="payment_is_above_zero"),
        ]


class PaymentPart(models.Model):
    """An instalment in a payment. It is in one living payment at a time: another only when this one has failed for good."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="parts")
    instalment = models.ForeignKey(Instalment, on_delete=models.PROTECT, related_name="parts")
    is_alive = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["instalment"], condition=Q(is_alive=True), name="instalment_is_in_one_living_payment"
            )
        ]


class Outlier(models.Model):
    """A payment that is strange beside the ones before it. Nobody attests the batch until each is explained."""

    class Kind(models.TextChoices):
        FIRST = "first", "Første betaling til mottakeren"
        CHANGED = "changed", "Langt fra det forrige"
        LARGE = "large", "Uvanlig stor"
        ACCOUNT = "account", "Ny konto siden sist"

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="outliers")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    before_ore = models.BigIntegerField(null=True, help_text="What it is compared with; empty where there is nothing.")
    explanation = models.CharField(max_length=500, blank=True)
    explained_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    explained_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["payment", "kind"], name="outlier_is_one_of_a_kind")]

"""Payment orders: what the state owes one recipient from one source, and the plan by which it is paid."""

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q

from grants.models.ledger_entry import Account
from grants.models.organisation import Organisation
from grants.models.run import EntitlementRun, RunPayable


class PaymentOrderQuerySet(models.QuerySet["PaymentOrder"]):
    def of_recipients(self, recipients: Iterable[Organisation]) -> "PaymentOrderQuerySet":
        """The orders of these recipients."""
        return self.filter(recipient__in=list(recipients)).select_related("recipient", "run")

    def for_payable(self, payable: RunPayable) -> "PaymentOrder | None":
        """The order of what a run pays a municipality; none where it pays nothing."""
        return self.filter(subject=f"run:{payable.run_id}:{payable.municipality_number}").first()


class PaymentOrder(models.Model):
    """What one approved run, decision or transfer makes the state pay one recipient. `subject` names it, once, ever."""

    subject = models.CharField(
        max_length=80, unique=True, help_text='"run:12:0301", "decision:7:1" or "transfer:A-17".'
    )
    recipient = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="payment_orders")
    scheme = models.CharField(max_length=40)
    chapter = models.CharField(max_length=4)
    post = models.CharField(max_length=2)
    account_class = models.CharField(max_length=20)
    takes_from = models.CharField(
        max_length=13,
        choices=Account.choices,
        help_text="Where the money stands until it leaves: owed, or committed, which is called in as it is paid.",
    )
    about = models.CharField(max_length=100, help_text="What the recipient reads on the bank statement.")
    run = models.ForeignKey(
        EntitlementRun, on_delete=models.PROTECT, null=True, related_name="orders", help_text="Where a run owes it."
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    objects = PaymentOrderQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["recipient", "id"], name="orders_of_a_recipient")]

    def __str__(self) -> str:
        return self.subject


class InstalmentQuerySet(models.QuerySet["Instalment"]):
    def outstanding(self) -> "InstalmentQuerySet":
        """Not paid and not fallen away, whatever it waits for."""
        return self.filter(settled_on=None, cancelled_on=None)

    def in_no_payment(self) -> "InstalmentQuerySet":
        """In no batch, or in one that failed for good."""
        return self.exclude(parts__is_alive=True)

    def due(self, on: date) -> "InstalmentQuerySet":
        """Due by a day, with the event that it waits for."""
        return self.outstanding().filter(Q(waits_for="") | Q(released_on__lte=on), due_on__lte=on)

    def held(self) -> "InstalmentQuerySet":
        return self.filter(order__in=Hold.objects.open().values("order"))

    def payable(self, on: date) -> "InstalmentQuerySet":
        """What a batch may take up on a day: due, in no other payment, and held back by nothing."""
        return self.due(on).in_no_payment().exclude(order__in=Hold.objects.open().values("order"))


class Instalment(models.Model):
    """A part of an order that is paid at once: on a day, and where an event must come first, not before it has."""

    class Event(models.TextChoices):
        NONE = "", "ingen"
        TERMS_ACCEPTED = "terms_accepted", "vilkårene er godtatt"
        REPORT_APPROVED = "report_approved", "rapporten er godkjent"

    order = models.ForeignKey(PaymentOrder, on_delete=models.PROTECT, related_name="instalments")
    number = models.PositiveSmallIntegerField()
    amount_ore = models.BigIntegerField()
    due_on = models.DateField()
    waits_for = models.CharField(max_length=20, choices=Event.choices, blank=True)
    released_on = models.DateField(null=True, help_text="The day the event came; empty where it is waited for.")
    settled_on = models.DateField(null=True, help_text="The day the money left: by the bank, or as marked by hand.")
    cancelled_on = models.DateField(null=True, help_text="The day it fell away, as where a decision was changed.")

    objects = InstalmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_on__isnull=True) | Q(cancelled_on__isnull=True),
                name="instalment_is_settled_or_cancelled",
            ),
            models.UniqueConstraint(fields=["order", "number"], name="instalment_is_one_per_number"),
            models.CheckConstraint(condition=Q(amount_ore__gt=0), name="instalment_is_above_zero"),
        ]
        indexes = [models.Index(fields=["settled_on", "due_on"], name="instalments_that_are_due")]

    def __str__(self) -> str:
        return f"{self.order.subject}/{self.number}"


class InstalmentLine(models.Model):
    """What an instalment is made of, as the ledger names it. A correction downwards is below zero; the sum never is."""

    instalment = models.ForeignKey(Instalment, on_delete=models.PROTECT, related_name="lines")
    code = models.CharField(max_length=20)
    origin_year = models.PositiveSmallIntegerField()
    origin_term = models.PositiveSmallIntegerField()
    amount_ore = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["instalment", "code", "origin_year", "origin_term"], name="instalment_names_a_code_once"
            ),
            models.CheckConstraint(condition=~Q(amount_ore=0), name="instalment_line_is_not_zero"),
        ]


class HoldQuerySet(models.QuerySet["Hold"]):
    def open(self) -> "HoldQuerySet":
        """The holds that are not over."""
        return self.filter(end=None)

    def on_order(self, order: PaymentOrder | None) -> "HoldQuerySet":
        """What holds an order back now, the oldest first."""
        return self.open().filter(order=order).order_by("placed_on", "pk") if order is not None else self.none()


class Hold(models.Model):
    """Why an order waits. Only grows: it ends with a `HoldEnd`, which says how."""

    class Kind(models.TextChoices):
        TERMS = "terms", "Vilkårene er ikke godtatt"
        NO_ACCOUNT = "no_account", "Ingen bekreftet konto"
        NEW_ACCOUNT = "new_account", "Kontoen er nylig endret"
        REPORT_OVERDUE = "report_overdue", "Rapporten er ikke levert"
        DISCREPANCY = "discrepancy", "Et avvik er ikke avklart"
        APPROPRIATION = "appropriation", "Bevilgningen er brukt opp"
        PROTECTED = "protected", "Gjelder en skjermet person"
        BY_HAND = "by_hand", "Holdt tilbake av økonomi"

    order = models.ForeignKey(PaymentOrder, on_delete=models.PROTECT, related_name="holds")
    kind = models.CharField(max_length=14, choices=Kind.choices)
    reason = models.CharField(max_length=300)
    way_out = models.CharField(max_length=300, help_text="What must happen for the money to go, and who does it.")
    placed_on = models.DateField()
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = HoldQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["order", "kind"], name="holds_of_an_order")]


class HoldEnd(models.Model):
    """A hold is over: what happened, and who says so (nobody where the facts themselves do)."""

    hold = models.OneToOneField(Hold, on_delete=models.PROTECT, related_name="end")
    reason = models.CharField(max_length=300)
    ended_on = models.DateField()
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

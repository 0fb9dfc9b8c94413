"""Transfers outside the 18 schemes: a list of single payments, prepared by one person and approved by another."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from grants.models.organisation import Organisation


class TransferList(models.Model):
    """Transfers that are approved and paid together. Once prepared nothing changes but the state."""

    class State(models.TextChoices):
        PREPARING = "preparing", "Under arbeid"
        PREPARED = "prepared", "Klar til godkjenning"
        APPROVED = "approved", "Godkjent"
        PAID = "paid", "Utbetalt"
        DISCARDED = "discarded", "Forkastet"

    name = models.CharField(max_length=200, help_text="The file it came from.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PREPARING)
    total_ore = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the lines; the approval repeats it.")
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    booked_on = models.DateField(null=True, help_text="The day the approved list counts in the books.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["preparing", "prepared", "discarded"]) | Q(booked_on__isnull=False),
                name="transfer_list_that_is_booked_has_its_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} (overføringer {self.pk})"


class TransferLine(models.Model):
    """One transfer: to whom, under which code, how much and what for. Its reference is paid once, ever."""

    list = models.ForeignKey(TransferList, on_delete=models.PROTECT, related_name="lines")
    reference = models.CharField(max_length=64)
    code = models.CharField(max_length=20)
    recipient = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(help_text="The year that the money is for.")
    amount_ore = models.BigIntegerField()
    about = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["list", "reference"], name="transfer_stands_once_in_its_list"),
            models.CheckConstraint(condition=Q(amount_ore__gt=0), name="transfer_is_above_zero"),
        ]

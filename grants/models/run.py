"""Entitlement runs: what was worked out, line by line, who prepared it and what each municipality is paid."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grants.models.register import Person


class EntitlementRunQuerySet(models.QuerySet["EntitlementRun"]):
    def booked(self) -> "EntitlementRunQuerySet":
        """The runs that count: approved, and perhaps paid."""
        return self.filter(state__in=[EntitlementRun.State.APPROVED, EntitlementRun.State.PAID])


class EntitlementRun(models.Model):
    """One run of one scheme. Once prepared nothing in it changes but its state, and that only with an approval."""

    class State(models.TextChoices):
        PREPARING = "preparing", _("Under arbeid")
        PREPARED = "prepared", _("Klar til godkjenning")
        APPROVED = "approved", _("Godkjent")
        PAID = "paid", _("Utbetalt")
        DISCARDED = "discarded", _("Forkastet")

    scheme = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    term = models.PositiveSmallIntegerField()
    as_of = models.DateField(null=True, help_text="Only facts known by this day; empty means all that is imported.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PREPARING)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    lines_count = models.PositiveIntegerField(default=0)
    total_ore = models.BigIntegerField(default=0)
    # What the run compared, so that approval can see whether any of it has changed since.
    compared = models.JSONField(default=dict)
    # The rates that were used, with their citations: each line can be proved again by hand.
    rates_used = models.JSONField(default=dict)
    # The difference to what was booked: sums by kind, and the largest changes.
    difference = models.JSONField(default=dict)
    digest = models.CharField(
        max_length=64, blank=True, help_text="SHA-256 of the sums and payables; the approval repeats it."
    )
    booked_on = models.DateField(null=True, help_text="The day the approved run counts in the books.")
    approval_number = models.PositiveIntegerField(
        null=True, help_text="Runs of a scheme are numbered as they are approved: each carries on from the one before."
    )

    objects = EntitlementRunQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["preparing", "prepared", "discarded"]) | Q(booked_on__isnull=False),
                name="run_that_is_booked_has_its_day",
            ),
            models.UniqueConstraint(fields=["scheme", "approval_number"], name="run_approvals_follow_each_other"),
        ]
        indexes = [models.Index(fields=["scheme", "state", "id"], name="run_of_a_scheme")]

    def __str__(self) -> str:
        return f"{self.scheme} {self.year} termin {self.term} (kjøring {self.pk})"


class EntitlementLine(models.Model):
    """What one person (or place, or municipality) gives for one term: an amount, or a signed correction of it."""

    class Kind(models.TextChoices):
        DUE = "due", "Termin"
        CORRECTION = "correction", "Korrigering"

    # No foreign keys in the database, which would be checked line by line: a guard asks whether the run is open, once per
    # statement where the database can, runs are never removed, and the persons are those that the run has just read.
    run = models.ForeignKey(
        EntitlementRun, on_delete=models.PROTECT, related_name="lines", db_constraint=False, db_index=False
    )
    person = models.ForeignKey(
        Person, on_delete=models.DO_NOTHING, null=True, related_name="lines", db_constraint=False, db_index=False
    )
    municipality_number = models.CharField(max_length=4)
    code = models.CharField(max_length=12)
    origin_year = models.PositiveSmallIntegerField()
    origin_term = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    amount_ore = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["run", "person"], name="lines_of_a_run")]


class RunPayableQuerySet(models.QuerySet["RunPayable"]):
    def booked(self) -> "RunPayableQuerySet":
        """Those of runs that count."""
        return self.filter(run__in=EntitlementRun.objects.booked()).select_related("run")


class RunPayable(models.Model):
    """What a municipality is paid in a run: what is due, with the negative sum it carries in. Never a negative payment."""

    run = models.ForeignKey(EntitlementRun, on_delete=models.PROTECT, related_name="payables")
    municipality_number = models.CharField(max_length=4)
    due_ore = models.BigIntegerField()
    carried_in_ore = models.BigIntegerField()
    paid_ore = models.BigIntegerField()
    carried_out_ore = models.BigIntegerField()

    objects = RunPayableQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "municipality_number"], name="payable_is_one_per_municipality_and_run"
            ),
            models.CheckConstraint(
                condition=Q(due_ore=F("paid_ore") + F("carried_out_ore") - F("carried_in_ore")),
                name="payable_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(paid_ore__gte=0, carried_in_ore__lte=0, carried_out_ore__lte=0),
                name="payable_is_never_negative_and_carries_only_debt",
            ),
        ]

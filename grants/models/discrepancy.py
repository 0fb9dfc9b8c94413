"""A recipient says that something is wrong: a case about an order, or one line of it, which the directorate answers."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from grants.models.organisation import Organisation
from grants.models.payment_order import PaymentOrder
from grants.models.run import EntitlementLine, EntitlementRun


class DiscrepancyQuerySet(models.QuerySet["Discrepancy"]):
    def open(self) -> "DiscrepancyQuerySet":
        """Those that nobody has answered or taken back."""
        return self.exclude(events__kind__in=ENDS)

    def of_organisations(self, organisations: object) -> "DiscrepancyQuerySet":
        """Those of these recipients, the newest first."""
        return self.filter(organisation__in=organisations).order_by("-pk")


class Discrepancy(models.Model):
    """What a recipient holds to be wrong. The claim never changes; what comes of it stands in its events."""

    class What(models.TextChoices):
        AMOUNT = "amount", "Beløpet er feil"
        PERSON = "person", "Personen hører ikke til oss"
        MISSING = "missing", "En person mangler"
        RATE = "rate", "Satsen er feil"
        OTHER = "other", "Noe annet"

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="discrepancies")
    order = models.ForeignKey(PaymentOrder, on_delete=models.PROTECT, null=True, related_name="discrepancies")
    line = models.ForeignKey(EntitlementLine, on_delete=models.PROTECT, null=True, related_name="+")
    what = models.CharField(max_length=7, choices=What.choices)
    explanation = models.TextField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()

    objects = DiscrepancyQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["organisation", "id"], name="discrepancies_of_one")]

    def __str__(self) -> str:
        return f"avvik {self.pk}"


class DiscrepancyEvent(models.Model):
    """What happened to a discrepancy. Only grows, and ends once."""

    class Kind(models.TextChoices):
        WRITTEN = "written", "Melding"
        PAY_MEANWHILE = "pay_meanwhile", "Betal imens"
        CORRECTED = "corrected", "Rettet"
        KEPT = "kept", "Står ved beløpet"
        WITHDRAWN = "withdrawn", "Trukket tilbake"

    discrepancy = models.ForeignKey(Discrepancy, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=13, choices=Kind.choices)
    text = models.TextField(blank=True)
    run = models.ForeignKey(EntitlementRun, on_delete=models.PROTECT, null=True, related_name="+")
    reference = models.CharField(max_length=200, blank=True, help_text="What was corrected, where no run did it.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["discrepancy"],
                condition=Q(kind__in=["corrected", "kept", "withdrawn"]),
                name="discrepancy_ends_once",
            ),
            models.CheckConstraint(
                condition=~Q(kind="corrected") | Q(run__isnull=False) | ~Q(reference=""),
                name="discrepancy_correction_names_what_was_corrected",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["written", "corrected", "kept"]) | ~Q(text=""),
                name="discrepancy_answer_has_words",
            ),
        ]


ENDS = (DiscrepancyEvent.Kind.CORRECTED, DiscrepancyEvent.Kind.KEPT, DiscrepancyEvent.Kind.WITHDRAWN)

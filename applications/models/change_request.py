"""A recipient asks to change what the grant is for: asked, recommended by one person, decided by another."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from applications.models.application import Application
from applications.models.decision import Decision


class ChangeRequestQuerySet(models.QuerySet["ChangeRequest"]):
    def waiting(self) -> "ChangeRequestQuerySet":
        """Those that are asked and not answered."""
        return self.filter(state__in=[ChangeRequest.State.ASKED, ChangeRequest.State.RECOMMENDED])


class ChangeRequest(models.Model):
    """A request for another period, activity or budget within the same amount. What was asked never changes."""

    class State(models.TextChoices):
        ASKED = "asked", "Mottatt"
        RECOMMENDED = "recommended", "Innstilt"
        APPROVED = "approved", "Godkjent"
        REFUSED = "refused", "Avslått"

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="change_requests")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="change_requests")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.ASKED)
    version = models.PositiveIntegerField(default=1)
    text = models.TextField(help_text="What the recipient asks for, and why.")
    # What is to be otherwise: "activity", "starts_on", "ends_on", "budget". What is not named stays.
    wanted = models.JSONField(default=dict)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_on = models.DateField()
    recommends_approval = models.BooleanField(null=True)
    recommendation = models.TextField(blank=True)
    recommended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the request and the recommendation.")
    answer = models.TextField(blank=True, help_text="The reason that the recipient reads.")
    decided_on = models.DateField(null=True)

    objects = ChangeRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "number"], name="change_has_its_number_in_the_decision"),
            models.UniqueConstraint(
                fields=["decision"],
                condition=Q(state__in=["asked", "recommended"]),
                name="change_one_request_at_a_time",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="change_request_has_a_reason"),
            models.CheckConstraint(
                condition=Q(state="asked")
                | (
                    Q(recommended_by__isnull=False, recommends_approval__isnull=False)
                    & ~Q(recommendation="")
                    & ~Q(digest="")
                ),
                name="change_is_recommended_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "recommended"]) | (Q(decided_on__isnull=False) & ~Q(answer="")),
                name="change_answer_has_day_and_reason",
            ),
        ]

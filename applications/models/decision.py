"""Decisions: proposed by one person, decided by another, with all that the decision rested on."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from applications.models.application import Application
from applications.models.call import Call


class DecisionQuerySet(models.QuerySet["Decision"]):
    def standing(self) -> "DecisionQuerySet":
        """Those that are decided and not reversed."""
        return self.filter(state=Decision.State.DECIDED)

    def granted_ore(self) -> int:
        """What the standing decisions grant in all."""
        return int(self.standing().aggregate(sum=models.Sum("amount_ore"))["sum"] or 0)


class Decision(models.Model):
    """A proposal, and once another person has approved it, a decision. Its contents never change."""

    class Outcome(models.TextChoices):
        GRANT = "grant", "Innvilges"
        GRANT_IN_PART = "grant_in_part", "Innvilges delvis"
        REFUSE = "refuse", "Avslås"

    class State(models.TextChoices):
        PROPOSED = "proposed", "Innstilt"
        RETURNED = "returned", "Sendt tilbake"
        DECIDED = "decided", "Vedtatt"

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="decisions")
    # The same as the application's: the guard that holds the envelope sums by it.
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=15, choices=Outcome.choices)
    applied_ore = models.BigIntegerField()
    amount_ore = models.BigIntegerField()
    reason = models.TextField()
    # Findings, rulings, scores and numbers as they stood: kept for ever, whatever becomes of the rules.
    grounds = models.JSONField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of outcome, amount, reason, recipient and grounds.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    decided_on = models.DateField(null=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(state="proposed"), name="decision_one_proposal_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["application"], condition=Q(state="decided"), name="decision_one_standing_per_case"
            ),
            models.CheckConstraint(
                condition=Q(outcome="refuse", amount_ore=0)
                | Q(outcome="grant", amount_ore=F("applied_ore"))
                | Q(outcome="grant_in_part", amount_ore__gt=0, amount_ore__lt=F("applied_ore")),
                name="decision_amount_follows_outcome",
                violation_error_message="Beløpet må passe til utfallet.",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="decision_has_a_reason"),
            models.CheckConstraint(
                condition=~Q(state="decided") | Q(decided_on__isnull=False), name="decision_decided_on_a_day"
            ),
        ]
        indexes = [models.Index(fields=["call", "state", "amount_ore"], name="decisions_of_a_call")]

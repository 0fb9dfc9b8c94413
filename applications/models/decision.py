"""Decisions: proposed by one person, decided by another, with all that the decision rested on."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from applications.models.call import Call
from grants.models import Approval, User


class DecisionQuerySet(models.QuerySet["Decision"]):
    def proposed(self) -> "DecisionQuerySet":
        """Those that wait for another person."""
        return self.filter(state=Decision.State.PROPOSED)

    def standing(self) -> "DecisionQuerySet":
        """Those that are decided and not reversed."""
        return self.filter(state=Decision.State.DECIDED)

    def of(self, call: Call) -> "DecisionQuerySet":
        return self.filter(call=call)

    def granting(self) -> "DecisionQuerySet":
        """Those that give money: more than nothing, and not declined by the recipient."""
        return self.filter(amount_ore__gt=0).exclude(acceptance__answer="declined")

    def accepted(self) -> "DecisionQuerySet":
        """Those whose terms the recipient has accepted."""
        return self.filter(acceptance__answer="accepted")

    def proposals(self) -> "DecisionQuerySet":
        """Those that wait for a first decision, the oldest first. What is to take another's place is decided elsewhere."""
        waiting = self.proposed().filter(replaces=None)
        return waiting.select_related("application__organisation", "call", "prepared_by").order_by("prepared_at", "pk")

    def by_call(self, user: User) -> list[dict[str, Any]]:
        """Number and sum call by call, and how many of them the person has made."""
        own = models.Count("pk", filter=Q(prepared_by=user))
        sums = (
            self.order_by()
            .values("call")
            .annotate(number=models.Count("pk"), total_ore=models.Sum("amount_ore"), own=own)
        )
        found = {row["call"]: row for row in sums}
        calls = Call.objects.filter(pk__in=found).order_by("closes_at", "pk")
        return [
            found[call.pk] | {"call": call, "others": found[call.pk]["number"] - found[call.pk]["own"]}
            for call in calls
        ]

    def visible_to(self, user: User) -> "DecisionQuerySet":
        """Those of the cases that the person may open."""
        return self.filter(application__in=Application.objects.visible_to(user))

    def granted_ore(self) -> int:
        """What the standing decisions grant in all. What a recipient has declined is free again."""
        return int(self.standing().granting().aggregate(sum=models.Sum("amount_ore"))["sum"] or 0)


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
        REVERSED = "reversed", "Omgjort"

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
    # The standing decision that this one is meant to take the place of.
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="successors")
    # Set when it is reversed, and checked when the transaction ends: no decision goes without its successor's coming.
    replaced_by = models.ForeignKey("Succession", on_delete=models.PROTECT, null=True, related_name="+")

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
                violation_error_message=_("Beløpet må passe til utfallet."),
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="decision_has_a_reason"),
            models.CheckConstraint(
                condition=~Q(state__in=["decided", "reversed"]) | Q(decided_on__isnull=False),
                name="decision_decided_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state="reversed", replaced_by__isnull=False) | (~Q(state="reversed") & Q(replaced_by=None)),
                name="decision_reversed_has_its_successor",
            ),
        ]
        indexes = [models.Index(fields=["call", "state", "amount_ore"], name="decisions_of_a_call")]

    def approval(self) -> Approval | None:
        """The approval that made it a decision."""
        return Approval.objects.select_related("approved_by").filter(subject=f"decision:{self.pk}").first()


class Succession(models.Model):
    """A decision took another's place. Written when the successor is decided, which a guard holds; only grows."""

    successor = models.OneToOneField(Decision, on_delete=models.PROTECT, primary_key=True, related_name="succession")
    replaced = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="succeeded_by")

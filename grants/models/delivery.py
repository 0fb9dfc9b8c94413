"""Letters sent on: one row for each attempt, with the channel's receipt or what went wrong. Only grows."""

from django.db import models
from django.db.models import Q


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def of(self, letter: str) -> "DeliveryQuerySet":
        """The attempts on one letter, the first one first."""
        return self.filter(letter=letter).order_by("pk")

    def succeeded(self) -> "DeliveryQuerySet":
        return self.exclude(receipt="")


class Delivery(models.Model):
    """An attempt to deliver a letter. `letter` names it: `case_document:12` or `run_letter:7`."""

    letter = models.CharField(max_length=80)
    channel = models.CharField(max_length=40)
    receipt = models.CharField(max_length=200, blank=True, help_text="What the channel calls it. Empty: it failed.")
    error = models.TextField(blank=True)
    at = models.DateTimeField(auto_now_add=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["letter"], condition=~Q(receipt=""), name="letter_is_delivered_once"),
            models.CheckConstraint(
                condition=(Q(receipt="") & ~Q(error="")) | (~Q(receipt="") & Q(error="")),
                name="delivery_has_a_receipt_or_an_error",
            ),
        ]
        indexes = [models.Index(fields=["letter", "id"], name="deliveries_of_a_letter")]

"""What a municipality claims per person, place or participant. Health data: only the sum is kept, never a diagnosis."""

from django.db import models

from grants.models.register import Fact, Person


class ClaimFact(Fact):
    """A claim as it became known; a newer fact with the same reference corrects it."""

    scheme = models.CharField(max_length=40)
    claim_ref = models.CharField(max_length=64)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="claims")
    municipality_number = models.CharField(max_length=4)
    year = models.PositiveSmallIntegerField()
    kind = models.CharField(
        max_length=20, help_text="Which part of the scheme: 1, 2, norwegian, culture, low, high ..."
    )
    quantity = models.PositiveIntegerField(default=0, help_text="Places, or months, as the scheme says.")
    months = models.PositiveSmallIntegerField(default=0)
    costs_ore = models.BigIntegerField(default=0)
    on = models.DateField(help_text="The day that decides when it is due: received, registered or entered.")

    class Meta:
        indexes = [models.Index(fields=["scheme", "claim_ref", "known_on", "id"], name="claim_newest_per_reference")]

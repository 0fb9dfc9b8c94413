"""Letters that were made: archived once with the hash of what was sent."""

from django.db import models

from grants.models.organisation import Organisation
from grants.models.run import EntitlementRun


class Letter(models.Model):
    """The letter of one run to one municipality, numbered within its run. A letter is made once and never remade."""

    run = models.ForeignKey(EntitlementRun, on_delete=models.PROTECT, related_name="letters")
    recipient = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=40, unique=True)
    language = models.CharField(max_length=2)
    paid_ore = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=200, help_text="Below the letter archive.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "recipient"], name="letter_is_one_per_run_and_recipient")]

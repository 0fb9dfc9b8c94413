"""The rates this database has used: what was once known is never edited."""

from django.db import models


class KnownRate(models.Model):
    """A dated number with its citation, as it was when it became known here."""

    scheme = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    value = models.CharField(max_length=40)
    unit = models.CharField(max_length=20)
    citation = models.CharField(max_length=500)
    certainty = models.CharField(max_length=1)
    known_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scheme", "name", "valid_from"], name="known_rate_is_one_number_from_a_day")
        ]

"""Two people, held by the database: who proposed, who approved, and the hash of what was approved."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Approval(models.Model):
    """One approval of one thing. Only grows; the guards of the thing itself demand it before its state may change."""

    subject = models.CharField(max_length=80, unique=True, help_text='What was approved, for example "run:12".')
    digest = models.CharField(max_length=64)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(proposed_by=F("approved_by")),
                name="approval_takes_two_people",
                violation_error_message="The person who prepared it cannot approve it.",
            )
        ]

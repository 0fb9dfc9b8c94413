"""What colleagues leave for each other in a case: internal notes, and that they have it open."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from applications.models.application import Application
from grants.models import User

# Somebody who was seen within this time has the case open now; an open page tells every 20 seconds.
HERE = timedelta(seconds=60)


class Note(models.Model):
    """An internal note in a case (offentleglova § 14): for the directorate alone. Only grows."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="notes")
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="note_says_something")]


class PresenceQuerySet(models.QuerySet["Presence"]):
    def of_others(self, user: User) -> "PresenceQuerySet":
        """Everybody else who has had the case open, the last first."""
        return self.exclude(user=user).select_related("user").order_by("-seen_at")


class Presence(models.Model):
    """When somebody last had a case open. No evidence: it is overwritten, and tells colleagues that they are two."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    objects = PresenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "user"], name="presence_is_one_per_case_and_person")
        ]

    @property
    def is_here(self) -> bool:
        """Is the case open with this person now?"""
        return self.seen_at > timezone.now() - HERE

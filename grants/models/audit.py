"""What was done, and who looked at whom. Only grows."""

from django.conf import settings
from django.db import models

from grants.models.register import Person


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    def about(self, subject: str) -> "AuditEventQuerySet":
        """What was done to one thing, the newest first."""
        return self.filter(subject=subject).select_related("by").order_by("-at", "-pk")


class AuditEvent(models.Model):
    """Somebody did something that later readers must be able to see."""

    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)
    details = models.JSONField(default=dict)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["subject", "-at"], name="audit_of_a_subject")]


class PersonLook(models.Model):
    """A look at a person's row, or at many (then `person` is empty and `what` says which, `persons` how many)."""

    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    actor = models.CharField(max_length=80, help_text="The signed-in user, or the operator's account for a command.")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="looks")
    persons = models.PositiveIntegerField(default=1)
    what = models.CharField(max_length=200)

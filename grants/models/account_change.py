"""A recipient's wish for another account number, and for a KID: proposed by one person, approved by another, and waiting."""

from collections.abc import Iterable

from django.conf import settings
from django.db import models

from grants.models.organisation import Organisation


class AccountChangeQuerySet(models.QuerySet["AccountChange"]):
    def of_organisations(self, organisations: Iterable[Organisation]) -> "AccountChangeQuerySet":
        """Those of these recipients, with who proposed them."""
        return self.filter(organisation__in=list(organisations)).select_related("organisation", "proposed_by")


class AccountChange(models.Model):
    """A proposal of an account number, encrypted and bound to its row. Only grows.

    An `Approval` by another person makes it a `BankAccount`; an `AccountChangeStop` ends it before it is in use.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="account_changes")
    number_encrypted = models.BinaryField()
    fingerprint = models.CharField(max_length=64)
    replaces = models.CharField(max_length=64, blank=True, help_text="Fingerprint of the account in use; empty: none.")
    reason = models.CharField(max_length=500)
    salt = models.UUIDField(editable=False, help_text="What the ciphertext is bound to, since the number comes later.")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    told = models.JSONField(
        default=list, help_text="Who was there before the proposal and is told at each step: names of the signatories."
    )

    objects = AccountChangeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["organisation", "id"], name="account_changes_of_one")]

    def __str__(self) -> str:
        return f"kontoendring {self.pk}"


class AccountChangeStop(models.Model):
    """A proposal is stopped: not approved, or approved and regretted while it waits. Only grows."""

    change = models.OneToOneField(AccountChange, on_delete=models.PROTECT, related_name="stop")
    reason = models.CharField(max_length=500)
    stopped_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    stopped_at = models.DateTimeField()


class PreferredKid(models.Model):
    """The KID by which a recipient wants to know our payments; empty: a message instead. The newest one counts."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="preferred_kids")
    kid = models.CharField(max_length=25, blank=True)
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField()

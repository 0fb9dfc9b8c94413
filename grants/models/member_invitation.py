"""An invitation to act for an organisation: a code that is shown once, and redeemed by whoever has signed in with it."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q

from grants.models.organisation import Organisation
from grants.models.user import ORGANISATION_ROLES, User


class MemberInvitationQuerySet(models.QuerySet["MemberInvitation"]):
    def open_at(self, moment: datetime) -> "MemberInvitationQuerySet":
        """Those that can still be redeemed."""
        return self.filter(redeemed_at=None, withdrawn_at=None, expires_at__gt=moment)

    def of_organisations(self, organisations: models.QuerySet[Organisation]) -> "MemberInvitationQuerySet":
        """The invitations to these organisations, the newest first."""
        return self.filter(organisation__in=organisations).order_by("-invited_at")


class MemberInvitation(models.Model):
    """Somebody may act for an organisation in a role, once they have signed in and given the code."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="member_invitations")
    role = models.CharField(max_length=20, choices=[(r.value, r.label) for r in ORGANISATION_ROLES])
    name = models.CharField(max_length=200, help_text="Whom it is for, in the inviter's words.")
    code_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    redeemed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    redeemed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = MemberInvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=[r.value for r in ORGANISATION_ROLES]), name="invitation_role_is_an_organisations"
            ),
            models.CheckConstraint(
                condition=Q(redeemed_at=None, redeemed_by=None)
                | Q(redeemed_at__isnull=False, redeemed_by__isnull=False, withdrawn_at=None),
                name="invitation_is_redeemed_by_somebody_or_withdrawn",
            ),
            models.CheckConstraint(
                condition=Q(redeemed_by=None) | ~Q(redeemed_by=models.F("invited_by")),
                name="invitation_is_redeemed_by_another",
            ),
        ]

    def __str__(self) -> str:
        return self.name

"""Who uses the system: known by issuer and subject, never by e-mail. People are deactivated, never deleted."""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from grants.models.organisation import Organisation


class Role(models.TextChoices):
    """What a person may be asked to do."""

    CASEWORKER = "caseworker", "Saksbehandler"
    DECISION_MAKER = "decision_maker", "Beslutter"
    FINANCE = "finance", "Økonomi"
    SCHEME_OWNER = "scheme_owner", "Ordningseier"
    AUDITOR = "auditor", "Revisor"
    ADMINISTRATOR = "administrator", "Administrator"
    EDITOR = "editor", "Redaktør"
    SIGNATORY = "signatory", "Signaturberettiget"
    ACCOUNTANT = "accountant", "Regnskapsfører"


DIRECTORATE_ROLES = (
    Role.CASEWORKER,
    Role.DECISION_MAKER,
    Role.FINANCE,
    Role.SCHEME_OWNER,
    Role.AUDITOR,
    Role.ADMINISTRATOR,
)
ORGANISATION_ROLES = (Role.EDITOR, Role.SIGNATORY, Role.ACCOUNTANT)


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)


class User(AbstractBaseUser):
    """A person who signs in. `issuer` and `subject` come from the identity provider and are the identity."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=200, blank=True)
    issuer = models.CharField(max_length=200, default="local")
    subject = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    objects = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="user_is_known_by_issuer_and_subject")
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def has_directorate_role(self, *roles: Role) -> bool:
        """Does this person have one of these roles in the directorate?"""
        return self.is_active and self.directorate_roles.filter(role__in=roles).exists()


class DirectorateRole(models.Model):
    """A role that a person has in the directorate."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="directorate_roles")
    role = models.CharField(max_length=20, choices=[(r.value, r.label) for r in DIRECTORATE_ROLES])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "role"], name="directorate_role_is_given_once"),
            models.CheckConstraint(
                condition=Q(role__in=[r.value for r in DIRECTORATE_ROLES]), name="directorate_role_is_one_of_ours"
            ),
        ]


class Membership(models.Model):
    """A person acts for an organisation, in a role."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=[(r.value, r.label) for r in ORGANISATION_ROLES])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation", "role"], name="membership_is_given_once"),
            models.CheckConstraint(
                condition=Q(role__in=[r.value for r in ORGANISATION_ROLES]), name="membership_role_is_an_organisations"
            ),
        ]

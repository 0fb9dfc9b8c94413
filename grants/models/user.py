"""Who uses the system: known by issuer and subject, never by e-mail. People are deactivated, never deleted."""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property

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

    def with_roles(self) -> models.QuerySet["User"]:
        """Everybody by name, along with what they may do in the directorate and for organisations."""
        found = self.prefetch_related("directorate_roles", "memberships__organisation")
        return found.order_by("name", "username")

    def matching(self, text: str) -> models.QuerySet["User"]:
        """People whose name or user name has all these words in it; no words, everybody."""
        found = self.with_roles()
        for word in text.split():
            found = found.filter(Q(name__icontains=word) | Q(username__icontains=word))
        return found


class User(AbstractBaseUser):
    """A person who signs in. `issuer` and `subject` come from the identity provider and are the identity."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=200, blank=True)
    issuer = models.CharField(max_length=200, default="local")
    subject = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    session_generation = models.PositiveIntegerField(default=1, help_text="One more ends all sessions of the person.")

    USERNAME_FIELD = "username"
    objects = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="user_is_known_by_issuer_and_subject")
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def get_session_auth_hash(self) -> str:
        """What a session must hold to be this person's. Nobody has a password here; the generation takes its place."""
        return salted_hmac(
            "grants.user.session", f"{self.pk}:{self.session_generation}", algorithm="sha256"
        ).hexdigest()

    @cached_property
    def is_in_directorate(self) -> bool:
        """Does this person have any role in the directorate? Looked up once for each time the person is fetched."""
        return self.directorate_roles.exists()

    def has_directorate_role(self, *roles: Role) -> bool:
        """Does this person have one of these roles in the directorate?"""
        return self.is_active and self.directorate_roles.filter(role__in=roles).exists()


class DirectorateRole(models.Model):
    """A role that a person has in the directorate."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="directorate_roles")
    role = models.CharField(max_length=20, choices=[(r.value, r.label) for r in DIRECTORATE_ROLES])
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(given_by=None) | ~Q(given_by=models.F("user")), name="directorate_role_is_given_by_another"
            ),
            models.UniqueConstraint(fields=["user", "role"], name="directorate_role_is_given_once"),
            models.CheckConstraint(
                condition=Q(role__in=[r.value for r in DIRECTORATE_ROLES]), name="directorate_role_is_one_of_ours"
            ),
        ]


class MembershipQuerySet(models.QuerySet["Membership"]):
    def of_organisations(self, organisations: models.QuerySet[Organisation]) -> "MembershipQuerySet":
        """Who acts for these organisations, by name."""
        return self.filter(organisation__in=organisations).order_by("user__name", "user__username", "role")


class Membership(models.Model):
    """A person acts for an organisation, in a role."""

    class Source(models.TextChoices):
        """Who says so. What a provider says is refreshed at each sign-in; the rest stands until it is taken away."""

        GIVEN = "given", "Gitt av direktoratet"
        INVITED = "invited", "Invitert"
        PROVIDER = "provider", "Hentet fra Altinn"

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=[(r.value, r.label) for r in ORGANISATION_ROLES])
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.GIVEN)
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(given_by=None) | ~Q(given_by=models.F("user")), name="membership_is_given_by_another"
            ),
            models.UniqueConstraint(fields=["user", "organisation", "role"], name="membership_is_given_once"),
            models.CheckConstraint(
                condition=Q(role__in=[r.value for r in ORGANISATION_ROLES]), name="membership_role_is_an_organisations"
            ),
        ]

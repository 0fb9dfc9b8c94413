"""Who can receive money: municipalities, counties, NGOs, enterprises and the directorate, with sub-units and history."""

import uuid

from django.db import models
from django.db.models import Q


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def municipalities(self) -> "OrganisationQuerySet":
        """The municipalities themselves, not their sub-units."""
        return self.filter(kind=Organisation.Kind.MUNICIPALITY, parent=None)

    def numbered(self, orgnr: str) -> "Organisation | None":
        """The organisation of this number, if it is known here."""
        return self.filter(orgnr=orgnr).first()

    def signed_for_by(self, user: "models.Model") -> "OrganisationQuerySet":
        """The organisations that a person signs for, by name."""
        signs = Q(memberships__user=user.pk, memberships__role="signatory")
        return self.filter(signs).distinct().order_by("name")

    def by_municipality_number(self) -> dict[str, "Organisation"]:
        """Every municipality, found by its number."""
        return {organisation.municipality_number: organisation for organisation in self.municipalities()}


class Organisation(models.Model):
    """An organisation as it is known now; `OrganisationChange` keeps what was known before."""

    class Kind(models.TextChoices):
        MUNICIPALITY = "municipality", "Kommune"
        COUNTY = "county", "Fylkeskommune"
        NGO = "ngo", "Frivillig organisasjon"
        ENTERPRISE = "enterprise", "Virksomhet"
        DIRECTORATE = "directorate", "Direktorat"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    orgnr = models.CharField(max_length=9, unique=True, null=True, blank=True)
    name = models.CharField(max_length=200)
    search_key = models.CharField(max_length=200, db_index=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    municipality_number = models.CharField(max_length=4, blank=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="sub_units")
    language = models.CharField(max_length=2, default="nb", choices=[("nb", "Bokmål"), ("nn", "Nynorsk")])
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    successor = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="predecessors")

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality_number"],
                condition=Q(kind="municipality", parent=None),
                name="municipality_number_is_one_municipality",
            ),
            models.CheckConstraint(
                condition=~Q(kind="municipality") | ~Q(municipality_number=""), name="municipality_has_its_number"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def sector(self) -> str:
        """The recipient sector that the state accounts group by (note 7)."""
        return SECTORS[self.Kind(self.kind)]


SECTORS = {
    Organisation.Kind.MUNICIPALITY: "kommune",
    Organisation.Kind.COUNTY: "fylkeskommune",
    Organisation.Kind.NGO: "ideell",
    Organisation.Kind.ENTERPRISE: "foretak",
    Organisation.Kind.DIRECTORATE: "stat",
}


class OrganisationChange(models.Model):
    """What became known of an organisation, and when. Only grows."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="changes")
    facts = models.JSONField()
    known_on = models.DateField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    reason = models.CharField(max_length=500, blank=True)


class BankAccountQuerySet(models.QuerySet["BankAccount"]):
    def standing(self) -> "BankAccountQuerySet":
        """All but those that were proposed and stopped again, the newest last."""
        return self.filter(change__stop=None).order_by("known_on", "recorded_at")


class BankAccount(models.Model):
    """An account number, encrypted and bound to its row, from the day it became known. The newest standing one is in use."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="bank_accounts")
    number_encrypted = models.BinaryField()
    fingerprint = models.CharField(max_length=64)
    known_on = models.DateField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    reason = models.CharField(max_length=500, blank=True)
    change = models.OneToOneField(
        "grants.AccountChange", on_delete=models.PROTECT, null=True, related_name="account",
        help_text="The proposal that two people made it from; empty: taken in from a file.",
    )  # fmt: skip

    objects = BankAccountQuerySet.as_manager()

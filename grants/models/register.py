"""The register of settled persons: facts with the day they hold and the day they became known.

Nothing here is edited. A correction is a newer fact; `known_on` then `id` say which of two facts is the newer.
"""

from django.db import models
from django.db.models import Q


class ImportedFile(models.Model):
    """A file that was taken in: what it was, when, by whom, and how much of it was new."""

    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    new_rows = models.PositiveIntegerField()
    known_on = models.DateField()
    reason = models.CharField(max_length=500, blank=True)
    imported_at = models.DateTimeField(auto_now_add=True)


class Person(models.Model):
    """A person under a pseudonym. The reference is all that points out of the system, and is taken away on erasure.

    A protected person's reference stands in `ProtectedPerson` instead, which ordinary queries do not join.
    """

    person_ref = models.CharField(max_length=64, unique=True, null=True, blank=True)
    erased_on = models.DateField(null=True, blank=True)


class ProtectedPerson(models.Model):
    """A person under address protection: kept apart, never in an export."""

    class Level(models.TextChoices):
        CONFIDENTIAL = "confidential", "Fortrolig"
        STRICTLY_CONFIDENTIAL = "strictly_confidential", "Strengt fortrolig"

    person = models.OneToOneField(Person, on_delete=models.PROTECT, primary_key=True, related_name="protection")
    person_ref = models.CharField(max_length=64, unique=True)
    level = models.CharField(max_length=24, choices=Level.choices)
    since = models.DateField()
    reason = models.CharField(max_length=500)


class Fact(models.Model):
    """What every fact of the register carries."""

    known_on = models.DateField()
    recorded_at = models.DateTimeField()
    reason = models.CharField(max_length=500, blank=True)
    file = models.ForeignKey(ImportedFile, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        abstract = True


class SettlementFact(Fact):
    """A person was settled in a municipality. One settlement per person; a newer fact corrects an older one."""

    class Category(models.TextChoices):
        ADULT = "adult", "Voksen i familie"
        SINGLE_ADULT = "single_adult", "Enslig voksen"
        CHILD = "child", "Barn"
        UNACCOMPANIED_MINOR = "unaccompanied_minor", "Enslig mindreårig"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="settlements", db_index=False)
    born_on = models.DateField()
    category = models.CharField(max_length=20, choices=Category.choices)
    settled_on = models.DateField()
    municipality_number = models.CharField(max_length=4)
    grant_years = models.PositiveSmallIntegerField()
    from_institution = models.BooleanField()
    counts_for_request = models.BooleanField()

    class Meta:
        indexes = [models.Index(fields=["person", "known_on", "id"], name="settlement_newest_per_person")]
        constraints = [
            models.CheckConstraint(condition=Q(grant_years__in=[3, 5]), name="settlement_gives_three_or_five_years"),
            models.CheckConstraint(
                condition=Q(category__in=["adult", "single_adult", "child", "unaccompanied_minor"]),
                name="settlement_category_is_known",
            ),
        ]


class EventFact(Fact):
    """Something happened to a settled person on a day: one event per person and day, the newest fact holds."""

    class Kind(models.TextChoices):
        MOVED = "moved", "Flyttet"
        DIED = "died", "Død"
        EMIGRATED = "emigrated", "Utvandret"
        RETURNED = "returned", "Kommet tilbake"
        WITHDRAWN = "withdrawn", "Trukket tilbake"
        RETRACTED = "retracted", "Hendelsen strøket"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="events", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    on = models.DateField()
    municipality_number = models.CharField(max_length=4, blank=True)

    class Meta:
        indexes = [models.Index(fields=["person", "on", "known_on", "id"], name="event_newest_per_person_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["moved", "returned"]) & ~Q(municipality_number="")
                | ~Q(kind__in=["moved", "returned"]) & Q(municipality_number=""),
                name="event_names_a_municipality_when_it_needs_one",
            )
        ]


class RequestFact(Fact):
    """How many refugees a municipality was asked to settle in a year (anmodning)."""

    municipality_number = models.CharField(max_length=4)
    year = models.PositiveSmallIntegerField()
    requested = models.PositiveIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["year", "municipality_number", "known_on", "id"], name="request_newest_per_year")
        ]

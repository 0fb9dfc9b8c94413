"""What is told of a person's health: apart from the case and encrypted, who may look, and who has looked, and why."""

import json
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from applications.models.application import Application, CaseEvent, Submission
from grants.models import Person, Role, User
from grants.shared.secrets import decrypt, encrypt


class Sealed(models.Model):
    """Something that is encrypted and can be read only in its own row."""

    sealed = models.BinaryField()

    class Meta:
        abstract = True

    @property
    def _bound_to(self) -> str:
        return f"{self._meta.model_name}:{self.pk}"

    def seal(self, content: Any) -> None:
        """Put in a content, which the row's key must be known for."""
        self.sealed = encrypt(json.dumps(content, ensure_ascii=False), bound_to=self._bound_to)

    def opened(self) -> Any:
        """The content. Whoever shows it to a person logs the look: applications/services/health.py."""
        return json.loads(decrypt(bytes(self.sealed), bound_to=self._bound_to))


class HealthRecord(Sealed):
    """What is written of the person in a draft, theme by theme, also half done and wrong; and whom it is about."""

    application = models.OneToOneField(
        Application, on_delete=models.PROTECT, primary_key=True, related_name="health_record"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")


class HealthSubmission(Sealed):
    """The same as it was sent in with a submission. Only grows, and goes when the person is erased."""

    submission = models.OneToOneField(
        Submission, on_delete=models.PROTECT, primary_key=True, related_name="health_submission"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")


class HealthAnswer(Sealed):
    """What the applicant answered when the directorate asked. Only grows, and goes when the person is erased."""

    event = models.OneToOneField(CaseEvent, on_delete=models.PROTECT, primary_key=True, related_name="health_answer")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")


class HealthAccessQuerySet(models.QuerySet["HealthAccess"]):
    def in_force(self) -> "HealthAccessQuerySet":
        """Those that have not been ended."""
        return self.filter(ended_at=None)

    def let_look(self, user: User) -> bool:
        """May this person look, in the cases that they may open? They must still work on cases."""
        works = user.is_active and user.has_directorate_role(Role.CASEWORKER, Role.DECISION_MAKER)
        return works and self.in_force().filter(user=user).exists()


class HealthAccess(models.Model):
    """Somebody in the directorate may look at what is told of health. Given and ended by an administrator, with a reason."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="health_access")
    reason = models.CharField(max_length=500)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(auto_now_add=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    objects = HealthAccessQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(ended_at=None), name="health_access_is_one_per_person"
            ),
            models.CheckConstraint(condition=~Q(user=models.F("given_by")), name="health_access_is_given_by_another"),
            models.CheckConstraint(condition=~Q(reason=""), name="health_access_has_a_reason"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="health_access_is_ended_by_somebody",
            ),
        ]


class HealthLookQuerySet(models.QuerySet["HealthLook"]):
    def newest_first(self) -> "HealthLookQuerySet":
        return self.select_related("by", "application__organisation", "application__call").order_by("-pk")

    def in_case(self, reference: str) -> "HealthLookQuerySet":
        """Those in the case with a number, written as people write it; no number: all; one that no case has: none."""
        if not reference:
            return self
        year, _slash, number = reference.partition("/")
        if not (year.isascii() and year.isdigit() and number.isascii() and number.isdigit() and len(reference) < 16):
            return self.none()
        return self.filter(application__case_year=int(year), application__case_number=int(number))


class HealthLook(models.Model):
    """Somebody looked: who, when, at what, and why. Only grows, and says nothing of what was seen."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="health_looks")
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=80, help_text="The page, or the file as `attachment:<id>`.")
    why = models.CharField(max_length=500)

    objects = HealthLookQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(why=""), name="health_look_says_why")]
        indexes = [models.Index(fields=["application", "-id"], name="looks_in_a_case")]

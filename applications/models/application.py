"""Applications: one case each, from the first answer to the decision. The case belongs to the organisation."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from applications.models.call import Call
from grants.models import Organisation, User


class State(models.TextChoices):
    """Where a case stands."""

    DRAFT = "draft", "Kladd"
    SUBMITTED = "submitted", "Sendt inn"
    IN_PROGRESS = "in_progress", "Under behandling"
    AWAITING_APPLICANT = "awaiting_applicant", "Venter på søker"
    PROPOSED = "proposed", "Innstilt"
    GRANTED = "granted", "Innvilget"
    REFUSED = "refused", "Avslått"
    WITHDRAWN = "withdrawn", "Trukket"


class ApplicationQuerySet(models.QuerySet["Application"]):
    def visible_to(self, user: User) -> "ApplicationQuerySet":
        """The cases a person may open. Everything else answers as if it did not exist.

        The directorate sees what was submitted, but for calls in which the person has declared an interest.
        """
        if user.directorate_roles.exists():
            return self.exclude(state=State.DRAFT).exclude(
                call__declarations__user=user, call__declarations__has_interest=True
            )
        return self.filter(organisation__memberships__user=user).distinct()

    def in_hand(self) -> "ApplicationQuerySet":
        """Submitted and not yet decided."""
        return self.filter(state__in=[State.SUBMITTED, State.IN_PROGRESS, State.AWAITING_APPLICANT, State.PROPOSED])

    def awaiting_decision(self) -> "ApplicationQuerySet":
        return self.filter(state=State.PROPOSED)


class Application(models.Model):
    """An application to a call. `version` counts every change, so that nobody overwrites what they have not seen."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="applications")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="applications")
    state = models.CharField(max_length=20, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1)
    language = models.CharField(max_length=2, default="nb", choices=[("nb", "Bokmål"), ("nn", "Nynorsk")])
    # What is typed, theme by theme, also half done and wrong: {"project": {"project_name": "..."}}.
    answers = models.JSONField(default=dict)
    applied_ore = models.BigIntegerField(null=True, help_text="What is applied for, from the budget, when submitted.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()
    # The case: a number in its year, from the day it was submitted.
    case_year = models.PositiveSmallIntegerField(null=True)
    case_number = models.PositiveIntegerField(null=True)
    submitted_at = models.DateTimeField(null=True)
    handler = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="cases")

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case_year", "case_number"], name="case_number_is_one_case"),
            models.CheckConstraint(
                condition=Q(submitted_at=None, case_number=None, case_year=None)
                | Q(submitted_at__isnull=False, case_number__isnull=False, case_year__isnull=False),
                name="application_submitted_has_its_number",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[State.DRAFT, State.WITHDRAWN]) | Q(submitted_at__isnull=False),
                name="application_in_hand_was_submitted",
                violation_error_message="Bare en kladd kan mangle tidspunkt for innsending.",
            ),
            models.CheckConstraint(
                condition=Q(applied_ore=None) | Q(applied_ore__gt=0), name="application_asks_for_something"
            ),
        ]
        indexes = [
            models.Index(fields=["call", "state"], name="cases_of_a_call"),
            models.Index(fields=["handler", "state"], name="cases_of_a_handler"),
            models.Index(fields=["organisation", "-saved_at"], name="cases_of_an_organisation"),
            models.Index(fields=["state", "submitted_at"], name="cases_in_the_queue"),
        ]

    def __str__(self) -> str:
        return f"{self.case_year}/{self.case_number}" if self.case_number else "kladd"

    @property
    def reference(self) -> str:
        """The case's number as people write it, or an empty text before submission."""
        return f"{self.case_year}/{self.case_number}" if self.case_number else ""


class CaseCounter(models.Model):
    """The last case number given in a year."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)


class Submission(models.Model):
    """What was sent in, as it was. Only grows: after a reopening there is a second one."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="submissions")
    number = models.PositiveSmallIntegerField()
    answers = models.JSONField()
    applied_ore = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="submission_has_its_number_in_the_case")
        ]


class CaseEvent(models.Model):
    """Something happened in a case. Only grows. `open_to_applicant` says whether the applicant sees it."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=40)
    text = models.TextField(blank=True)
    details = models.JSONField(default=dict)
    open_to_applicant = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["application", "id"], name="events_of_a_case")]


class CaseDocument(models.Model):
    """A document of a case, as the public journal and the archive need it. Numbered in its case; only grows."""

    class Direction(models.TextChoices):
        INCOMING = "in", "Inngående"
        OUTGOING = "out", "Utgående"
        INTERNAL = "internal", "Internt"

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="documents")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=30)
    title = models.CharField(max_length=250)
    direction = models.CharField(max_length=10, choices=Direction.choices)
    sender = models.CharField(max_length=200)
    recipient = models.CharField(max_length=200)
    dated = models.DateField()
    # Offentleglova: what may be kept from the public, and under which paragraph. Empty: the document is open.
    access_code = models.CharField(max_length=20, blank=True)
    legal_ground = models.CharField(max_length=200, blank=True)
    retention = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=200, help_text="Below the letter archive.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="document_has_its_number_in_the_case"),
            models.CheckConstraint(
                condition=Q(access_code="", legal_ground="") | (~Q(access_code="") & ~Q(legal_ground="")),
                name="document_kept_from_the_public_has_its_ground",
            ),
        ]

"""Applications: one case each, from the first answer to the decision. The case belongs to the organisation."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applications.models.call import Call
from grants.models import Organisation, User


class State(models.TextChoices):
    """Where a case stands."""

    DRAFT = "draft", _("Kladd")
    SUBMITTED = "submitted", _("Sendt inn")
    IN_PROGRESS = "in_progress", _("Under behandling")
    AWAITING_APPLICANT = "awaiting_applicant", _("Venter på søker")
    PROPOSED = "proposed", _("Innstilt")
    GRANTED = "granted", _("Innvilget")
    REFUSED = "refused", _("Avslått")
    WITHDRAWN = "withdrawn", _("Trukket")


IN_HAND = (State.SUBMITTED, State.IN_PROGRESS, State.AWAITING_APPLICANT, State.PROPOSED)
# What applicants choose among on their list.
GROUPS: dict[str, tuple[State, ...]] = {
    "draft": (State.DRAFT,),
    "in_hand": IN_HAND,
    "ended": (State.GRANTED, State.REFUSED, State.WITHDRAWN),
}


class OrZero(models.Func):
    """A number, or zero where there is none; written without a parameter, so that an index on it is found."""

    template = "COALESCE(%(expressions)s, 0)"
    output_field = models.BigIntegerField()


class ApplicationQuerySet(models.QuerySet["Application"]):
    def visible_to(self, user: User) -> "ApplicationQuerySet":
        """The cases a person may open. Everything else answers as if it did not exist.

        The directorate sees what was submitted, but for calls in which the person has declared an interest.
        """
        if user.is_in_directorate:
            # Not `exclude` over the relation: that would also count what somebody else has declared.
            too_near = user.declarations.filter(has_interest=True).values("call")
            return self.filter(~Q(state=State.DRAFT), ~Q(call__in=too_near))
        return self.filter(organisation__memberships__user=user).distinct()

    def in_state(self, state: str) -> "ApplicationQuerySet":
        return self.filter(state=state)

    def sent_in(self) -> "ApplicationQuerySet":
        """Cases: what was submitted, whatever became of it. A draft that was withdrawn never became one."""
        return self.filter(~Q(state=State.DRAFT), submitted_at__isnull=False)

    def applicants_of(self, call: Call) -> list[str]:
        """Who applies in a call, by name."""
        found = self.filter(call=call).order_by("organisation__search_key")
        return list(dict.fromkeys(found.values_list("organisation__name", flat=True)))

    def in_hand(self) -> "ApplicationQuerySet":
        """Submitted and not yet decided."""
        return self.filter(state__in=IN_HAND)

    def awaiting_decision(self) -> "ApplicationQuerySet":
        return self.filter(state=State.PROPOSED)

    def to_be_answered(self, year: int) -> "ApplicationQuerySet":
        """Those that were sent in to the calls of a budget year and not withdrawn, decided or not."""
        return self.filter(call__year=year, submitted_at__isnull=False).exclude(
            state__in=[State.DRAFT, State.WITHDRAWN]
        )

    def compared_in(self, call: Call) -> "ApplicationQuerySet":
        """Those that compete for the envelope of a call, decided ones included."""
        return self.filter(call=call).exclude(state__in=[State.DRAFT, State.WITHDRAWN])

    def shown_as(self, group: str) -> "ApplicationQuerySet":
        """Those of a group that applicants choose on the list; an unknown group is all of them."""
        states = GROUPS.get(group)
        return self if states is None else self.filter(state__in=states)

    def earlier_than(self, call: Call, organisation: Organisation) -> "ApplicationQuerySet":
        """The organisation's own applications to earlier calls of the same scheme that were sent in, the newest first."""
        same = self.filter(organisation=organisation, call__scheme=call.scheme, submitted_at__isnull=False)
        return same.exclude(call=call).filter(call__closes_at__lte=call.closes_at).order_by("-submitted_at")


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
    # Opened again by a caseworker after the deadline: the first moment that is too late to send it in again.
    open_until = models.DateTimeField(null=True)
    # Themes with answers from an earlier application that nobody has looked over yet, and which application it was.
    copied = models.JSONField(default=dict)
    handler = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="cases")
    answer_due_on = models.DateField(null=True, help_text="The last day to answer what the directorate has asked.")
    due_on = models.DateField(
        null=True, help_text="The day by which the directorate answers. Nothing is due in a case that is not in hand."
    )

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
                violation_error_message=_("Bare en kladd kan mangle tidspunkt for innsending."),
            ),
            models.CheckConstraint(
                condition=Q(applied_ore=None) | Q(applied_ore__gt=0), name="application_asks_for_something"
            ),
            models.CheckConstraint(
                condition=Q(open_until=None) | Q(submitted_at__isnull=False),
                name="application_opened_again_was_submitted",
                violation_error_message=_("Bare en søknad som er sendt inn, kan åpnes igjen."),
            ),
        ]
        indexes = [
            models.Index(fields=["call", "state"], name="cases_of_a_call"),
            models.Index(fields=["handler", "state"], name="cases_of_a_handler"),
            models.Index(fields=["organisation", "-saved_at"], name="cases_of_an_organisation"),
            models.Index(fields=["state", "submitted_at"], name="cases_in_the_queue"),
            # The queue's orders, each with the id that makes it one order (applications/search/choices.py).
            models.Index(fields=["due_on", "id"], name="cases_by_deadline"),
            models.Index(fields=["state", "due_on", "id"], name="cases_by_state_and_deadline"),
            models.Index(fields=["handler", "due_on", "id"], name="cases_by_handler_and_deadline"),
            models.Index(F("submitted_at").desc(), F("id").desc(), name="cases_newest_first"),
            models.Index(OrZero(F("applied_ore")).desc(), F("id").desc(), name="cases_largest_first"),
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
    # The form it was sent with, and the version that the form showed: the same form sent again is the same submission.
    key = models.UUIDField(null=True, unique=True)
    of_version = models.PositiveIntegerField(null=True)
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


class CaseDocumentQuerySet(models.QuerySet["CaseDocument"]):
    def visible_to(self, user: User) -> "CaseDocumentQuerySet":
        """The documents of the cases that a person may open; what is internal stays in the directorate."""
        found = self.filter(application__in=Application.objects.visible_to(user))
        return found if user.is_in_directorate else found.exclude(direction=CaseDocument.Direction.INTERNAL)

    def with_file(self) -> "CaseDocumentQuerySet":
        return self.select_related("attachment")


class CaseDocument(models.Model):
    """A document of a case, as the public journal and the archive need it. Numbered in its case; only grows."""

    class Direction(models.TextChoices):
        INCOMING = "in", "Inngående"
        OUTGOING = "out", "Utgående"
        INTERNAL = "internal", "Internt"

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="documents")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=80, help_text="What it is and about what, for example `decision:12`.")
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
    path = models.CharField(max_length=200, help_text="Below the letter archive; of an attachment, below its folder.")
    # An attachment: of which document, and the file that came with it.
    attached_to = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="attached")
    attachment = models.ForeignKey("Attachment", on_delete=models.PROTECT, null=True, related_name="documents")
    # Which version of its template a letter was made from. None: not made from a template.
    template_version = models.PositiveSmallIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CaseDocumentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="document_has_its_number_in_the_case"),
            models.UniqueConstraint(fields=["application", "kind"], name="document_is_recorded_once_in_the_case"),
            models.CheckConstraint(
                condition=Q(access_code="", legal_ground="") | (~Q(access_code="") & ~Q(legal_ground="")),
                name="document_kept_from_the_public_has_its_ground",
            ),
            models.CheckConstraint(
                condition=Q(attached_to=None, attachment=None) | Q(attached_to__isnull=False, attachment__isnull=False),
                name="document_attached_has_its_file",
            ),
        ]

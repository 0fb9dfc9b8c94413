"""Appeals: a case of its own about a decision, with what others came to; what is sent in never changes."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from applications.models.decision import Decision
from grants.models import User


class AppealQuerySet(models.QuerySet["Appeal"]):
    def visible_to(self, user: User) -> "AppealQuerySet":
        """The appeals of the cases a person may open; the directorate sees what was sent in."""
        found = self.filter(application__in=Application.objects.visible_to(user))
        return found.filter(submitted_at__isnull=False) if user.is_in_directorate else found

    def with_their_case(self) -> "AppealQuerySet":
        return self.select_related("application__call", "application__organisation", "decision", "handler")

    def waiting(self) -> "AppealQuerySet":
        """Sent in, and nobody has taken them."""
        return self.filter(state=Appeal.State.RECEIVED)

    def open(self) -> "AppealQuerySet":
        """Sent in, and not yet answered for good."""
        return self.filter(submitted_at__isnull=False).exclude(state__in=Appeal.CLOSED)

    def proposed(self) -> "AppealQuerySet":
        """With an outcome that waits for somebody to decide it."""
        return self.filter(state=Appeal.State.PROPOSED)

    def closed(self) -> "AppealQuerySet":
        """Sent in, and answered for good or withdrawn."""
        return self.filter(submitted_at__isnull=False, state__in=Appeal.CLOSED)

    def has(self, pk: uuid.UUID) -> bool:
        return self.filter(pk=pk).exists()

    def handled_by(self, user: User) -> "AppealQuerySet":
        return self.open().filter(handler=user)

    def sent_before(self, appeal: "Appeal | None", application: Application) -> "AppealQuerySet":
        """The case's other appeals that were sent in, the newest first."""
        found = self.filter(application=application, submitted_at__isnull=False).order_by("-submitted_at")
        return found.exclude(pk=appeal.pk) if appeal else found


class Appeal(models.Model):
    """An appeal, or where the law gives none a request to look again. `version` counts every change."""

    class Kind(models.TextChoices):
        APPEAL = "appeal", "Klage"
        REVIEW = "review", "Anmodning om ny vurdering"

    class State(models.TextChoices):
        DRAFT = "draft", _("Kladd")
        RECEIVED = "received", _("Mottatt")
        IN_PROGRESS = "in_progress", _("Under behandling")
        AWAITING_APPELLANT = "awaiting", _("Venter på klager")
        PROPOSED = "proposed", _("Innstilt")
        REVERSED = "reversed", _("Omgjort")
        REVERSED_IN_PART = "reversed_part", _("Omgjort delvis")
        UPHELD = "upheld", _("Opprettholdt, skal oversendes")
        FORWARDED = "forwarded", _("Hos departementet")
        TO_CARRY_OUT = "to_carry_out", _("Omgjort av departementet, skal settes i verk")
        CONFIRMED = "confirmed", _("Opprettholdt av departementet")
        KEPT = "kept", _("Vurdert på nytt, vedtaket står")
        DISMISSED = "dismissed", _("Avvist")
        WITHDRAWN = "withdrawn", _("Trukket")

    CLOSED = (
        State.REVERSED, State.REVERSED_IN_PART, State.CONFIRMED, State.KEPT, State.DISMISSED, State.WITHDRAWN,
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="appeals")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="appeals")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=15, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1)
    grounds = models.TextField(blank=True, help_text="What the appellant holds to be wrong.")
    wanted = models.TextField(blank=True, help_text="What is asked changed.")
    late_reason = models.TextField(blank=True, help_text="Why it comes late, in the appellant's words.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()
    # The case: a number in its year, from the day it was sent in.
    case_year = models.PositiveSmallIntegerField(null=True)
    case_number = models.PositiveIntegerField(null=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    # As they stood when it was sent in. Empty: there is no deadline, or it had not begun.
    reached_on = models.DateField(null=True)
    last_day = models.DateField(null=True)
    is_late = models.BooleanField(default=False)
    # Forvaltningsloven § 31: somebody takes a late appeal in, with a reason.
    admitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    admitted_reason = models.TextField(blank=True)
    handler = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="appeals")
    ministry = models.CharField(max_length=120, blank=True, help_text="Which ministry it was sent to.")
    forwarded_on = models.DateField(null=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case_year", "case_number"], name="appeal_number_is_one_appeal"),
            models.UniqueConstraint(
                fields=["decision"], condition=~Q(state="withdrawn"), name="appeal_one_of_a_decision_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(submitted_at=None, submitted_by=None, case_number=None, case_year=None)
                | Q(
                    submitted_at__isnull=False, submitted_by__isnull=False, case_number__isnull=False,
                    case_year__isnull=False,
                ),
                name="appeal_sent_has_its_number",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"]) | Q(submitted_at__isnull=False, grounds__gt=""),
                name="appeal_in_hand_was_sent_with_grounds",
            ),
            models.CheckConstraint(
                condition=Q(admitted_by=None, admitted_reason="")
                | (Q(is_late=True, admitted_by__isnull=False) & ~Q(admitted_reason="")),
                name="appeal_admitted_late_with_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["forwarded", "confirmed", "to_carry_out"])
                | (Q(forwarded_on__isnull=False) & ~Q(ministry="")),
                name="appeal_forwarded_to_somebody_on_a_day",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["state", "submitted_at"], name="appeals_in_the_queue"),
            models.Index(fields=["handler", "state"], name="appeals_of_a_handler"),
        ]

    def __str__(self) -> str:
        return self.reference or "kladd"

    @property
    def reference(self) -> str:
        """The appeal's own case number as people write it, or an empty text before it is sent."""
        return f"{self.case_year}/{self.case_number}" if self.case_number else ""

    @property
    def is_closed(self) -> bool:
        return self.state in self.CLOSED

    @property
    def waits_for_admission(self) -> bool:
        """Is it late, and nobody has taken it in?"""
        return self.is_late and self.admitted_by_id is None


class AppealOutcome(models.Model):
    """What the handler proposes an appeal to come to, and once another has approved it, what it came to."""

    class Outcome(models.TextChoices):
        REVERSE = "reverse", "Omgjøres"
        REVERSE_IN_PART = "reverse_in_part", "Omgjøres delvis"
        UPHOLD = "uphold", "Vedtaket opprettholdes"
        DISMISS = "dismiss", "Avvises"

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Innstilt")
        RETURNED = "returned", _("Sendt tilbake")
        DECIDED = "decided", _("Avgjort")

    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="outcomes")
    # The same as the appeal's: the guard that keeps the first two people away asks by it.
    appealed = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="+")
    # The decision that takes the appealed one's place, when it is reversed.
    successor = models.OneToOneField(Decision, on_delete=models.PROTECT, null=True, related_name="appeal_outcome")
    outcome = models.CharField(max_length=15, choices=Outcome.choices)
    reason = models.TextField()
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    decided_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["appeal"], condition=Q(state="proposed"), name="appeal_outcome_one_proposal_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="appeal_outcome_has_a_reason"),
            models.CheckConstraint(
                condition=Q(outcome__in=["reverse", "reverse_in_part"], successor__isnull=False)
                | Q(outcome__in=["uphold", "dismiss"], successor=None),
                name="appeal_outcome_reverses_with_a_successor",
            ),
            models.CheckConstraint(
                condition=~Q(state="decided") | Q(decided_on__isnull=False), name="appeal_outcome_decided_on_a_day"
            ),
        ]


class MinistryAnswer(models.Model):
    """What the ministry came to, as it was recorded. Only grows."""

    class Outcome(models.TextChoices):
        UPHELD = "upheld", "Opprettholdt"
        REVERSED = "reversed", "Omgjort"
        SENT_BACK = "sent_back", "Opphevet og sendt tilbake"

    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="answers")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    amount_ore = models.BigIntegerField(null=True, help_text="What is granted in all, when it is reversed.")
    reason = models.TextField()
    reference = models.CharField(max_length=80, help_text="The ministry's own case number.")
    dated = models.DateField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="reversed", amount_ore__gte=0) | (~Q(outcome="reversed") & Q(amount_ore=None)),
                name="ministry_reverses_to_an_amount",
            ),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(reference=""), name="ministry_answer_says_why"),
        ]

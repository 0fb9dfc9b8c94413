"""Reversals by the directorate itself (forvaltningsloven § 35), and what they leave to be recovered."""

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from applications.models.application import Application
from applications.models.decision import Decision
from grants.models import User


class ReversalQuerySet(models.QuerySet["Reversal"]):
    def visible_to(self, user: User) -> "ReversalQuerySet":
        """The reversals of the cases a person may open."""
        return self.filter(application__in=Application.objects.visible_to(user))

    def noticed(self, application: Application) -> "ReversalQuerySet":
        """The one under way in a case, when its recipient has been given notice."""
        return self.open().filter(application=application, answer_by__isnull=False)

    def unanswered(self) -> "ReversalQuerySet":
        """Those whose recipient has been given notice and has not answered."""
        return self.filter(state=Reversal.State.NOTICED, answered_at=None)

    def proposed(self) -> "ReversalQuerySet":
        """Those that wait for a second person."""
        waiting = self.filter(state=Reversal.State.PROPOSED).order_by("successor__prepared_at", "pk")
        return waiting.select_related("application__organisation", "application__call", "successor__prepared_by")

    def open(self) -> "ReversalQuerySet":
        return self.exclude(state__in=[Reversal.State.DECIDED, Reversal.State.DROPPED])


class Reversal(models.Model):
    """The directorate means to change its own decision. Where that is to the recipient's loss, notice comes first."""

    class Ground(models.TextChoices):
        TO_GAIN = "to_gain", "Til gunst for mottakeren (forvaltningsloven § 35 første ledd bokstav a)"
        INVALID = "invalid", "Vedtaket er ugyldig (forvaltningsloven § 35 første ledd bokstav c)"
        BREACH = "breach", "Brudd på vilkårene i tilsagnet (forvaltningsloven § 35 femte ledd)"
        ERROR = "error", "Vedtaket bygger på en feil (forvaltningsloven § 35 femte ledd)"

    class State(models.TextChoices):
        NOTICED = "noticed", "Varslet"
        BEGUN = "begun", "Påbegynt"
        PROPOSED = "proposed", "Innstilt"
        DECIDED = "decided", "Vedtatt"
        DROPPED = "dropped", "Lagt bort"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="reversals")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="reversals")
    successor = models.OneToOneField(Decision, on_delete=models.PROTECT, null=True, related_name="reversal")
    ground = models.CharField(max_length=10, choices=Ground.choices)
    # What the decision grants, and what it is meant to grant.
    from_ore = models.BigIntegerField()
    to_ore = models.BigIntegerField()
    reason = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices)
    version = models.PositiveIntegerField(default=1)
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    # Forvaltningsloven § 16: the last day to answer the notice, and the answer.
    answer_by = models.DateField(null=True)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    objects = ReversalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=~Q(state__in=["decided", "dropped"]),
                name="reversal_one_of_a_case_at_a_time",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="reversal_has_a_reason"),
            models.CheckConstraint(condition=~Q(to_ore=F("from_ore")) & Q(to_ore__gte=0), name="reversal_changes_it"),
            models.CheckConstraint(
                condition=Q(to_ore__gt=F("from_ore")) | Q(answer_by__isnull=False), name="reversal_to_loss_has_notice"
            ),
            models.CheckConstraint(
                condition=~Q(ground="to_gain") | Q(to_ore__gt=F("from_ore")), name="reversal_to_gain_gives_more"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="", answered_by=None)
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
                name="reversal_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["proposed", "decided"]) | Q(successor__isnull=False),
                name="reversal_decided_with_a_successor",
            ),
        ]

    @property
    def is_to_loss(self) -> bool:
        return self.to_ore < self.from_ore

    def has_been_heard(self, on: date) -> bool:
        """Has the recipient answered the notice, or is the last day to do it over?"""
        return (
            not self.is_to_loss or self.answered_at is not None or (self.answer_by is not None and on > self.answer_by)
        )


class Overpaid(models.Model):
    """What was paid or owed beyond a decision that took another's place: to be recovered. Only grows."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="overpaid")
    paid_ore = models.BigIntegerField(help_text="What had left the commitment: owed or paid.")
    granted_ore = models.BigIntegerField()
    to_recover_ore = models.BigIntegerField()
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(to_recover_ore__gt=0, to_recover_ore=F("paid_ore") - F("granted_ore")),
                name="overpaid_is_the_difference",
            )
        ]

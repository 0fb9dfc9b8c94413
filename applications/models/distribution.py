"""Distribution: how the envelope of a call could be shared, and rounds of cases that are worked one by one."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from applications.models.application import Application
from applications.models.call import Call
from applications.models.decision import Decision
from grants.models import User


class ScenarioQuerySet(models.QuerySet["Scenario"]):
    def of(self, call: Call) -> "ScenarioQuerySet":
        """The scenarios of a call, the oldest first."""
        return self.filter(call=call).select_related("saved_by", "sent_by").order_by("created_at")

    def in_calls(self, calls: models.QuerySet[Call]) -> "ScenarioQuerySet":
        return self.filter(call__in=calls)


class Scenario(models.Model):
    """A named way to share a call's envelope. `version` counts every save; once it is sent on it never changes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="scenarios")
    name = models.CharField(max_length=80)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(null=True)

    objects = ScenarioQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["call", "name"], name="scenario_name_is_one_in_the_call"),
            models.CheckConstraint(condition=~Q(name=""), name="scenario_has_a_name"),
            models.CheckConstraint(
                condition=Q(sent_at=None, sent_by=None) | Q(sent_at__isnull=False, sent_by__isnull=False),
                name="scenario_sent_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_sent(self) -> bool:
        return self.sent_at is not None


class ScenarioLine(models.Model):
    """What a case gets in a scenario. Zero is a refusal; no amount means that nobody has made up their mind."""

    scenario = models.ForeignKey(Scenario, on_delete=models.PROTECT, related_name="lines")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+")
    amount_ore = models.BigIntegerField(null=True)
    # The caseworker's own reason. Empty: it is drafted when the scenario is sent on.
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scenario", "application"], name="scenario_has_one_line_per_case"),
            models.CheckConstraint(
                condition=Q(amount_ore=None) | Q(amount_ore__gte=0), name="scenario_gives_or_refuses"
            ),
        ]


class BatchQuerySet(models.QuerySet["Batch"]):
    def visible_to(self, user: User) -> "BatchQuerySet":
        """All but those of calls in which the person has declared an interest."""
        return self.exclude(call__in=Call.objects.too_near(user))

    def at_work(self) -> "BatchQuerySet":
        """Those with lines that wait."""
        return self.filter(lines__state=BatchLine.State.WAITING).distinct()

    def with_people(self) -> "BatchQuerySet":
        return self.select_related("started_by", "scenario", "call")

    def newest_of(self, call: Call) -> "BatchQuerySet":
        return self.filter(call=call).with_people().order_by("-started_at")


class Batch(models.Model):
    """A round of cases that one person proposes or decides in one sitting, worked line by line. Only grows."""

    class Kind(models.TextChoices):
        PROPOSE = "propose", "Innstilling"
        DECIDE = "decide", "Vedtak"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="batches")
    scenario = models.OneToOneField(Scenario, on_delete=models.PROTECT, null=True, related_name="batch")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(auto_now_add=True)
    dated = models.DateField(help_text="The day the decisions carry.")
    total_ore = models.BigIntegerField()

    objects = BatchQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["call", "-started_at"], name="batches_of_a_call")]


class BatchLineQuerySet(models.QuerySet["BatchLine"]):
    def in_order(self) -> "BatchLineQuerySet":
        """Those that failed first, so that they are seen; then as they were put in."""
        failed_first = models.Case(models.When(state=BatchLine.State.FAILED, then=0), default=1)
        return self.select_related("application__organisation", "decision").order_by(failed_first, "pk")


class BatchLine(models.Model):
    """One case of a round: done once, or failed with the reason in words."""

    class State(models.TextChoices):
        WAITING = "waiting", "Venter"
        DONE = "done", "Ferdig"
        FAILED = "failed", "Gikk ikke"

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="lines")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="batch_lines")
    # The case as it was when the round was started: what has changed since is not decided unseen.
    version = models.PositiveIntegerField()
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, null=True, related_name="+")
    amount_ore = models.BigIntegerField()
    reason = models.TextField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    error = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)

    objects = BatchLineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "application"], name="batch_has_one_line_per_case"),
            models.CheckConstraint(condition=Q(amount_ore__gte=0), name="batch_line_gives_or_refuses"),
            models.CheckConstraint(condition=~Q(state="failed") | ~Q(error=""), name="batch_line_says_why_it_failed"),
        ]
        indexes = [models.Index(fields=["batch", "state"], name="lines_of_a_batch")]

"""What caseworkers find: rules tried, rulings on them, scores, and who stands too near to take part."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from applications.models.application import Application, Submission
from applications.models.call import Call


class Finding(models.Model):
    """A rule tried on a submission: verdict, what it saw and from where. Only grows; the newest of a rule counts."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="findings")
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="findings")
    rule = models.CharField(max_length=80)
    sentence = models.TextField()
    citation = models.CharField(max_length=250)
    verdict = models.CharField(max_length=15)
    saw = models.TextField(blank=True)
    # The facts and rates that the rule asked for, with unit and source (applications/workflow/findings.py). Findings
    # from before this column have none, and are read from `saw`.
    looked_at = models.JSONField(null=True)
    source = models.CharField(max_length=120, blank=True)
    tried_at = models.DateTimeField()


class Ruling(models.Model):
    """A caseworker settles a finding that needs a human, or overrides one, with a reason. Only grows."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="rulings")
    met = models.BooleanField()
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="ruling_has_a_reason")]


class Score(models.Model):
    """Points from 0 to 6 on a criterion, with a reason. Only grows; an assessor's newest on a criterion counts."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="scores")
    criterion = models.CharField(max_length=40)
    points = models.PositiveSmallIntegerField()
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(points__gte=0, points__lte=6), name="score_is_from_0_to_6"),
            models.CheckConstraint(condition=~Q(reason=""), name="score_has_a_reason"),
        ]


class Declaration(models.Model):
    """A person in the directorate says whether they have an interest in a call (forvaltningsloven § 6)."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="declarations")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="declarations")
    has_interest = models.BooleanField()
    reason = models.TextField(blank=True)
    declared_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["call", "user"], name="declaration_is_one_per_call_and_person"),
            models.CheckConstraint(
                condition=Q(has_interest=False) | ~Q(reason=""), name="declaration_of_interest_has_a_reason"
            ),
        ]

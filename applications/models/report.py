"""The recipient's report: written like an application, sent in as it was, reviewed, and what it leaves unspent."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from applications.models.decision import Decision
from applications.models.terms import Deadline, Terms, newest_deadline
from grants.models import Organisation, User


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, user: User) -> "ReportQuerySet":
        """The reports of the cases that a person may open."""
        return self.filter(application__in=Application.objects.visible_to(user))

    def with_due_on(self) -> "ReportQuerySet":
        """Adds `due_on`: the newest deadline."""
        return self.annotate(due_on=newest_deadline(Deadline.What.REPORT, "decision"))

    def of(self, organisation: Organisation) -> "ReportQuerySet":
        return self.filter(application__organisation=organisation)

    def by_due_day(self) -> "ReportQuerySet":
        """The oldest deadline first, for rows that have `due_on`."""
        return self.order_by(models.F("due_on"), "pk")

    def with_recipient(self) -> "ReportQuerySet":
        """Those that the recipient has to write on: never sent, or returned, on a grant that stands."""
        return self.filter(state__in=[Report.State.OPEN, Report.State.RETURNED], decision__state=Decision.State.DECIDED)

    def overdue_on(self, day: date) -> "ReportQuerySet":
        """Not sent, and the last day was before this day."""
        return self.with_recipient().with_due_on().filter(Q(due_on__lt=day))

    def due_from(self, day: date) -> "ReportQuerySet":
        """Not sent, and still in time on this day."""
        return self.with_recipient().with_due_on().filter(Q(due_on__gte=day))

    def to_review(self) -> "ReportQuerySet":
        """Sent in and not answered, those that wait for a second person among them."""
        return self.filter(state__in=[Report.State.SUBMITTED, Report.State.PROPOSED]).with_due_on()


class Report(models.Model):
    """What a recipient owes for an accepted grant. `version` counts every change, as a draft's does."""

    class State(models.TextChoices):
        OPEN = "open", _("Ikke sendt inn")
        SUBMITTED = "submitted", _("Sendt inn")
        RETURNED = "returned", _("Sendt tilbake")
        PROPOSED = "proposed", _("Venter på en annen person")
        APPROVED = "approved", _("Godkjent")
        UNSPENT = "unspent", _("Godkjent med ubrukte midler")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="reports")
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="report")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    version = models.PositiveIntegerField(default=1)
    # What is typed, theme by theme, also half done and wrong.
    answers = models.JSONField(default=dict)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    due_on: date  # the newest deadline, where the question adds it: with_due_on()

    objects = ReportQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["state"], name="reports_by_state")]


class ReportSubmission(models.Model):
    """A report as it was sent in, with the terms it was measured against. Only grows; mended, there is a second one."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="submissions")
    number = models.PositiveSmallIntegerField()
    terms = models.ForeignKey(Terms, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField()
    costs_ore = models.BigIntegerField(help_text="Actual costs in all.")
    unspent_ore = models.BigIntegerField(help_text="Worked out by the rule of the terms.")
    sha256 = models.CharField(max_length=64)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="report_submission_has_its_number"),
            models.CheckConstraint(
                condition=Q(costs_ore__gte=0, unspent_ore__gte=0), name="report_sums_are_not_negative"
            ),
        ]


class ReportReview(models.Model):
    """What a caseworker made of a submitted report. Only grows. Unspent money takes another person's approval, too."""

    class Verdict(models.TextChoices):
        APPROVE = "approve", _("Godkjennes")
        RETURN = "return", _("Sendes tilbake")
        UNSPENT = "unspent", _("Ubrukte midler")

    submission = models.ForeignKey(ReportSubmission, on_delete=models.PROTECT, related_name="reviews")
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    reason = models.TextField(blank=True)
    amount_ore = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, help_text="SHA-256 of submission, verdict, amount and reason.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict="approve", amount_ore=0)
                | (Q(verdict="return", amount_ore=0) & ~Q(reason=""))
                | (Q(verdict="unspent", amount_ore__gt=0) & ~Q(reason="")),
                name="review_amount_and_reason_follow_verdict",
            )
        ]


class UnspentFinding(models.Model):
    """Money of a grant that was not spent, found by two people. Only grows; a recovery claim is made from it."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="unspent_findings")
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="unspent_finding")
    review = models.OneToOneField(ReportReview, on_delete=models.PROTECT, related_name="finding")
    amount_ore = models.BigIntegerField()
    found_on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount_ore__gt=0), name="unspent_is_more_than_nothing")]

"""After a grant: the terms as they were given, the recipient's answer to them, and the days that things are due."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from applications.models.decision import Decision


class TermsQuerySet(models.QuerySet["Terms"]):
    def in_force(self, decision: Decision) -> "Terms | None":
        """The newest terms of a decision."""
        return self.filter(decision=decision).order_by("number").last()


class Terms(models.Model):
    """The terms of a grant, whole, as the recipient saw them. Only grows: an approved change gives the next number.

    Each carries the hash of the one before, so that the chain can be tried from the first to the last.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="terms")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="terms")
    number = models.PositiveSmallIntegerField()
    amount_ore = models.BigIntegerField()
    # Purpose, period, budget, goals and the text itself: applications/letters/terms.py writes it.
    content = models.JSONField()
    previous_sha256 = models.CharField(max_length=64, blank=True)
    sha256 = models.CharField(max_length=64)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    objects = TermsQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "number"], name="terms_have_their_number_in_the_decision"),
            models.CheckConstraint(condition=Q(amount_ore__gt=0), name="terms_are_for_an_amount"),
            models.CheckConstraint(
                condition=Q(number=1, previous_sha256="") | (Q(number__gt=1) & ~Q(previous_sha256="")),
                name="terms_name_the_ones_before",
            ),
        ]


class Acceptance(models.Model):
    """The recipient's answer to a grant: its terms are accepted, or the grant is declined. One per decision, for ever."""

    class Answer(models.TextChoices):
        ACCEPTED = "accepted", _("Godtatt")
        DECLINED = "declined", _("Takket nei")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="acceptances")
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="acceptance")
    terms = models.ForeignKey(Terms, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=10, choices=Answer.choices)
    reason = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64, help_text="Of the terms that the signatory read.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answered_on = models.DateField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="accepted", reason="") | (Q(answer="declined") & ~Q(reason="")),
                name="declining_has_a_reason",
            )
        ]


class Deadline(models.Model):
    """The last day of something a recipient owes. Only grows: the newest holds, and says why it was moved."""

    class What(models.TextChoices):
        ACCEPT = "accept", "Svar på vilkårene"
        REPORT = "report", "Rapport"

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="deadlines")
    what = models.CharField(max_length=10, choices=What.choices)
    due_on = models.DateField(help_text="The last day that is in time, in Norway.")
    reason = models.TextField(blank=True, help_text="Why it was moved; the first one has none.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["decision", "what", "-id"], name="deadline_newest")]


def due_on(decision: Decision, what: Deadline.What) -> date | None:
    """The day that holds, or None where nothing is due."""
    return Deadline.objects.filter(decision=decision, what=what).order_by("pk").values_list("due_on", flat=True).last()


def newest_deadline(what: Deadline.What, decision: str) -> Subquery:
    """The day that holds, for a query whose rows name their decision in the column `decision`."""
    of = Deadline.objects.filter(decision=OuterRef(decision), what=what)
    return Subquery(of.order_by("-pk").values("due_on")[:1])

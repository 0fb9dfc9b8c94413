"""Calls: what a scheme owner announces, for how much and until when. What is published never changes."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grants.law.registry import scheme as scheme_of
from grants.law.scheme import Scheme
from grants.models import User

MOST_WORDS = 8
# The name of the number that says how long after the deadline an application is still taken.
GRACE_SECONDS = "grace_seconds"


class CallQuerySet(models.QuerySet["Call"]):
    def published(self) -> "CallQuerySet":
        return self.filter(published_at__isnull=False)

    def announced(self) -> "CallQuerySet":
        """Those that anybody may read of: published, and not for named recipients alone."""
        return self.published().filter(by_invitation=False)

    def named(self) -> "CallQuerySet":
        """Those for named recipients, who are invited."""
        return self.filter(by_invitation=True)

    def with_counts(self) -> "CallQuerySet":
        """Adds `sent_in`: how many applications have been sent in."""
        return self.annotate(sent_in=models.Count("applications", filter=Q(applications__submitted_at__isnull=False)))

    def newest_first(self) -> "CallQuerySet":
        return self.order_by("-year", "-closes_at", "title_nb")

    def with_words(self, words: str) -> "CallQuerySet":
        """Those with the words in title or text, in either form of Norwegian; no words: all."""
        found = self
        for word in words.split()[:MOST_WORDS]:
            found = found.filter(
                Q(title_nb__icontains=word)
                | Q(title_nn__icontains=word)
                | Q(about_nb__icontains=word)
                | Q(about_nn__icontains=word)
            )
        return found

    def open_at(self, moment: datetime) -> "CallQuerySet":
        """Those that take applications at a moment: from the opening, up to but not including the closing."""
        return self.published().filter(opens_at__lte=moment, closes_at__gt=moment)

    def coming_at(self, moment: datetime) -> "CallQuerySet":
        return self.published().filter(opens_at__gt=moment)

    def without_interest_of(self, user: User) -> "CallQuerySet":
        """The published calls whose cases a person may see: not those in which they have declared an interest."""
        # Not `exclude` over the relation: that would also count what somebody else has declared.
        return self.published().exclude(pk__in=Call.objects.too_near(user))

    def closed_at(self, moment: datetime) -> "CallQuerySet":
        return self.published().filter(closes_at__lte=moment)

    def too_near(self, user: User) -> "CallQuerySet":
        """Those in which a person has declared an interest."""
        return self.filter(declarations__user=user, declarations__has_interest=True)


class Call(models.Model):
    """A call for applications in one scheme (or one part of it) and budget year, with its envelope in øre."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    scheme = models.CharField(max_length=40)
    part = models.CharField(max_length=40, blank=True, help_text="The sub-scheme, where the scheme has any.")
    year = models.PositiveSmallIntegerField()
    by_invitation = models.BooleanField(default=False, help_text="Only those who are named may apply.")
    title_nb = models.CharField(max_length=200)
    title_nn = models.CharField(max_length=200)
    about_nb = models.TextField()
    about_nn = models.TextField()
    envelope_ore = models.BigIntegerField()
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField(help_text="The first moment that is too late.")
    # Numbers that the scheme's rules and limits ask for and that are set call by call.
    numbers = models.JSONField(default=dict)
    # What was asked, tried and scored, as it stood in the scheme's file when the call was published.
    terms = models.JSONField(default=dict)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)

    objects = CallQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")),
                name="call_closes_after_it_opens",
                violation_error_message=_("Fristen må være etter åpningen."),
            ),
            models.CheckConstraint(
                condition=Q(envelope_ore__gt=0),
                name="call_has_an_envelope",
                violation_error_message=_("Rammen må være over null."),
            ),
            models.CheckConstraint(
                condition=Q(published_at=None, published_by=None)
                | Q(published_at__isnull=False, published_by__isnull=False),
                name="call_published_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["closes_at"], name="calls_by_deadline")]

    def __str__(self) -> str:
        return f"{self.title_nb} {self.year}"

    @property
    def law(self) -> Scheme:
        """The scheme as its file describes it today."""
        return scheme_of(self.scheme)

    @property
    def code(self) -> str:
        """What the ledger and the reports call it: the part where there is one, else the scheme."""
        return self.part or self.scheme

    def is_open(self, at: datetime | None = None) -> bool:
        """Does it take applications at this moment, by the server's clock?"""
        moment = at or timezone.now()
        return self.published_at is not None and self.opens_at <= moment < self.closes_at

    def grace(self) -> timedelta:
        """How long after the deadline an application is still taken. No source of law gives any, so none is usual."""
        return timedelta(seconds=max(0, int(self.numbers.get(GRACE_SECONDS, 0))))

    def title(self, language: str) -> str:
        return self.title_nn if language == "nn" else self.title_nb

    def about(self, language: str) -> str:
        return self.about_nn if language == "nn" else self.about_nb

    def criteria(self) -> list[dict[str, Any]]:
        """The criteria of the published call, with their weights."""
        return list(self.terms.get("criteria", []))

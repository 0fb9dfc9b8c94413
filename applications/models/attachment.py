"""Files that belong to a case: what came in, where it belongs, what the scanner said, and what was sent with what."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from applications.models.health import HealthAccess
from grants.law.registry import SCHEMES
from grants.law.themes import REPORT_DOCUMENTS
from grants.models import Role, User


def on_health() -> list[str]:
    """The schemes whose applications tell of a named person's health."""
    return [scheme.code for scheme in SCHEMES.values() if scheme.on_health]


class AttachmentState(models.TextChoices):
    """How far the control of a file has come."""

    QUARANTINED = "quarantined", _("Venter på kontroll")
    CLEAN = "clean", _("Kontrollert")
    UNSCANNED = "unscanned", _("Ikke viruskontrollert")
    REFUSED = "refused", _("Avvist")


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, user: User) -> "AttachmentQuerySet":
        """Those of the cases that a person may open, but for what is removed. The directorate sees what was sent.

        Files of a case on somebody's health are there only for those who may look at it.
        """
        found = self.present().filter(application__in=Application.objects.visible_to(user))
        if user.is_in_directorate:
            found = found.filter(Exists(_sendings()))
        if HealthAccess.objects.let_look(user):
            return found
        written = Application.objects.filter(
            organisation__memberships__user=user, organisation__memberships__role__in=(Role.EDITOR, Role.SIGNATORY)
        )
        return found.exclude(Q(application__call__scheme__in=on_health()) & ~Q(application__in=written))

    def present(self) -> "AttachmentQuerySet":
        """Those that have not been removed."""
        return self.filter(removed_at=None)

    def of(self, application: Application) -> "AttachmentQuerySet":
        """Those of one case."""
        return self.filter(application=application)

    def at(self, place: str) -> "AttachmentQuerySet":
        """Those that belong to a place: a document that was asked for, «answer», «appeal» or «notice»."""
        return self.present().filter(place=place).order_by("uploaded_at", "pk")

    def awaiting_scan(self) -> "AttachmentQuerySet":
        """Those that a scanner has not looked at."""
        return self.present().filter(state__in=[AttachmentState.QUARANTINED, AttachmentState.UNSCANNED])

    def with_is_sent(self) -> "AttachmentQuerySet":
        """Adds `is_sent`: it has been sent in with something, and stays."""
        return self.annotate(is_sent=Exists(_sendings()))

    def sent_in(self, application: Application) -> "AttachmentQuerySet":
        """Those of a case that have been sent in, in the order in which they came."""
        return self.of(application).filter(Exists(_sendings())).order_by("uploaded_at", "pk")

    def not_sent(self) -> "AttachmentQuerySet":
        """Those that have not been sent in with anything."""
        return self.present().exclude(Exists(_sendings()))

    def of_report(self, application: Application) -> "AttachmentQuerySet":
        """Those that go with the report of a case, sent or not."""
        places = [document.code for document in REPORT_DOCUMENTS]
        return (
            self.present()
            .filter(application=application, place__in=places)
            .with_is_sent()
            .order_by("uploaded_at", "pk")
        )

    def sent_with(self, what: str) -> "AttachmentQuerySet":
        """Those that were sent in with a thing, for example «report:3»."""
        return self.filter(sendings__sent_with=what).order_by("sendings__pk")


def _sendings() -> "models.QuerySet[SubmittedAttachment]":
    """What the attachment of the outer query was sent with."""
    return SubmittedAttachment.objects.filter(attachment=OuterRef("pk"))


class Attachment(models.Model):
    """A file of a case. The row never goes and its facts never change; the file itself goes when a draft's is removed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="attachments")
    place = models.CharField(max_length=60, help_text="The document that was asked for, or answer, appeal, notice.")
    name = models.CharField(max_length=150, help_text="As it was called, cleaned.")
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=80, unique=True, help_text="Below the attachment folder.")
    state = models.CharField(max_length=12, choices=AttachmentState.choices, default=AttachmentState.QUARANTINED)
    reason = models.TextField(blank=True, help_text="Why it is refused.")
    scanned_at = models.DateTimeField(null=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(removed_at=None, removed_by=None) | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="attachment_is_removed_by_somebody",
            ),
            models.CheckConstraint(
                condition=(Q(state=AttachmentState.REFUSED) & ~Q(reason=""))
                | (~Q(state=AttachmentState.REFUSED) & Q(reason="")),
                name="attachment_refused_has_its_reason",
            ),
            models.CheckConstraint(
                condition=Q(scanned_at__isnull=False)
                | Q(state__in=[AttachmentState.QUARANTINED, AttachmentState.UNSCANNED]),
                name="attachment_clean_was_scanned",
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="attachment_holds_something"),
        ]
        indexes = [models.Index(fields=["application", "place"], name="attachments_of_a_case")]

    def __str__(self) -> str:
        return self.name


class SubmittedAttachment(models.Model):
    """A file was sent in with something: «submission:12», «answer:7», «report:3», «appeal:…». Only grows."""

    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="sendings")
    sent_with = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64)
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["attachment", "sent_with"], name="attachment_is_sent_once_with_a_thing")
        ]

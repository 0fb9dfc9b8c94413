"""Claims to get money back: what is claimed never changes, and all that happens to it is a row that is added."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, F, Max, Q, Sum, Value, When
from django.db.models.functions import Coalesce

from grants.models.bank import BankEvent
from grants.models.organisation import Organisation
from grants.models.payment_batch import Payment
from grants.shared.dates import today


class RecoveryClaimQuerySet(models.QuerySet["RecoveryClaim"]):
    def with_standing(self) -> "RecoveryClaimQuerySet":
        """Adds the sums and days that say where a claim stands, and `standing`, one of `RecoveryClaim.Standing`."""
        kind = RecoveryEvent.Kind
        S = RecoveryClaim.Standing

        def ore(*kinds: str) -> Coalesce:
            return Coalesce(Sum("events__amount_ore", filter=Q(events__kind__in=kinds)), 0)

        def times(*kinds: str) -> Count:
            return Count("events", filter=Q(events__kind__in=kinds))

        return self.annotate(  # type: ignore[no-redef]
            paid_ore=ore(kind.PAID) - ore(kind.UNDONE),
            offset_ore=ore(kind.OFFSET) - ore(kind.OFFSET_UNDONE),
            written_off_ore=ore(kind.WRITTEN_OFF),
            left_ore=F("amount_ore") - F("paid_ore") - F("offset_ore") - F("written_off_ore"),
            due_on=Max("events__due_on", filter=Q(events__kind__in=DUE_BY)),
            comment_by=Max("events__due_on", filter=Q(events__kind=kind.NOTICED)),
            approvals=times(kind.APPROVED),
            rejections=times(kind.REJECTED),
            decisions=times(kind.DECIDED),
            plans=times(kind.PLANNED),
            writes_off=times(kind.WRITE_OFF_PROPOSED) - times(kind.WRITE_OFF_REFUSED, kind.WRITTEN_OFF),
            last_number=Coalesce(Max("events__number"), 0),
        ).annotate(
            standing=Case(
                When(rejections__gt=0, then=Value(S.REJECTED)),
                When(approvals=0, then=Value(S.PROPOSED)),
                When(left_ore=0, written_off_ore=F("amount_ore"), then=Value(S.WRITTEN_OFF)),
                When(left_ore=0, then=Value(S.SETTLED)),
                When(decisions=0, then=Value(S.NOTICED)),
                When(plans__gt=0, then=Value(S.PLAN)),
                default=Value(S.CLAIMED),
                output_field=models.CharField(),
            )
        )

    def owing(self) -> "RecoveryClaimQuerySet":
        """Approved, and not wholly paid back, offset or written off."""
        return self.with_standing().filter(Q(rejections=0, approvals__gt=0, left_ore__gt=0))

    def of(self, organisations: "list[Organisation]") -> "RecoveryClaimQuerySet":
        return self.filter(recipient__in=organisations)


class RecoveryClaim(models.Model):
    """A sum that a recipient is to pay back, as one person raised it. `source` names what it sprang from, once, ever.

    A claim is not in the books: what comes back is booked on the day it comes (the cash principle).
    """

    class Kind(models.TextChoices):
        UNSPENT = "unspent", "Ubrukte midler"
        WITHDRAWN = "withdrawn", "Tilskudd trukket tilbake"
        WRONG = "wrong", "Feil utbetalt"
        NO_REPORT = "no_report", "Rapport ikke levert"

    class Standing(models.TextChoices):
        """Where a claim stands, worked out of its events."""

        PROPOSED = "proposed", "Venter på godkjenning"
        REJECTED = "rejected", "Ikke godkjent"
        NOTICED = "noticed", "Varslet"
        CLAIMED = "claimed", "Krav sendt"
        PLAN = "plan", "Avdragsplan"
        SETTLED = "settled", "Gjort opp"
        WRITTEN_OFF = "written_off", "Avskrevet"

    number = models.PositiveIntegerField(unique=True)
    kid = models.CharField(max_length=25, unique=True, help_text="By which an incoming payment is known.")
    recipient = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="recovery_claims")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    amount_ore = models.BigIntegerField()
    # What was paid, as the ledger names it.
    scheme = models.CharField(max_length=40)
    chapter = models.CharField(max_length=4)
    post = models.CharField(max_length=2)
    code = models.CharField(max_length=20)
    origin_year = models.PositiveSmallIntegerField()
    origin_term = models.PositiveSmallIntegerField()
    account_class = models.CharField(max_length=20)
    ground = models.TextField(help_text="Why, in words that the recipient reads.")
    citation = models.CharField(max_length=300)
    source = models.CharField(max_length=80, unique=True, help_text='"report_review:5", "decision:7", "by_hand:<key>".')
    about = models.CharField(max_length=80, blank=True, help_text="What several claims may share: a case.")
    sprang_from = models.CharField(max_length=200, help_text="The same in words.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of what is claimed; the approval repeats it.")
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    raised_on = models.DateField()
    raised_at = models.DateTimeField(auto_now_add=True)

    # Where the question adds them: with_standing().
    paid_ore: int
    offset_ore: int
    written_off_ore: int
    left_ore: int
    due_on: date | None
    comment_by: date | None
    standing: str
    writes_off: int
    decisions: int
    last_number: int

    objects = RecoveryClaimQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_ore__gt=0), name="recovery_is_above_zero"),
            models.CheckConstraint(condition=~Q(ground="") & ~Q(citation=""), name="recovery_has_its_ground"),
        ]
        indexes = [models.Index(fields=["about"], name="recoveries_of_a_case")]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """What people call it."""
        return f"TK-{self.number}"

    def get_standing_display(self) -> str:
        """Where it stands, in words."""
        return str(self.Standing(self.standing).label)

    @property
    def is_overdue(self) -> bool:
        """Is the last day to pay behind us, where a letter set one?"""
        is_late = self.due_on is not None and self.due_on < today()
        return is_late and self.standing == self.Standing.CLAIMED


class RecoveryEvent(models.Model):
    """Something that happened to a claim, in order. Only grows; `answers` names the event that this one answers."""

    class Kind(models.TextChoices):
        APPROVED = "approved", "Godkjent"
        REJECTED = "rejected", "Ikke godkjent"
        NOTICED = "noticed", "Varsel sendt"
        COMMENTED = "commented", "Merknader fra mottakeren"
        DECIDED = "decided", "Krav sendt"
        REMINDED = "reminded", "Purring sendt"
        PLANNED = "planned", "Avdragsplan avtalt"
        PAID = "paid", "Innbetalt"
        UNDONE = "undone", "Innbetaling tilbakeført"
        OFFSET_TOLD = "offset_told", "Motregning varslet"
        OFFSET = "offset", "Motregnet"
        OFFSET_UNDONE = "offset_undone", "Motregning falt bort"
        WRITE_OFF_PROPOSED = "write_off_proposed", "Avskrivning foreslått"
        WRITE_OFF_REFUSED = "write_off_refused", "Avskrivning ikke godkjent"
        WRITTEN_OFF = "written_off", "Avskrevet"
        NOTE = "note", "Merknad"

    claim = models.ForeignKey(RecoveryClaim, on_delete=models.PROTECT, related_name="events")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=Kind.choices)
    amount_ore = models.BigIntegerField(default=0)
    on = models.DateField()
    due_on = models.DateField(null=True, help_text="By when the recipient answers or pays, or from when it is offset.")
    words = models.TextField(blank=True)
    plan = models.JSONField(default=list, help_text="Parts of a plan, a day and øre; or what a reminder misses.")
    answers = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="answer")
    bank_event = models.OneToOneField(BankEvent, on_delete=models.PROTECT, null=True, related_name="recovery")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["claim", "number"], name="recovery_event_has_its_number"),
            models.CheckConstraint(condition=Q(amount_ore__gte=0), name="recovery_event_is_not_negative"),
        ]


DUE_BY = (RecoveryEvent.Kind.DECIDED, RecoveryEvent.Kind.REMINDED, RecoveryEvent.Kind.PLANNED)


class PaymentOffset(models.Model):
    """What a payment is less than its instalments, because the recipient owes it on a claim. Sealed with its batch."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="offsets")
    claim = models.ForeignKey(RecoveryClaim, on_delete=models.PROTECT, related_name="offsets")
    amount_ore = models.BigIntegerField()
    is_alive = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["payment", "claim"], name="payment_offsets_a_claim_once"),
            models.CheckConstraint(condition=Q(amount_ore__gt=0), name="payment_offset_is_above_zero"),
        ]


class RecoveryLetter(models.Model):
    """A letter about a claim, made once from one event of it and archived."""

    event = models.OneToOneField(RecoveryEvent, on_delete=models.PROTECT, related_name="letter")
    number = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=200)
    language = models.CharField(max_length=2)
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=200, help_text="Below the letter archive.")
    created_at = models.DateTimeField(auto_now_add=True)

"""What the bank says: its files, kept as they came, and each thing they tell, once."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from grants.models.payment_batch import Payment


class BankMessage(models.Model):
    """A file from the bank. The same bytes again are the same message."""

    sha256 = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=20, help_text="camt.054.001.08 and the like.")
    message_id = models.CharField(max_length=35)
    name = models.CharField(max_length=200)
    created = models.CharField(max_length=40, help_text="As the bank wrote it.")
    path = models.CharField(max_length=100, help_text="In the archive.")
    taken_in_at = models.DateTimeField(auto_now_add=True)
    taken_in_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")


class BankStatement(models.Model):
    """An account statement as the bank made it: the balances, and the days that it tells of. Only grows."""

    message = models.ForeignKey(BankMessage, on_delete=models.PROTECT, related_name="statements")
    number = models.PositiveSmallIntegerField(help_text="Its place in the file, from 1.")
    statement_id = models.CharField(max_length=35)
    sequence = models.BigIntegerField(null=True, help_text="The bank's own number, where it numbers them.")
    opening_ore = models.BigIntegerField()
    closing_ore = models.BigIntegerField()
    first_on = models.DateField(
        help_text="The first day that something is booked on; the closing day where nothing is."
    )
    closing_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "number"], name="bank_statement_is_one_place_of_a_file"),
            models.CheckConstraint(
                condition=Q(first_on__lte=F("closing_on")), name="bank_statement_begins_before_it_ends"
            ),
        ]
        indexes = [models.Index(fields=["closing_on", "id"], name="bank_statements_by_day")]


class RefusedBankFile(models.Model):
    """A file from the bank that could not be used: nothing of it was taken in, and a person looks at why."""

    sha256 = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    path = models.CharField(max_length=100, help_text="In the archive.")
    refusal = models.CharField(max_length=1000)
    came_at = models.DateTimeField(auto_now_add=True)


class BankEvent(models.Model):
    """One thing that the bank has told of one payment, or of money we can't place. `key` names it across its files."""

    class Kind(models.TextChoices):
        ACCEPTED = "accepted", "Mottatt"
        PENDING = "pending", "Under behandling"
        REJECTED = "rejected", "Avvist"
        PAID = "paid", "Belastet"
        RETURNED = "returned", "Retur"
        RECEIVED = "received", "Innbetaling"
        OTHER = "other", "Annet"

    class Trouble(models.TextChoices):
        """Why a person must look at it. Empty: it was matched."""

        NONE = "", "ingen"
        UNKNOWN = "unknown", "Ukjent referanse"
        AMOUNT = "amount", "Beløpet er et annet"
        TWICE = "twice", "Betalt eller returnert to ganger"
        REJECTED = "rejected", "Avvist av banken"
        RETURNED = "returned", "Kommet i retur"
        NOT_SENT = "not_sent", "Ikke sendt herfra"
        CONTRADICTS = "contradicts", "Sier noe annet enn før"
        DATE = "date", "Bokført en annen dag enn ventet"
        YEAR_CLOSED = "year_closed", "Regnskapsåret er stengt"

    message = models.ForeignKey(BankMessage, on_delete=models.PROTECT, related_name="events")
    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, null=True, related_name="events")
    reference = models.CharField(max_length=140, blank=True, help_text="The end-to-end id as the bank wrote it.")
    amount_ore = models.BigIntegerField(help_text="What came in is above zero, what went out below; 0 for a status.")
    on = models.DateField(null=True, help_text="The day it counts in the books of the bank.")
    reason_code = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    trouble = models.CharField(max_length=12, choices=Trouble.choices, blank=True)

    class Meta:
        indexes = [models.Index(fields=["trouble", "id"], name="bank_events_to_look_at")]


class BankResolution(models.Model):
    """What a person decided about a bank event that could not simply be matched. Only grows."""

    class Action(models.TextChoices):
        BOOK = "book", "Føres som banken sier"
        PAY_AGAIN = "pay_again", "Betales på nytt i en senere bunt"
        KEEP_BACK = "keep_back", "Holdes tilbake"
        NOTED = "noted", "Sett og avklart"

    event = models.OneToOneField(BankEvent, on_delete=models.PROTECT, related_name="resolution")
    action = models.CharField(max_length=10, choices=Action.choices)
    words = models.CharField(max_length=500)
    on = models.DateField(null=True, help_text="The day it is booked, where the bank's own day lies in a closed year.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(words=""), name="resolution_says_why")]

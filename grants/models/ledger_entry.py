"""The ledger: one line is one balanced transfer between two accounts. It only grows; guards in the database see to it."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from grants.models.organisation import Organisation
from grants.models.run import EntitlementRun


class Account(models.TextChoices):
    """Where money stands on its way from Stortinget to the recipient."""

    APPROPRIATION = "appropriation", "Bevilgning"
    COMMITTED = "committed", "Tilsagn"
    OWED = "owed", "Skyldig"
    PAID = "paid", "Utbetalt"
    RECOVERED = "recovered", "Tilbakebetalt"


class LedgerEntryQuerySet(models.QuerySet["LedgerEntry"]):
    def on_post(self, year: int, chapter: str, post: str) -> "LedgerEntryQuerySet":
        """The lines that a post of a budget year carries."""
        return self.filter(budget_year=year, chapter=chapter, post=post)

    def balance_ore(self, account: Account, **of: Any) -> int:
        """What stands on an account: what came in minus what went out. Asked of the lines, never stored."""
        lines = self.filter(**of)
        into = lines.filter(credit=account).aggregate(total=Coalesce(Sum("amount_ore"), 0))["total"]
        out_of = lines.filter(debit=account).aggregate(total=Coalesce(Sum("amount_ore"), 0))["total"]
        return int(into - out_of)


class LedgerEntry(models.Model):
    """A transfer: `amount_ore` leaves the account `debit` and reaches the account `credit`.

    It carries from the first day all that later reports ask for. `key` names the event, so that a retry books once.
    """

    key = models.CharField(max_length=120)
    debit = models.CharField(max_length=13, choices=Account.choices)
    credit = models.CharField(max_length=13, choices=Account.choices)
    amount_ore = models.BigIntegerField()
    budget_year = models.PositiveSmallIntegerField()
    value_date = models.DateField()
    chapter = models.CharField(max_length=4)
    post = models.CharField(max_length=2)
    scheme = models.CharField(max_length=40)
    code = models.CharField(max_length=20)
    origin_year = models.PositiveSmallIntegerField()
    origin_term = models.PositiveSmallIntegerField()
    recipient = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    recipient_sector = models.CharField(max_length=20)
    account_class = models.CharField(max_length=20)
    run = models.ForeignKey(EntitlementRun, on_delete=models.PROTECT, null=True, related_name="entries", db_index=False)
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    recorded_at = models.DateTimeField()

    objects = LedgerEntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], name="ledger_books_an_event_once"),
            models.CheckConstraint(condition=Q(amount_ore__gt=0), name="ledger_amount_is_positive"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="ledger_line_moves_between_two_accounts"),
            models.CheckConstraint(
                condition=Q(debit__in=Account.values) & Q(credit__in=Account.values), name="ledger_accounts_are_known"
            ),
        ]
        indexes = [
            # Covers the year-end questions, so that they are answered from the index alone.
            models.Index(
                fields=[
                    "budget_year", "chapter", "post", "scheme", "code", "recipient_sector", "account_class",
                    "debit", "credit", "amount_ore",
                ],
                name="ledger_year_end",
            ),
            models.Index(fields=["run", "recipient"], name="ledger_of_a_run"),
        ]  # fmt: skip


class ClosedYear(models.Model):
    """A budget year whose books are closed. A guard refuses later lines."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(auto_now_add=True)

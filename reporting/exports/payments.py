"""Tables of money that finance takes out: the payments of a batch, and the lines of the ledger that fit what is asked for."""

from collections.abc import Iterator
from datetime import UTC, date
from typing import Any

from django.db.models import Count, Max, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from grants.ledger import lines
from grants.models import Payment, PaymentBatch
from grants.shared.errors import Refused
from reporting.exports.ledger_columns import COLUMNS, WIDTHS
from reporting.exports.streamed import Control, Leaving

PAYMENT_COLUMNS = (
    "batch", "pay_on", "end_to_end_id", "recipient_orgnr", "municipality_number", "recipient_name", "amount_ore",
    "schemes", "instalments", "kid", "message", "state", "paid_on",
)  # fmt: skip
PAYMENT_WIDTHS = (8, 11, 34, 12, 8, 32, 16, 30, 12, 26, 40, 12, 11)
# A sheet of more takes longer to make than a browser waits for.
MOST_ON_SHEETS = 200_000
READ_AT_ONCE = 2_000
_OF_A_LINE = (
    "key", "value_date", "budget_year", "debit", "credit", "amount_ore", "chapter", "post", "scheme", "code", "origin_year",
    "origin_term", "recipient__orgnr", "recipient__municipality_number", "recipient__name", "recipient_sector",
    "account_class", "run_id", "by__username", "recorded_at",
)  # fmt: skip


def payments_of(batch: PaymentBatch) -> Leaving:
    """The payments of a batch, in the order of its file. Account numbers stay here."""
    found = batch.payments.aggregate(rows=Count("pk"), ore=Coalesce(Sum("amount_ore"), 0))
    return Leaving(
        name=f"bunt_{batch.number}",
        title=f"Bunt {batch.number}",
        columns=PAYMENT_COLUMNS,
        widths=PAYMENT_WIDTHS,
        rows=_payments(batch),
        amount=PAYMENT_COLUMNS.index("amount_ore"),
        control=Control(found["rows"], int(found["ore"])),
        created=batch.pay_on,
    )


def ledger_lines(chosen: lines.Chosen, *, file_format: str, on: date) -> Leaving:
    """The lines of all accounts that fit, in the order they were booked, with what stands on each account of them.

    The line booked last is asked first, so that what is booked meanwhile is in neither the rows nor the totals.
    """
    fitting = lines.narrowed(chosen)
    last = fitting.aggregate(last=Max("pk"))["last"] or 0
    fitting = fitting.filter(pk__lte=last)
    found = fitting.aggregate(rows=Count("pk"), ore=Coalesce(Sum("amount_ore"), 0))
    if file_format == "xlsx" and found["rows"] > MOST_ON_SHEETS:
        raise Refused(
            _(
                "%(rows)s linjer er for mange for et regneark i nettleseren. Velg et år, en post eller en ordning, ta dem ut som "
                "CSV, eller bruk kommandoen export_ledger."
            )
            % {"rows": found["rows"]}
        )
    balances = {f"balance_{account}_ore": ore for account, ore in lines.balances_of(fitting).items()}
    return Leaving(
        name=f"hovedbok_{chosen.year}" if chosen.year else "hovedbok",
        title=f"Hovedbok {chosen.year}" if chosen.year else "Hovedbok",
        columns=COLUMNS,
        widths=WIDTHS,
        rows=_lines(fitting.order_by("pk").values_list(*_OF_A_LINE)),
        amount=COLUMNS.index("amount_ore"),
        control=Control(found["rows"], int(found["ore"]), balances),
        created=on,
    )


def _payments(batch: PaymentBatch) -> Iterator[tuple[Any, ...]]:
    rows = batch.payments.select_related("recipient").prefetch_related("parts__instalment__order").order_by("pk")
    for one in rows.iterator(chunk_size=READ_AT_ONCE):
        yield _payment(batch, one)


def _payment(batch: PaymentBatch, one: Payment) -> tuple[Any, ...]:
    parts = list(one.parts.all())
    schemes = sorted({part.instalment.order.scheme for part in parts})
    return (
        batch.number, batch.pay_on.isoformat(), one.pk.hex, one.recipient.orgnr, one.recipient.municipality_number, one.name,
        one.amount_ore, " ".join(schemes), len(parts), one.kid, one.message, one.state,
        one.paid_on.isoformat() if one.paid_on else None,
    )  # fmt: skip


def _lines(rows: Any) -> Iterator[tuple[Any, ...]]:
    for row in rows.iterator(chunk_size=READ_AT_ONCE):
        recorded_at = row[-1].astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        yield (row[0], row[1].isoformat(), *row[2:-1], recorded_at)

"""Has something come between a batch and its payments? A hold, or another account, since it was prepared."""

from django.utils.translation import gettext as _

from grants.models import Hold, PaymentBatch
from grants.register.accounts import accounts_in_use
from grants.shared.errors import ChangedSince


def require_still_payable(batch: PaymentBatch) -> None:
    """Refused where a hold, or another account number, has come since the batch was made: discard it, and make another."""
    held = (
        Hold.objects.open()
        .filter(order__instalments__parts__payment__batch=batch, order__instalments__parts__is_alive=True)
        .select_related("order__recipient")
        .order_by("pk")
        .first()
    )
    if held is not None:
        raise ChangedSince(
            _("Bunt %(batch)s har en betaling til %(who)s som nå holdes tilbake: %(why)s Forkast bunten, og lag en ny.")
            % {"batch": batch.number, "who": held.order.recipient, "why": held.reason}
        )
    payments = list(batch.payments.select_related("recipient"))
    accounts = accounts_in_use({one.recipient_id for one in payments})
    for payment in payments:
        account = accounts.get(payment.recipient_id)
        if account is None or account.fingerprint != payment.account_fingerprint:
            raise ChangedSince(
                _(
                    "Bunt %(batch)s betaler %(who)s på et kontonummer som ikke lenger er i bruk. "
                    "Forkast bunten, og lag en ny."
                )
                % {"batch": batch.number, "who": payment.recipient}
            )

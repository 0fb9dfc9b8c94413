"""Payments of the year that it is now: a batch that the bank has answered, with a payment to a closed account, and one to attest.

Made through the ordinary services, of what the grants of the living year owe. It touches nothing of 2017.
"""

from datetime import date, time

from django.db.models import QuerySet
from django.utils import timezone

from config.demo.clock import it_is
from config.pay_out import pay_out
from grants.models import Hold, Instalment, Outlier, PaymentBatch, PaymentOrder, User
from grants.register.accounts import accounts_in_use, number_of
from grants.services.hold_orders import end_hold_by_hand, hold_by_hand
from grants.services.prepare_batch import explain_outlier, prepare_batch, seal_batch
from grants.shared.banking_days import banking_days_after, banking_days_before

PAID_DAYS_AGO, TO_PAY_IN_DAYS = 8, 2
OPENING_KRONER = 25_000_000
# Of what is due, so many are in the first batch; the rest is held back, and all but the last of it released for the second.
IN_THE_FIRST, AT_LEAST = 3, 4
WHY_HELD = "Kontaktpersonen har sluttet. Vi venter på hvem som kan bekrefte kontoen."
WHY_STRANGE = "Første tilskudd til mottakeren etter denne ordningen. Vedtaket og kontoen er kontrollert."
WHY_RELEASED = "Mottakeren har bekreftet kontoen."


def make_living_payments(preparer: User, attester: User) -> int:
    """The two batches, unless they are made; how many batches of the living year there are. A broken-off one goes on."""
    today = timezone.localdate()
    answered_on, attested_by = banking_days_before(today, PAID_DAYS_AGO), banking_days_after(today, TO_PAY_IN_DAYS)
    living = PaymentBatch.objects.alive().filter(pay_on__gt=date(today.year - 2, 12, 31))
    if not living.exclude(state=PaymentBatch.State.OPEN).exists():
        with it_is(answered_on, time(9)):
            _answered(answered_on, preparer, attester)
    if living.exists() and not living.filter(pay_on__gt=answered_on).exists():
        _to_attest(attested_by, preparer)
    return living.count()


def _answered(on: date, preparer: User, attester: User) -> None:
    orders = list(_due(on))
    if len(orders) < AT_LEAST:
        return
    for order in orders[IN_THE_FIRST:]:
        hold_by_hand(order, reason=WHY_HELD, on=on, by=preparer)
    account = accounts_in_use([orders[0].recipient_id])[orders[0].recipient_id]
    pay_out(on, preparer=preparer, attester=attester, closed=[number_of(account)], opening_kroner=OPENING_KRONER)


def _to_attest(pay_on: date, preparer: User) -> None:
    held = PaymentOrder.objects.filter(pk__in=Hold.objects.open().filter(kind=Hold.Kind.BY_HAND).values("order"))
    for order in held.order_by("pk")[: max(0, held.count() - 1)]:
        end_hold_by_hand(order, reason=WHY_RELEASED, on=timezone.localdate(), by=preparer)
    if not Instalment.objects.payable(pay_on).exists():
        return
    batch = prepare_batch(pay_on=pay_on, by=preparer)
    for outlier in Outlier.objects.filter(payment__batch=batch):
        explain_outlier(outlier, WHY_STRANGE, by=preparer)
    seal_batch(batch, by=preparer)


def _due(on: date) -> QuerySet[PaymentOrder]:
    """What could be paid on a day, the oldest first."""
    return PaymentOrder.objects.filter(instalments__in=Instalment.objects.payable(on)).order_by("pk").distinct()

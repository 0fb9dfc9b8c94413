"""What is strange about a batch beside what was paid before: rules with parameters, each with a sentence for people."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from uuid import UUID

from grants.law.assumptions import assumption
from grants.models import Outlier, Payment, PaymentPart

Kind = Outlier.Kind


def before_of(payments: Iterable[Payment], on: date) -> dict[UUID, tuple[int, str]]:
    """What each recipient was last paid before a day, for the schemes that are paid now: øre and account fingerprint."""
    payments = list(payments)
    schemes = _schemes(payments)
    found: dict[UUID, tuple[int, str]] = {}
    earlier = (
        PaymentPart.objects.filter(
            payment__state=Payment.State.PAID,
            payment__paid_on__lt=on,
            payment__recipient__in=[one.recipient_id for one in payments],
        )
        .order_by("payment__paid_on", "payment")
        .values_list(
            "payment",
            "payment__recipient",
            "payment__account_fingerprint",
            "instalment__order__scheme",
            "instalment__amount_ore",
        )
    )
    newest: dict[UUID, UUID] = {}
    for payment, recipient, fingerprint, scheme, ore in earlier:
        if scheme not in schemes.get(recipient, ()):
            continue
        if newest.get(recipient) != payment:
            newest[recipient] = payment
            found[recipient] = (0, fingerprint)
        found[recipient] = (found[recipient][0] + ore, fingerprint)
    return found


def outliers(payments: Iterable[Payment], before: Mapping[UUID, tuple[int, str]]) -> Iterator[Outlier]:
    """The outliers of a batch (A16). The thresholds are parameters; the first batch of all has nothing to compare with."""
    percent = assumption("payments", "outlier_change_percent")
    least = 100 * assumption("payments", "outlier_change_least_kroner")
    large = 100 * assumption("payments", "outlier_large_kroner")
    for payment in payments:
        if payment.amount_ore >= large:
            yield Outlier(payment=payment, kind=Kind.LARGE)
        if payment.recipient_id not in before:
            if before:
                yield Outlier(payment=payment, kind=Kind.FIRST)
            continue
        ore, fingerprint = before[payment.recipient_id]
        change = abs(payment.amount_ore - ore)
        if change >= least and 100 * change >= percent * ore:
            yield Outlier(payment=payment, kind=Kind.CHANGED, before_ore=ore)
        if fingerprint != payment.account_fingerprint:
            yield Outlier(payment=payment, kind=Kind.ACCOUNT, before_ore=ore)


def _schemes(payments: list[Payment]) -> dict[UUID, set[str]]:
    found: dict[UUID, set[str]] = {}
    for recipient, scheme in PaymentPart.objects.filter(payment__in=payments).values_list(
        "payment__recipient", "instalment__order__scheme"
    ):
        found.setdefault(recipient, set()).add(scheme)
    return found

"""What a recipient's statement must know of claims to get money back: what is left of them, and what they were offset with."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from grants.models import Organisation, Payment, PaymentOffset, RecoveryClaim
from grants.payments.statement import OFFSET, OWED, Owes


def owed(recipients: list[Organisation]) -> Iterator[Owes]:
    """A debt for each claim that is approved and not wholly settled."""
    for claim in RecoveryClaim.objects.owing().of(recipients).order_by("number"):
        yield Owes(claim.scheme, claim.left_ore, "claim", str(claim.number))


def offset(recipients: Iterable[Organisation], year: int) -> dict[str, int]:
    """By the scheme of the claim, what payments that left in a year were less by (øre)."""
    found: dict[str, int] = defaultdict(int)
    rows = PaymentOffset.objects.filter(
        payment__recipient__in=list(recipients), payment__state=Payment.State.PAID, payment__paid_on__year=year
    )
    for scheme, ore in rows.values_list("claim__scheme", "amount_ore"):
        found[scheme] += ore
    return found


OWED.append(owed)
OFFSET.append(offset)

"""What a recipient has been paid, less what has come back and what is claimed already: no more than that can be claimed."""

from dataclasses import dataclass

from django.db.models import Q, Sum

from grants.models import Account, LedgerEntry, Organisation, RecoveryClaim

NAMED = ("scheme", "chapter", "post", "code", "origin_year", "origin_term", "account_class")


@dataclass(frozen=True)
class Paid:
    """What was paid under one name of the ledger, and what is left of it to claim, øre."""

    scheme: str
    chapter: str
    post: str
    code: str
    origin_year: int
    origin_term: int
    account_class: str
    paid_ore: int
    claimed_ore: int

    @property
    def key(self) -> str:
        """What a form calls it."""
        return f"{self.scheme}.{self.code}.{self.origin_year}.{self.origin_term}.{self.chapter}.{self.post}.{self.account_class}"

    @property
    def left_ore(self) -> int:
        return max(0, self.paid_ore - self.claimed_ore)


def paid_to(recipient: Organisation) -> list[Paid]:
    """All that a recipient has been paid, the newest year first. Only what is above zero."""
    found: dict[tuple[object, ...], int] = {}
    rows = LedgerEntry.objects.filter(recipient=recipient).order_by().values_list(*NAMED, "debit", "credit")
    for *named, debit, credit, ore in rows.annotate(ore=Sum("amount_ore")):
        # What came back as recovered stands against a claim, which is counted as claimed below.
        if Account.RECOVERED in (debit, credit):
            continue
        sign = (credit == Account.PAID) - (debit == Account.PAID)
        found[tuple(named)] = found.get(tuple(named), 0) + sign * int(ore)
    claimed = _claimed(recipient)
    return [
        Paid(*named, ore, claimed.get(named, 0))  # type: ignore[call-arg,arg-type]
        for named, ore in sorted(found.items(), key=lambda one: (-int(str(one[0][4])), str(one[0])))
        if ore > 0
    ]


def claimed_about(about: str) -> int:
    """What the claims that share something ask for together, øre, but for those that were not approved.

    What was written off of them counts: it is not claimed anew by itself.
    """
    found = RecoveryClaim.objects.filter(about=about).with_standing().filter(Q(rejections=0))
    return sum(claim.amount_ore for claim in found)


def _claimed(recipient: Organisation) -> dict[tuple[object, ...], int]:
    """What is claimed of each, but for claims that were not approved."""
    found: dict[tuple[object, ...], int] = {}
    claims = RecoveryClaim.objects.filter(recipient=recipient).with_standing().filter(Q(rejections=0))
    for claim in claims:
        named = tuple(getattr(claim, name) for name in NAMED)
        found[named] = found.get(named, 0) + claim.amount_ore
    return found

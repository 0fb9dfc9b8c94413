"""A claim's story: the events that are added to it one by one, and what they come to."""

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _
from stdnum import luhn

from grants.law.municipalities import successor
from grants.models import Organisation, Payment, PaymentOffset, RecoveryClaim, RecoveryEvent, User
from grants.shared.errors import ChangedSince

Kind = RecoveryEvent.Kind
KID_SERIES, KID_DIGITS = "7", 8
ON_ITS_WAY = (Payment.State.PLANNED, Payment.State.SENT, Payment.State.ACCEPTED)


def kid_of(number: int) -> str:
    """The KID of a claim: a series of our own, its number, and a check digit by modulus 10."""
    digits = f"{KID_SERIES}{number:0{KID_DIGITS}}"
    return digits + luhn.calc_check_digit(digits)


def digest_of(claim: RecoveryClaim) -> str:
    """SHA-256 over all that a second person approves: on whom, how much, of what, and why."""
    content = [
        claim.number, claim.kid, str(claim.recipient_id), claim.kind, claim.amount_ore, claim.scheme, claim.chapter,
        claim.post, claim.code, claim.origin_year, claim.origin_term, claim.account_class, claim.ground, claim.citation,
        claim.source, claim.about, claim.sprang_from, claim.raised_on.isoformat(),
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def claim_now(claim: RecoveryClaim | int, *, seen: int | None = None) -> RecoveryClaim:
    """A claim as it stands, locked for this transaction. `seen` is the last event that the person had read of."""
    key = claim if isinstance(claim, int) else claim.pk
    RecoveryClaim.objects.select_for_update().get(pk=key)
    found = RecoveryClaim.objects.with_standing().select_related("recipient", "raised_by").get(pk=key)
    if seen is not None and seen != found.last_number:
        raise ChangedSince(
            _("Noe har hendt med %(claim)s siden du åpnet siden. Se hva det er før du prøver igjen.") % {"claim": found}
        )
    return found


def add_event(
    claim: RecoveryClaim, kind: RecoveryEvent.Kind, *, on: date, by: User | None, **facts: Any
) -> RecoveryEvent:
    """The next event of a claim that `claim_now` has locked."""
    last = claim.events.order_by("number").last()
    return RecoveryEvent.objects.create(
        claim=claim, number=last.number + 1 if last else 1, kind=kind, on=on, by=by, **facts
    )


def on_its_way_ore(claim: RecoveryClaim) -> int:
    """What payments that the bank has not answered yet will take of a claim, øre: nothing else may take it."""
    alive = PaymentOffset.objects.filter(claim=claim, is_alive=True, payment__state__in=ON_ITS_WAY)
    return int(alive.aggregate(ore=Sum("amount_ore"))["ore"] or 0)


def holder_of(recipient: Organisation, on: date) -> Organisation:
    """Who answers for a claim on a day: the recipient, or the municipality that it was merged into."""
    if recipient.municipality_number and recipient.parent_id is None:
        number = successor(recipient.municipality_number, on)
        if number != recipient.municipality_number:
            return Organisation.objects.municipalities().filter(municipality_number=number).first() or recipient
    return recipient


def answered_for_by(organisations: Iterable[Organisation], on: date) -> list[Organisation]:
    """These organisations, and the municipalities that have been merged into them by a day."""
    own = list(organisations)
    numbers = {one.municipality_number for one in own if one.municipality_number and one.parent_id is None}
    if not numbers:
        return own
    merged = [
        one
        for one in Organisation.objects.municipalities()
        if one.municipality_number not in numbers and successor(one.municipality_number, on) in numbers
    ]
    return [*own, *merged]

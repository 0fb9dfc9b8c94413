"""Offset: what is overdue is taken from coming payments, after the recipient was told, and never beyond the payment."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from grants.law.assumptions import assumption
from grants.ledger.posting import reverse
from grants.models import (
    AuditEvent,
    LedgerEntry,
    Organisation,
    PaymentOffset,
    RecoveryClaim,
    RecoveryEvent,
    User,
)
from grants.recoveries.plan import late_ore
from grants.recoveries.story import add_event, claim_now, holder_of, on_its_way_ore
from grants.services.raise_recovery import hand_over_letter, require_finance
from grants.services.receive_recovery import key_of, post_recovered
from grants.shared.dates import today
from grants.shared.errors import ChangedSince, Refused
from grants.shared.shown import day

Kind, Standing = RecoveryEvent.Kind, RecoveryClaim.Standing


@transaction.atomic
def tell_of_offset(claim: RecoveryClaim, *, by: User, seen: int | None = None) -> RecoveryEvent:
    """Tell the recipient that what is overdue will be taken from coming payments, and from which day (A20)."""
    require_finance(by, "varsle motregning")
    claim = claim_now(claim, seen=seen)
    on = today()
    if claim.standing not in (Standing.CLAIMED, Standing.PLAN):
        raise ChangedSince(f"{claim} er {claim.get_standing_display().lower()}. Det kan ikke motregnes nå.")
    if claim.events.filter(kind=Kind.OFFSET_TOLD).exists():
        raise ChangedSince("Mottakeren er varslet om motregning allerede.")
    missing, _ = late_ore(claim, on - timedelta(days=1))
    if not missing:
        until = day(claim.due_on) if claim.due_on else ""
        raise Refused(f"Ingenting er forfalt ennå. Motregning kan varsles når betalingsfristen ({until}) er ute.")
    made = add_event(
        claim, Kind.OFFSET_TOLD, on=on, by=by, amount_ore=claim.left_ore,
        due_on=on + timedelta(days=assumption("recoveries", "offset_told_days")),
    )  # fmt: skip
    AuditEvent.objects.create(by=by, verb="tell_of_offset", subject=f"recovery:{claim.pk}")
    hand_over_letter(made)
    return made


def offsets_for(recipients: Iterable[Organisation], on: date) -> dict[UUID, list[tuple[RecoveryClaim, int]]]:
    """What may be offset on a day, by recipient: each claim with øre, the oldest first. Takes the claims for the transaction.

    A claim on a municipality that has been merged is offset against what its successor is paid.
    """
    wanted = {one.pk for one in recipients}
    told = RecoveryClaim.objects.filter(events__kind=Kind.OFFSET_TOLD, events__due_on__lte=on)
    found: dict[UUID, list[tuple[RecoveryClaim, int]]] = {}
    for key in told.order_by("number").values_list("pk", flat=True):
        claim = claim_now(key)
        holder = holder_of(claim.recipient, on)
        missing, _ = late_ore(claim, on)
        left = min(missing, claim.left_ore) - on_its_way_ore(claim)
        if left > 0 and holder.pk in wanted:
            found.setdefault(holder.pk, []).append((claim, left))
    return found


def shares(gross_ore: int, wanted: Sequence[tuple[RecoveryClaim, int]]) -> list[tuple[RecoveryClaim, int]]:
    """What of the claims a payment takes: the oldest first, and always something left to pay (A20)."""
    room = gross_ore - 100 * assumption("recoveries", "offset_leaves_kroner")
    taken = []
    for claim, ore in wanted:
        if room <= 0:
            break
        share = min(ore, room)
        taken.append((claim, share))
        room -= share
    return taken


def book_offsets(payments: Iterable[UUID], *, on: date, by: User) -> None:
    """The payments left, less what was offset: that is recovered on the same day."""
    alive = PaymentOffset.objects.filter(payment__in=list(payments), is_alive=True).order_by("claim", "pk")
    for one in alive:
        claim = claim_now(one.claim_id)
        post_recovered(
            add_event(claim, Kind.OFFSET, on=on, by=None, amount_ore=one.amount_ore, payment_id=one.payment_id), by=by
        )


def undo_offsets(payments: Iterable[UUID], *, on: date, by: User) -> None:
    """The payments came back, so nothing was offset: the claim is owed again."""
    booked = RecoveryEvent.objects.filter(payment__in=list(payments), kind=Kind.OFFSET, answer=None)
    for event in booked.order_by("claim", "pk"):
        claim = claim_now(event.claim_id)
        add_event(
            claim, Kind.OFFSET_UNDONE, on=on, by=None, amount_ore=event.amount_ore, answers=event,
            payment_id=event.payment_id, words="Betalingen kom i retur.",
        )  # fmt: skip
        reverse(LedgerEntry.objects.get(key=key_of(event)), on=on, by=by)


def let_go_of_offsets(payments: Iterable[UUID]) -> None:
    """The payments are given up: what they were less is free to be offset by others."""
    PaymentOffset.objects.filter(payment__in=list(payments), is_alive=True).update(is_alive=False)

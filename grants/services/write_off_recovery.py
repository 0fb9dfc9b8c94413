"""Write off what will not come, or was wrongly claimed: proposed by one person, approved by another."""

import hashlib
import json

from django.db import transaction

from grants.models import Approval, AuditEvent, RecoveryClaim, RecoveryEvent, User
from grants.recoveries.story import add_event, claim_now, on_its_way_ore
from grants.services.raise_recovery import require_finance, require_no_interest
from grants.shared.dates import today
from grants.shared.errors import BadInput, ChangedSince, NotAllowed, Refused
from grants.shared.money import kr

Kind, Standing = RecoveryEvent.Kind, RecoveryClaim.Standing
OPEN = (Standing.NOTICED, Standing.CLAIMED, Standing.PLAN)


@transaction.atomic
def propose_write_off(
    claim: RecoveryClaim, *, amount_ore: int, reason: str, by: User, seen: int | None = None
) -> RecoveryEvent:
    """Propose to give up some or all of what is left of a claim, with a reason that stays."""
    require_finance(by, "foreslå avskrivning")
    claim = claim_now(claim, seen=seen)
    if claim.standing not in OPEN:
        raise ChangedSince(f"{claim} er {claim.get_standing_display().lower()}, og avskrives ikke.")
    if claim.writes_off:
        raise ChangedSince("En avskrivning er foreslått allerede. Den må behandles først.")
    require_no_interest(claim, by)
    free = claim.left_ore - on_its_way_ore(claim)
    if not 0 < amount_ore <= free:
        raise BadInput(f"Beløpet må være over 0 og høyst {kr(free)} kroner, som er det som gjenstår.")
    if not reason.strip():
        raise BadInput("Skriv hvorfor beløpet avskrives, og hva som er gjort for å få det inn.")
    AuditEvent.objects.create(by=by, verb="propose_write_off", subject=f"recovery:{claim.pk}")
    return add_event(claim, Kind.WRITE_OFF_PROPOSED, on=today(), by=by, amount_ore=amount_ore, words=reason.strip())


@transaction.atomic
def approve_write_off(claim: RecoveryClaim, *, by: User, seen: int | None = None) -> RecoveryEvent:
    """Another person approves what was proposed. The books do not change: a claim is not in them."""
    require_finance(by, "godkjenne avskrivning")
    claim = claim_now(claim, seen=seen)
    proposed = _waiting(claim)
    assert proposed.by is not None  # a person proposes it
    if proposed.by_id == by.pk:
        raise NotAllowed(f"{by} har foreslått avskrivningen. En annen person må godkjenne den.")
    require_no_interest(claim, by)
    if proposed.amount_ore > claim.left_ore - on_its_way_ore(claim):
        raise Refused(
            "Det er kommet inn penger siden avskrivningen ble foreslått. Send den tilbake, og foreslå den på nytt."
        )
    Approval.objects.create(
        subject=f"write_off:{proposed.pk}", digest=digest_of(proposed), proposed_by=proposed.by, approved_by=by
    )
    AuditEvent.objects.create(by=by, verb="approve_write_off", subject=f"recovery:{claim.pk}")
    return add_event(claim, Kind.WRITTEN_OFF, on=today(), by=by, amount_ore=proposed.amount_ore, answers=proposed)


@transaction.atomic
def refuse_write_off(claim: RecoveryClaim, *, reason: str, by: User, seen: int | None = None) -> RecoveryEvent:
    """The write-off is not approved, or is taken back, with a reason; the claim stands."""
    require_finance(by, "avvise avskrivning")
    claim = claim_now(claim, seen=seen)
    proposed = _waiting(claim)
    if not reason.strip():
        raise BadInput("Skriv hvorfor avskrivningen ikke godkjennes.")
    AuditEvent.objects.create(by=by, verb="refuse_write_off", subject=f"recovery:{claim.pk}")
    return add_event(claim, Kind.WRITE_OFF_REFUSED, on=today(), by=by, words=reason.strip(), answers=proposed)


def waiting_write_off(claim: RecoveryClaim) -> RecoveryEvent | None:
    """The write-off that waits for a second person."""
    found = claim.events.filter(kind=Kind.WRITE_OFF_PROPOSED, answer=None).select_related("by")
    return found.order_by("number").last()


def digest_of(proposed: RecoveryEvent) -> str:
    """SHA-256 over what the second person approves."""
    content = [proposed.claim_id, proposed.number, proposed.amount_ore, proposed.words]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def _waiting(claim: RecoveryClaim) -> RecoveryEvent:
    found = waiting_write_off(claim)
    if found is None:
        raise ChangedSince("Det er ingen avskrivning som venter på godkjenning. Last siden på nytt.")
    return found

"""What of a claim should have been paid by a day, by its letter or by the plan that was agreed on."""

from dataclasses import dataclass
from datetime import date

from grants.models import RecoveryClaim, RecoveryEvent

Kind = RecoveryEvent.Kind


@dataclass(frozen=True)
class Part:
    """A part of a plan: its day, its sum and what is still missing of it, øre."""

    due_on: date
    amount_ore: int
    missing_ore: int


def plan_of(claim: RecoveryClaim) -> list[Part]:
    """The plan that holds now, each part with what is missing: what has come since fills the parts in their order."""
    agreed = claim.events.filter(kind=Kind.PLANNED).order_by("number").last()
    if agreed is None:
        return []
    parts = [(date.fromisoformat(one["due_on"]), int(one["amount_ore"])) for one in agreed.plan]
    come = max(0, sum(ore for _, ore in parts) - claim.left_ore)
    found = []
    for due_on, ore in parts:
        filled = min(come, ore)
        come -= filled
        found.append(Part(due_on, ore, ore - filled))
    return found


def late_ore(claim: RecoveryClaim, on: date) -> tuple[int, date | None]:
    """What was to be paid on a day or before it and is not, øre, and the last such day."""
    plan = plan_of(claim)
    if plan:
        late = [part for part in plan if part.due_on <= on and part.missing_ore]
        return sum(part.missing_ore for part in late), max((part.due_on for part in late), default=None)
    if claim.due_on is None or claim.due_on > on:
        return 0, None
    return claim.left_ore, claim.due_on

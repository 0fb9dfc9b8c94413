"""What waits for a second person, beside the proposals of new cases: outcomes of appeals, and reversals."""

from dataclasses import dataclass
from datetime import datetime

from applications.models import Appeal, AppealOutcome, Application, Decision, Reversal
from grants.models import User


@dataclass(frozen=True)
class Waiting:
    """An appeal or a reversal that waits for its decision: `is_appeal`, what it is about, and who prepared it when."""

    is_appeal: bool
    pk: object  # of the appeal; of a reversal, of its case
    application: Application
    outcome: str
    from_ore: int
    to_ore: int | None
    prepared_by: User
    prepared_at: datetime


def replacements_waiting(user: User) -> list[Waiting]:
    """Those that the person may see, the oldest first."""
    outcomes = AppealOutcome.objects.filter(
        state=AppealOutcome.State.PROPOSED, appeal__in=Appeal.objects.visible_to(user)
    ).select_related("appeal__application__call", "appeal__application__organisation", "successor", "prepared_by")
    found = [
        Waiting(
            True, one.appeal_id, one.appeal.application, one.outcome, one.appealed.amount_ore,
            one.successor.amount_ore if one.successor else None, one.prepared_by, one.prepared_at,
        )
        for one in outcomes.select_related("appealed")
    ]  # fmt: skip
    for reversal in Reversal.objects.visible_to(user).proposed():
        successor = reversal.successor
        assert successor is not None  # what is proposed has one
        found.append(
            Waiting(
                False, reversal.application_id, reversal.application, "reversal", reversal.from_ore, reversal.to_ore,
                successor.prepared_by, successor.prepared_at,
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: one.prepared_at)


def waits_for(user: User) -> int:
    """How much waits for this decision-maker: all but what they have prepared themselves."""
    others = Decision.objects.visible_to(user).proposals().exclude(prepared_by=user).count()
    outcomes = AppealOutcome.objects.filter(
        state=AppealOutcome.State.PROPOSED, appeal__in=Appeal.objects.visible_to(user)
    )
    reversals = Reversal.objects.visible_to(user).proposed().exclude(successor__prepared_by=user)
    return others + outcomes.exclude(prepared_by=user).count() + reversals.count()

"""The rounds at a glance: what each call has of cases and money. Two questions to the database, however many calls."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, Sum

from applications.models import Application, Call, Decision, State
from grants.models import User

# Columns of the list, and the states that each gathers.
GROUPS = {
    "new": (State.SUBMITTED,),
    "in_hand": (State.IN_PROGRESS, State.AWAITING_APPLICANT),
    "proposed": (State.PROPOSED,),
    "decided": (State.GRANTED, State.REFUSED),
}


@dataclass
class Round:
    """One call: its cases by group, and what of its envelope is proposed and granted."""

    call: Call
    cases: dict[str, int] = field(default_factory=lambda: dict.fromkeys(GROUPS, 0))
    proposed_ore: int = 0
    granted_ore: int = 0

    @property
    def all(self) -> int:
        return sum(self.cases.values())

    @property
    def is_at_work(self) -> bool:
        """Is something left to do, or may something still come in?"""
        return self.call.is_open() or self.all > self.cases["decided"]

    @property
    def parts(self) -> list[tuple[str, int]]:
        """The bar beside the numbers."""
        return [("granted", self.granted_ore), ("proposed", self.proposed_ore)]

    @property
    def left_ore(self) -> int:
        """What of the envelope neither a proposal nor a decision stands on."""
        return self.call.envelope_ore - self.proposed_ore - self.granted_ore


def rounds_of(calls: Any, *, user: User) -> list[Round]:
    """These calls with their cases and money, in the same order."""
    found = {call.pk: Round(call) for call in calls}
    seen = Application.objects.visible_to(user).filter(call__in=list(found)).order_by()
    counts: dict[Any, dict[str, int]] = defaultdict(dict)
    for row in seen.values("call", "state").annotate(number=Count("pk")):
        counts[row["call"]][row["state"]] = row["number"]
    proposed, granted = Q(state=Decision.State.PROPOSED, replaces=None), Q(state=Decision.State.DECIDED)
    sums = Decision.objects.filter(call__in=list(found)).order_by().values("call")
    for money in sums.annotate(p=Sum("amount_ore", filter=proposed), g=Sum("amount_ore", filter=granted)):
        one = found[money["call"]]
        one.proposed_ore, one.granted_ore = money["p"] or 0, money["g"] or 0
    for key, one in found.items():
        one.cases = {group: sum(counts[key].get(state, 0) for state in states) for group, states in GROUPS.items()}
    return list(found.values())

"""An envelope shared among the cases of a call: what each gets, the running sum, and what is left. No writing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from applications.models import Call, Decision, Scenario
from applications.workflow.ranking import Case, Ranking
from applications.workflow.sharing import by_rank, same_share
from grants.shared.money import Ore

Amounts = Mapping[Any, int | None]


@dataclass(frozen=True)
class Share:
    """What a case gets. `running_ore` is what it and all before it get."""

    case: Case
    place: int
    amount_ore: int | None
    running_ore: int


@dataclass(frozen=True)
class Distribution:
    """Shares against an envelope."""

    envelope_ore: int
    shares: list[Share] = field(default_factory=list)
    unmet: list[Share] = field(default_factory=list)

    @property
    def given_ore(self) -> int:
        """What is given in all: decided, proposed and shared."""
        return self.shares[-1].running_ore if self.shares else 0

    @property
    def left_ore(self) -> int:
        """What is left; below zero: the envelope is passed."""
        return self.envelope_ore - self.given_ore

    @property
    def over_ore(self) -> int:
        return max(0, -self.left_ore)

    @property
    def granted(self) -> int:
        """How many get something."""
        return sum(1 for share in self.shares if share.amount_ore)

    @property
    def lowest_granted(self) -> Decimal | None:
        """The lowest score among those that get something; None when one of them has no score."""
        scores = [share.case.score for share in self.shares if share.amount_ore]
        known = [score for score in scores if score is not None]
        return min(known) if known and len(known) == len(scores) else None

    @property
    def to_send(self) -> list[Share]:
        """The open cases that can be proposed now: they have an amount and nothing stands in the way."""
        return [s for s in (*self.shares, *self.unmet) if s.case.is_ready and s.amount_ore is not None]

    @property
    def left_behind(self) -> list[Share]:
        """The open cases that cannot be proposed now."""
        return [s for s in (*self.shares, *self.unmet) if s.case.is_open and s not in self.to_send]


def amounts_of(scenario: Scenario | None) -> dict[Any, int | None]:
    """What each case gets in a scenario."""
    return dict(scenario.lines.values_list("application_id", "amount_ore")) if scenario else {}


def distribution(call: Call, ranking: Ranking, amounts: Amounts) -> Distribution:
    """The cases with their amounts. What is proposed or decided stands; a case with an unmet condition gets nothing."""
    shares, running = [], 0
    for place, case in enumerate(ranking.cases, start=1):
        amount = _amount(case, amounts)
        running += amount or 0
        shares.append(Share(case, place, amount, running))
    unmet = [Share(case, 0, 0, running) for case in ranking.unmet]
    return Distribution(call.envelope_ore, shares, unmet)


def suggested_by_rank(call: Call, ranking: Ranking) -> dict[Any, int | None]:
    """From the top of the ranking until the envelope is used."""
    cases = _may_share(call, ranking)
    return _given(cases, by_rank([Ore(case.applied_ore) for case in cases], envelope=_free(call, ranking)))


def suggested_same_share(call: Call, ranking: Ranking, *, least: Decimal) -> dict[Any, int | None]:
    """The same share of what they applied for to all that have at least so many points; nothing to the others."""
    cases = _may_share(call, ranking)
    chosen = [case for case in cases if case.score is not None and case.score >= least]
    shares = same_share([Ore(case.applied_ore) for case in chosen], envelope=_free(call, ranking))
    return _given(cases, [Ore(0)] * len(cases)) | _given(chosen, shares)


def _amount(case: Case, amounts: Amounts) -> int | None:
    if not case.is_open:
        return standing_ore(case.decision)
    return amounts.get(case.application.pk)


def standing_ore(decision: Decision | None) -> int:
    """What stands as proposed or decided."""
    return decision.amount_ore if decision else 0


def _may_share(call: Call, ranking: Ranking) -> list[Case]:
    """The open cases that can get money: every condition met, and scored where the call has criteria."""
    is_scored = bool(call.criteria())
    return [case for case in ranking.cases if case.is_open and case.met and (case.score is not None or not is_scored)]


def _free(call: Call, ranking: Ranking) -> Ore:
    """What of the envelope neither a proposal nor a decision stands on."""
    return Ore(call.envelope_ore - sum(standing_ore(case.decision) for case in ranking.cases if not case.is_open))


def _given(cases: list[Case], shares: list[Ore]) -> dict[Any, int | None]:
    return {case.application.pk: share for case, share in zip(cases, shares, strict=True)}

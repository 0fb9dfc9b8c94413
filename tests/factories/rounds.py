"""Rounds for tests: a call with cases at work, scenarios and proposals. A test names only what it is about."""

from collections.abc import Sequence

from applications.models import Application, Batch, Call, Scenario, State
from applications.services.assess import score, take_case
from applications.services.round import decide_round, seal_of, waiting_in
from applications.services.scenario import begin_scenario
from applications.services.submit import submit
from grants.jobs.queue import drain
from grants.models import User
from tests.factories.cases import (
    ANSWERS,
    APPLIED_ORE,
    caseworker,
    decision_maker,
    impartial,
    make_call,
    make_draft,
    municipality,
)

NUMBERS = ("0101", "0104", "0105", "0106", "0111", "0118", "0119", "0121")


def make_cases(
    points: Sequence[int | None] = (6, 4, 2), *, call: Call | None = None, unmet: Sequence[int] = ()
) -> list[Application]:
    """Cases at work in one call, one municipality each, with the same points on every criterion (None: not scored).

    Those whose place is in `unmet` do not meet the scheme's condition.
    """
    call = call or make_call()
    worker = impartial(caseworker(), call)
    return [_at_work(call, place, given, worker, is_met=place not in unmet) for place, given in enumerate(points)]


def _at_work(call: Call, place: int, points: int | None, worker: User, *, is_met: bool) -> Application:
    facts = ANSWERS["municipality"] if is_met else {"share_of_immigrants": "1", "refugees": "1"}
    case = make_draft(call, municipality(NUMBERS[place]), municipality=facts)
    submit(case, by=case.created_by)
    take_case(case, by=worker)
    if points is not None:
        for criterion in call.criteria():
            score(case, criterion["code"], points, reason=f"Gir {points}.", by=worker)
    return case


def make_scenario(cases: Sequence[Application], *amounts: int | None, name: str = "Forslag 1") -> Scenario:
    """A scenario that gives the cases these amounts in øre; without any, each gets all it applied for."""
    shares = amounts or [APPLIED_ORE] * len(cases)
    return begin_scenario(
        cases[0].call,
        name,
        {case.pk: ore for case, ore in zip(cases, shares, strict=True)},
        by=impartial(caseworker(), cases[0].call),
    )


def make_round(call: Call, *, by: User | None = None) -> Batch:
    """All proposals of the call decided in one round; the jobs have not run."""
    by = impartial(by or decision_maker(), call)
    return decide_round(call, seal=seal_of(waiting_in(call, by=by)), by=by)


def work() -> int:
    """Do the jobs that wait."""
    return drain()


def states_of(call: Call) -> list[State]:
    """Where the cases of a call stand, in the order of their numbers."""
    return [State(case.state) for case in call.applications.order_by("case_number")]

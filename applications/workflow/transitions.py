"""All that can happen to a case: from where, to where, who, and whether it takes another person than the one before."""

from dataclasses import dataclass

from applications.models.application import State
from grants.models import Role


@dataclass(frozen=True)
class Step:
    """One step of a case. `four_eyes`: not by the person who made the proposal."""

    name: str
    sources: frozenset[State]
    target: State
    role: Role
    four_eyes: bool = False
    open_to_applicant: bool = True
    needs_reason: bool = False


def _from(*states: State) -> frozenset[State]:
    return frozenset(states)


SUBMIT = Step("submit", _from(State.DRAFT), State.SUBMITTED, Role.SIGNATORY)
WITHDRAW = Step(
    "withdraw",
    _from(State.DRAFT, State.SUBMITTED, State.IN_PROGRESS, State.AWAITING_APPLICANT),
    State.WITHDRAWN,
    Role.SIGNATORY,
)
TAKE = Step("take", _from(State.SUBMITTED), State.IN_PROGRESS, Role.CASEWORKER)
ASK = Step(
    "ask", _from(State.SUBMITTED, State.IN_PROGRESS), State.AWAITING_APPLICANT, Role.CASEWORKER, needs_reason=True
)
ANSWER = Step("answer", _from(State.AWAITING_APPLICANT), State.IN_PROGRESS, Role.EDITOR, needs_reason=True)
STOP_WAITING = Step("stop_waiting", _from(State.AWAITING_APPLICANT), State.IN_PROGRESS, Role.CASEWORKER)
PROPOSE = Step("propose", _from(State.IN_PROGRESS), State.PROPOSED, Role.CASEWORKER, open_to_applicant=False)
RETURN = Step(
    "return", _from(State.PROPOSED), State.IN_PROGRESS, Role.DECISION_MAKER, open_to_applicant=False, needs_reason=True
)
GRANT = Step("grant", _from(State.PROPOSED), State.GRANTED, Role.DECISION_MAKER, four_eyes=True)
REFUSE = Step("refuse", _from(State.PROPOSED), State.REFUSED, Role.DECISION_MAKER, four_eyes=True)

STEPS = (SUBMIT, WITHDRAW, TAKE, ASK, ANSWER, STOP_WAITING, PROPOSE, RETURN, GRANT, REFUSE)

"""All that can happen to a case: from where, to where, who, and whether it takes another person than the one before."""

from dataclasses import dataclass

from applications.models.application import State
from grants.models import Role


@dataclass(frozen=True)
class Step:
    """One step of a case. `four_eyes`: not by the person who made the proposal. No role: it happens at a moment, by itself."""

    name: str
    sources: frozenset[State]
    target: State
    role: Role | None
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
# Before the deadline a signatory may take the application back to change it; after it, only a caseworker opens it, with
# a reason and a new deadline. What was sent in stands, and counts again when the deadline passes without a new one.
REOPEN = Step("reopen", _from(State.SUBMITTED), State.DRAFT, Role.SIGNATORY)
OPEN_AGAIN = Step(
    "open_again",
    _from(State.SUBMITTED, State.IN_PROGRESS, State.AWAITING_APPLICANT),
    State.DRAFT,
    Role.CASEWORKER,
    needs_reason=True,
)
LET_STAND = Step("let_stand", _from(State.DRAFT), State.SUBMITTED, None)
TAKE = Step("take", _from(State.SUBMITTED), State.IN_PROGRESS, Role.CASEWORKER)
# Given by somebody to a colleague, and given back to the queue: between colleagues, so the applicant is not told.
ASSIGN = Step("assign", _from(State.SUBMITTED), State.IN_PROGRESS, Role.CASEWORKER, open_to_applicant=False)
GIVE_BACK = Step("give_back", _from(State.IN_PROGRESS), State.SUBMITTED, Role.CASEWORKER, open_to_applicant=False)
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
# Another decision has taken the standing one's place, after an appeal or by the directorate itself.
REPLACE_WITH_GRANT = Step(
    "replace_with_grant", _from(State.GRANTED, State.REFUSED), State.GRANTED, Role.DECISION_MAKER, four_eyes=True
)
REPLACE_WITH_REFUSAL = Step(
    "replace_with_refusal", _from(State.GRANTED, State.REFUSED), State.REFUSED, Role.DECISION_MAKER, four_eyes=True
)

STEPS = (
    SUBMIT, WITHDRAW, REOPEN, OPEN_AGAIN, LET_STAND, TAKE, ASSIGN, GIVE_BACK, ASK, ANSWER, STOP_WAITING, PROPOSE, RETURN,
    GRANT, REFUSE, REPLACE_WITH_GRANT, REPLACE_WITH_REFUSAL,
)  # fmt: skip

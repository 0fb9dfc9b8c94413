"""A case as those who work in it see it: its conditions, its scores, how far it has come and what comes next."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from applications.models import Application, Finding, Ruling, Score, State
from applications.workflow.findings import in_words
from applications.workflow.grounds import newest_findings, newest_scores, settled, total
from grants.models import User

STEPS = ("received", "conditions", "assessment", "proposal", "decision", "follow_up")
AT_WORK = (State.IN_PROGRESS, State.AWAITING_APPLICANT)
DECIDED = (State.GRANTED, State.REFUSED)


@dataclass(frozen=True)
class Earlier:
    """What a rule came to before, with the rulings of that time."""

    finding: Finding
    words: str
    rulings: list[Ruling]


@dataclass(frozen=True)
class Condition:
    """A rule with its newest finding, whether it is met as it stands, and all that was found and ruled before."""

    finding: Finding
    met: bool | None
    words: str
    rulings: list[Ruling]
    earlier: list[Earlier]

    @property
    def ruling(self) -> Ruling | None:
        """The ruling that counts."""
        return self.rulings[0] if self.rulings else None

    @property
    def is_deviation(self) -> bool:
        """Not met by what the rule saw, and nobody has ruled on it."""
        return self.met is False and not self.rulings


@dataclass
class Criterion:
    """A criterion of the call with the person's own score, and those of others where they may be seen."""

    code: str
    text: str
    weight: int
    own: Score | None
    others: list[Score] = field(default_factory=list)


@dataclass(frozen=True)
class Scoring:
    """The assessment: criteria, whether the person has scored them all, and the weighted total where it may be seen."""

    criteria: list[Criterion]
    weights: int
    is_open: bool
    has_scored: bool
    assessors: int
    total: Decimal | None
    newest_own: int


def conditions(application: Application) -> list[Condition]:
    """The conditions in the order of the scheme, each with its history, the newest first."""
    before: dict[str, list[Finding]] = {}
    rows = application.findings.order_by("-pk").select_related("submission").prefetch_related("rulings__by")
    for finding in rows:
        before.setdefault(finding.rule, []).append(finding)
    found = []
    for newest in newest_findings(application):
        finding, *older = before[newest.rule]
        history = [Earlier(one, in_words(one), _newest_first(one)) for one in older]
        found.append(Condition(finding, settled(finding), in_words(finding), _newest_first(finding), history))
    return found


def scoring(application: Application, user: User, language: str, *, blind: bool) -> Scoring:
    """The scores as the person may see them: where `blind`, others' are hidden until one has scored oneself."""
    scores = newest_scores(application)
    own = {score.criterion: score for score in scores if score.by_id == user.pk}
    known = application.call.criteria()
    has_scored = all(criterion["code"] in own for criterion in known)
    is_open = has_scored or not blind
    criteria = [
        Criterion(
            code=criterion["code"],
            text=criterion["text"][language],
            weight=criterion["weight"],
            own=own.get(criterion["code"]),
            others=[
                score for score in scores if is_open and score.criterion == criterion["code"] and score.by_id != user.pk
            ],
        )
        for criterion in known
    ]
    return Scoring(
        criteria=criteria,
        weights=sum(criterion.weight for criterion in criteria),
        is_open=is_open,
        has_scored=has_scored,
        assessors=len({score.by_id for score in scores}),
        total=total(application) if is_open else None,
        newest_own=max((score.pk for score in own.values()), default=0),
    )


def progress(application: Application, found: Iterable[Condition]) -> list[tuple[str, str]]:
    """The six steps, each `done`, `now` or `ahead`. Of a case that was withdrawn, none is now."""
    decided = application.state in DECIDED
    proposed = decided or application.state == State.PROPOSED
    is_settled = all(condition.met is not None for condition in found)
    taken = application.state not in (State.SUBMITTED, State.WITHDRAWN)
    done = {
        "received": taken or application.state == State.WITHDRAWN,
        "conditions": proposed or (taken and is_settled),
        "assessment": proposed or (taken and is_settled and _is_scored(application)),
        "proposal": proposed,
        "decision": decided,
        "follow_up": application.state == State.REFUSED or (decided and application.call.law.is_claimed),
    }
    steps, now_given = [], application.state == State.WITHDRAWN
    for step in STEPS:
        is_now = not done[step] and not now_given
        now_given = now_given or is_now
        steps.append((step, "done" if done[step] else "now" if is_now else "ahead"))
    return steps


def next_step(application: Application, found: list[Condition], score: Scoring, *, works: bool) -> str:
    """The one thing to do next: settle, score, propose, or whom the case waits for."""
    waits = {
        State.SUBMITTED: "take",
        State.AWAITING_APPLICANT: "wait_for_applicant",
        State.PROPOSED: "decide",
        State.GRANTED: "follow_up",
    }
    if application.state == State.GRANTED and application.call.law.is_claimed:
        return "paid_by_run"
    if application.state != State.IN_PROGRESS:
        return waits.get(State(application.state), "over")
    if any(condition.met is None for condition in found):
        return "settle"
    scored = score.has_scored if works else _is_scored(application)
    if score.criteria and not scored:
        return "score"
    return "propose"


def _is_scored(application: Application) -> bool:
    return not application.call.criteria() or total(application) is not None


def _newest_first(finding: Finding) -> list[Ruling]:
    return sorted(finding.rulings.all(), key=lambda ruling: ruling.pk, reverse=True)

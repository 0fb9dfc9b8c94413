"""All cases of a call side by side, ranked by score. The same number of questions to the database for any number of cases."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Prefetch

from applications.models import Application, Call, Decision, Finding, Ruling, Score, State, Submission
from applications.workflow.grounds import grounds_from
from grants.models import User

OPEN = (State.SUBMITTED, State.IN_PROGRESS, State.AWAITING_APPLICANT)
LAST = Decimal(-1)


@dataclass(frozen=True)
class Case:
    """A case with what it rests on, and the proposal or decision that stands in it, where there is one."""

    application: Application
    grounds: dict[str, Any]
    decision: Decision | None = None

    @cached_property
    def score(self) -> Decimal | None:
        """The weighted score; None while a criterion has none."""
        return None if self.grounds["total"] is None else Decimal(self.grounds["total"])

    @cached_property
    def met(self) -> bool | None:
        """Are the conditions met? None while one of them waits for a human."""
        found = [finding["met"] for finding in self.grounds["findings"]]
        return False if False in found else None if None in found else True

    @property
    def applied_ore(self) -> int:
        return self.application.applied_ore or 0

    @property
    def is_open(self) -> bool:
        """May somebody still propose an amount?"""
        return self.application.state in OPEN

    @property
    def is_ready(self) -> bool:
        """Can it be proposed as it stands: in hand, and every condition settled?"""
        return self.application.state == State.IN_PROGRESS and self.met is not None


@dataclass(frozen=True)
class Ranking:
    """The cases in their order, and apart from them those with a condition that is not met."""

    cases: list[Case]
    unmet: list[Case]

    def __iter__(self) -> Iterator[Case]:
        yield from self.cases
        yield from self.unmet


def ranked(call: Call, *, user: User) -> Ranking:
    """The submitted cases of a call that this person may see: the highest score first, unscored ones last.

    Equal scores: the smaller amount applied for first, then the lower case number.
    """
    cases = sorted(_cases(call, user), key=_place)
    return Ranking([case for case in cases if case.met is not False], [case for case in cases if case.met is False])


def _place(case: Case) -> tuple[Decimal, int, int, int]:
    application = case.application
    score = LAST if case.score is None else case.score
    return -score, case.applied_ore, application.case_year or 0, application.case_number or 0


def _cases(call: Call, user: User) -> Iterable[Case]:
    applications = (
        Application.objects.visible_to(user).compared_in(call).select_related("organisation").defer("answers")
    )
    findings = _findings(call)
    scores = _scores(call)
    submissions: dict[Any, int] = defaultdict(int)
    for key in Submission.objects.filter(application__call=call).values_list("application_id", flat=True):
        submissions[key] += 1
    standing = {
        decision.application_id: decision
        for decision in Decision.objects.filter(call=call, state__in=[Decision.State.PROPOSED, Decision.State.DECIDED])
    }
    for application in applications:
        key = application.pk
        grounds = grounds_from(call, submissions[key], findings.get(key, []), scores.get(key, []))
        yield Case(application, grounds, standing.get(key))


def _findings(call: Call) -> dict[Any, list[Finding]]:
    """The findings of each case's newest submission, with their rulings."""
    newest: dict[Any, int] = {}
    found: dict[Any, list[Finding]] = defaultdict(list)
    rows = Finding.objects.filter(application__call=call).select_related("submission").order_by("pk")
    rows = rows.defer("submission__answers").prefetch_related(Prefetch("rulings", Ruling.objects.order_by("pk")))
    for finding in rows:
        number = finding.submission.number
        if number > newest.get(finding.application_id, 0):
            newest[finding.application_id] = number
            found[finding.application_id] = []
        if number == newest[finding.application_id]:
            found[finding.application_id].append(finding)
    return found


def _scores(call: Call) -> dict[Any, list[Score]]:
    """Each assessor's newest score on each criterion, by case."""
    newest: dict[Any, dict[tuple[Any, str], Score]] = defaultdict(dict)
    for score in Score.objects.filter(application__call=call).order_by("pk"):
        newest[score.application_id][score.by_id, score.criterion] = score
    return {key: list(of_case.values()) for key, of_case in newest.items()}

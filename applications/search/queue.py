"""The casework queue: a page of rows, what is amiss in each, and the counters. As few questions as there are things to ask."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from applications.models import Application, Finding, State
from applications.models.application import ApplicationQuerySet
from applications.search.choices import ME, NEAR, Choices
from applications.search.keyset import Slice, slice_of
from grants.law.rule import Verdict
from grants.models import User

ROWS_ON_A_PAGE = 25
# A counter stops here: above it nobody needs the number, and to count on would take time.
MOST_COUNTED = 999
COUNTERS = {
    "new": Choices(state=State.SUBMITTED.value),
    "mine": Choices(handler=ME),
    "waiting": Choices(state=State.AWAITING_APPLICANT.value),
    "due": Choices(deadline=NEAR),
    "to_decide": Choices(state=State.PROPOSED.value),
}


class Deviations(NamedTuple):
    """How many conditions of a case are not met, and how many wait for somebody to look."""

    not_met: int = 0
    open: int = 0


class Row(NamedTuple):
    """A case as the queue shows it."""

    id: UUID
    version: int
    case_year: int
    case_number: int
    state: str
    submitted_at: datetime
    due_on: date | None
    applied_ore: int | None
    applicant: str
    title_nb: str
    title_nn: str
    year: int
    handler_id: UUID | None
    handler_name: str | None
    handler_username: str | None

    @property
    def asked_ore(self) -> int:
        """What is asked for; nothing where nothing is."""
        return self.applied_ore or 0


# Where the columns of a row stand, in their order.
PATHS = (
    "id", "version", "case_year", "case_number", "state", "submitted_at", "due_on", "applied_ore", "organisation__name",
    "call__title_nb", "call__title_nn", "call__year", "handler_id", "handler__name", "handler__username",
)  # fmt: skip


def page_of_queue(
    cases: ApplicationQuerySet, choices: Choices, *, user: User, today: date, after: str = "", before: str = ""
) -> Slice[Row]:
    """A page of the cases that are chosen, in the order that is chosen."""
    chosen = choices.among(cases, user, today)

    def read(some: ApplicationQuerySet) -> list[Row]:
        if choices.search:  # found and put in order first; what a row shows is looked up for the page alone
            some = Application.objects.filter(pk__in=some.values("pk")).order_by(*some.query.order_by)
        return list(map(Row._make, some.values_list(*PATHS)))

    return slice_of(chosen, choices.order, read, after=after, before=before, size=ROWS_ON_A_PAGE)


def counts(cases: ApplicationQuerySet, *, user: User, today: date) -> dict[str, int]:
    """The counters; one above `MOST_COUNTED` means more than that."""
    return {
        name: choices.among(cases, user, today).order_by()[: MOST_COUNTED + 1].count()
        for name, choices in COUNTERS.items()
    }


def deviations_of(cases: Iterable[UUID]) -> dict[UUID, Deviations]:
    """What is amiss in each case, by the newest finding of each rule on its newest submission, and the newest ruling."""
    findings = Finding.objects.filter(application__in=list(cases)).values_list(
        "submission_id", "pk", "rulings__pk", "application_id", "rule", "verdict", "rulings__met"
    )
    newest: dict[UUID, int] = {}
    by_case: dict[UUID, dict[str, bool | None]] = defaultdict(dict)
    for submission, _finding, _ruling, case, rule, verdict, ruled in sorted(findings, key=_age):
        if newest.get(case) != submission:
            newest[case] = submission
            by_case[case] = {}
        by_case[case][rule] = ruled if ruled is not None else _VERDICTS.get(verdict)
    return {
        case: Deviations(sum(met is False for met in rules.values()), sum(met is None for met in rules.values()))
        for case, rules in by_case.items()
    }


def _age(row: tuple[Any, ...]) -> tuple[int, int, int]:
    """Submission, finding and ruling: of each rule the last row counts."""
    return row[0], row[1], row[2] or 0


_VERDICTS = {Verdict.MET.value: True, Verdict.NOT_MET.value: False}

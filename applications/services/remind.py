"""Reminders, all of them in one way: whoever knows of something that is awaited registers it, and the daily sweep reminds.

What is awaited has a last day. It is reminded of some days before, perhaps on the day itself, and perhaps when it is
overdue; `plan` says when. A reminder is a job whose key names the case, what it is and the day, so a sweep that runs
twice reminds once, and a deadline that is moved is another day. When the job is done, it first asks whether the thing is
still awaited. Reminders go to no mailbox: each stands on the timeline that the applicant sees, or is a letter.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from django.db import transaction

from applications.models import Application
from grants.jobs.daily import daily
from grants.jobs.queue import hand_over_all
from grants.jobs.registry import job
from grants.models import Job
from grants.shared.dates import read_day, today

KIND = "remind"
SOON, TODAY, OVERDUE = "soon", "today", "overdue"
MORNING = time(6)
# A sweep that was missed is made up for by the next. What is older than this, nobody is reminded of any more.
MADE_UP_FOR = timedelta(days=30)


@dataclass(frozen=True)
class Awaited:
    """What an applicant is waited for in a case, and its last day. `of` names the thing, where a case may have several.

    `since` is the day from which it is awaited: nothing is reminded of on that day or before it.
    """

    application: Application
    day: date
    of: str = ""
    since: date | None = None


@dataclass(frozen=True)
class Reminder:
    """How something is reminded of. `waiting` finds it, in one case or in all; `say` does it (what, when), and may do it twice."""

    what: str
    waiting: Callable[[Application | None], Iterable[Awaited]]
    say: Callable[[Awaited, str, str], None]
    days_before: Callable[[], int]
    on_the_day: bool = True
    when_overdue: bool = True
    letters: frozenset[str] = frozenset({OVERDUE})

    def plan(self, awaited: Awaited) -> list[tuple[date, str]]:
        """When there are reminders, the first one first: the day, and which it is."""
        found = [(awaited.day - timedelta(days=self.days_before()), SOON)]
        found += [(awaited.day, TODAY)] if self.on_the_day else []
        found += [(awaited.day + timedelta(days=1), OVERDUE)] if self.when_overdue else []
        return [(on, when) for on, when in found if awaited.since is None or on > awaited.since]

    def due(self, awaited: Awaited, on: date) -> str | None:
        """Which reminder counts on a day: the last one whose day has come, if that is not long ago."""
        come = [(day, when) for day, when in self.plan(awaited) if day <= on]
        return come[-1][1] if come and on - come[-1][0] <= MADE_UP_FOR else None


@dataclass(frozen=True)
class Coming:
    """A reminder that will be given: on which day, of what, and whether as a letter."""

    on: date
    what: str
    when: str
    application: Application
    last_day: date
    as_letter: bool


REMINDERS: dict[str, Reminder] = {}


def register(reminder: Reminder) -> None:
    """From now on this is reminded of, too."""
    REMINDERS[reminder.what] = reminder


def coming(case: Application | None = None, *, until: date | None = None) -> list[Coming]:
    """What will be reminded of, when, from tomorrow on: in one case or in all. The only list there is of it."""
    now = today()
    return sorted(
        (
            Coming(on, reminder.what, when, awaited.application, awaited.day, when in reminder.letters)
            for reminder in REMINDERS.values()
            for awaited in reminder.waiting(case)
            for on, when in reminder.plan(awaited)
            if on > now and (until is None or on <= until)
        ),
        key=lambda one: (one.on, one.what, str(one.application)),
    )


def sweep(on: date) -> int:
    """Hand over every reminder that is due on a day and not handed over before; how many that was."""
    due: dict[str, dict[str, Any]] = {}
    for reminder in REMINDERS.values():
        for awaited in reminder.waiting(None):
            when = reminder.due(awaited, on)
            if when is not None:
                payload = _payload(reminder, awaited, when)
                due[":".join((KIND, *filter(None, payload.values())))] = payload
    with transaction.atomic():
        before = Job.objects.filter(kind=KIND).count()
        hand_over_all(KIND, due)
        return Job.objects.filter(kind=KIND).count() - before


@daily("sweep_reminders", at=MORNING)
def sweep_by_job(payload: Mapping[str, Any]) -> None:
    """The sweep of a day, early in the morning."""
    sweep(read_day(payload["day"]))


@job(KIND)
def send_reminder(payload: Mapping[str, Any]) -> None:
    """Give a reminder, if what it is about is still awaited. Safe to run twice."""
    application = Application.objects.select_related("organisation", "call").get(pk=payload["application"])
    reminder = REMINDERS[payload["what"]]
    for awaited in reminder.waiting(application):
        if _payload(reminder, awaited, payload["when"]) == dict(payload):
            reminder.say(awaited, reminder.what, payload["when"])


def _payload(reminder: Reminder, awaited: Awaited, when: str) -> dict[str, Any]:
    return {
        "application": str(awaited.application.pk),
        "what": reminder.what,
        "when": when,
        "day": awaited.day.isoformat(),
        "of": awaited.of,
    }

"""What is done by the clock: a job whose key names the day, or the minutes of it, handed over by whoever looks first."""

from collections.abc import Callable
from datetime import time

from django.utils import timezone

from grants.jobs.queue import hand_over
from grants.jobs.registry import Handler, job

# By kind of job, the hour from which the day's is handed over, in Norway.
DAILY: dict[str, time] = {}
# By kind of job, how many minutes there are from one to the next, all day.
OFTEN: dict[str, int] = {}


def daily(kind: str, *, at: time) -> Callable[[Handler], Handler]:
    """This function does a job of every day, from this hour. Its payload is the day: `{"day": "2017-06-01"}`."""

    def register(handler: Handler) -> Handler:
        DAILY[kind] = at
        return job(kind)(handler)

    return register


def every(kind: str, *, minutes: int) -> Callable[[Handler], Handler]:
    """This function does a job again and again, all day. Its payload is empty."""

    def register(handler: Handler) -> Handler:
        OFTEN[kind] = minutes
        return job(kind)(handler)

    return register


def hand_over_todays() -> None:
    """Hand over the jobs whose time has come. As often as one likes: each time has each of them once."""
    now = timezone.localtime()
    day = now.date().isoformat()
    for kind, at in DAILY.items():
        if now.time() >= at:
            hand_over(kind, f"{kind}:{day}", {"day": day})
    for kind, minutes in OFTEN.items():
        hand_over(kind, f"{kind}:{day}:{(now.hour * 60 + now.minute) // minutes}", {})

"""Celery's two tasks. Their messages say nothing but «look»: what there is to do stands in the job table."""

from time import monotonic

from celery import shared_task

from grants.jobs.bell import DRAIN, ring
from grants.jobs.daily import hand_over_todays
from grants.jobs.queue import drain

# Well below Celery's time limit, which kills a task in the middle of a job.
ROUND_SECONDS = 120


@shared_task(name=DRAIN, ignore_result=True)
def drain_jobs() -> int:
    """Do jobs for a while; where some are left, ring again, so that the workers share them."""
    until = monotonic() + ROUND_SECONDS
    done = 0
    while drain(limit=1):
        done += 1
        if monotonic() >= until:
            ring()
            break
    return done


@shared_task(name="grants.jobs.keep_the_day", ignore_result=True)
def keep_the_day() -> None:
    """Hand over the jobs of today whose hour has come."""
    hand_over_todays()

"""The queue of record: jobs are rows, handed over in the transaction of the change, taken one by one under a lease."""

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from grants.jobs.bell import ring
from grants.jobs.registry import handler_of
from grants.models import Job
from grants.shared.errors import Refused

# Longer than Celery's time limit for a task (300 s) and shorter than its visibility timeout (1200 s).
LEASE = timedelta(minutes=10)
MOST_ATTEMPTS = 8
# A failed job waits 5, 10, 20 ... seconds, never more than ten minutes.
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=10)
ERROR_LENGTH = 2_000

log = logging.getLogger("tilskudd.jobs")


def hand_over(kind: str, key: str, payload: Mapping[str, Any], *, not_before: datetime | None = None) -> Job:
    """Leave a job in the caller's transaction. The key names it: handing it over again gives back the first row.

    A job with a `not_before` waits until that moment.
    """
    new = {"kind": kind, "payload": dict(payload), "lease_until": not_before}
    job, is_new = Job.objects.get_or_create(key=key, defaults=new)
    if is_new:
        transaction.on_commit(ring, robust=True)
    elif (job.kind, job.payload) != (kind, dict(payload)):
        raise Refused(f'The job "{key}" was handed over before with another content. Give the new one another key.')
    return job


def hand_over_all(kind: str, payloads: Mapping[str, Mapping[str, Any]]) -> None:
    """Leave many jobs of a kind, by key, in the caller's transaction, and ring once."""
    Job.objects.bulk_create(
        (Job(kind=kind, key=key, payload=dict(payload)) for key, payload in payloads.items()),
        batch_size=500,
        ignore_conflicts=True,
    )
    transaction.on_commit(ring, robust=True)


def take(*, lease: timedelta = LEASE) -> Job | None:
    """Claim the next job for `lease`: one that waits and whose pause is over, or one whose lease has run out."""
    now = timezone.now()
    _stop_those_that_kill_their_worker(now)
    skip_locked = "FOR UPDATE SKIP LOCKED" if connection.features.has_select_for_update_skip_locked else ""
    moment = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        # One statement finds and claims, so that no two workers get the same row. An attempt counts when it begins.
        cursor.execute(
            "UPDATE grants_job SET state = 'taken', lease_until = %s, attempts = attempts + 1 WHERE id = ("  # noqa: S608
            "SELECT id FROM grants_job "
            "WHERE state IN ('waiting', 'taken') AND (lease_until IS NULL OR lease_until <= %s) "
            # +id: by the index on the state, not by walking along all the jobs that are done.
            f"ORDER BY +id LIMIT 1 {skip_locked}) RETURNING id",
            [moment(now + lease), moment(now)],
        )
        found = cursor.fetchone()
    return Job.objects.get(pk=found[0]) if found else None


def drain(limit: int | None = None) -> int:
    """Do the jobs that wait, until none is left or `limit` are done; the number of jobs that were tried."""
    tried = 0
    while (limit is None or tried < limit) and (job := take()) is not None:
        work(job)
        tried += 1
    return tried


def work(job: Job) -> None:
    """Do one claimed job. The handler opens its own transactions; what fails is tried again later, never dropped."""
    try:
        handler_of(job.kind)(job.payload)
    except Exception as fault:
        log.exception("Job %s (%s) failed on attempt %s.", job.pk, job.key, job.attempts)
        _put_back(job, f"{type(fault).__name__}: {fault}")
    else:
        _finish(job, state=Job.State.DONE, lease_until=None, last_error="", finished_at=timezone.now())


def pause_after(attempts: int) -> timedelta:
    """How long a job waits after a failed attempt."""
    return min(FIRST_PAUSE * (1 << (attempts - 1)), LONGEST_PAUSE)


def retry(job_id: int) -> Job:
    """Let a dead job be tried again from the start."""
    revived = Job.objects.filter(pk=job_id, state=Job.State.DEAD).update(
        state=Job.State.WAITING, attempts=0, lease_until=None, finished_at=None
    )
    if not revived:
        job = Job.objects.filter(pk=job_id).first()
        raise Refused(
            f"Job {job_id} is {job.state}: only a dead job can be tried again." if job else f"There is no job {job_id}."
        )
    transaction.on_commit(ring, robust=True)
    return Job.objects.get(pk=job_id)


def counts() -> dict[str, int]:
    """How many jobs there are in each state, zeroes included."""
    found = {state.value: 0 for state in Job.State}
    for state in found:
        found[state] = Job.objects.filter(state=state).count()
    return found


def oldest_waiting(now: datetime) -> timedelta | None:
    """How long the oldest job has waited that could be done now. A job in its pause, or in work, does not count."""
    ready = Q(state=Job.State.WAITING) & (Q(lease_until=None) | Q(lease_until__lte=now))
    left = Q(state=Job.State.TAKEN, lease_until__lte=now)
    since: Iterable[tuple[datetime, datetime | None]] = (
        Job.objects.filter(ready | left).order_by("pk").values_list("created_at", "lease_until")[:1]
    )
    return next((now - (lease_until or created_at) for created_at, lease_until in since), None)


def _put_back(job: Job, error: str) -> None:
    error = error[:ERROR_LENGTH].replace("\x00", "")
    if job.attempts >= MOST_ATTEMPTS:
        log.error("Job %s (%s) is dead after %s attempts: see `manage.py jobs`.", job.pk, job.key, job.attempts)
        _finish(job, state=Job.State.DEAD, lease_until=None, last_error=error, finished_at=timezone.now())
    else:
        _finish(job, state=Job.State.WAITING, lease_until=timezone.now() + pause_after(job.attempts), last_error=error)


def _finish(job: Job, **changes: Any) -> None:
    """Write the outcome, if the job is still ours: a worker that overran its lease may have lost it to another."""
    still_ours = Job.objects.filter(pk=job.pk, state=Job.State.TAKEN, attempts=job.attempts)
    if not still_ours.update(**changes):
        log.warning("Job %s (%s) took longer than its lease and was taken by another worker.", job.pk, job.key)


def _stop_those_that_kill_their_worker(now: datetime) -> None:
    """A job whose worker vanished on the last attempt is dead too, or it would take down one worker after another."""
    Job.objects.filter(state=Job.State.TAKEN, lease_until__lte=now, attempts__gte=MOST_ATTEMPTS).update(
        state=Job.State.DEAD,
        lease_until=None,
        finished_at=now,
        last_error=f"The worker vanished, or took longer than {LEASE}, on the last attempt.",
    )

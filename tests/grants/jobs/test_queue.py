"""The queue of record: what is handed over is done, once where it can be, again where it must be, and never dropped."""

import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping
from datetime import timedelta
from io import StringIO
from time import monotonic
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.utils import timezone

from grants.jobs import registry
from grants.jobs.queue import MOST_ATTEMPTS, drain, hand_over, hand_over_all, oldest_waiting, pause_after, take, work
from grants.models import Job
from grants.shared.errors import Refused
from tests.grants.jobs.processes import PROJECT, PYTHON, environment

NOBODY_LISTENS = "redis://127.0.0.1:1/0"
Handlers = dict[str, registry.Handler]


@pytest.fixture
def handlers(monkeypatch: pytest.MonkeyPatch) -> Iterator[Handlers]:
    """The handlers that a test registers, and no others."""
    ours: Handlers = {}
    monkeypatch.setattr(registry, "HANDLERS", ours)
    yield ours


def gather(done: list[Any]) -> registry.Handler:
    """A handler that notes what it was asked."""

    def handler(payload: Mapping[str, Any]) -> None:
        done.append(payload["n"])

    return handler


def fail(payload: Mapping[str, Any]) -> None:
    raise RuntimeError("the printer is out of paper")


def pauses_are_over() -> None:
    Job.objects.filter(lease_until__isnull=False).update(lease_until=timezone.now() - timedelta(seconds=1))


# --- Handing over -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_handing_over_twice_makes_one_row():
    first = hand_over("note", "note:1", {"n": 1})

    assert hand_over("note", "note:1", {"n": 1}) == first
    assert Job.objects.count() == 1


@pytest.mark.django_db
def test_the_same_key_with_another_content_is_refused():
    hand_over("note", "note:1", {"n": 1})

    with pytest.raises(Refused, match="note:1"):
        hand_over("note", "note:1", {"n": 2})


@pytest.mark.django_db
def test_many_are_handed_over_at_once_and_again_without_doubles():
    payloads = {f"note:{n}": {"n": n} for n in range(1200)}

    hand_over_all("note", payloads)
    hand_over_all("note", payloads)

    assert Job.objects.filter(state=Job.State.WAITING).count() == 1200


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_rolled_back_leaves_no_job():
    with pytest.raises(RuntimeError), transaction.atomic():
        hand_over("note", "note:1", {"n": 1})
        raise RuntimeError

    assert not Job.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_change_is_saved_although_redis_is_down(settings, handlers, caplog):
    settings.REDIS_URL = NOBODY_LISTENS
    done: list[int] = []
    handlers["note"] = gather(done)
    began = monotonic()
    later: list[str] = []

    with transaction.atomic():
        hand_over("note", "note:1", {"n": 1})
        transaction.on_commit(lambda: later.append("ran"))

    assert monotonic() - began < 5
    assert later == ["ran"], "what else waits for the commit runs too"
    assert "bell did not ring" in caplog.text
    assert drain() == 1
    assert done == [1]


# --- Taking -----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_job_is_taken_once_and_the_oldest_first():
    first, second = hand_over("note", "a", {"n": 1}), hand_over("note", "b", {"n": 2})

    taken = [take(), take(), take()]

    assert taken == [first, second, None]
    assert taken[0].state == Job.State.TAKEN
    assert taken[0].attempts == 1
    assert taken[0].lease_until > timezone.now() + timedelta(seconds=300), "longer than Celery's time limit"


@pytest.mark.django_db
def test_a_job_whose_lease_has_run_out_is_taken_again():
    job = hand_over("note", "a", {"n": 1})
    assert take(lease=timedelta(seconds=-1)) == job

    again = take()

    assert again == job
    assert again.attempts == 2


@pytest.mark.django_db
def test_a_worker_that_overran_its_lease_does_not_speak_for_the_one_who_took_over(handlers):
    hand_over("note", "a", {"n": 1})
    late = take(lease=timedelta(seconds=-1))
    take()
    handlers["note"] = gather([])

    work(late)

    assert Job.objects.get().state == Job.State.TAKEN


@pytest.mark.django_db(transaction=True)
def test_each_job_is_done_by_one_of_four_workers(handlers):
    done: list[int] = []
    handlers["note"] = gather(done)
    hand_over_all("note", {f"note:{n}": {"n": n} for n in range(60)})

    def worker() -> None:
        try:
            drain()
        finally:
            connections.close_all()

    workers = [threading.Thread(target=worker) for _ in range(4)]
    for thread in workers:
        thread.start()
    for thread in workers:
        thread.join()

    assert sorted(done) == list(range(60))
    assert set(Job.objects.values_list("state", "attempts")) == {("done", 1)}


@pytest.mark.django_db
def test_taking_looks_at_the_jobs_that_wait_not_at_all_that_are_done():
    Job.objects.bulk_create(Job(kind="note", key=f"old:{n}", state=Job.State.DONE) for n in range(5000))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE grants_job")
    waiting = Job.objects.filter(state__in=["waiting", "taken"], lease_until=None).values("pk")

    assert "job_next_to_take" in waiting.explain()


# --- Failing ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_job_that_fails_waits_and_is_tried_again(handlers):
    done: list[int] = []
    handlers["note"] = fail
    hand_over("note", "a", {"n": 1})

    assert drain() == 1
    job = Job.objects.get()
    assert (job.state, job.attempts) == (Job.State.WAITING, 1)
    assert "out of paper" in job.last_error
    assert drain() == 0, "not before its pause is over"

    handlers["note"] = gather(done)
    pauses_are_over()
    assert drain() == 1
    job.refresh_from_db()
    assert (job.state, job.attempts, job.last_error, done) == (Job.State.DONE, 2, "", [1])
    assert job.finished_at is not None


def test_the_pauses_grow_to_ten_minutes():
    assert [pause_after(n).total_seconds() for n in (1, 2, 3, 7, 8, 30)] == [5, 10, 20, 320, 600, 600]


@pytest.mark.django_db
def test_a_job_that_fails_does_not_stop_the_next(handlers):
    done: list[int] = []
    handlers.update(bad=fail, note=gather(done))
    hand_over("bad", "a", {})
    hand_over("note", "b", {"n": 2})

    assert drain() == 2
    assert done == [2]


@pytest.mark.django_db
def test_a_job_is_dead_after_eight_attempts_and_stays_on_the_list(handlers):
    handlers["note"] = fail
    hand_over("note", "a", {"n": 1})

    for _ in range(MOST_ATTEMPTS + 3):
        pauses_are_over()
        drain()

    job = Job.objects.get()
    assert (job.state, job.attempts) == (Job.State.DEAD, 8)
    assert "out of paper" in job.last_error


@pytest.mark.django_db
def test_a_job_that_kills_its_worker_every_time_is_dead_too():
    hand_over("note", "a", {"n": 1})
    for _ in range(MOST_ATTEMPTS):
        assert take(lease=timedelta(seconds=-1)) is not None

    assert take() is None
    assert Job.objects.get().state == Job.State.DEAD


@pytest.mark.django_db
def test_a_kind_that_nobody_knows_is_kept_with_the_reason(handlers):
    hand_over("riddle", "a", {})

    drain()

    assert "riddle" in Job.objects.get().last_error


def test_two_functions_may_not_want_the_same_kind(handlers):
    registry.job("note")(fail)

    with pytest.raises(ValueError, match="note"):
        registry.job("note")(gather([]))


@pytest.mark.django_db
def test_how_long_the_oldest_has_waited_leaves_out_pauses_and_work(handlers):
    now = timezone.now()
    assert oldest_waiting(now) is None
    handlers["note"] = fail
    hand_over("note", "a", {"n": 1})
    drain()
    assert oldest_waiting(now) is None, "it is in its pause"

    hand_over("note", "b", {"n": 2})
    Job.objects.filter(key="b").update(created_at=now - timedelta(hours=1))
    assert oldest_waiting(now) == timedelta(hours=1)
    take()
    assert oldest_waiting(now) is None, "it is in work"


# --- The commands -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_jobs_command_lists_the_dead_and_tries_them_again(handlers):
    done: list[int] = []
    handlers["note"] = gather(done)
    dead = Job.objects.create(
        kind="note", key="a", payload={"n": 1}, state="dead", attempts=8, last_error="RuntimeError: out of paper\n..."
    )
    out = StringIO()

    call_command("jobs", stdout=out)
    assert f"dead {dead.pk} a after 8 attempts: RuntimeError: out of paper" in out.getvalue()

    call_command("jobs", retry=dead.pk, stdout=out)
    drain()
    assert done == [1]


@pytest.mark.django_db
def test_only_a_dead_job_can_be_tried_again():
    job = hand_over("note", "a", {"n": 1})

    with pytest.raises(CommandError, match="only a dead job"):
        call_command("jobs", retry=job.pk)
    with pytest.raises(CommandError, match="There is no job"):
        call_command("jobs", retry=job.pk + 1)


@pytest.mark.django_db
def test_the_worker_stops_by_itself_when_told_once_and_gives_the_signals_back(handlers):
    done: list[int] = []
    handlers["note"] = gather(done)
    hand_over("note", "a", {"n": 1})
    before = signal.getsignal(signal.SIGTERM)
    out = StringIO()

    call_command("worker", once=True, stdout=out)

    assert done == [1]
    assert "1 jobs" in out.getvalue()
    assert signal.getsignal(signal.SIGTERM) == before


# --- Other processes --------------------------------------------------------------------------------------------------

WORKER = """
import os, signal, sys, time, django
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
django.setup()
from django.core.management import call_command
from grants.jobs.registry import job

@job("slow")
def slow(payload):
    print("began", flush=True)
    time.sleep(1)

@job("deadly")
def deadly(payload):
    os.kill(os.getpid(), signal.SIGKILL)

call_command("worker", every=0.1)
"""


def start_worker() -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [PYTHON, "-c", WORKER],
        cwd=PROJECT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_told_to_stop_finishes_the_job_in_hand():
    hand_over_all("slow", {"slow:1": {}, "slow:2": {}})

    with start_worker() as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "began\n"
        worker.terminate()
        _, errors = worker.communicate(timeout=30)

    assert worker.returncode == 0, errors
    assert list(Job.objects.order_by("pk").values_list("state", flat=True)) == ["done", "waiting"]


@pytest.mark.django_db(transaction=True)
def test_a_job_survives_the_death_of_its_worker(handlers):
    done: list[int] = []
    handlers["deadly"] = gather(done)
    hand_over("deadly", "a", {"n": 1})

    with start_worker() as worker:
        worker.communicate(timeout=30)
    assert worker.returncode == -signal.SIGKILL
    assert drain() == 0, "the lease still holds"

    pauses_are_over()
    assert drain() == 1
    assert done == [1]
    assert Job.objects.get().attempts == 2

"""The bell for real: a Celery worker is woken through Redis and does the job that stands in the table."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction

from grants.jobs import tasks
from grants.jobs.bell import DRAIN
from grants.jobs.queue import hand_over
from grants.models import EntitlementRun, Job
from grants.services.approve_run import approve_run
from grants.services.prepare_run import prepare_run
from tests.factories.register import appropriate, finance, settle
from tests.grants.jobs.processes import PROJECT, PYTHON, environment, wait_until

OUR_OWN_DATABASE = 13  # of Redis, so that no other worker answers our bell


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    """The Redis that REDIS_URL names, else one that we start ourselves."""
    named = os.environ.get("REDIS_URL")
    if named:
        yield f"{named.rsplit('/', 1)[0] if named.count('/') > 2 else named}/{OUR_OWN_DATABASE}"
        return
    server = shutil.which("redis-server")
    if server is None:
        pytest.skip("Celery was not tried: REDIS_URL is not set, and there is no redis-server to start.")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [server, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as redis:
        try:
            assert wait_until(lambda: _answers(port), seconds=10)
            yield f"redis://127.0.0.1:{port}/{OUR_OWN_DATABASE}"
        finally:
            redis.terminate()


def _answers(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def celery_worker(redis_url: str, transactional_db: None, tmp_path: Path) -> Iterator[Path]:
    """A Celery worker on the test's database, as it runs in production; its log."""
    log = tmp_path / "celery.log"
    command = [PYTHON, "-m", "celery", "-A", "config", "worker", "--pool", "prefork", "--concurrency", "1"]
    command += ["--without-gossip", "--without-mingle", "--loglevel", "INFO"]
    with (
        log.open("w") as out,
        subprocess.Popen(command, cwd=PROJECT, env=environment(REDIS_URL=redis_url), stdout=out, stderr=out) as worker,
    ):
        try:
            yield log
        finally:
            worker.terminate()
            try:
                worker.wait(timeout=15)
            except subprocess.TimeoutExpired:
                worker.kill()


@pytest.mark.django_db(transaction=True)
def test_a_celery_worker_is_woken_and_makes_the_letters_of_a_run(settings, redis_url, celery_worker):
    settings.REDIS_URL = redis_url
    settle("P1")
    appropriate()
    run = prepare_run("integration", 2017, 1, by=finance("a"))

    with transaction.atomic():
        approve_run(run, by=finance("b"))

    done = wait_until(lambda: Job.objects.filter(kind="run_letter", state=Job.State.DONE).count() == 1, seconds=60)
    assert done, celery_worker.read_text()
    assert wait_until(lambda: not Job.objects.exclude(state=Job.State.DONE).exists(), seconds=60)  # it is delivered too
    assert EntitlementRun.objects.get().letters.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_task_does_what_waits_and_says_how_much():
    hand_over("riddle", "a", {})

    assert tasks.drain_jobs.name == DRAIN
    assert tasks.drain_jobs() == 1
    assert tasks.drain_jobs() == 0


@pytest.mark.django_db
def test_the_task_leaves_in_time_and_rings_for_the_rest(monkeypatch):
    rung: list[bool] = []
    monkeypatch.setattr(tasks, "ROUND_SECONDS", 0)
    monkeypatch.setattr(tasks, "ring", lambda: rung.append(True))
    hand_over("riddle", "a", {})
    hand_over("riddle", "b", {})

    assert tasks.drain_jobs() == 1
    assert rung == [True]
    assert Job.objects.filter(attempts=0).count() == 1

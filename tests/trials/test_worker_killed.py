"""A worker killed fifty times while it makes letters: none is lost, none is made twice. A careless worker loses some."""

import random

import pytest

from grants.law.municipalities import MUNICIPALITIES
from tests.trials.conftest import register_file
from tests.trials.office import Office, kill_after

KILLS = 50
# A worker that says «done» before it has done it: what the trial must be able to see.
CARELESS = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
django.setup()
from grants.jobs import queue
careful = queue.handler_of
while (job := queue.take()) is not None:
    queue._finish(job, state="done", lease_until=None, last_error="")
    careful(job.kind)(job.payload)
"""
pytestmark = [pytest.mark.trial, pytest.mark.timeout(1200)]


@pytest.fixture
def letters(office: Office) -> int:
    """An approved run whose letters wait; how many."""
    numbers = sorted(
        number for number, known in MUNICIPALITIES.items() if known.valid_to is None and known.valid_from is None
    )[:250]
    office.run("import_register", register_file(office.folder, numbers))
    office.run("run_entitlements", "integration", "2017", "--term", "4", "--by", "a")
    office.run("approve_run", str(office.ask("SELECT max(id) FROM grants_entitlementrun")), "--by", "b")
    return len(numbers)


def time_passes(office: Office) -> None:
    """The leases of those that were killed run out, and pauses are over."""
    office.do("UPDATE grants_job SET lease_until = NULL WHERE state IN ('taken', 'waiting')")


def test_nothing_is_lost_and_nothing_is_done_twice(office: Office, letters: int):
    rnd = random.Random(7)
    kills = 0
    for _ in range(4 * KILLS):
        kills += kill_after(rnd.uniform(0.6, 2.2), office.start("worker", "--once"))
        time_passes(office)
        if kills == KILLS or office.count("grants_letter") == letters:
            break
    while office.count("grants_job", "state IN ('waiting', 'taken')"):
        time_passes(office)
        office.run("worker", "--once")

    assert kills >= KILLS // 2, "the worker was too quick to be killed often enough"
    assert office.count("grants_letter") == letters
    assert office.ask("SELECT count(DISTINCT recipient_id) FROM grants_letter") == letters
    assert office.count("grants_personlook", "what LIKE '%made'") == letters
    assert office.count("grants_job", "state = 'dead'") == 0


def test_the_trial_can_fail(office: Office, letters: int):
    rnd = random.Random(7)
    for _ in range(8):
        kill_after(rnd.uniform(1.6, 2.6), office.start_python(CARELESS))
        time_passes(office)
    office.run("worker", "--once")

    assert office.count("grants_letter") < letters

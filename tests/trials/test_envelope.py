"""However many press at once: an envelope is never passed, and a round whose worker is killed decides each case once."""

import json
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.factories.cases import APPLIED_ORE
from tests.trials.office import Office, kill_after

PROCESSES, EACH, FIT = 16, 25, 100
CASES, KILLS = 120, 30
GRANTED = "SELECT sum(amount_ore) FROM applications_decision WHERE state = 'decided'"
COMMITTED = "SELECT sum(amount_ore) FROM grants_ledgerentry WHERE credit = 'committed'"
pytestmark = [pytest.mark.trial, pytest.mark.timeout(1800)]


@pytest.fixture
def bare_office(tmp_path: Path) -> Iterator[Office]:
    """An office with nothing in it."""
    made = Office(tmp_path)
    yield made
    made.close()


def run(office: Office, what: str, *arguments: int) -> str:
    process = office.start_module("tests.trials.decisions", what, *map(str, arguments))
    out, err = process.communicate(timeout=900)
    assert process.returncode == 0, err.decode()
    return out.decode()


def press(office: Office, processes: int) -> Counter[str]:
    """All at once, each with its own part of the proposals: what came of them in all."""
    started = [
        office.start_module("tests.trials.decisions", "decide_some", str(number), str(processes), "7")
        for number in range(processes)
    ]
    came: Counter[str] = Counter()
    for process in started:
        out, err = process.communicate(timeout=900)
        assert process.returncode == 0, err.decode()
        came.update(json.loads(out))
    return came


def time_passes(office: Office) -> None:
    """The leases of those that were killed run out, and pauses are over."""
    office.do("UPDATE grants_job SET lease_until = NULL WHERE state IN ('taken', 'waiting')")


def test_exactly_as_many_are_granted_as_fit_in_the_envelope(bare_office: Office):
    run(bare_office, "lay_out", 1, PROCESSES * EACH, FIT)

    came = press(bare_office, PROCESSES)

    assert came["decided"] == FIT
    assert came["decided"] + came["OverBudget"] + came["ChangedSince"] == PROCESSES * EACH
    assert bare_office.ask(GRANTED) == bare_office.ask(COMMITTED) == FIT * APPLIED_ORE
    assert bare_office.count("grants_approval") == FIT
    # Those that lost stand as they were, and can be decided when there is room.
    assert bare_office.count("applications_application", "state = 'proposed'") == PROCESSES * EACH - FIT


def test_decisions_over_five_envelopes_in_random_order_never_wait_for_each_other(bare_office: Office):
    run(bare_office, "lay_out", 5, 8, 6)

    came = press(bare_office, 8)

    assert came == {"decided": 30, "OverBudget": 10}
    assert bare_office.ask(GRANTED) == bare_office.ask(COMMITTED) == 30 * APPLIED_ORE


def test_a_round_whose_worker_is_killed_decides_each_case_once_and_makes_each_letter_once(bare_office: Office):
    run(bare_office, "lay_out", 1, CASES, CASES)
    run(bare_office, "start_round", 1)
    rnd = random.Random(11)
    kills = 0
    for _ in range(4 * KILLS):
        kills += kill_after(rnd.uniform(1.0, 3.0), bare_office.start("worker", "--once"))
        time_passes(bare_office)
        if kills == KILLS or not bare_office.count("grants_job", "state IN ('waiting', 'taken')"):
            break
    while bare_office.count("grants_job", "state IN ('waiting', 'taken')"):
        time_passes(bare_office)
        bare_office.run("worker", "--once")

    assert kills >= KILLS // 2, "the worker was too quick to be killed often enough"
    assert bare_office.count("grants_job", "state = 'dead'") == 0
    assert bare_office.count("applications_batchline", "state = 'done'") == CASES
    assert bare_office.count("applications_application", "state = 'granted'") == CASES
    assert bare_office.count("grants_approval") == bare_office.count("grants_ledgerentry") == CASES
    assert bare_office.count("applications_casedocument", "kind LIKE 'decision:%'") == CASES
    assert bare_office.count("applications_casedocument") == 2 * CASES  # the application that came in, and the letter
    assert bare_office.count("applications_caseevent", "verb = 'letter'") == CASES
    assert bare_office.ask(GRANTED) == bare_office.ask(COMMITTED) == CASES * APPLIED_ORE

"""Eight processes press at once: a run is approved once, one of two runs prepared side by side is booked, a job done once."""

import pytest

from tests.trials.conftest import register_file
from tests.trials.office import Office

PROCESSES = 8
MUNICIPALITIES = ["0101", "0104", "0105", "0106", "0111", "0118"]
pytestmark = pytest.mark.trial
OWED = "SELECT sum(CASE WHEN credit = 'owed' THEN amount_ore ELSE -amount_ore END) FROM grants_ledgerentry"


def press(office: Office, *commands: tuple[str, ...]) -> list[str]:
    """Start all of them, and wait: what each said on standard error, empty where it succeeded."""
    processes = [office.start(*command) for command in commands]
    said = []
    for process in processes:
        _, err = process.communicate(timeout=120)
        said.append(err.decode().strip() if process.returncode else "")
    return said


def test_a_run_is_approved_and_paid_once(office: Office):
    office.run("import_register", register_file(office.folder, MUNICIPALITIES, 20))
    office.run("run_entitlements", "integration", "2017", "--term", "4", "--by", "a")
    run = str(office.ask("SELECT max(id) FROM grants_entitlementrun"))

    approving = press(office, *[("approve_run", run, "--by", "bc"[n % 2]) for n in range(PROCESSES)])
    assert approving.count("") == 1
    assert all("already" in said for said in approving if said)
    paying = press(office, *[("mark_paid", run, "--by", "abc"[n % 3]) for n in range(PROCESSES)])
    assert paying.count("") == 1

    total = len(MUNICIPALITIES) * 20 * 230_000_00
    assert office.ask("SELECT sum(amount_ore) FROM grants_ledgerentry WHERE credit = 'owed'") == total
    assert office.ask("SELECT sum(amount_ore) FROM grants_ledgerentry WHERE credit = 'paid'") == total


def test_one_of_two_runs_prepared_side_by_side_is_booked(office: Office):
    office.run("import_register", register_file(office.folder, MUNICIPALITIES, 20))
    for _ in range(2):
        office.run("run_entitlements", "integration", "2017", "--term", "4", "--by", "a")
    last = office.ask("SELECT max(id) FROM grants_entitlementrun")

    said = press(office, *[("approve_run", str(last - n % 2), "--by", "b") for n in range(PROCESSES)])

    assert said.count("") == 1
    assert office.ask(OWED) == len(MUNICIPALITIES) * 20 * 230_000_00

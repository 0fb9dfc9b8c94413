"""A process that is killed in the middle of an import or a run leaves nothing half done, and the work can be done again."""

import random

import pytest

from tests.trials.conftest import register_file
from tests.trials.office import Office, kill_after

PERSONS = 6_000
pytestmark = pytest.mark.trial


def test_kill_9_in_an_import_and_in_runs_leaves_all_or_nothing(office: Office):
    rnd = random.Random(9)
    import_it = ("import_register", register_file(office.folder, ["0101"], PERSONS))
    assert kill_after(0.2, office.start(*import_it))
    for _ in range(4):
        kill_after(rnd.uniform(0.5, 1.6), office.start(*import_it))
        assert office.count("grants_settlementfact") in (0, PERSONS)
    office.run(*import_it)
    office.run(*import_it)
    assert office.count("grants_settlementfact") == office.count("grants_person") == PERSONS

    prepare = ("run_entitlements", "integration", "2017", "--term", "4", "--by", "a")
    for _ in range(6):
        kill_after(rnd.uniform(0.4, 1.8), office.start(*prepare))
        assert office.count("grants_entitlementrun", "state = 'preparing'") == 0
        assert office.count("grants_entitlementline") % (4 * PERSONS) == 0
    office.run(*prepare)
    run = str(office.ask("SELECT max(id) FROM grants_entitlementrun"))

    for command in (("approve_run", run, "--by", "b"), ("mark_paid", run, "--by", "a")):
        state = {"approve_run": "approved", "mark_paid": "paid"}[command[0]]
        for _ in range(5):
            if office.count("grants_entitlementrun", f"state = '{state}'"):
                break
            kill_after(rnd.uniform(0.4, 1.2), office.start(*command))
        if not office.count("grants_entitlementrun", f"state = '{state}'"):
            office.run(*command)
    paid = office.ask("SELECT sum(amount_ore) FROM grants_ledgerentry WHERE debit = 'owed' AND credit = 'paid'")
    assert paid == PERSONS * 230_000_00

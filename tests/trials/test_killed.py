"""A process that is killed in the middle of an import or a run leaves nothing half done, and the work can be done again."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PERSONS = 6_000
HEADER = "person_ref,born_on,category,settled_on,kommunenummer,grant_years,from_institution,counts_for_request\n"
APPROPRIATION = (
    "kapittel,post,kapittelnavn,posttekst,stikkord,overfort_fra_i_fjor,arets_tildelinger\n"
    "0496,60,Bosetting,Integreringstilskudd,kan overføres,0,12102704000\n"
)


class Office:
    """A small directorate in a database of its own, reached only through the commands."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "office.sqlite3"
        self.env = os.environ | {
            "DATABASE_URL": f"sqlite:///{self.file}",
            "TILSKUDD_VAR": str(folder),
            "TILSKUDD_OPERATOR_APPROVAL": "1",
            "REDIS_URL": "",
        }

    def start(self, *command: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "manage.py", *command], cwd=ROOT, env=self.env, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip

    def run(self, *command: str) -> str:
        process = self.start(*command)
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err.decode()
        return out.decode()

    def kill_after(self, seconds: float, *command: str) -> bool:
        """Start a command and kill -9 it; True when it was still at work."""
        process = self.start(*command)
        try:
            process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return True
        process.communicate()
        return False

    def ask(self, sql: str) -> int:
        """One number from the database, read from outside."""
        with closing(sqlite3.connect(self.file)) as database:
            return int(database.execute(sql).fetchone()[0] or 0)

    def count(self, table: str, where: str = "1 = 1") -> int:
        return self.ask(f"SELECT count(*) FROM {table} WHERE {where}")


@pytest.mark.trial
def test_kill_9_in_an_import_and_in_runs_leaves_all_or_nothing(tmp_path):
    rnd = random.Random(9)
    office = Office(tmp_path)
    (tmp_path / "s.csv").write_text(
        HEADER + "".join(f"P{n},1985-06-01,adult,2016-05-10,0101,5,0,1\n" for n in range(PERSONS))
    )
    (tmp_path / "a.csv").write_text(APPROPRIATION)
    office.run("migrate", "-v", "0")
    for username in ("a", "b"):
        office.run("add_user", username, "--role", "finance")
    office.run("import_appropriations", str(tmp_path / "a.csv"), "--year", "2017")

    import_it = ("import_register", str(tmp_path / "s.csv"))
    started = time.monotonic()
    assert office.kill_after(0.2, *import_it)
    for _ in range(4):
        office.kill_after(rnd.uniform(0.5, 1.6), *import_it)
        assert office.count("grants_settlementfact") in (0, PERSONS)
    office.run(*import_it)
    office.run(*import_it)
    assert office.count("grants_settlementfact") == office.count("grants_person") == PERSONS

    prepare = ("run_entitlements", "integration", "2017", "--term", "4", "--by", "a")
    for _ in range(6):
        office.kill_after(rnd.uniform(0.4, 1.8), *prepare)
        assert office.count("grants_entitlementrun", "state = 'preparing'") == 0
        assert office.count("grants_entitlementline") % (4 * PERSONS) == 0
    office.run(*prepare)
    run = str(office.ask("SELECT max(id) FROM grants_entitlementrun"))

    for command in (("approve_run", run, "--by", "b"), ("mark_paid", run, "--by", "a")):
        state = {"approve_run": "approved", "mark_paid": "paid"}[command[0]]
        for _ in range(5):
            if office.count("grants_entitlementrun", f"state = '{state}'"):
                break
            office.kill_after(rnd.uniform(0.4, 1.2), *command)
        if not office.count("grants_entitlementrun", f"state = '{state}'"):
            office.run(*command)
    paid = office.ask("SELECT sum(amount_ore) FROM grants_ledgerentry WHERE debit = 'owed' AND credit = 'paid'")
    assert paid == PERSONS * 230_000_00
    assert time.monotonic() - started < 600

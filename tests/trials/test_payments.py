"""Seven hundred payments by processes that are killed fifty times, and eight that make batches of the same lines at once."""

import json
import os
import random
import re
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from config.demo.bank import NAMESPACE, answer_all
from tests.trials.office import Office
from tests.trials.test_envelope import time_passes

pytestmark = [pytest.mark.trial, pytest.mark.timeout(3000)]
PAYMENTS, DAYS, KILLS = 700, 140, 50
LINES, PROCESSES = 1_000, 8


class Bank(threading.Thread):
    """Takes every file, pays what it says, answers, and counts what each account has got and each name it has seen."""

    def __init__(self, folder: Path) -> None:
        super().__init__(daemon=True)
        self.folder, self.desk, self.open = folder, folder / "desk", True
        self.paid: Counter[str] = Counter()
        self.names: Counter[str] = Counter()
        for one in (folder / "out", folder / "in", self.desk / "out"):
            one.mkdir(parents=True, exist_ok=True)
        (self.desk / "in").symlink_to(folder / "in")
        self.known = folder / "known"
        self.known.touch()

    def run(self) -> None:
        while self.open:
            for path in sorted((self.folder / "out").glob("*.xml")):
                self.take(path)
            time.sleep(0.005)

    def take(self, path: Path) -> None:
        root = etree.fromstring(path.read_bytes())
        for one in root.iter(f"{NAMESPACE}CdtTrfTxInf"):
            text = {node.tag.removeprefix(NAMESPACE): (node.text or "").strip() for node in one.iter()}
            account = re.findall(r"[0-9]{11}", "".join(next(one.iter(f"{NAMESPACE}CdtrAcct")).itertext()))
            self.paid[account[0]] += round(float(text["InstdAmt"]) * 100)
            self.names[text["EndToEndId"]] += 1
        message = next(root.iter(f"{NAMESPACE}MsgId")).text or ""
        with self.known.open("a") as known:
            known.write(message.replace("-", "") + "\n")
        path.rename(self.desk / "out" / path.name)
        answer_all(self.desk)


@pytest.fixture
def paying_office(tmp_path: Path) -> Iterator[Office]:
    """An office with a payer's account, and a bank beside it."""
    made = Office(tmp_path)
    made.env |= {
        "TILSKUDD_BANK": "folder", "TILSKUDD_BANK_FOLDER": str(tmp_path / "bank"),
        "TILSKUDD_PAYER_ACCOUNT": "86011117947", "TILSKUDD_PAYER_BIC": "DNBANOKK",
    }  # fmt: skip
    yield made
    made.close()


def run(office: Office, *arguments: Any) -> Any:
    process = office.start_module("tests.trials.paying", *map(str, arguments))
    out, err = process.communicate(timeout=900)
    assert process.returncode == 0, err.decode()[-3000:]
    return json.loads(out.splitlines()[-1])


def killed_often(office: Office, bank: Bank, *arguments: Any) -> int:
    """Start the work again and again, and kill it each time a little after it has begun."""
    rnd, kills, ready = random.Random(17), 0, bank.folder / "ready"
    while kills < KILLS:
        ready.unlink(missing_ok=True)
        process = office.start_module("tests.trials.paying", *map(str, arguments))
        while not ready.exists() and process.poll() is None:
            time.sleep(0.01)
        time.sleep(rnd.uniform(0.0, 0.5))
        if process.poll() is not None:
            process.communicate()
            break
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        kills += 1
        time_passes(office)
    return kills


def owed_and_paid(office: Office) -> tuple[int, int]:
    lines = "SELECT sum(amount_ore) FROM grants_ledgerentry WHERE "
    return office.ask(lines + "credit = 'owed' AND debit = 'appropriation'"), office.ask(
        lines + "debit = 'owed' AND credit = 'paid'"
    )


def test_fifty_kills_lose_no_payment_and_make_none_twice(paying_office: Office):
    bank = Bank(paying_office.folder / "bank")
    wanted = {account: int(ore) for account, ore in run(paying_office, "lay_out", PAYMENTS, DAYS).items()}
    bank.start()
    kills = killed_often(paying_office, bank, "go_on", DAYS, bank.known)
    for _ in range(10):
        time_passes(paying_office)
        run(paying_office, "go_on", DAYS, bank.known)
        if not paying_office.count("grants_instalment", "settled_on IS NULL"):
            break
    bank.open = False
    bank.join()

    assert kills == KILLS, "the work was done before it could be killed often enough"
    assert bank.paid == wanted
    assert [name for name, times in bank.names.items() if times > 1] == []
    assert paying_office.count("grants_payment", "state = 'paid'") == paying_office.count("grants_payment") == PAYMENTS
    assert paying_office.count("grants_job", "state = 'dead'") == 0
    assert owed_and_paid(paying_office) == (sum(wanted.values()), sum(wanted.values()))
    assert paying_office.count("grants_ledgerentry", "credit = 'paid'") == PAYMENTS


def test_the_trial_sees_a_sender_that_pays_twice(paying_office: Office):
    """The control."""
    bank = Bank(paying_office.folder / "bank")
    bank.start()
    kills = killed_often(paying_office, bank, "careless", PAYMENTS)
    run(paying_office, "careless", PAYMENTS)
    time.sleep(1)
    bank.open = False
    bank.join()

    assert kills
    assert sum(bank.names.values()) > PAYMENTS


def test_eight_who_prepare_the_same_lines_put_each_in_one_file_that_is_the_same_bytes_each_time(paying_office: Office):
    run(paying_office, "lay_out", LINES, 1)
    started = [
        paying_office.start_module("tests.trials.paying", "make_batches", str(number)) for number in range(PROCESSES)
    ]
    for process in started:
        _out, err = process.communicate(timeout=900)
        assert process.returncode == 0, err.decode()[-3000:]

    assert run(paying_office, "lines") == {"lines": LINES, "different": LINES}
    first, second, third = (run(paying_office, "files") for _ in range(3))
    assert first and first == second == third

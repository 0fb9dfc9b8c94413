"""A sender killed fifty times while it drops files that a bank takes away: none is lost, none is there twice in silence."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from grants.bank.port import Folder, OutcomeUnknown

pytestmark = [pytest.mark.trial, pytest.mark.timeout(1200)]
FILES = 3_000
KILLS = 50
SENDER = """
import sys
from pathlib import Path
from grants.bank.port import Folder, OutcomeUnknown
folder, done = Folder(Path(sys.argv[1])), Path(sys.argv[2])
told = set(done.read_text().split()) if done.exists() else set()
with done.open("a") as log:
    for number in range(int(sys.argv[3])):
        name = f"{number}.xml"
        if name in told:
            continue
        try:
            folder.send(name, name, name.encode() * 100)
        except OutcomeUnknown:
            continue
        log.write(name + "\\n")
        log.flush()
"""
# A sender that keeps no record of its own: what the trial must be able to see.
CARELESS = SENDER.replace(
    "folder.send(name, name, name.encode() * 100)", "(folder.out / name).write_bytes(name.encode() * 100)"
)


class Bank(threading.Thread):
    """Takes away what it finds, and counts how often it has seen each file, and whether it was whole."""

    def __init__(self, folder: Path) -> None:
        super().__init__(daemon=True)
        self.folder, self.seen, self.broken, self.open = folder, Counter[str](), 0, True

    def run(self) -> None:
        while self.open:
            for path in self.folder.glob("*.xml"):
                self.seen[path.name] += 1
                self.broken += path.read_bytes() != path.name.encode() * 100
                path.unlink()
            time.sleep(0.001)


def killed_often(script: str, folder: Path) -> tuple[Bank, int]:
    rnd = random.Random(5)
    (folder / "out").mkdir()
    bank, kills, done = Bank(folder / "out"), 0, folder / "done"
    bank.start()
    while len(done.read_text().split() if done.exists() else ()) < FILES:
        sender = subprocess.Popen([sys.executable, "-c", script, str(folder), str(done), str(FILES)])
        if kills < KILLS:
            time.sleep(rnd.uniform(0.35, 0.6))
            if sender.poll() is None:
                os.kill(sender.pid, signal.SIGKILL)
                kills += 1
            sender.wait()
        else:
            sender.wait()
            break
    time.sleep(0.2)
    bank.open = False
    bank.join()
    return bank, kills


def unknown(folder: Path) -> set[str]:
    """Files that the port says it does not know the fate of."""
    found = set()
    for going in (folder / "sent").glob("*.going"):
        name = going.name.removesuffix(".going")
        try:
            Folder(folder).send(name, name, name.encode() * 100)
        except OutcomeUnknown:
            found.add(name)
    return found


def test_none_is_lost_and_none_is_twice(tmp_path: Path):
    bank, kills = killed_often(SENDER, tmp_path)
    left = unknown(tmp_path)
    everything = {f"{number}.xml" for number in range(FILES)}

    assert kills >= KILLS // 2
    assert bank.broken == 0
    assert [name for name, times in bank.seen.items() if times > 1] == []
    assert everything - set(bank.seen) <= left  # what never came is known to be unknown
    assert len(left) <= kills


def test_the_trial_can_fail(tmp_path: Path):
    bank, _kills = killed_often(CARELESS, tmp_path)

    assert bank.broken or [name for name, times in bank.seen.items() if times > 1]

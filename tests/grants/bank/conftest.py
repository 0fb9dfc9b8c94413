"""An independent bank (`mock-bank`), in a thread of its own, with our account in kroner and a clock that we move."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from mockbank.server import Config, make_server

from grants.bank.messages import BankMessage
from grants.bank.particulars import iban
from grants.bank.read import read
from tests.factories.payments import ACCOUNT

OPENING_ORE = 10_000_000_00
CLOSED = "12345678903"  # an account in the same bank that is closed


class MockBank:
    """The bank by its own control plane. Its first morning is 14 March 2017, a Tuesday."""

    def __init__(self, **config: Any) -> None:
        self.server = make_server(
            Config(port=0, quiet=True, clock="2017-03-14T09:00", timezone="Europe/Oslo", **config)
        )
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.http = httpx.Client(base_url=self.address)
        self.account(iban=iban(ACCOUNT), currency="NOK", balance=OPENING_ORE)
        self.http.patch("/_mock/accounts/INITECH", json={"iban": iban(CLOSED), "currency": "NOK"})
        for another in ("GLOBEX", "EURODIS"):  # in euros, and nothing to us
            self.http.patch(f"/_mock/accounts/{another}", json={"closed": True})

    def stop(self) -> None:
        self.http.close()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def account(self, **changes: Any) -> None:
        """Change our account: its behaviour, its balance."""
        assert self.http.patch("/_mock/accounts/ACME", json=changes).status_code == 200

    def takes(self, content: bytes) -> httpx.Response:
        return self.http.post("/payments", content=content)

    def days_pass(self, days: int) -> None:
        assert self.http.post(f"/_mock/advance?days={days}").status_code == 200

    def answers(self) -> list[BankMessage]:
        """What the bank has to tell that we have not fetched, read."""
        waiting = self.http.get("/_mock/mailbox").json()
        return [read(self.http.get(f"/_mock/mailbox/{each['id']}").content) for each in waiting]


@pytest.fixture
def start_bank() -> Iterator[Callable[..., MockBank]]:
    """Banks with settings of one's own."""
    started: list[MockBank] = []

    def start(**config: Any) -> MockBank:
        started.append(MockBank(**config))
        return started[-1]

    yield start
    for bank in started:
        bank.stop()


@pytest.fixture
def mock_bank(start_bank: Callable[..., MockBank]) -> MockBank:
    return start_bank()


@pytest.fixture
def folder_bank(start_bank: Callable[..., MockBank], tmp_path: Path) -> tuple[MockBank, Path]:
    """A bank that reads `out` and fills `in` of a folder."""
    for name in ("out", "in"):
        (tmp_path / name).mkdir()
    drop = {"drop_dir": str(tmp_path / "out"), "pickup_dir": str(tmp_path / "in"), "drop_settle_ms": 0}
    return start_bank(**drop), tmp_path

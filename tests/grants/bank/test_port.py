"""The way to the bank: sent once, refused, never got there, or nobody knows. Over a folder, and over HTTP that breaks."""

import json
import os
import socket
import stat
import struct
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from grants.bank import port as ports
from grants.bank.port import Answer, BankRefused, BankUnavailable, Folder, Http, OutcomeUnknown, Sent, bank
from grants.shared.errors import Refused
from tests.factories.attachments import nobody_at_home

CONTENT = b"<Document/>"


# --- A folder ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path, settled_seconds=0)


def names(path: Path) -> list[str]:
    return sorted(each.name for each in path.iterdir() if each.is_file())


def test_a_file_is_dropped_whole_and_once(folder: Folder):
    assert folder.send("k", "a.xml", CONTENT) == Sent(reference="a.xml")
    assert folder.send("k", "a.xml", CONTENT) == Sent(already=True, reference="a.xml")
    assert (names(folder.out), names(folder.sent)) == (["a.xml"], ["a.xml"])
    assert (folder.out / "a.xml").read_bytes() == CONTENT


def test_a_file_that_the_bank_has_fetched_is_not_dropped_again(folder: Folder):
    folder.send("k", "a.xml", CONTENT)
    (folder.out / "a.xml").unlink()

    assert folder.send("k", "a.xml", CONTENT).already
    assert folder.send("k", "a.xml", CONTENT, again=True).already
    assert names(folder.out) == []


def test_another_file_under_the_name_is_refused_and_the_first_stays(folder: Folder):
    folder.send("k", "a.xml", CONTENT)
    with pytest.raises(BankRefused, match=r"annen fil som heter a\.xml"):
        folder.send("k", "a.xml", b"<Another/>")
    (folder.sent / "a.xml").unlink()
    with pytest.raises(BankRefused):
        folder.send("k", "a.xml", b"<Another/>")

    assert (folder.out / "a.xml").read_bytes() == CONTENT


def test_a_file_put_there_by_somebody_meanwhile_is_not_written_over(folder: Folder, monkeypatch: pytest.MonkeyPatch):
    write = ports._write

    def slow(path: Path, content: bytes) -> Path:
        part = write(path, content)
        if path == folder.out:
            (folder.out / "a.xml").write_bytes(b"<Another/>")
        return part

    monkeypatch.setattr(ports, "_write", slow)
    with pytest.raises(BankRefused):
        folder.send("k", "a.xml", CONTENT)
    assert (folder.out / "a.xml").read_bytes() == b"<Another/>"


@pytest.mark.parametrize("fetched", [False, True])
def test_cut_off_after_the_drop(folder: Folder, monkeypatch: pytest.MonkeyPatch, fetched: bool):
    """The power goes before it is written down. Where the file lies there still, we know; where not, nobody does."""
    monkeypatch.setattr(Folder, "_remember", _power_goes)
    with pytest.raises(KeyboardInterrupt):
        folder.send("k", "a.xml", CONTENT)
    monkeypatch.undo()
    if fetched:
        (folder.out / "a.xml").unlink()
        for _ in range(2):
            with pytest.raises(OutcomeUnknown, match="banken kan ha den"):
                folder.send("k", "a.xml", CONTENT)
        assert names(folder.out) == []
        assert folder.send("k", "a.xml", CONTENT, again=True) == Sent(reference="a.xml")
    else:
        assert folder.send("k", "a.xml", CONTENT).already
    assert (names(folder.out), names(folder.sent)) == (["a.xml"], ["a.xml"])


def _power_goes(*args: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("step", ["mkstemp", "link", "fsync"])
def test_a_full_disk_sends_nothing_and_it_can_be_tried_again(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, step: str
):
    def full(*args: Any, **kwargs: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(ports.tempfile if step == "mkstemp" else ports.os, step, full)
    with pytest.raises(BankUnavailable, match="Ingenting er sendt"):
        folder.send("k", "a.xml", CONTENT)
    monkeypatch.undo()

    assert (names(folder.out), names(folder.sent)) == ([], [])
    assert folder.send("k", "a.xml", CONTENT) == Sent(reference="a.xml")


@pytest.mark.parametrize("name", ["", ".", "..", "../a.xml", "/etc/a", ".hidden", "a/b", "a\0b"])
def test_a_name_stays_in_its_folder(folder: Folder, name: str):
    with pytest.raises(BankRefused, match="navnet på en fil"):
        folder.send("k", name, CONTENT)
    with pytest.raises(BankRefused):
        folder.taken(Answer(name, name, b""))


def arrives(folder: Folder, name: str, content: bytes = b"x", age: int = 0) -> Path:
    folder.arrived.mkdir(parents=True, exist_ok=True)
    path = folder.arrived / name
    path.write_bytes(content)
    os.utime(path, (time.time() - age, time.time() - age))
    return path


def test_answers_wait_until_they_are_taken(folder: Folder):
    assert list(folder.fetch()) == []
    arrives(folder, "second.xml", b"2", age=10)
    arrives(folder, "first.xml", b"1", age=20)

    for _ in range(2):
        assert [(answer.name, answer.content) for answer in folder.fetch()] == [
            ("first.xml", b"1"),
            ("second.xml", b"2"),
        ]
    for answer in folder.fetch():
        folder.taken(answer)
        folder.taken(answer)
    assert list(folder.fetch()) == []
    assert names(folder.done) == ["first.xml", "second.xml"]


def test_what_is_taken_twice_under_one_name_is_kept_twice(folder: Folder):
    for content in (b"1", b"2", b"3"):
        arrives(folder, "a.xml", content)
        (answer,) = folder.fetch()
        folder.taken(answer)

    assert names(folder.done) == ["a.xml", "a.xml.2", "a.xml.3"]
    assert [(folder.done / name).read_bytes() for name in names(folder.done)] == [b"1", b"2", b"3"]


def test_what_is_not_a_whole_file_waits(tmp_path: Path):
    folder = Folder(tmp_path)
    arrives(folder, "being-written.xml")
    arrives(folder, "a.part", age=60)
    arrives(folder, ".hidden", age=60)
    secret = tmp_path / "secret"
    secret.write_text("hemmelig")
    (folder.arrived / "link.xml").symlink_to(secret)
    (folder.arrived / "folder.xml").mkdir()
    arrives(folder, "good.xml", age=60)
    arrives(folder, "from-a-clock-an-hour-ahead.xml", age=-3600)

    assert [answer.name for answer in folder.fetch()] == ["good.xml", "from-a-clock-an-hour-ahead.xml"]


def test_an_answer_that_is_too_large_is_told(folder: Folder, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ports, "MOST_BYTES", 10)
    arrives(folder, "a.xml", b"x" * 11)
    with pytest.raises(BankRefused, match="større enn noe svar vi leser"):
        list(folder.fetch())


def test_dropped_files_can_be_read_by_the_bank_s_program(folder: Folder):
    """Owner and group; the folder's own rights say who else."""
    folder.send("k", "a.xml", CONTENT)
    assert stat.S_IMODE((folder.out / "a.xml").stat().st_mode) == 0o640


# --- HTTP -------------------------------------------------------------------------------------------------------------


class Server:
    """A bank's address. `misbehaves` says when it breaks; `taken` are the effects, one for each key."""

    def __init__(self) -> None:
        self.misbehaves = ""
        self.status = 0
        self.taken: dict[str, bytes] = {}
        self.posts: list[tuple[str, bytes]] = []
        self.answers: dict[str, bytes] = {"1": b"<one/>", "2 / å": b"<two/>"}
        self.seen: list[str] = []
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.http.daemon_threads = True
        self.address = f"http://127.0.0.1:{self.http.server_address[1]}"
        self.thread = threading.Thread(target=self.http.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()

    def stop(self) -> None:
        self.http.shutdown()
        self.http.server_close()
        self.thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *args: object) -> None:
                pass

            def cut(self) -> None:
                """Hang up hard: the other side sees a reset."""
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
                self.close_connection = True

            def reply(self, status: int, body: bytes = b"", **headers: str) -> None:
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name.replace("_", "-"), value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self) -> None:
                when = server.misbehaves
                server.seen.append(self.headers.get("Authorization", ""))
                if when == "before reading":
                    return self.cut()
                body = self.rfile.read(int(self.headers["Content-Length"]))
                key = self.headers["Idempotency-Key"]
                server.posts.append((key, body))
                if when == "before taking":
                    return self.cut()
                if server.status:
                    return self.reply(server.status, b"sier nei", Location=server.address + "/elsewhere")
                before = key in server.taken
                server.taken.setdefault(key, body)
                if when == "before answering":
                    return self.cut()
                if when == "in the first line":
                    self.wfile.write(b"HTTP/1.1 20")
                    return self.cut()
                if when == "in the answer":
                    self.wfile.write(b"HTTP/1.1 202 Accepted\r\nContent-Length: 100\r\n\r\nhalf")
                    self.wfile.flush()
                    self.close_connection = True
                    return None
                if when == "for ever":
                    time.sleep(1.5)
                    return self.cut()
                return self.reply(202, b"{}", Location=f"/payments/{key}", Idempotency_Hit=str(before).lower())

            def do_GET(self) -> None:
                if server.status:
                    return self.reply(server.status)
                if self.path == "/answers":
                    listed = [{"id": key, "name": f"{key}.xml"} for key in server.answers]
                    body = b"[{" if server.misbehaves == "in JSON" else json.dumps(listed).encode()
                    return self.reply(200, b"{}" if server.misbehaves == "no list" else body)
                content = server.answers[httpx.URL(self.path).path.removeprefix("/answers/")]
                if server.misbehaves == "in the answer":
                    self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<half")
                    self.close_connection = True
                    return None
                return self.reply(200, content)

            def do_DELETE(self) -> None:
                if server.status:
                    return self.reply(server.status)
                found = server.answers.pop(httpx.URL(self.path).path.removeprefix("/answers/"), None)
                return self.reply(204 if found else 404)

        return Handler


@pytest.fixture
def server() -> Iterator[Server]:
    started = Server()
    yield started
    started.stop()


def test_a_file_is_posted_under_its_own_key(server: Server):
    port = Http(server.address, token="hemmelig")
    first, second = port.send("key-1", "a.xml", CONTENT), port.send("key-1", "a.xml", CONTENT)

    assert (first, second.already) == (Sent(reference="/payments/key-1"), True)
    assert server.taken == {"key-1": CONTENT}
    assert set(server.seen) == {"Bearer hemmelig"}


@pytest.mark.parametrize(
    "when", ["before reading", "before taking", "before answering", "in the first line", "in the answer"]
)
def test_a_line_that_breaks_leaves_it_unknown_and_the_same_key_clears_it(server: Server, when: str):
    port = Http(server.address)
    server.misbehaves = when
    with pytest.raises(OutcomeUnknown, match=r"a\.xml ble sendt"):
        port.send("key-1", "a.xml", CONTENT)
    taken = dict(server.taken)
    server.misbehaves = ""

    assert port.send("key-1", "a.xml", CONTENT, again=True).already == bool(taken)
    assert server.taken == {"key-1": CONTENT}
    assert {key for key, _ in server.posts} == {"key-1"}


def test_a_bank_that_never_answers_leaves_it_unknown(server: Server, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ports, "PATIENCE", httpx.Timeout(0.5))
    server.misbehaves = "for ever"
    with pytest.raises(OutcomeUnknown, match="ReadTimeout"):
        Http(server.address).send("key-1", "a.xml", CONTENT)
    assert server.taken == {"key-1": CONTENT}  # and it was there


def test_nobody_at_home_means_that_nothing_was_sent():
    with pytest.raises(BankUnavailable, match="Ingenting er sendt"):
        Http(f"http://{nobody_at_home()}").send("key-1", "a.xml", CONTENT)


@pytest.mark.parametrize(
    ("status", "means"),
    [
        *((status, BankRefused) for status in (301, 307, 400, 401, 403, 404, 413, 422)),
        *((status, BankUnavailable) for status in (425, 429)),
        *((status, OutcomeUnknown) for status in (408, 409, 418, 500, 502, 503, 504)),
    ],
)
def test_each_answer_means_one_of_three(server: Server, status: int, means: type[Exception]):
    server.status = status
    with pytest.raises(means, match=str(status)):
        Http(server.address).send("key-1", "a.xml", CONTENT)
    assert len(server.posts) == 1  # nobody follows it elsewhere, or tries again


def test_answers_are_fetched_until_they_are_taken(server: Server):
    port = Http(server.address)
    for _ in range(2):
        assert [(a.key, a.name, a.content) for a in port.fetch()] == [
            ("1", "1.xml", b"<one/>"), ("2 / å", "2 / å.xml", b"<two/>"),
        ]  # fmt: skip
    for answer in list(port.fetch()):
        port.taken(answer)
        port.taken(answer)
    assert (list(port.fetch()), server.answers) == ([], {})


@pytest.mark.parametrize("trouble", ["in JSON", "no list", "in the answer", "503"])
def test_answers_that_do_not_come_whole_wait(server: Server, trouble: str):
    port = Http(server.address)
    answer = Answer("1", "1.xml", b"")
    server.status, server.misbehaves = (503, "") if trouble == "503" else (0, trouble)
    with pytest.raises(BankUnavailable):
        list(port.fetch())
    if trouble == "503":
        with pytest.raises(BankUnavailable, match="hentet"):
            port.taken(answer)
    assert len(server.answers) == 2


def test_an_endless_answer_is_not_read_to_its_end(server: Server, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ports, "MOST_BYTES", 100)
    server.answers = {"1": b"x" * 101}
    with pytest.raises(BankRefused, match="større enn noe svar vi leser"):
        list(Http(server.address).fetch())


def test_payments_go_by_https_alone():
    with pytest.raises(Refused, match="https"):
        Http("http://bank.example")
    assert Http("https://bank.example/").address == "https://bank.example"


# --- Settings ---------------------------------------------------------------------------------------------------------


def test_the_settings_say_which_way(settings: Any, tmp_path: Path):
    assert isinstance(bank(), Folder)
    settings.BANK, settings.BANK_ADDRESS = "http", "https://bank.example"
    assert isinstance(bank(), Http)
    settings.BANK_ADDRESS = ""
    with pytest.raises(Refused, match="TILSKUDD_BANK_ADDRESS"):
        bank()
    settings.BANK = "pigeon"
    with pytest.raises(Refused, match="'pigeon'"):
        bank()

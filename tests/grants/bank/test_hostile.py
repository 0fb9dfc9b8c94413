"""Files that are broken or made to harm: refused whole, with the place; nothing fetched, little time and memory."""

import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from lxml import etree

from grants.bank import document
from grants.bank.messages import BankMessage, Kind
from grants.bank.read import read
from grants.bank.refusals import BadMessage
from tests.grants.bank.mutants import mutants, whole_files
from tests.other_bank import Account, Booking

SPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"
HEAD = f'<Document xmlns="{SPACE}"><BkToCstmrStmt>'
FOOT = "</BkToCstmrStmt></Document>"
MOST_SECONDS = 1.0
MOST_MEGABYTES = 100


# --- Mutants ----------------------------------------------------------------------------------------------------------


def judge(content: bytes) -> BankMessage | BadMessage:
    """What came of it. Any other exception is a crash, and fails the test."""
    try:
        return read(content)
    except BadMessage as refused:
        assert refused.line > 0
        assert f"linje {refused.line}" in str(refused).lower()
        assert len(str(refused)) < 1_500
        return refused


def sums_agree(message: BankMessage) -> bool:
    """What was read is right in itself, whatever the mutation did elsewhere in the file."""
    for statement in message.statements:
        booked = sum(entry.signed_ore for entry in statement.entries if entry.booked)
        if message.kind is Kind.STATEMENT and (statement.opening_ore or 0) + booked != statement.closing_ore:
            return False
        if any(e.details and sum(d.signed_ore for d in e.details) != e.signed_ore for e in statement.entries):
            return False
    return True


def run_mutants(number: int, seed: int) -> Counter[tuple[str, str]]:
    outcomes: Counter[tuple[str, str]] = Counter()
    for kind, content in mutants(number, seed):
        found = judge(content)
        refused = isinstance(found, BadMessage)
        outcomes[kind, "refused" if refused else "read"] += 1
        if not refused:
            assert sums_agree(found)
        if kind == "tree":
            outcomes["tree", "is XML"] += _is_xml(content)
    return outcomes


def _is_xml(content: bytes) -> bool:
    try:
        etree.fromstring(content)
    except etree.XMLSyntaxError:
        return False
    return True


def test_five_thousand_mutants_are_read_or_refused_and_none_crashes():
    outcomes = run_mutants(5_000, seed=20)

    assert outcomes["tree", "is XML"] == 2_500
    assert outcomes["bytes", "refused"] > 2_000
    assert outcomes["tree", "refused"] > 1_000
    assert outcomes["tree", "read"] > 100  # else the reader says no to everything


@pytest.mark.trial
@pytest.mark.timeout(1200)
def test_fifty_thousand_mutants():
    outcomes = run_mutants(50_000, seed=21)
    assert sum(outcomes[kind, what] for kind in ("bytes", "tree") for what in ("read", "refused")) == 50_000


def test_the_whole_files_that_mutants_are_made_of_are_good():
    assert len({read(file).version for file in whole_files()}) == 9


@pytest.mark.parametrize("file", whole_files(), ids=lambda file: read(file).version)
def test_a_file_cut_short_anywhere_is_refused(file: bytes):
    for end in range(0, len(file.rstrip()), 7):
        assert isinstance(judge(file[:end]), BadMessage)


# --- Bombs and entities -----------------------------------------------------------------------------------------------


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """An address nearby, and what was asked for there."""
    asked: list[str] = []

    class Hears(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<!ENTITY x 'hentet'>")

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hears)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}", asked
    server.shutdown()
    server.server_close()
    thread.join()


def bombs(address: str, secret: Path) -> dict[str, bytes]:
    """What others have tried on readers of XML."""
    laughs = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
    made = {
        "a file as an entity": f"<!DOCTYPE d [<!ENTITY x SYSTEM 'file://{secret}'>]>{HEAD}&x;{FOOT}",
        "an address as an entity": f"<!DOCTYPE d [<!ENTITY x SYSTEM '{address}/x'>]>{HEAD}&x;{FOOT}",
        "an external document type": f"<!DOCTYPE d SYSTEM '{address}/d.dtd'>{HEAD}{FOOT}",
        "a parameter entity": f"<!DOCTYPE d [<!ENTITY % p SYSTEM '{address}/p'> %p;]>{HEAD}&x;{FOOT}",
        "a billion laughs": f"<!DOCTYPE d [<!ENTITY l0 'ha'>{laughs}]>{HEAD}&l9;{FOOT}",
        "quadratic": f"<!DOCTYPE d [<!ENTITY x '{'a' * 50_000}'>]>{HEAD}{'&x;' * 50_000}{FOOT}",
        "an internal entity": f"<!DOCTYPE d [<!ENTITY x '1'>]>{HEAD}&x;{FOOT}",
        "an entity without a type": f"{HEAD}&x;{FOOT}",
        "depth": HEAD + "<a>" * 100_000 + "</a>" * 100_000 + FOOT,
        "depth a little": HEAD + "<a>" * 40 + "</a>" * 40 + FOOT,
        "an attribute of 20 MB": f"{HEAD}<a b='{'x' * 20 * 1024 * 1024}'/>{FOOT}",
        "a text of 20 MB": f"{HEAD}<GrpHdr><MsgId>{'x' * 20 * 1024 * 1024}</MsgId></GrpHdr>{FOOT}",
        "inclusion": f"{HEAD}<i:include xmlns:i='http://www.w3.org/2001/XInclude' href='{secret}' parse='text'/>{FOOT}",
        "a style sheet": f"<?xml-stylesheet href='{address}/s.xsl'?>{HEAD}{FOOT}",
        "a schema elsewhere": (HEAD + FOOT).replace(
            "<Document",
            f"<Document xmlns:i='http://www.w3.org/2001/XMLSchema-instance' i:schemaLocation='a {address}/a'",
        ),
        "many small elements": HEAD + "<a/>" * 2_000_000 + FOOT,
        "many attributes": HEAD + "<a " + " ".join(f"a{n}=''" for n in range(200_000)) + "/>" + FOOT,
        "too large": HEAD + " " * document.MOST_BYTES + FOOT,
    }
    encoded = {name: text.encode() for name, text in made.items()}
    utf_7 = "<?xml version='1.0' encoding='UTF-7'?>+ADwAIQ-DOCTYPE d+AD4-" + HEAD + FOOT
    encoded["UTF-7"] = utf_7.encode()
    encoded["UTF-16"] = (HEAD + FOOT).encode("utf-16")
    encoded["UTF-16 without a mark"] = ("<?xml version='1.0' encoding='UTF-16LE'?>" + HEAD + FOOT).encode("utf-16-le")
    encoded["Latin-1"] = f"<?xml version='1.0' encoding='ISO-8859-1'?>{HEAD}å{FOOT}".encode("iso-8859-1")
    encoded["Latin-1 that says nothing"] = f"{HEAD}å{FOOT}".encode("iso-8859-1")
    encoded["nothing"] = b""
    encoded["white space"] = b" \n" * 1_000
    encoded["no XML"] = b"%PDF-1.7"
    return encoded


NAMES = list(bombs("", Path()))


@pytest.mark.parametrize("name", NAMES)
def test_a_bomb_is_refused_without_a_bang(name: str, listener: tuple[str, list[str]], tmp_path: Path):
    address, asked = listener
    secret = tmp_path / "secret"
    secret.write_text("hemmelig")
    content = bombs(address, secret)[name]

    started = time.process_time()
    refused = judge(content)
    spent = time.process_time() - started

    assert isinstance(refused, BadMessage)
    assert "hemmelig" not in str(refused) and "hentet" not in str(refused)
    assert asked == []
    assert spent < MOST_SECONDS


IN_A_CHILD = """
import sys
from pathlib import Path
from grants.bank.read import read
from grants.bank.refusals import BadMessage
def tried(content):
    try:
        read(content)
    except BadMessage:
        pass
    (peak,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(peak.split()[1])  # kB; what the process has had at most
content = Path(sys.argv[1]).read_bytes()
before = tried(b"<a/>")
print((tried(content) - before) / 1024)
"""


def megabytes_for(content: bytes, folder: Path) -> float:
    """What reading takes beside the file itself, at most, in a process of its own."""
    (folder / "file.xml").write_bytes(content)
    done = subprocess.run(
        [sys.executable, "-c", IN_A_CHILD, str(folder / "file.xml")], capture_output=True, text=True, check=True
    )
    return float(done.stdout)


@pytest.mark.parametrize("name", [name for name, content in bombs("", Path()).items() if len(content) > 100_000])
def test_a_bomb_takes_little_memory(name: str, tmp_path: Path):
    assert megabytes_for(bombs("http://127.0.0.1:9", tmp_path)[name], tmp_path) < MOST_MEGABYTES


def test_as_many_elements_as_are_let_in_take_bounded_memory(tmp_path: Path):
    content = (HEAD + "<a>1</a>" * (document.MOST_ELEMENTS - 2) + FOOT).encode()

    assert "GrpHdr mangler" in str(judge(content))
    assert megabytes_for(content, tmp_path) < 2 * MOST_MEGABYTES


def test_memory_is_seen_where_it_is_taken(tmp_path: Path):
    entries = [Booking(-n) for n in range(1, 3_001)]

    assert 5 < megabytes_for(Account().statement(entries), tmp_path) < MOST_MEGABYTES


def test_ten_thousand_entries_are_read_in_seconds():
    bookings = [Booking(-n, ((f"{n:032x}", -n),)) for n in range(1, 10_001)]
    content = Account().statement(bookings, "08")

    started = time.process_time()
    (statement,) = read(content).statements
    spent = time.process_time() - started

    assert len(statement.entries) == 10_000
    assert spent < 10  # about 2 on an idle machine

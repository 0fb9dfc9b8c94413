"""What must not get in does not, what people have does, and neither takes long: a corpus made in code."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from grants.documents.gate import guarded
from grants.documents.gate.kinds import check_file, suffix_of
from grants.documents.gate.links import is_on_own_disk, may_be_followed
from grants.documents.gate.refusal import FileRefused
from tests.grants.documents.gate.hostile import hostile_files
from tests.grants.documents.gate.makers import pdf_with
from tests.grants.documents.gate.ordinary import ordinary_files

ROOT = Path(__file__).resolve().parents[4]
MOST_SECONDS = 1.0
MOST_KILOBYTES = 200 * 1024
# A small process that starts the gate, so that the kernel's figure is the gate's own and not that of the tests.
MEASURE = """
import resource, subprocess, sys
for path in sys.argv[1:]:
    command = [sys.executable, "-m", "grants.documents.gate", path, path.rpartition(".")[2]]
    subprocess.run(command, check=True, capture_output=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def answer_to(path: Path, name: str, content: bytes) -> tuple[str, float]:
    """Why a file is refused, empty when it is not, and the processor time it took to say so."""
    path.write_bytes(content)
    started = time.process_time()
    try:
        check_file(path, suffix_of(name))
    except FileRefused as refused:
        return str(refused), time.process_time() - started
    return "", time.process_time() - started


def test_no_hostile_file_is_let_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    files = list(hostile_files())
    answers = {what: answer_to(tmp_path / "fil", name, content) for what, name, content in files}

    let_in = [what for what, (why, _took) in answers.items() if not why]
    slowest = max(answers.items(), key=lambda entry: entry[1][1])
    with capsys.disabled():
        sys.stdout.write(
            f"\n{len(answers)} hostile files, {len(let_in)} let in; slowest {slowest[1][1]:.2f} s ({slowest[0]})\n"
        )
    assert let_in == []
    assert len(answers) == len(files) >= 60
    assert slowest[1][1] <= MOST_SECONDS


def test_no_ordinary_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    files = list(ordinary_files())
    answers = {what: answer_to(tmp_path / "fil", name, content) for what, name, content in files}

    refused = {what: why for what, (why, _took) in answers.items() if why}
    slowest = max(answers.items(), key=lambda entry: entry[1][1])
    with capsys.disabled():
        sys.stdout.write(
            f"\n{len(answers)} ordinary files, {len(refused)} refused; slowest {slowest[1][1]:.2f} s ({slowest[0]})\n"
        )
    assert refused == {}
    assert len(answers) == len(files) >= 30
    assert slowest[1][1] <= MOST_SECONDS


# --- At arm's length --------------------------------------------------------------------------------------------------


def test_the_process_of_the_gate_lets_in_and_refuses_as_the_gate_does(tmp_path: Path):
    good, bad = tmp_path / "god", tmp_path / "ond"
    good.write_bytes(pdf_with())
    bad.write_bytes(b"MZ")

    assert guarded.media_type_of(good, "pdf") == "application/pdf"
    with pytest.raises(FileRefused, match="innholdet er noe annet"):
        guarded.media_type_of(bad, "pdf")


def test_a_file_that_kills_the_process_is_refused_and_nothing_else_is_hurt(tmp_path: Path):
    with pytest.raises(FileRefused, match="for innviklet"):
        guarded.media_type_of(tmp_path / "finnes ikke", "pdf")


def test_the_gate_keeps_within_its_memory(tmp_path: Path):
    """The heaviest of the corpus, in the process that the server uses; the kernel says how much it took at most."""
    heavy = {"a bomb of many parts", "a stream of 160 MB in less than one", "ten thousand rows", "a photograph"}
    files = [entry for entry in (*hostile_files(), *ordinary_files()) if entry[0] in heavy]
    for number, (_what, name, content) in enumerate(files):
        (tmp_path / f"{number}.{suffix_of(name)}").write_bytes(content)

    done = subprocess.run(
        [sys.executable, "-c", MEASURE, *map(str, tmp_path.iterdir())], cwd=ROOT, capture_output=True, check=True
    )

    assert len(files) == len(heavy)
    assert int(done.stdout.split()[-1]) <= MOST_KILOBYTES


# --- Addresses --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "followed"),
    [
        ("https://www.imdi.no", True), ("mailto:a@b.no", True), ("#kapittel", True), ("vedlegg.pdf", True),
        ("javascript:alert(1)", False), ("java\nscript:alert(1)", False), (" file:///c:/a", False), ("\\\\ond\\a", False),
        ("//ond/a", False), ("/\\ond/a", False), ("search-ms:query=a", False),
    ],
)  # fmt: skip
def test_a_link_leads_to_the_web_or_stays_inside(address: str, followed: bool):
    assert may_be_followed(address) is followed


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("file:///C:\\maler\\brev.dotx", True), ("C:/maler/brev.dotx", True), ("Normal.dotm", True),
        ("file://tjener/brev.dotx", False), ("\\\\tjener\\brev.dotx", False), ("https://a.no/brev.dotx", False),
        ("file:////tjener/brev.dotx", False), ("file:///\\\\tjener\\brev.dotx", False),
    ],
)  # fmt: skip
def test_a_template_lies_on_the_own_disk(address: str, own: bool):
    assert is_on_own_disk(address) is own

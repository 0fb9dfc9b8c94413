"""The scanner's port against a server that speaks clamd's protocol: what is clean, what is not, and nobody at home."""

from io import BytesIO
from typing import Any

import pytest

from grants.documents.scanner import Clamd, Scan, ScannerUnavailable, scanner
from tests.factories.attachments import EICAR, fake_clamd, nobody_at_home


def test_a_file_is_sent_in_pieces_and_the_verdict_is_read():
    with fake_clamd() as address:
        assert Clamd(address).is_there()
        assert Clamd(address).scan(BytesIO(b"x" * 100_000)) == Scan(clean=True)
        assert Clamd(address).scan(BytesIO(b"y" * 5_000 + EICAR)) == Scan(clean=False, found="Eicar-Signature")


@pytest.mark.parametrize(
    "answer",
    [b"INSTREAM size limit exceeded. ERROR\n", b"stream: Can't allocate memory ERROR\n", b"", b"tull\n", b"\xff\n"],
)
def test_a_scanner_that_gives_no_verdict_is_one_that_cannot_tell(answer: bytes):
    with fake_clamd(lambda _content: answer) as address, pytest.raises(ScannerUnavailable):
        Clamd(address).scan(BytesIO(b"x"))


def test_nobody_at_home_is_told():
    assert not Clamd(nobody_at_home()).is_there()
    with pytest.raises(ScannerUnavailable, match="clamd at 127"):
        Clamd(nobody_at_home()).scan(BytesIO(b"x"))
    with pytest.raises(ScannerUnavailable):
        Clamd("/finnes/ikke.sock").scan(BytesIO(b"x"))


def test_the_settings_say_whether_there_is_a_scanner(settings: Any):
    assert scanner() is None
    settings.CLAMD = "127.0.0.1:3310"
    assert isinstance(scanner(), Clamd)

"""The archive gives back what was put in it, or says that it can't."""

import os
from pathlib import Path

import pytest

from grants.documents import archive
from grants.shared.errors import Refused


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_document_lies_under_its_hash_and_is_read_back(settings):
    sha256, path = archive.store(b"%PDF a letter")

    assert path == f"{sha256[:2]}/{sha256}.pdf"
    assert archive.read(path, sha256=sha256) == b"%PDF a letter"
    assert archive.store(b"%PDF a letter") == (sha256, path)
    assert len(files(settings.LETTER_ARCHIVE)) == 1


def test_a_document_that_was_changed_is_not_given_out(settings):
    sha256, path = archive.store(b"%PDF a letter")
    (settings.LETTER_ARCHIVE / path).write_bytes(b"%PDF another letter")

    with pytest.raises(Refused, match="ikke dokumentet som ble sendt"):
        archive.read(path, sha256=sha256)


def test_storing_again_mends_a_torn_file(settings):
    sha256, path = archive.store(b"%PDF a letter")
    (settings.LETTER_ARCHIVE / path).write_bytes(b"%PD")

    archive.store(b"%PDF a letter")

    assert archive.read(path, sha256=sha256) == b"%PDF a letter"


def test_a_document_that_is_gone_is_said_to_be_gone():
    with pytest.raises(Refused, match="mangler i brevarkivet"):
        archive.read("ab/abc.pdf", sha256="abc")


@pytest.mark.parametrize("path", ["../tilskudd.sqlite3", "/etc/hostname", "ab/../../../etc/hostname"])
def test_nothing_outside_the_archive_is_read(path):
    with pytest.raises(Refused, match="ligger ikke i brevarkivet"):
        archive.read(path, sha256="abc")


def test_a_write_that_fails_leaves_nothing_behind(settings, monkeypatch):
    def full(handle: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(OSError, match="no space"):
        archive.store(b"%PDF a letter")
    assert files(settings.LETTER_ARCHIVE) == []

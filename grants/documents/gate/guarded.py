"""The gate at arm's length: a file that makes a reader crash, spin or swell takes a small process down, not the server."""

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NoReturn

from django.utils.translation import gettext

from grants.documents.gate import kinds
from grants.documents.gate.refusal import FileRefused, refuse, sentence

PROJECT = Path(__file__).resolve().parents[3]
LONGEST_WAIT_SECONDS = 30
_TOO_HEAVY = sentence(
    "Filen er for stor eller for innviklet til at vi kan kontrollere den. Lagre den enklere, eller del den opp."
)


def suffix_of(name: str) -> str:
    """The kind that a file's name promises, refused in the reader's language."""
    try:
        return kinds.suffix_of(name)
    except FileRefused as refused:
        return _refuse_in_words(refused.sentences, refused.values)


def media_type_of(path: Path, suffix: str) -> str:
    """The media type of a harmless file. Raises `FileRefused` for any other, also one that cannot be checked."""
    command = [sys.executable, "-m", "grants.documents.gate", str(path), suffix]
    try:
        done = subprocess.run(  # noqa: S603 (our own program, and a path that we made)
            command, cwd=PROJECT, env={}, stdin=subprocess.DEVNULL, capture_output=True, timeout=LONGEST_WAIT_SECONDS
        )
        said = json.loads(done.stdout) if done.returncode == 0 else {}
    except (subprocess.TimeoutExpired, ValueError):
        said = {}
    if "media_type" in said:
        return str(said["media_type"])
    return _refuse_in_words(said.get("refused", [_TOO_HEAVY]), said.get("values", {}))


def _refuse_in_words(sentences: Iterable[str], values: Mapping[str, object]) -> NoReturn:
    refuse(*(gettext(one) for one in sentences), **values)

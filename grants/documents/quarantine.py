"""Where files from outside lie: under random names, below the attachment folder, out of reach of the web server."""

import hashlib
import os
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, NamedTuple, NoReturn

from django.conf import settings
from django.utils.translation import gettext as _

from grants.documents.gate.refusal import FileRefused, refuse
from grants.shared.errors import Refused

INCOMING = "incoming"
PIECE = 1024 * 1024


class Received(NamedTuple):
    """A file that has been taken in: its name in the folder, its size and its fingerprint."""

    path: str
    size: int
    sha256: str


class FileTooLarge(FileRefused):
    """The file is larger than we take."""


def receive(pieces: Iterable[bytes], *, most: int, shelf: str = "") -> Received:
    """Write a file to the folder, piece by piece, and stop as soon as it is larger than it may be.

    `shelf` is a folder of its own inside it, for files that are kept and backed up apart from the others.
    """
    name = secrets.token_hex(20)
    path = "/".join(part for part in (shelf, name[:2], name) if part)
    whole = place_of(path)
    whole.parent.mkdir(parents=True, exist_ok=True)
    size, digest = 0, hashlib.sha256()
    try:
        with whole.open("xb") as file:
            for piece in pieces:
                size += len(piece)
                if size > most:
                    too_large(most)
                digest.update(piece)
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        whole.chmod(0o600)
        if not size:
            refuse(_("Filen er tom."))
    except BaseException:
        whole.unlink(missing_ok=True)
        raise
    return Received(path, size, digest.hexdigest())


def too_large(most: int) -> NoReturn:
    """Refuse a file for its size."""
    raise FileTooLarge(_("Filen er for stor. Den kan være på høyst %(most)s MB.") % {"most": most // 1024 // 1024})


def open_proved(path: str, *, sha256: str) -> BinaryIO:
    """A file, open for reading, proved to be the one that was taken in."""
    try:
        file = place_of(path).open("rb")
    except FileNotFoundError:
        raise Refused(
            _("%(path)s mangler i vedleggsmappen. Hent filen fram fra sikkerhetskopien.") % {"path": path}
        ) from None
    if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
        file.close()
        raise Refused(
            _("%(path)s i vedleggsmappen er ikke filen som ble tatt imot. Hent den fram fra sikkerhetskopien.")
            % {"path": path}
        )
    file.seek(0)
    return file


def erase(path: str) -> None:
    """Remove a file. One that is gone already is fine."""
    place_of(path).unlink(missing_ok=True)


def place_of(path: str) -> Path:
    """Where a file lies on the disk."""
    root = folder()
    whole = (root / path).resolve()
    if not whole.is_relative_to(root):
        raise Refused(_("%(path)s ligger ikke i vedleggsmappen.") % {"path": path})
    return whole


def folder() -> Path:
    """The attachment folder."""
    return Path(settings.ATTACHMENT_FOLDER).resolve()

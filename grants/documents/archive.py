"""The letter archive: a file lies under its content's hash, is written whole or not at all, and proved when read."""

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from grants.shared.errors import Refused


def store(content: bytes, *, suffix: str = ".pdf") -> tuple[str, str]:
    """Put a document in the archive; its SHA-256 and its path below the archive. Storing it again changes nothing."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = f"{sha256[:2]}/{sha256}{suffix}"
    whole = _root() / path
    if whole.exists() and _hash_of(whole) == sha256:
        return sha256, path
    whole.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=whole.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(whole)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folder(whole.parent)
    return sha256, path


def read(path: str, *, sha256: str) -> bytes:
    """A document from the archive, proved to be the one that was stored."""
    whole = (_root() / path).resolve()
    if not whole.is_relative_to(_root().resolve()):
        raise Refused(_("%(path)s ligger ikke i brevarkivet.") % {"path": path})
    try:
        content = whole.read_bytes()
    except FileNotFoundError:
        raise Refused(
            _("%(path)s mangler i brevarkivet. Hent den fram fra sikkerhetskopien.") % {"path": path}
        ) from None
    if hashlib.sha256(content).hexdigest() != sha256:
        raise Refused(
            _("%(path)s i brevarkivet er ikke dokumentet som ble sendt. Hent det fram fra sikkerhetskopien.")
            % {"path": path}
        )
    return content


def _root() -> Path:
    return Path(settings.LETTER_ARCHIVE)


def _hash_of(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _sync_folder(folder: Path) -> None:
    """The name of the file must survive a power cut as well as its content."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

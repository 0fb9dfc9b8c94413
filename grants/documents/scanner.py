"""The port to a virus scanner: clamd where one is named in TILSKUDD_CLAMD, else none. Another product is another adapter."""

from dataclasses import dataclass
from typing import BinaryIO, Protocol

from clamav_client.clamd import ClamdError, ClamdNetworkSocket, ClamdUnixSocket
from django.conf import settings

PATIENCE_SECONDS = 60
USUAL_PORT = 3310


@dataclass(frozen=True)
class Scan:
    """What a scanner says of a file. `found` names what is wrong with a file that is not clean."""

    clean: bool
    found: str = ""


class ScannerUnavailable(Exception):
    """The scanner does not answer, or cannot say: the file waits, and is tried again."""


class Scanner(Protocol):
    """Looks through a file."""

    def scan(self, file: BinaryIO) -> Scan:
        """What is in the file. Raises `ScannerUnavailable` when that cannot be told now."""
        ...


class Clamd:
    """ClamAV's daemon, by its own protocol: at «host:port», or at a path that begins with a slash."""

    def __init__(self, address: str) -> None:
        self.address = address

    def scan(self, file: BinaryIO) -> Scan:
        """Send the file in pieces (INSTREAM) and read the one line that comes back."""
        try:
            answers = self._socket().instream(file)
        except (ClamdError, OSError, UnicodeDecodeError) as fault:
            raise ScannerUnavailable(f"clamd at {self.address}: {fault or 'no answer'}") from fault
        status, found = answers.get("stream", ("ERROR", None))
        if status == "OK":
            return Scan(clean=True)
        if status == "FOUND":
            return Scan(clean=False, found=found or "ukjent")
        raise ScannerUnavailable(f"clamd at {self.address}: {found or 'no verdict'}")

    def is_there(self) -> bool:
        """Does it answer?"""
        line = self._socket()
        try:
            return line.ping().strip() == "PONG"
        except (ClamdError, OSError):
            line.clamd_socket.close()  # the library leaves it open when nobody answers
            return False

    def _socket(self) -> ClamdNetworkSocket:
        if self.address.startswith("/"):
            return ClamdUnixSocket(self.address, timeout=PATIENCE_SECONDS)
        host, _colon, port = self.address.rpartition(":")
        if not host:
            return ClamdNetworkSocket(port, USUAL_PORT, timeout=PATIENCE_SECONDS)
        return ClamdNetworkSocket(host.strip("[]"), int(port), timeout=PATIENCE_SECONDS)


def scanner() -> Scanner | None:
    """The scanner of this installation, or None where there is none."""
    return Clamd(settings.CLAMD) if settings.CLAMD else None

"""Attachments for tests, taken in through the services; and a virus scanner that speaks clamd's own protocol."""

import socket
import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings

from applications.models import Application, Attachment, AttachmentState
from applications.services.attach import attach
from applications.services.scan_attachment import scan
from applications.services.submit import submit
from tests.factories.cases import make_draft, municipality
from tests.grants.documents.gate.makers import jpeg, pdf_with, png, segment

# The file that every scanner takes for a virus, in two parts, so that none takes this one for it.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-" + rb"ANTIVIRUS-TEST-FILE!$H+H*"


def uploaded(name: str = "Årsregnskap 2016.pdf", content: bytes | None = None) -> SimpleUploadedFile:
    """A file as it comes with a form."""
    return SimpleUploadedFile(name, pdf_with() if content is None else content)


def infected() -> SimpleUploadedFile:
    """A picture that is in order, and that the scanner takes for a virus."""
    return SimpleUploadedFile("bilde.jpg", jpeg(more=segment(0xFE, EICAR)))


def make_attachment(
    application: Application | None = None, *, place: str = "other", file: Any = None, scanned: bool = False
) -> Attachment:
    """A file in a draft; scanned: what the scanner of the settings says of it (without one: that it was not scanned)."""
    application = application or make_draft()
    attachment = attach(application, place, file or uploaded(), by=application.created_by)
    application.refresh_from_db()
    return scan(attachment) if scanned else attachment


def sent_attachment() -> Attachment:
    """A file in a case of Halden: sent in, and not scanned."""
    application = make_draft(organisation=municipality("0101"))
    attachment = make_attachment(application, file=uploaded("logo.png", png()), scanned=True)
    submit(application, by=application.created_by)
    return attachment


def make_clean(attachment: Attachment) -> Attachment:
    """The attachment as a scanner leaves it that finds nothing."""
    with fake_clamd() as address, override_settings(CLAMD=address):
        found = scan(attachment)
    assert found.state == AttachmentState.CLEAN
    return found


class _Clamd(socketserver.BaseRequestHandler):
    """One connection: a command that ends in a line break, and for INSTREAM pieces with their length before them."""

    def handle(self) -> None:
        with self.request.makefile("rwb") as stream:
            self.answer(stream)

    def answer(self, stream: Any) -> None:
        command = stream.readline().strip()
        self.server.commands.append(command)  # type: ignore[attr-defined]
        if command == b"nPING":
            stream.write(b"PONG\n")
        elif command == b"nINSTREAM":
            content = b""
            while (length := struct.unpack("!L", stream.read(4))[0]) > 0:
                content += stream.read(length)
            self.server.seen.append(content)  # type: ignore[attr-defined]
            stream.write(self.server.verdict(content))  # type: ignore[attr-defined]
        else:
            stream.write(b"UNKNOWN COMMAND\n")
        stream.flush()


def usual_verdict(content: bytes) -> bytes:
    return b"stream: Eicar-Signature FOUND\n" if EICAR in content else b"stream: OK\n"


@contextmanager
def fake_clamd(verdict: Any = usual_verdict) -> Iterator[str]:
    """A server that answers as clamd does; its address is what TILSKUDD_CLAMD takes."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Clamd) as server:
        server.daemon_threads = True
        server.verdict, server.seen, server.commands = verdict, [], []  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        try:
            yield f"127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()


def nobody_at_home() -> str:
    """An address where nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{taken.getsockname()[1]}"

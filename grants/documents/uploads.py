"""How uploads reach the server: to a file of their own, never more than an attachment may be, gone when the answer is given.

Stands in FILE_UPLOAD_HANDLERS for every address: a form is read before we know who sends it.
"""

import tempfile
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload, TemporaryFileUploadHandler
from django.http import HttpRequest

from grants.documents import quarantine

# What a form may weigh beside its file.
FORM_BYTES = 1024 * 1024
# So many times too much is still read to its end, so that the person gets an answer and not a broken line.
PATIENCE = 4
CUT_OFF = "tilskudd.upload_cut_off"


def most_bytes() -> int:
    """How large a file may be."""
    return int(settings.ATTACHMENT_MOST_BYTES)


def was_cut_off(request: HttpRequest) -> bool:
    """Was a file of this request larger than it may be?"""
    return CUT_OFF in request.META


class IncomingFile(TemporaryUploadedFile):
    """A file on its way in. It vanishes when the request is over."""

    def __init__(self, name: Any, content_type: Any, charset: Any, more: Any) -> None:
        folder = quarantine.folder() / quarantine.INCOMING
        folder.mkdir(parents=True, exist_ok=True)
        file = tempfile.NamedTemporaryFile(dir=folder)  # noqa: SIM115 (closed with the request)
        UploadedFile.__init__(self, file, name, content_type, 0, charset, more)


class LimitedUpload(TemporaryFileUploadHandler):
    """Counts while it writes, over all files of a request, and stops when it is too much."""

    counted = 0

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: str, encoding: str | None = None
    ) -> None:
        """A request that says that it is far too large is not read at all."""
        if content_length > PATIENCE * settings.ATTACHMENT_MOST_BYTES + FORM_BYTES:
            raise RequestDataTooBig("The upload is far larger than an attachment may be.")

    def new_file(self, *arguments: Any, **named: Any) -> None:
        """Write to the folder of files on their way in, and not where every program leaves its files."""
        FileUploadHandler.new_file(self, *arguments, **named)
        self.file = IncomingFile(self.file_name, self.content_type, self.charset, self.content_type_extra)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """One piece of the file."""
        self.counted += len(raw_data)
        if self.counted > settings.ATTACHMENT_MOST_BYTES:
            if self.request is not None:
                self.request.META[CUT_OFF] = True
            raise StopUpload
        self.file.write(raw_data)

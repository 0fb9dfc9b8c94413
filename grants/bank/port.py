"""The way to the bank and back: a port with three verbs, and two ways to go: a folder that is emptied, or HTTP.

A file is sent under the batch's own key and name, always with the same bytes. What comes of it is one of four, and the
difference is what keeps a payment from being lost or made twice:

- `Sent`: it is there, now or since before.
- `BankRefused`: it was said no to, and it is not there. A person looks at why.
- `BankUnavailable`: it never got there. The job tries again.
- `OutcomeUnknown`: it may be there. It is never sent again by itself: the bank's own answer, or a person, decides.

Answers are fetched until somebody says that they are kept safe here, so one may come twice: the reader knows it again.
"""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from ssl import SSLContext
from typing import Any, Protocol
from urllib.parse import quote, urlsplit

import httpx
from django.conf import settings

from grants.bank.document import MOST_BYTES
from grants.shared.errors import Refused


class BankRefused(Refused):
    """The bank, or the way there, says no: the file is not with the bank."""


class BankUnavailable(Exception):
    """The bank can't be reached. Nothing was sent; trying again does no harm."""


class OutcomeUnknown(Exception):
    """The file may be with the bank, and may not."""


@dataclass(frozen=True)
class Sent:
    """The file is with the bank. `already` says that it was so before this time."""

    already: bool = False
    reference: str = ""


@dataclass(frozen=True)
class Answer:
    """A file from the bank, as it came."""

    key: str
    name: str
    content: bytes


class BankPort(Protocol):
    """A way to the bank."""

    name: str

    def send(self, key: str, file_name: str, content: bytes, *, again: bool = False) -> Sent:
        """Send a file once. `again`: a person has decided that a file of unknown fate goes out under the same key."""
        ...

    def fetch(self) -> Iterator[Answer]:
        """The answers that wait, oldest first. They go on waiting until they are taken."""
        ...

    def taken(self, answer: Answer) -> None:
        """Tell that an answer is kept safe here, whether it could be used or not."""
        ...


# --- A folder ---------------------------------------------------------------------------------------------------------


class Folder:
    """Two folders on a disk shared with the bank's own program: it empties `out` and fills `in`.

    `sent` is ours: a file lies there as `.going` before it is dropped, and under its own name after. So a file that was
    dropped and fetched is known as sent, and one whose power went in between is known as unknown. A name in `out` is
    taken by a hard link, which the file system gives to one only and never over another; its disk must know those.
    """

    name = "folder"
    unfinished = (".part", ".tmp", ".filepart")

    def __init__(self, folder: Path, settled_seconds: int = 2) -> None:
        self.out, self.arrived, self.sent = folder / "out", folder / "in", folder / "sent"
        self.done = self.arrived / "taken"
        self.settled_seconds = settled_seconds

    def send(self, key: str, file_name: str, content: bytes, *, again: bool = False) -> Sent:
        """Drop the file, whole or not at all."""
        record, drop = self.sent / _safe(file_name), self.out / file_name
        going = self.sent / f"{file_name}.going"
        try:
            for folder in (self.out, self.sent):
                folder.mkdir(parents=True, exist_ok=True)
            if record.exists() or drop.exists():
                _same(record if record.exists() else drop, content)
                self._remember(record, going, content)
                return Sent(already=True, reference=file_name)
            if going.exists() and not again:
                raise OutcomeUnknown(
                    f"{file_name} var på vei til {self.out} da vi ble avbrutt, og ligger der ikke nå: banken kan ha den. "
                    "Vent på svaret, eller spør banken. Er den ikke der, kan den sendes igjen under samme navn."
                )
            part = _write(self.out, content)
            try:
                _put(self.sent, going, content)
                _name(part, drop, content)
            except OSError:
                going.unlink(missing_ok=True)  # it never got its name, so it isn't with the bank
                raise
            finally:
                part.unlink(missing_ok=True)
        except OSError as fault:
            raise BankUnavailable(f"{file_name} kan ikke legges i {self.out}: {fault}. Ingenting er sendt.") from fault
        self._remember(record, going, content)
        return Sent(reference=file_name)

    def _remember(self, record: Path, going: Path, content: bytes) -> None:
        """Write down that the file is with the bank. It is so even where that can't be written."""
        with suppress(OSError):
            if not record.exists():
                _sync(self.out)
                _put(self.sent, record, content)
            going.unlink(missing_ok=True)

    def fetch(self) -> Iterator[Answer]:
        """Whole files only: not hidden, not a link, not under a name or with a size that says it is being written."""
        if not self.arrived.is_dir():
            return
        files = [p for p in self.arrived.iterdir() if p.is_file() and not p.is_symlink() and not p.name.startswith(".")]
        for path in sorted(files, key=lambda p: (p.stat().st_mtime_ns, p.name)):
            found = path.stat()
            # Either way: the clock of the disk's own machine may be an hour ahead of ours.
            if path.suffix in self.unfinished or abs(time.time() - found.st_mtime) < self.settled_seconds:
                continue
            if found.st_size > MOST_BYTES:
                raise BankRefused(f"{path} er større enn noe svar vi leser. Se på filen, og flytt den bort.")
            yield Answer(path.name, path.name, path.read_bytes())

    def taken(self, answer: Answer) -> None:
        """Move the file to `in/taken`; a second one of the same name gets a number."""
        self.done.mkdir(parents=True, exist_ok=True)
        path = self.arrived / _safe(answer.key)
        for number in range(1, 10_000):
            target = self.done / (answer.key if number == 1 else f"{answer.key}.{number}")
            try:
                os.link(path, target)
            except FileExistsError:
                continue
            except FileNotFoundError:
                return  # somebody has moved it already
            path.unlink(missing_ok=True)
            _sync(self.done)
            return
        raise Refused(f"{self.done} har ti tusen filer som heter {answer.key}. Rydd der.")


def _write(folder: Path, content: bytes) -> Path:
    """The bytes under a hidden name, whole on the disk, for the group to read: the bank's program is another user."""
    handle, part = tempfile.mkstemp(dir=folder, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(handle, 0o640)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise
    return Path(part)


def _name(part: Path, target: Path, content: bytes) -> None:
    """Give a file its name, never over another. The same bytes under that name will do."""
    try:
        os.link(part, target)
    except FileExistsError:
        _same(target, content)


def _put(folder: Path, target: Path, content: bytes) -> None:
    """A file that is whole before it has its name."""
    part = _write(folder, content)
    try:
        _name(part, target, content)
    finally:
        part.unlink(missing_ok=True)
    _sync(folder)


def _sync(folder: Path) -> None:
    """The folder's own list of names on the disk, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _same(path: Path, content: bytes) -> None:
    if path.read_bytes() != content:
        raise BankRefused(
            f"I {path.parent} ligger en annen fil som heter {path.name}. Ingenting er sendt. Se på begge."
        )


def _safe(name: str) -> str:
    """A name that stays in its folder."""
    if not name or name != Path(name).name or name.startswith(".") or "\0" in name:
        raise BankRefused(f"{name!r} kan ikke være navnet på en fil.")
    return name


# --- HTTP -------------------------------------------------------------------------------------------------------------

PATIENCE = httpx.Timeout(connect=10.0, read=60.0, write=60.0, pool=10.0)
# Said before anything was taken in. 409 is not among them: the same key may be under way.
SAYS_NO = {400, 401, 402, 403, 404, 405, 406, 410, 411, 413, 414, 415, 421, 422, 426, 431, 451, 501}
TOO_BUSY = {425, 429}
NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.ProxyError)


class Http:
    """An address of the bank's, or of whoever passes files on to it.

    POST `payments` with the file, and the batch's key as Idempotency-Key; GET `answers` gives a list of objects with an
    `id`; GET and DELETE `answers/<id>` give an answer, and tell that it is taken.
    """

    name = "http"

    def __init__(self, address: str, token: str = "") -> None:
        parts = urlsplit(address)
        if parts.scheme != "https" and parts.hostname not in {"127.0.0.1", "localhost", "::1"}:
            raise Refused(f"{address} can't be the bank's address: payments go by https alone.")
        self.address = address.rstrip("/")
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def send(self, key: str, file_name: str, content: bytes, *, again: bool = False) -> Sent:
        """Post the file. Doing it again with the same key is the bank's to recognise, so it is always the same key."""
        headers = {
            "Content-Type": "application/xml; charset=utf-8",
            "Content-Disposition": f'attachment; filename="{_safe(file_name)}"',
            "Idempotency-Key": key,
        }
        try:
            with self._client() as http:
                answer = http.post("payments", content=content, headers=headers)
        except NEVER_LEFT as fault:
            raise BankUnavailable(f"{self.address} svarer ikke: {fault!r}. Ingenting er sendt.") from fault
        except (httpx.HTTPError, httpx.InvalidURL) as fault:
            raise OutcomeUnknown(
                f"{file_name} ble sendt til {self.address}, men vi fikk ikke noe helt svar ({fault!r}). Banken kan ha den."
            ) from fault
        said = f"{self.address} svarer {answer.status_code} på {file_name}"
        if answer.is_success:
            already = answer.headers.get("Idempotency-Hit", "").lower() == "true"
            return Sent(already=already, reference=answer.headers.get("Location", ""))
        if answer.is_redirect:
            raise BankRefused(f"{said}: den vil ha oss til en annen adresse. Dit sender vi aldri betalinger.")
        if answer.status_code in SAYS_NO:
            raise BankRefused(f"{said}: {answer.text[:500]}")
        if answer.status_code in TOO_BUSY:
            raise BankUnavailable(f"{said}: den har for mye å gjøre, og har ikke tatt imot.")
        raise OutcomeUnknown(f"{said}. Banken kan ha filen, eller ikke.")

    def fetch(self) -> Iterator[Answer]:
        """Each answer by itself, with a limit on how much we take."""
        for listed in self._list():
            key = str(listed["id"])
            content = self._get(f"answers/{quote(key, safe='')}")
            yield Answer(key, str(listed.get("name") or key), content)

    def taken(self, answer: Answer) -> None:
        """Tell the bank. Where it no longer knows the answer, that is as good."""
        try:
            with self._client() as http:
                reply = http.delete(f"answers/{quote(answer.key, safe='')}")
        except httpx.HTTPError as fault:
            raise BankUnavailable(f"{self.address} fikk ikke vite at {answer.name} er hentet: {fault!r}.") from fault
        if not reply.is_success and reply.status_code not in {404, 410}:
            raise BankUnavailable(f"{self.address} svarer {reply.status_code} på at {answer.name} er hentet.")

    def _list(self) -> list[dict[str, Any]]:
        content = self._get("answers")
        try:
            found = httpx.Response(200, content=content).json()
        except ValueError as fault:
            raise BankUnavailable(f"{self.address}/answers er ikke JSON.") from fault
        if not isinstance(found, list) or not all(isinstance(each, dict) and each.get("id") for each in found):
            raise BankUnavailable(f"{self.address}/answers er ikke en liste av svar med hver sin id.")
        return found

    def _get(self, path: str) -> bytes:
        content = bytearray()
        try:
            with self._client() as http, http.stream("GET", path) as answer:
                if not answer.is_success:
                    raise BankUnavailable(f"{self.address}/{path} svarer {answer.status_code}.")
                for piece in answer.iter_bytes():
                    content += piece
                    if len(content) > MOST_BYTES:
                        raise BankRefused(f"{self.address}/{path} er større enn noe svar vi leser.")
        except httpx.HTTPError as fault:
            raise BankUnavailable(f"{self.address}/{path} kan ikke hentes hel: {fault!r}.") from fault
        return bytes(content)

    def _client(self) -> httpx.Client:
        return httpx.Client(
            base_url=f"{self.address}/",
            headers=self.headers,
            timeout=PATIENCE,
            follow_redirects=False,
            verify=_trusted(),
            trust_env=False,
        )


@cache
def _trusted() -> SSLContext:
    """The certificates we trust. Reading them takes longer than asking."""
    return httpx.create_ssl_context()


def bank() -> BankPort:
    """The way to the bank that the settings name."""
    if settings.BANK == "folder":
        return Folder(Path(settings.BANK_FOLDER))
    if settings.BANK == "http":
        if not settings.BANK_ADDRESS:
            raise Refused("The bank's address is missing. Set TILSKUDD_BANK_ADDRESS.")
        return Http(settings.BANK_ADDRESS, settings.BANK_TOKEN)
    raise Refused(f"There is no way to the bank called {settings.BANK!r}. Set TILSKUDD_BANK to folder or http.")

"""How letters leave the house: a port with one method, the outbox that is used now, and what others would need.

A channel is told of a letter at least once, and perhaps again after a power cut: it delivers each `key` once and answers
the same receipt every time. What it can't do it says by raising; the job tries again, and after that a person.
"""

import json
import os
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from django.conf import settings

from grants.shared.errors import Refused


@dataclass(frozen=True)
class Outgoing:
    """A letter that is to leave: who gets it, what it is, and its bytes. `key` names it for ever."""

    key: str
    title: str
    reference: str
    recipient: str
    orgnr: str
    language: str
    dated: str
    sha256: str
    pdf: bytes


class Channel(Protocol):
    """A way out of the house."""

    name: str

    def deliver(self, letter: Outgoing) -> str:
        """Deliver a letter once, and answer what the channel calls it. Asked again, it answers the same."""
        ...


class Outbox:
    """A folder that somebody else empties: for each letter a PDF, and beside it JSON that says whom it is for.

    Both are written whole or not at all, the JSON last: where there is one, the PDF is complete.
    """

    name = "outbox"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def deliver(self, letter: Outgoing) -> str:
        """Put the letter in the folder, unless it lies there. Another letter under the same key is refused."""
        name = letter.key.replace(":", "-")
        card = self.folder / f"{name}.json"
        if card.exists():
            if json.loads(card.read_text(encoding="utf-8"))["sha256"] != letter.sha256:
                raise Refused(f"Another letter lies in the outbox as {name}. Look at both before one is sent.")
            return card.name
        self.folder.mkdir(parents=True, exist_ok=True)
        told = {key: value for key, value in asdict(letter).items() if key != "pdf"} | {"file": f"{name}.pdf"}
        self._write(f"{name}.pdf", letter.pdf)
        self._write(card.name, json.dumps(told, ensure_ascii=False, indent=2).encode())
        return card.name

    def _write(self, name: str, content: bytes) -> None:
        handle, part = tempfile.mkstemp(dir=self.folder, prefix=".", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(part).replace(self.folder / name)
        except BaseException:
            Path(part).unlink(missing_ok=True)
            raise


class SvarUt:
    """KS SvarUt or Digdir eFormidling. Not built: it can't be tried here, and an untried sender of decisions is worse than none.

    Whoever builds it needs: an agreement and a sender account; Maskinporten or a user name for the service; the
    recipient's organisation number (`Outgoing.orgnr`, which is empty for some); the security level of the letter; and
    the service's own id for the message, which is the receipt. `Outgoing.key` goes with the message as the reference
    that makes a repeated call one message. The state of a message (read, printed, returned) is asked for afterwards by a
    job of its own. A letter to somebody without an organisation number goes by post, through the same service.
    """

    name = "svarut"

    def deliver(self, letter: Outgoing) -> str:
        """Refuse, and say what is needed."""
        raise Refused(
            f"{letter.key} can't be sent: the channel svarut is not built. It needs a sender account at KS or Digdir; "
            "see grants/documents/delivery.py. Set TILSKUDD_DELIVERY to outbox until then."
        )


def channel() -> Channel:
    """The channel that the settings name."""
    channels: dict[str, Channel] = {"outbox": Outbox(Path(settings.OUTBOX)), "svarut": SvarUt()}
    try:
        return channels[settings.DELIVERY_CHANNEL]
    except KeyError:
        raise Refused(
            f"There is no channel {settings.DELIVERY_CHANNEL!r}. Set TILSKUDD_DELIVERY to one of: {', '.join(channels)}."
        ) from None

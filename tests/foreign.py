"""Can somebody tell another's object from one that does not exist? Asks for both, and compares all that comes back."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from grants.models import Organisation

VERBS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
NEVER = UUID("00000000-0000-4000-8000-00000000dead")
NO_NUMBER = 987_654
NO_YEAR, NO_MUNICIPALITY = 1999, "9999"
# Kept as they are: they name no object, or one that is looked up below the object that is asked for.
OF_THE_ADDRESS = {
    "place",
    "theme",
    "verb",
    "name",
    "kind",
    "provider",
    "version",
    "number",
    "finding",
    "attachment",
    "event",
}
SHA256 = "0" * 64
# What the forms and the endpoints ask for, all in one: a request that is whole goes further than an empty one.
CONTENT: dict[str, Any] = {
    "version": 1, "text": "Tekst", "answer": "Svar", "reason": "Grunn", "grounds": "Feil", "wanted": "Alt", "send": "1",
    "confirmed": "yes", "sha256": SHA256, "approve": True, "has_interest": False, "typed": {}, "what": "report",
    "due_on": "2099-01-01", "amount_ore": 0, "amount": "0", "met": True, "points": 3, "criterion": "x", "to": "x",
    "until": "2099-01-01T12:00:00+01:00", "verdict": "approve", "outcome": "uphold", "ministry": "KD", "dated": "2017-06-01",
    "reference": "1", "to_ore": 0, "ground": "error", "answer_by": "2099-01-01", "seen": 0, "key": str(NEVER),
}  # fmt: skip

# Where the same field means something else.
OF_ONE: dict[str, dict[str, Any]] = {"api_ministry": {"outcome": "upheld"}, "case_view": {"do": "first"}}


@dataclass(frozen=True)
class Told:
    """All of an answer that the one who asked can see, and how much work it was."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    queries: int


def is_found(client: Client, verb: str, name: str, kwargs: Mapping[str, Any]) -> bool:
    """Is the object there for this person, whatever they may then do with it, where one that does not exist is not?"""
    if ask(client, verb, name, without(kwargs)).status != 404:
        return False
    return ask(client, verb, name, kwargs).status not in (404, 405)


def apart(client: Client, verb: str, name: str, theirs: Mapping[str, Any], missing: Mapping[str, Any]) -> str:
    """What tells the two apart, in a word; nothing when they answer alike."""
    foreign, absent = ask(client, verb, name, theirs), ask(client, verb, name, missing)
    if foreign.status != absent.status:
        return f"{verb} {name}: {foreign.status} and {absent.status}"
    if foreign.headers != absent.headers:
        return f"{verb} {name}: headers {sorted(set(foreign.headers) ^ set(absent.headers))}"
    if foreign.body != absent.body:
        return f"{verb} {name}: the body"
    if foreign.queries != absent.queries:
        return f"{verb} {name}: {foreign.queries} and {absent.queries} questions to the database"
    return ""


def leaks(
    client: Client, world: Mapping[str, Mapping[str, Any]], names: Iterable[str], verbs: Iterable[str] = VERBS
) -> list[str]:
    """The addresses at which an object of the world is told from one that does not exist."""
    found = [apart(client, verb, name, world[name], without(world[name])) for name in names for verb in verbs]
    return [leak for leak in found if leak]


def without(kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """The same address of an object that does not exist."""
    return {key: value if key in OF_THE_ADDRESS else _never(key, value) for key, value in kwargs.items()}


def ask(client: Client, verb: str, name: str, kwargs: Mapping[str, Any], **more: Any) -> Told:
    """One request, with `more` in its form, and nothing of what it did is left."""
    address = reverse(name, kwargs=dict(kwargs))
    content = _content(address, verb, OF_ONE.get(name, {}) | more) if verb in ("POST", "PUT", "PATCH", "DELETE") else {}
    questions = 0

    def counted(execute: Any, *arguments: Any) -> Any:
        nonlocal questions
        questions += 1
        return execute(*arguments)

    with undone(), connection.execute_wrapper(counted):
        answer = client.generic(verb, address) if not content else getattr(client, verb.lower())(address, **content)
        streamed = b"".join(answer.streaming_content) if answer.streaming else answer.content
    cookies = ",".join(sorted(answer.cookies))
    headers = [
        (key, value) for key, value in answer.headers.items() if key not in ("Content-Length", "Date", "Expires")
    ]
    echoed = sorted({str(value) for value in kwargs.values()}, key=len, reverse=True)
    return Told(
        answer.status_code,
        tuple((key, _plain(value.encode(), echoed).decode()) for key, value in [*headers, ("cookies", cookies)]),
        _plain(streamed, echoed),
        questions,
    )


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside is taken back."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]  # services that insist on being outermost, may
    with block:
        yield
        transaction.set_rollback(True)


def _content(address: str, verb: str, more: Mapping[str, Any]) -> dict[str, Any]:
    """What is sent with a request that changes something."""
    whole = CONTENT | {"organisation": str(Organisation.objects.municipalities()[0].pk)} | dict(more)
    content: dict[str, Any] = {"headers": {"Idempotency-Key": "key-of-the-test"}}
    if address.startswith("/api/"):
        return content | {"data": json.dumps(whole), "content_type": "application/json"}
    return content | ({"data": {key: str(value) for key, value in whole.items()}} if verb == "POST" else {})


def _never(key: str, value: Any) -> Any:
    if key == "year":
        return NO_YEAR
    if isinstance(value, UUID):
        return NEVER
    return NO_NUMBER if isinstance(value, int) else "ukjent"


def _plain(content: bytes, echoed: Iterable[str]) -> bytes:
    """Without one-time tokens, and without the names that stood in the address and are said again."""
    content = re.sub(rb'name="(csrfmiddlewaretoken|next)" value="[^"]*"|\bnext=[^"&]*', b"", content)
    for value in echoed:
        if len(value) > 5:
            content = content.replace(value.encode(), b"ID")
    return content.replace(str(NO_NUMBER).encode(), b"ID")

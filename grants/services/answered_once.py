"""What is asked with a key is done once: the same key gives the first answer again, another content with it is refused."""

import re
from collections.abc import Callable
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from grants.models import AnsweredRequest, User
from grants.shared.errors import BadInput, Refused

_KEY = re.compile(r"[!-~]{8,80}", re.ASCII)


class KeyUsedOtherwise(Refused):
    """The key has been used for another request."""


class Answer(NamedTuple):
    """What was answered: a status and a text. `is_replayed`: nothing was done now."""

    status: int
    body: str
    is_replayed: bool = False


def answered_once(user: User, key: str, request_hash: str, act: Callable[[], Answer]) -> Answer:
    """Do what is asked in one transaction with the note that it is done.

    A refusal leaves no note: what was refused may be tried again, with the same key or another.
    """
    if not _KEY.fullmatch(key):
        raise BadInput(
            _(
                "Send headeren Idempotency-Key med 8 til 80 synlige ASCII-tegn: ny for hver handling, den samme ved nytt forsøk."
            )
        )
    first = _first(user, key)
    if first is not None:
        return _again(first, request_hash)
    try:
        with transaction.atomic(durable=True):
            # First of all, so that the second of two at once waits here and then finds the answer.
            note = AnsweredRequest.objects.create(user=user, key=key, request_hash=request_hash, status=0)
            answer = act()
            AnsweredRequest.objects.filter(pk=note.pk).update(status=answer.status, body=answer.body)
    except IntegrityError:
        first = _first(user, key)
        if first is None:
            raise
        return _again(first, request_hash)
    return answer


def _first(user: User, key: str) -> AnsweredRequest | None:
    return AnsweredRequest.objects.filter(user=user, key=key).first()


def _again(first: AnsweredRequest, request_hash: str) -> Answer:
    if first.request_hash != request_hash:
        raise KeyUsedOtherwise(
            _("Nøkkelen i Idempotency-Key er brukt til noe annet. Lag en ny nøkkel for en ny handling.")
        )
    return Answer(first.status, first.body, is_replayed=True)

"""What somebody posted after their session had ended: kept for an hour under a random name, for them alone.

A form carries a seal that says whom it was shown to and where it goes. Without a whole seal nothing is kept, so a
stranger can't fill the table. Only the browser that posted knows the name (a cookie that no script reads), and only the
person of the seal is shown it again, whoever signs in on the machine. It outlives the session that a sign-in throws away.
"""

import json
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core import signing
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase

from grants.models import User
from grants.shared.secrets import decrypt, encrypt

LONGEST_SECONDS = 3600
MOST_CHARACTERS = 400_000
FIELD = "seal"
COOKIE = "kept"
_KEY = "kept"
_SALT = "kept draft"
_NOT_KEPT = ("csrfmiddlewaretoken", FIELD)


def seal(user: User, path: str) -> str:
    """The hidden field of a form: shown to this person, and posted to this address."""
    return signing.dumps([str(user.pk), path], salt=_SALT)


def keep(request: HttpRequest, answer: HttpResponseBase) -> bool:
    """Keep what was posted by somebody who is no longer signed in; False where it can't be known whose it is."""
    try:
        owner, path = signing.loads(request.POST.get(FIELD, ""), salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return False
    posted = {name: request.POST.getlist(name) for name in request.POST if name not in _NOT_KEPT}
    if path != request.path or len(str(posted)) > MOST_CHARACTERS:
        return False
    store = SessionStore()
    store[_KEY] = {"owner": owner, "path": path, "posted": _sealed(posted, owner, path)}
    store.set_expiry(LONGEST_SECONDS)
    store.create()
    answer.set_cookie(
        COOKIE,
        str(store.session_key),
        max_age=LONGEST_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return True


def kept(request: HttpRequest, path: str) -> QueryDict | None:
    """What this person posted to an address while signed out, as it was posted."""
    found: dict[str, Any] | None = _store(request).get(_KEY)
    if not found or found["path"] != path or found["owner"] != str(request.user.pk):
        return None
    posted = QueryDict(mutable=True)
    opened = decrypt(bytes.fromhex(found["posted"]), bound_to=_bound_to(found["owner"], path))
    for name, values in json.loads(opened).items():
        posted.setlist(name, values)
    return posted


def forget(request: HttpRequest) -> None:
    """It is saved: it is not needed any more."""
    store = _store(request)
    if _KEY in store:
        store.delete()


def _sealed(posted: dict[str, Any], owner: str, path: str) -> str:
    """As it is stored: some of what is written tells of a person's health."""
    return encrypt(json.dumps(posted), bound_to=_bound_to(owner, path)).hex()


def _bound_to(owner: str, path: str) -> str:
    return f"kept:{owner}:{path}"


def _store(request: HttpRequest) -> SessionStore:
    return SessionStore(request.COOKIES.get(COOKIE))

"""A session ends on the server: after a day's work, and when nothing has been heard for an hour."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest
from django.http.response import HttpResponseBase

BEGAN, SEEN = "session_began_at", "session_seen_at"
# One write a minute is enough to know that somebody is there.
WRITTEN_EVERY_SECONDS = 60


class SessionAgeMiddleware:
    """Sign out whoever has been signed in for too long, or away for too long. Stands right after the authentication."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Look at the clock first; what is asked for is answered as for anybody who has not signed in."""
        if request.user.is_authenticated:
            now = int(time.time())
            began = request.session.setdefault(BEGAN, now)
            seen = request.session.setdefault(SEEN, now)
            if now - began >= settings.SESSION_ABSOLUTE_SECONDS or now - seen >= settings.SESSION_IDLE_SECONDS:
                logout(request)
            elif now - seen >= WRITTEN_EVERY_SECONDS:
                request.session[SEEN] = now
        return self.answer(request)

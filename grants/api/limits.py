"""How much one caller may ask: named limits from the settings, counted in each process of the server by itself."""

from typing import Any

from django.conf import settings
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle


class Limited(SimpleRateThrottle):
    """A person is counted as one whatever they sign with; somebody unknown by their address."""

    def __init__(self) -> None:
        """The rate follows from the request: see `allow_request`."""

    def allow_request(self, request: Request, view: Any) -> bool:
        """Within the limit that is meant for such a request; a limit that is empty is none."""
        self.scope = self._name(request)
        self.rate = settings.API_LIMITS[self.scope]
        if not self.rate:
            return True
        self.num_requests, self.duration = self.parse_rate(self.rate)
        return super().allow_request(request, view)

    def get_cache_key(self, request: Request, view: Any) -> str:
        """Who is counted, and for what."""
        who = request.user.pk if request.user.is_authenticated else self.get_ident(request)
        return f"limit:{self.scope}:{who}"

    def _name(self, request: Request) -> str:
        if not request.user.is_authenticated:
            return "anonymous"
        return "read" if request.method in SAFE_METHODS else "change"

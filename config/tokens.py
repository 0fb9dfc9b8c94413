"""A system signs its requests to the API with a token; the person it belongs to is who asks."""

from collections.abc import Callable

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from config.access import is_api
from grants.services.api_tokens import owner_of

SCHEME = "bearer"


class TokenMiddleware:
    """`Authorization: Bearer ...` on an address of the API. A token that is not in use is refused, never ignored."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
        if is_api(request) and scheme.lower() == SCHEME:
            known = owner_of(token.strip())
            if known is None:
                return JsonResponse({"error": "not_signed_in", "message": _("Nøkkelen er ikke i bruk.")}, status=401)
            request.user, request.scopes = known  # type: ignore[attr-defined]
            request.by_token = True  # type: ignore[attr-defined]
        return self.answer(request)

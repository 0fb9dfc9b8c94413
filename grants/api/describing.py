"""How the OpenAPI document is made: every operation with its refusals, and how one signs in."""

from typing import Any

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

from grants.api.refusals import Refusal

OF_READING = {"401": "Not signed in", "403": "Another role is needed", "404": "Does not exist, or is not for you"}
OF_CHANGING = {
    "409": "A rule says no, or it has changed since it was read",
    "412": "It has changed since the version in If-Match",
    "413": "Larger than we take",
    "415": "Another type of content than the address takes",
}
OF_BOTH = {"422": "Something sent cannot be used; `fields` says what", "429": "Too many requests; see Retry-After"}


class Described(AutoSchema):
    """An operation as its endpoint describes it, with the answers that all of them may give."""

    def get_operation(self, *arguments: Any, **named: Any) -> Any:
        """The operation, with the refusals added."""
        operation = super().get_operation(*arguments, **named)
        if operation is None:
            return None
        shape = self.resolve_serializer(Refusal, "response").ref
        refusals = OF_READING | (OF_CHANGING if self.method not in ("GET", "HEAD") else {}) | OF_BOTH
        for status, meaning in refusals.items():
            operation["responses"].setdefault(
                status, {"description": meaning, "content": {"application/json": {"schema": shape}}}
            )
        operation["responses"] = dict(sorted(operation["responses"].items()))
        return operation


class TokenOrSession(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema says that one signs in."""

    target_class = "grants.api.signed_in.SignedIn"
    name = ["token", "session"]

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, str]]:
        return [
            {"type": "http", "scheme": "bearer"},
            {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME},
        ]

    def get_security_requirement(self, auto_schema: Any) -> list[dict[str, list[Any]]]:
        """Either of them will do."""
        return [{"token": []}, {"session": []}]

"""What all endpoints share: who asks, pages of a list by cursor, and verbs that are done once however often they are asked."""

import hashlib
import json
from collections.abc import Callable
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotAuthenticated, NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from grants.models import User
from grants.services.answered_once import Answer, answered_once
from grants.shared.errors import BadInput

HEADER = "Idempotency-Key"
Shape = type[Serializer[Any]]
Act = Callable[..., Any]
KEY = OpenApiParameter(
    HEADER, str, OpenApiParameter.HEADER, required=True, pattern="^[!-~]{8,80}$",
    description="8 to 80 visible ASCII characters, new for each act and the same when it is tried again.",
)  # fmt: skip
IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, pattern='^"[0-9]{1,9}"$',
    description="The ETag of what was read. Takes the place of `version` in the body; another version since answers 412.",
)  # fmt: skip


class NewestFirst(CursorPagination):
    """Pages of a list by cursor: the last is as quick as the first, and nothing is counted."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> Any:
        """One page. A cursor that somebody has made up is no page of ours."""
        try:
            return super().paginate_queryset(queryset, request, view)
        except (ValidationError, ValueError, OverflowError) as nonsense:
            raise NotFound from nonsense


class Endpoint(APIView):
    """One address. config/policy.py has let the person this far; the services decide the rest."""

    @property
    def user(self) -> User:
        if not isinstance(self.request.user, User):
            raise NotAuthenticated
        return self.request.user

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """What has a version says so in its ETag, too."""
        if isinstance(response, Response) and isinstance(response.data, dict) and "version" in response.data:
            response.headers["ETag"] = f'"{response.data["version"]}"'
        return super().finalize_response(request, response, *args, **kwargs)


class Listing(Endpoint):
    """An address that answers with a list, page by page."""

    pagination_class: type[NewestFirst] = NewestFirst

    def pages_of(self, rows: "QuerySet[Any, Any]", shown: Callable[[Any], dict[str, Any]]) -> Response:
        """The page that is asked for, each row as `shown` makes it."""
        pages = self.pagination_class()
        found = pages.paginate_queryset(rows, self.request, view=self)
        return pages.get_paginated_response([shown(row) for row in found])


class Nothing(Serializer[Any]):
    """Nothing is sent with it."""


def sent(shape: Shape, request: Request) -> dict[str, Any]:
    """What was sent, in the shape it must have."""
    asked = shape(data=_with_version(shape, request))
    asked.is_valid(raise_exception=True)
    return dict(asked.validated_data)


def _with_version(shape: Shape, request: Request) -> Any:
    """The body, with the version that the header names where it names one."""
    data, header = request.data, request.headers.get("If-Match")
    if header is None or not isinstance(data, dict) or "version" not in shape().fields:
        return data
    named = header.strip().strip('"')
    if not (named.isascii() and named.isdigit() and len(named) < 10):
        raise BadInput(_('If-Match er versjonen dere leste, slik den sto i ETag, for eksempel "7".'))
    if data.get("version", int(named)) != int(named):
        raise BadInput(_("If-Match og version i innholdet sier hver sin versjon. Send den ene."))
    return {**data, "version": int(named)}


def doing(name: str, *, asks: Shape, answers: Shape, status: int = 200) -> Callable[[Act], Act]:
    """A mutating method of an endpoint, from a function of the person, what was sent and what the address names.

    It is done once per Idempotency-Key, in one transaction with the note of its answer.
    """
    has_version = "version" in asks().fields

    def make(act: Act) -> Act:
        def method(self: Endpoint, request: Request, **named: Any) -> Response:
            return once(request, hash_of(request), lambda: act(self.user, sent(asks, request), **named), status=status)

        method.__doc__ = act.__doc__
        described = extend_schema(
            operation_id=name,
            request=None if asks is Nothing else asks,
            responses={status: answers},
            parameters=[KEY, IF_MATCH] if has_version else [KEY],
        )
        return cast(Act, described(method))

    return make


def once(request: Request, asked_for: str, act: Callable[[], Any], *, status: int) -> Response:
    """Do it and answer; asked again with the same key, give the first answer again and do nothing."""

    def done() -> Answer:
        return Answer(status, JSONRenderer().render(act()).decode())

    assert isinstance(request.user, User)  # the policy has let in nobody else
    answer = answered_once(request.user, request.headers.get(HEADER, ""), asked_for, done)
    headers = {"Idempotency-Replayed": "true"} if answer.is_replayed else {}
    return Response(json.loads(answer.body), status=answer.status, headers=headers)


def hash_of(request: Request, content: bytes | None = None) -> str:
    """What was asked: verb, address, version and content (of a file: its own hash, as it is not held in memory)."""
    plain = request._request
    head = f"{plain.method} {plain.get_full_path()}\n{request.headers.get('If-Match', '')}\n".encode()
    return hashlib.sha256(head + (plain.body if content is None else content)).hexdigest()


def verb(
    name: str, *, asks: Shape, answers: Shape, status: int = 200
) -> Callable[[Act], Callable[..., HttpResponseBase]]:
    """An endpoint that does one thing, as `doing` says."""

    def make(act: Act) -> Callable[..., HttpResponseBase]:
        post = doing(name, asks=asks, answers=answers, status=status)(act)
        endpoint = type(act.__name__, (Endpoint,), {"post": post, "__doc__": act.__doc__, "__module__": act.__module__})
        return cast(type[Endpoint], endpoint).as_view()

    return make


def pdf(content: bytes, name: str) -> HttpResponse:
    """A document as a file to save."""
    return HttpResponse(
        content, content_type="application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )

"""Who asks, and which page of a list. Shared by the pages."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import HttpRequest

from grants.models import User

ROWS_ON_A_PAGE = 25


def signed_in(request: HttpRequest) -> User:
    """The person who asks. The access table has let only signed-in people this far."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def page_of(request: HttpRequest, rows: Any, size: int = ROWS_ON_A_PAGE) -> Page[Any]:
    """The page of a list that the address asks for; nonsense gives the first, too far gives the last."""
    return Paginator(rows, size).get_page(request.GET.get("page"))


def wants_fragment(request: HttpRequest) -> bool:
    """Does htmx ask for a part of the page only?"""
    return bool(getattr(request, "htmx", False))

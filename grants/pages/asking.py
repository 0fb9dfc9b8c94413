"""Who asks, and which page of a list. Shared by the pages."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from grants.models import User

BACKEND = "django.contrib.auth.backends.ModelBackend"
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


def typed_again(request: HttpRequest, *names: str, fault: str) -> dict[str, str]:
    """What was typed in these fields, to be shown again where something in it was wrong; otherwise they are empty."""
    return {name: request.POST.get(name, "") if fault else "" for name in names}


def uuid_of(text: str) -> UUID:
    """A key that was posted; what is none answers like one of something that is not there."""
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


def posted_number(request: HttpRequest, name: str) -> int:
    """A row's number that was posted; what is none is the number of nothing."""
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def inside(request: HttpRequest, address: str) -> str:
    """An address of ours, or the front page: nobody is sent elsewhere by a link to our sign-in page."""
    if url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        return address
    return reverse("front_page")

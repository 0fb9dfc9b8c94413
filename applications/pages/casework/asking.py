"""What the casework pages ask of a request: where to go afterwards, and which cases in which version."""

from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from applications.models import Application
from grants.pages.asking import signed_in


def where_to(request: HttpRequest, otherwise: str = "") -> str:
    """The page of ours that the form names, else the queue."""
    asked = request.POST.get("next", request.GET.get("next", ""))
    safe = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if asked and safe else otherwise or reverse("cases")


def visible_case(request: HttpRequest, pk: UUID) -> Application:
    """A case that the person may open, in the version that the form was made from."""
    rows = Application.objects.visible_to(signed_in(request)).sent_in().select_related("call", "organisation")
    case = get_object_or_404(rows, pk=pk)
    case.version = whole(request.POST.get("version", ""))
    return case


def chosen_cases(request: HttpRequest, chosen: list[str]) -> list[Application]:
    """The cases that were ticked, each in the version it was shown in («id.version»). Those one may not see are not there."""
    versions = {}
    for text in chosen:
        key, _dot, version = text.partition(".")
        try:
            versions[UUID(key)] = whole(version)
        except ValueError:
            continue
    visible = Application.objects.visible_to(signed_in(request)).sent_in().in_bulk(list(versions))
    for key, case in visible.items():
        case.version = versions[key]
    return [visible[key] for key in versions if key in visible]


def whole(text: str) -> int:
    """A version as it stands in a form; nonsense is one that no case has."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0

"""Our own refusals become answers in one place: what it means in Norwegian, and the rule's own words."""

from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views import defaults

from config.access import is_api
from grants.api.refusals import json_refusal
from grants.law.errors import LawError
from grants.shared.errors import BadInput, ChangedSince, NotAllowed, OverBudget, Refused, YearIsClosed

MEANINGS: dict[type[Exception], object] = {
    ChangedSince: _("Noe har endret seg siden dette ble klargjort. Klargjør det på nytt, og prøv igjen."),
    NotAllowed: _("Du har ikke lov til å gjøre dette. Be en kollega med riktig rolle om å gjøre det."),
    OverBudget: _("Bevilgningen dekker ikke beløpet."),
    YearIsClosed: _("Budsjettåret er avsluttet og tar ikke imot flere posteringer."),
    BadInput: _("Noe er fylt ut på en måte vi ikke kan bruke."),
}
# Where the rules speak the page's language.
IN_NORWEGIAN = ("applications.", "grants.pages.finance.", "reporting.pages.money_files")
OTHERWISE = _("En av reglene i systemet sier nei. Ingenting er lagret.")


class RefusalMiddleware:
    """409 when a rule says no or the world has moved on, 422 when a value cannot be used as it stands."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.answer(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The answer to a refusal; other errors go on to Django."""
        if not isinstance(error, Refused | LawError):
            return None
        status = 422 if isinstance(error, BadInput) else 409
        if not request.accepts("text/html"):
            return HttpResponse(str(error), status=status, content_type="text/plain; charset=utf-8")
        meaning = MEANINGS.get(type(error), OTHERWISE) if isinstance(error, Refused) else OTHERWISE
        page = {
            "meaning": meaning,
            "message": str(error),
            "message_language": _language_of(request),
            "back": _back(request),
        }
        return render(request, "refused.html", page, status=status)


def _language_of(request: HttpRequest) -> str:
    """The language of a rule's own words, where it is not the page's: what stands about money and law is in English."""
    match = request.resolver_match
    return "" if match and match.func.__module__.startswith(IN_NORWEGIAN) else "en"


def _back(request: HttpRequest) -> str:
    """The page the person came from, where it is one of ours."""
    came_from = request.headers.get("Referer", "")
    return came_from if url_has_allowed_host_and_scheme(came_from, {request.get_host()}) else ""


# What Django answers with when an address is unknown, closed or broken. Machines get it in the one shape of refusals.


def answer_400(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Something that no form and no system of ours would send."""
    if is_api(request):
        return json_refusal(413 if isinstance(exception, RequestDataTooBig) else 400)
    return defaults.bad_request(request, exception)


def answer_403(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Not with this role."""
    return json_refusal(403) if is_api(request) else defaults.permission_denied(request, exception)


def answer_404(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Not there, or not for this person."""
    return json_refusal(404) if is_api(request) else defaults.page_not_found(request, exception)


def answer_500(request: HttpRequest) -> HttpResponseBase:
    """Our own fault."""
    return json_refusal(500) if is_api(request) else defaults.server_error(request)

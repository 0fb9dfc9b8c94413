"""Somebody posts after their session has ended: what they wrote is kept for them, and they are sent to sign in."""

from collections.abc import Callable

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from applications.pages.applicant.kept import keep

# Where people write at length, and where they find it again after signing in.
WRITTEN_AT = {
    "application_theme": "application_theme",
    "application_answer": "application",
    "application_report_theme": "application_report_theme",
    "application_change": "application_change",
    "application_appeal": "application_appeal",
    "application_appeal_answer": "application_appeal",
    "application_notice": "application_notice",
}
SIGNED_OUT = 401


class KeepWhatWasWritten:
    """Stands before the sign-in check. A page that saves by itself is told 401, and keeps the text where it is."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.answer(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponseBase | None:
        """Only for posts of nobody; everything else goes on to those who decide."""
        match = request.resolver_match
        if request.method != "POST" or request.user.is_authenticated or match is None:
            return None
        back = WRITTEN_AT.get(match.view_name)
        if back is None:
            return None
        if request.headers.get("HX-Request"):
            return HttpResponse(status=SIGNED_OUT)
        wanted = {name: value for name, value in match.kwargs.items() if back == match.view_name or name == "pk"}
        answer = redirect_to_login(reverse(back, kwargs=wanted))
        return answer if keep(request, answer) else None

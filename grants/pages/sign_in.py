"""Sign in and out. In the demo by choosing a person; otherwise through the directorate's identity provider."""

from collections.abc import Iterator

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from grants.models import Role, User
from grants.pages.words import ROLES
from grants.services.demo_users import demo_user, demo_users_by_role

WHAT_THEY_DO = {
    Role.FINANCE: _("Klargjør, godkjenner og betaler kjøringer."),
    Role.CASEWORKER: _("Følger opp kommuner og ser grunnlaget person for person."),
    Role.DECISION_MAKER: _("Fatter vedtak i saker som er klargjort av en annen."),
    Role.SCHEME_OWNER: _("Har ansvar for ordningenes regler og satser."),
    Role.AUDITOR: _("Kontrollerer, men endrer ingenting."),
    Role.ADMINISTRATOR: _("Gir brukere roller."),
    Role.EDITOR: _("Skriver søknader og rapporter for en kommune eller organisasjon."),
    Role.SIGNATORY: _("Sender inn på vegne av en kommune eller organisasjon."),
    Role.ACCOUNTANT: _("Ser utbetalinger og fører regnskap for en kommune eller organisasjon."),
}
BACKEND = "django.contrib.auth.backends.ModelBackend"


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Choose a demo person. Outside the demo nobody signs in here."""
    going_to = _inside(request, request.POST.get("next") or request.GET.get("next", ""))
    if request.method == "POST":
        user = demo_user(request.POST.get("username", "")) if settings.DEMO else None
        if user is None:
            raise Http404
        login(request, user, backend=BACKEND)
        return redirect(going_to)
    people = list(_rows()) if settings.DEMO else []
    return render(request, "public/sign_in.html", {"people": people, "next": going_to})


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session on the server."""
    logout(request)
    return redirect("sign_in")


def _rows() -> Iterator[tuple[str, str, list[User]]]:
    for role, users in demo_users_by_role():
        yield str(ROLES[role]), str(WHAT_THEY_DO[role]), users


def _inside(request: HttpRequest, address: str) -> str:
    """An address of ours, or the front page: nobody is sent elsewhere by a link to our sign-in page."""
    if url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        return address
    return reverse("front_page")

"""Sign in and out: the providers to choose between, or a demo person, and the way out."""

from collections.abc import Iterator

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from grants.models import Role, User
from grants.pages.asking import BACKEND, inside
from grants.pages.sign_in_with import way_out
from grants.pages.words import PROVIDERS, ROLES
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


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Choose how to sign in. Outside the demo nobody signs in by choosing a person."""
    going_to = inside(request, request.POST.get("next") or request.GET.get("next", ""))
    if request.method == "POST":
        user = demo_user(request.POST.get("username", "")) if settings.DEMO else None
        if user is None:
            raise Http404
        request.session.flush()
        login(request, user, backend=BACKEND)
        return redirect(going_to)
    found = {
        "people": list(_rows()) if settings.DEMO else [],
        "providers": [(provider, *PROVIDERS[provider.code]) for provider in settings.IDENTITY_PROVIDERS],
        "next": going_to,
        "front_page": reverse("front_page"),
    }
    return render(request, "public/sign_in.html", found)


@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session on the server, and then at the provider where it has a place for that.

    The way there is a page that moves on by itself: a redirect would be stopped by the policy for forms.
    """
    provider, address = way_out(request)
    logout(request)
    if provider is None or not address:
        return redirect("sign_in")
    name, *_rest = PROVIDERS[provider.code]
    answer = render(request, "public/signed_out.html", {"name": name, "address": address})
    answer.headers["Refresh"] = f"0; url={address}"
    return answer


def _rows() -> Iterator[tuple[str, str, list[User]]]:
    for role, users in demo_users_by_role():
        yield str(ROLES[role]), str(WHAT_THEY_DO[role]), users

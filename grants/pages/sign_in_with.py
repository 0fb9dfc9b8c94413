"""Out to an identity provider and back: what is kept in the session meanwhile, and what is said when it fails."""

import base64
import logging
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from grants.identity.code_flow import Attempt, Identity, begin, end_session_address, finish
from grants.identity.providers import Provider
from grants.identity.refusals import ProviderTrouble, SignInRefused, UserIsClosed
from grants.models import User
from grants.pages.asking import BACKEND, inside
from grants.services.receive_person import receive_person
from grants.shared.secrets import CannotDecrypt, decrypt, encrypt

ATTEMPTS, SIGNED_IN_WITH = "sign_in_attempts", "signed_in_with"
# As many windows as somebody may begin to sign in from at once.
MOST_ATTEMPTS = 5
log = logging.getLogger("tilskudd.identity")


@login_not_required
@never_cache
@require_safe
def sign_in_with(request: HttpRequest, provider: str) -> HttpResponse:
    """Send the person to the provider, and remember what must come back."""
    of = _provider(provider)
    going_to = inside(request, request.GET.get("next", ""))
    try:
        address, attempt = begin(of, redirect_uri=_back_to(request, of), going_to=going_to)
    except ProviderTrouble as trouble:
        return _failed(request, of, trouble)
    kept = [*request.session.get(ATTEMPTS, {}).items(), (attempt.state, attempt.as_dict())]
    request.session[ATTEMPTS] = dict(kept[-MOST_ATTEMPTS:])
    return redirect(address)


@login_not_required
@never_cache
@require_safe
def sign_in_callback(request: HttpRequest, provider: str) -> HttpResponse:
    """The person is back. An attempt is used once, whether it succeeds or not."""
    of = _provider(provider)
    attempts: dict[str, dict[str, Any]] = request.session.get(ATTEMPTS, {})
    kept = attempts.pop(request.GET.get("state", ""), None)
    request.session[ATTEMPTS] = attempts
    # Saved at once: whoever comes with the same answer finds nothing.
    request.session.save()
    try:
        if kept is None:
            raise SignInRefused(f"{of.code}: no sign-in was begun here with this state.")
        attempt = Attempt(**kept)
        identity = finish(of, attempt, request.GET.dict(), redirect_uri=_back_to(request, of))
        user = receive_person(identity)
    except (SignInRefused, ProviderTrouble) as refusal:
        return _failed(request, of, refusal)
    # A new session altogether: nothing from before the sign-in is carried into it, not even its name.
    request.session.flush()
    login(request, user, backend=BACKEND)
    request.session[SIGNED_IN_WITH] = {"provider": of.code, "id_token": _sealed(identity, user)}
    has_roles = user.directorate_roles.exists() or user.memberships.exists()
    return redirect(attempt.going_to if has_roles else "account")


def way_out(request: HttpRequest) -> tuple[Provider | None, str]:
    """The provider that the person signed in with, and where one signs out there."""
    kept = request.session.get(SIGNED_IN_WITH, {})
    provider = next((one for one in settings.IDENTITY_PROVIDERS if one.code == kept.get("provider")), None)
    if provider is None:
        return None, ""
    try:
        id_token = decrypt(base64.b64decode(kept["id_token"]), bound_to=_bound_to(request.user.pk))
    except (CannotDecrypt, ValueError):
        return None, ""
    back_to = request.build_absolute_uri(reverse("sign_in"))
    return provider, end_session_address(provider, id_token=id_token, back_to=back_to)


def _provider(code: str) -> Provider:
    for provider in settings.IDENTITY_PROVIDERS:
        if provider.code == code:
            found: Provider = provider
            return found
    raise Http404


def _back_to(request: HttpRequest, provider: Provider) -> str:
    return request.build_absolute_uri(reverse("sign_in_callback", kwargs={"provider": provider.code}))


def _sealed(identity: Identity, user: User) -> str:
    """The id token, which is needed to sign out, encrypted: ID-porten writes the national identity number in it."""
    return base64.b64encode(encrypt(identity.id_token, bound_to=_bound_to(user.pk))).decode()


def _bound_to(user_pk: object) -> str:
    return f"session:id_token:{user_pk}"


def _failed(request: HttpRequest, provider: Provider, refusal: SignInRefused | ProviderTrouble) -> HttpResponse:
    """A plain page; why it failed is for the log."""
    log.warning("%s", refusal)
    trouble = isinstance(refusal, ProviderTrouble)
    found = {
        "provider": provider,
        "trouble": trouble,
        "closed": isinstance(refusal, UserIsClosed),
        "cancelled": request.GET.get("error") == "access_denied",
    }
    return render(request, "public/sign_in_failed.html", found, status=503 if trouble else 400)

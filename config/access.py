"""Every request passes here: the table in config/policy.py decides, and what is not in it answers 404."""

from collections.abc import Callable

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from config.policy import POLICY, scope_of
from grants.api.refusals import json_refusal
from grants.models import DirectorateRole, Membership, Role, User
from grants.models.user import DIRECTORATE_ROLES


def roles_of(request: HttpRequest) -> frozenset[Role]:
    """The roles of the person who asks, looked up once per request. Nobody signed in: none."""
    user = getattr(request, "user", None)
    if not isinstance(user, User) or not user.is_active:
        return frozenset()
    known: frozenset[Role] | None = getattr(request, "roles", None)
    if known is None:
        known = request.roles = _roles_of(user)  # type: ignore[attr-defined]
    return known


def _roles_of(user: User) -> frozenset[Role]:
    given = DirectorateRole.objects.filter(user=user).values_list("role", flat=True)
    acting = Membership.objects.filter(user=user).values_list("role", flat=True)
    return frozenset(Role(role) for role in given.union(acting))


def is_api(request: HttpRequest) -> bool:
    """Is a machine asking, that reads JSON?"""
    return request.path.startswith("/api/")


def _sign_in_first(request: HttpRequest) -> HttpResponseBase:
    if not is_api(request):
        return redirect_to_login(request.get_full_path())
    return json_refusal(401, WWW_Authenticate="Bearer")


def _closed(roles: frozenset[Role]) -> JsonResponse:
    """Outside the directorate a closed address answers like one that does not exist."""
    return json_refusal(404 if roles.isdisjoint(DIRECTORATE_ROLES) else 403)


def _outside_scope(request: HttpRequest) -> JsonResponse | None:
    """A refusal where the request is signed with a token that is not for this; nothing where it is, or there is no token."""
    scopes: frozenset[str] | None = getattr(request, "scopes", None)
    wanted = scope_of(request.resolver_match.view_name if request.resolver_match else "")
    if scopes is None or wanted in scopes:
        return None
    sentence = _("Nøkkelen er ikke for dette. Be om en med omfanget «%(scope)s».") % {"scope": wanted.value}
    return JsonResponse(
        {"error": "not_allowed", "message": sentence}, status=403, json_dumps_params={"ensure_ascii": False}
    )


class AccessMiddleware:
    """Deny by default. Somebody outside the directorate can't tell a closed address from one that does not exist."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """What somebody signed in has seen is kept by no cache, and is not there when they press Back after signing out."""
        response = self.answer(request)
        if request.user.is_authenticated:
            add_never_cache_headers(response)
        return response

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponseBase | None:
        """Let the request through, send it to the sign-in page, or refuse it."""
        audience = POLICY.get(request.resolver_match.view_name if request.resolver_match else "")
        if audience is None:
            raise Http404
        if audience.public:
            return None
        if not request.user.is_authenticated:
            return _sign_in_first(request)
        roles = roles_of(request)
        if audience.admits(roles):
            return _outside_scope(request)
        if is_api(request):
            return _closed(roles)
        if roles.isdisjoint(DIRECTORATE_ROLES):
            raise Http404
        raise PermissionDenied

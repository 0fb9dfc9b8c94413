"""Every request passes here: the table in config/policy.py decides, and what is not in it answers 404."""

from collections.abc import Callable

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import add_never_cache_headers

from config.policy import POLICY
from grants.models import DirectorateRole, Membership, Role, User
from grants.models.user import DIRECTORATE_ROLES


def roles_of(request: HttpRequest) -> frozenset[Role]:
    """The roles of the person who asks, looked up once per request. Nobody signed in: none."""
    known: frozenset[Role] | None = getattr(request, "roles", None)
    if known is None:
        user = getattr(request, "user", None)
        known = _roles_of(user) if isinstance(user, User) and user.is_active else frozenset()
        request.roles = known  # type: ignore[attr-defined]
    return known


def _roles_of(user: User) -> frozenset[Role]:
    given = DirectorateRole.objects.filter(user=user).values_list("role", flat=True)
    acting = Membership.objects.filter(user=user).values_list("role", flat=True)
    return frozenset(Role(role) for role in given.union(acting))


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
            return redirect_to_login(request.get_full_path())
        roles = roles_of(request)
        if audience.admits(roles):
            return None
        if roles.isdisjoint(DIRECTORATE_ROLES):
            raise Http404
        raise PermissionDenied

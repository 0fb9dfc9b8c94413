"""Who asks through the API: the person of the session, or of the token that config/tokens.py has read."""

from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request

from grants.models import User


class SignedIn(SessionAuthentication):
    """The person whom the session or the token belongs to. A session must bring its CSRF token, as on the pages."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        user = request._request.user
        if not isinstance(user, User) or not user.is_active:
            return None
        if not getattr(request._request, "by_token", False):
            self.enforce_csrf(request)
        return user, None

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"

"""Every address, in one table."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language
from drf_spectacular.views import SpectacularAPIView
from rest_framework.negotiation import DefaultContentNegotiation

from config.health import live, ready

# The OpenAPI document comes as YAML or JSON, whichever is asked for.
schema = SpectacularAPIView.as_view(content_negotiation_class=DefaultContentNegotiation)
handler400, handler403, handler404, handler500 = (f"config.refusals.answer_{status}" for status in (400, 403, 404, 500))

urlpatterns: list[URLPattern | URLResolver] = [
    path("live", live, name="live"),
    path("ready", ready, name="ready"),
    path("language/", login_not_required(set_language), name="set_language"),
    path("api/v1/schema/", login_not_required(schema), name="api_schema"),
    path("api/v1/", include("applications.api.urls")),
    path("api/v1/", include("grants.api.urls")),
    path("", include("grants.pages.urls")),
    path("", include("grants.pages.finance.urls")),
    path("", include("applications.pages.urls")),
    path("", include("reporting.pages.urls")),
]

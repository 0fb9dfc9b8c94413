"""Every address, in one table."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from config.health import live, ready

urlpatterns: list[URLPattern | URLResolver] = [
    path("live", live, name="live"),
    path("ready", ready, name="ready"),
    path("language/", login_not_required(set_language), name="set_language"),
    path("", include("grants.pages.urls")),
    path("", include("applications.pages.urls")),
    path("", include("reporting.pages.urls")),
]

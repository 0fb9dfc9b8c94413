"""What the frame around every page needs: which area, which menu, who is signed in."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from config.access import roles_of
from config.policy import POLICY, may_open
from grants.models.user import DIRECTORATE_ROLES
from grants.pages.words import ROLES

# URL name, label, and the URL names that belong under it.
MENU = (
    ("front_page", _("Tilskuddsåret"), ("front_page",)),
    ("runs", _("Kjøringer"), ("runs", "run", "run_municipality")),
    (
        "our_applications",
        _("Søknadene våre"),
        ("our_applications", "application", "application_theme", "application_check"),
    ),
    ("our_payments", _("Utbetalinger til dere"), ("our_payments",)),
    ("year_ends", _("Årsavslutning"), ("year_ends", "year_end")),
    ("calls", _("Søk tilskudd"), ("calls", "call")),
    ("schemes", _("Ordningene"), ("schemes", "scheme")),
)
# Front page of the directorate only: an organisation is sent on from there to its own payments.
NOT_FOR_ORGANISATIONS = "front_page"


def shell(request: HttpRequest) -> dict[str, Any]:
    """The variables of templates/base.html. Works on error pages too, where there may be no user."""
    roles = roles_of(request)
    in_directorate = not roles.isdisjoint(DIRECTORATE_ROLES)
    match = request.resolver_match
    here = match.view_name if match else ""
    menu = [
        {"url": name, "label": label, "current": here == name, "inside": here in inside}
        for name, label, inside in MENU
        if may_open(name, roles) and (in_directorate or name != NOT_FOR_ORGANISATIONS)
    ]
    return {
        "LANG": get_language(),
        "DEMO": settings.DEMO,
        "area": "directorate" if in_directorate else "public",
        "here": here,
        "menu": menu,
        # Links and buttons ask the same table that answers them.
        "may": {name: True for name in POLICY if may_open(name, roles)},
        "role_names": sorted(str(ROLES[role]) for role in roles),
    }

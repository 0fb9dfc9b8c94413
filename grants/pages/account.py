"""One's own page: what one may do and for whom, one's name, and the code of an invitation. Open to those without roles."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from grants.models import Membership, Role
from grants.pages.asking import signed_in, typed_again
from grants.pages.words import ROLES, SOURCES
from grants.services.invite import redeem_invitation
from grants.services.own_name import change_own_name
from grants.shared.errors import BadInput


@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Show it; change the name, or redeem an invitation."""
    user, fault, field = signed_in(request), "", ""
    if request.method == "POST":
        field = "code" if "code" in request.POST else "name"
        try:
            if field == "code":
                membership = redeem_invitation(request.POST["code"], by=user)
                messages.success(request, _("Du kan nå representere %s.") % membership.organisation)
            else:
                change_own_name(request.POST.get("name", ""), by=user)
                messages.success(request, _("Navnet er lagret."))
            return redirect("account")
        except BadInput as error:
            fault = str(error)
    found = {
        "roles": [ROLES[Role(given.role)] for given in user.directorate_roles.order_by("role")],
        "memberships": [
            (one, ROLES[Role(one.role)], SOURCES[Membership.Source(one.source)])
            for one in user.memberships.select_related("organisation").order_by("organisation__name", "role")
        ],
        "typed": typed_again(request, "code", "name", fault=fault),
        "fault": fault,
        "field": field,
    }
    return render(request, "public/account.html", found, status=422 if fault else 200)

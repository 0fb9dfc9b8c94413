"""The administrator's pages: who uses the system, what they may do, and giving or taking it. The auditor looks on."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from grants.models import AuditEvent, Membership, Role, User
from grants.models.user import DIRECTORATE_ROLES, ORGANISATION_ROLES
from grants.pages.asking import page_of, signed_in, typed_again
from grants.pages.words import DEEDS, ROLES, SOURCES
from grants.services import change_roles
from grants.services.invite import Invited, invite
from grants.shared.errors import BadInput

LAST_DEEDS = 50


@require_http_methods(["GET", "POST"])
def users(request: HttpRequest) -> HttpResponse:
    """Everybody who has signed in, with their roles; and an invitation to the first who signs for an organisation."""
    by, fault, invited = signed_in(request), "", None
    may_change = by.has_directorate_role(Role.ADMINISTRATOR)
    if request.method == "POST":
        if not may_change:
            raise PermissionDenied
        try:
            invited = _invited(request, by)
        except BadInput as error:
            fault = str(error)
    search = request.GET.get("search", "")[:200].replace("\0", "")
    page = page_of(request, User.objects.matching(search))
    found = {
        "page": page,
        "rows": [(one, _in_words(one)) for one in page],
        "search": search,
        "may_change": may_change,
        "organisation_roles": [(role.value, ROLES[role]) for role in (Role.SIGNATORY, Role.EDITOR, Role.ACCOUNTANT)],
        "typed": typed_again(request, "orgnr", "name", "role", fault=fault),
        "fault": fault,
        "invited": invited,
    }
    return render(request, "casework/users.html", found, status=422 if fault else 200)


@require_http_methods(["GET", "POST"])
def user_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One user. A form has one button, whose name says what is to be done."""
    by, fault = signed_in(request), ""
    shown = get_object_or_404(User.objects.with_roles(), pk=pk)
    may_change = by.has_directorate_role(Role.ADMINISTRATOR)
    if request.method == "POST":
        if not may_change:
            raise PermissionDenied
        try:
            _change(request, shown, by)
            messages.success(request, _("Endringen er lagret. Personen må logge inn på nytt."))
            return redirect("user", pk=pk)
        except BadInput as error:
            fault = str(error)
    given = {one.role for one in shown.directorate_roles.all()}
    events = AuditEvent.objects.about(f"user:{shown.pk}")[:LAST_DEEDS]
    found = {
        "shown": shown,
        "may_change": may_change and shown != by,
        "is_oneself": shown == by,
        "given": [(role.value, ROLES[role]) for role in DIRECTORATE_ROLES if role in given],
        "to_give": [(role.value, ROLES[role]) for role in DIRECTORATE_ROLES if role not in given],
        "memberships": [
            (one, ROLES[Role(one.role)], SOURCES[Membership.Source(one.source)]) for one in shown.memberships.all()
        ],
        "organisation_roles": [(role.value, ROLES[role]) for role in ORGANISATION_ROLES],
        "events": [(one, DEEDS.get(one.verb, one.verb), _details(one)) for one in events],
        "typed": typed_again(request, "do", "orgnr", "role", fault=fault),
        "fault": fault,
    }
    return render(request, "casework/user.html", found, status=422 if fault else 200)


def _change(request: HttpRequest, user: User, by: User) -> None:
    """Do what the button says."""
    asked, role = request.POST.get("do"), request.POST.get("role", "")
    if asked == "give_role":
        change_roles.give_role(user, _role(role), by=by)
    elif asked == "take_role":
        change_roles.take_role(user, _role(role), by=by)
    elif asked == "give_membership":
        change_roles.give_membership(user, request.POST.get("orgnr", ""), _role(role), by=by)
    elif asked == "take_membership":
        number = request.POST.get("membership", "")
        membership = get_object_or_404(user.memberships, pk=int(number) if number.isdecimal() else 0)
        change_roles.take_membership(membership, by=by)
    elif asked == "close_user":
        change_roles.close_user(user, by=by)
    elif asked == "open_user":
        change_roles.open_user(user, by=by)
    else:
        raise Http404


def _invited(request: HttpRequest, by: User) -> Invited:
    organisation = change_roles.organisation_with(request.POST.get("orgnr", ""))
    return invite(organisation, _role(request.POST.get("role", "")), name=request.POST.get("name", ""), by=by)


def _role(text: str) -> Role:
    try:
        return Role(text)
    except ValueError:
        raise BadInput(_("Velg en rolle.")) from None


def _in_words(user: User) -> list[str]:
    """All that somebody may do: «Beslutter», «Redaktør for Halden kommune»."""
    directorate = [str(ROLES[Role(one.role)]) for one in user.directorate_roles.all()]
    acting = [
        _("%(role)s for %(organisation)s") % {"role": ROLES[Role(one.role)], "organisation": one.organisation}
        for one in user.memberships.all()
    ]
    return sorted(directorate) + sorted(acting)


def _details(event: AuditEvent) -> str:
    """The role and the organisation of a deed, where it has them."""
    known: dict[str, Any] = event.details
    role = str(ROLES[Role(known["role"])]) if known.get("role") in Role.values else ""
    return ", ".join(part for part in (role, str(known.get("name", ""))) if part)

"""Who acts for the organisations that one signs for: see it, invite somebody, and end it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from grants.models import MemberInvitation, Membership, Organisation, Role, User
from grants.models.organisation import OrganisationQuerySet
from grants.pages.asking import signed_in, typed_again, uuid_of
from grants.pages.words import ROLES, SOURCES
from grants.services.invite import MAY_INVITE, Invited, invite, remove_member, withdraw_invitation
from grants.shared.errors import BadInput


@require_http_methods(["GET", "POST"])
def our_people(request: HttpRequest) -> HttpResponse:
    """The people, organisation by organisation. A new code stands in the answer to the form, and nowhere else."""
    user, fault, invited = signed_in(request), "", None
    ours = Organisation.objects.signed_for_by(user)
    if request.method == "POST":
        try:
            invited = _do(request, ours, user)
            if invited is None:
                return redirect("our_people")
        except BadInput as error:
            fault = str(error)
    found = {
        "groups": _groups(ours, user),
        "roles": [(role.value, ROLES[role]) for role in MAY_INVITE],
        "typed": typed_again(request, "organisation", "name", "role", fault=fault),
        "fault": fault,
        "invited": invited,
    }
    return render(request, "applicant/our_people.html", found, status=422 if fault else 200)


def _do(request: HttpRequest, ours: OrganisationQuerySet, user: User) -> Invited | None:
    """Do what the button says, to something of ours; another organisation's answers like one that is not there."""
    asked = request.POST.get("do")
    if asked == "invite":
        organisation = get_object_or_404(ours, pk=uuid_of(request.POST.get("organisation", "")))
        role = next((role for role in MAY_INVITE if role == request.POST.get("role")), None)
        if role is None:
            raise BadInput(_("Velg hvilken rolle den som inviteres skal ha."))
        return invite(organisation, role, name=request.POST.get("name", ""), by=user)
    if asked == "remove":
        number = request.POST.get("membership", "")
        members = Membership.objects.of_organisations(ours)
        member = get_object_or_404(members, pk=int(number) if number.isdecimal() else 0)
        remove_member(member, by=user)
        messages.success(request, _("%s representerer ikke organisasjonen lenger.") % member.user)
    elif asked == "withdraw":
        invitations = MemberInvitation.objects.of_organisations(ours)
        withdraw_invitation(get_object_or_404(invitations, pk=uuid_of(request.POST.get("invitation", ""))), by=user)
        messages.success(request, _("Invitasjonen er trukket tilbake. Koden virker ikke lenger."))
    else:
        raise Http404
    return None


def _groups(ours: OrganisationQuerySet, user: User) -> list[dict[str, object]]:
    """Each organisation with its people and the invitations that wait."""
    members = list(Membership.objects.of_organisations(ours).select_related("user"))
    waiting = list(MemberInvitation.objects.of_organisations(ours).open_at(timezone.now()).select_related("invited_by"))
    return [
        {
            "organisation": organisation,
            "members": [
                (one, ROLES[Role(one.role)], SOURCES[Membership.Source(one.source)], _may_remove(one, user))
                for one in members
                if one.organisation_id == organisation.pk
            ],
            "invitations": [(one, ROLES[Role(one.role)]) for one in waiting if one.organisation_id == organisation.pk],
        }
        for organisation in ours
    ]


def _may_remove(member: Membership, user: User) -> bool:
    return member.role in MAY_INVITE and member.user_id != user.pk and member.source != Membership.Source.PROVIDER

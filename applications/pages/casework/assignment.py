"""Give a case back, and share out those that are ticked."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from applications.pages.casework.asking import chosen_cases, visible_case, where_to
from applications.search.options import caseworkers
from applications.services.assign import give_back, share_out
from grants.pages.asking import signed_in
from grants.shared.errors import BadInput


@require_POST
def case_give_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put the case back in the queue."""
    case = give_back(visible_case(request, pk), by=signed_in(request))
    messages.success(request, _("Saken %(case)s ligger i køen igjen.") % {"case": case.reference})
    return redirect(where_to(request))


@require_POST
def cases_assign(request: HttpRequest) -> HttpResponse:
    """Give the ticked cases to a caseworker. Those that could not be given are listed, each with the reason."""
    people = {str(person.pk): person for person in caseworkers()}
    to = people.get(request.POST.get("to", ""))
    if to is None:
        raise BadInput(_("Velg hvem sakene skal fordeles til."))
    shared = share_out(chosen_cases(request, request.POST.getlist("case")), to=to, by=signed_in(request))
    if shared.refused:
        found = {"shared": shared, "to": to, "back": where_to(request)}
        return render(request, "casework/shared_out.html", found, status=409)
    number = len(shared.given)
    said = ngettext("%(number)s sak er fordelt til %(to)s.", "%(number)s saker er fordelt til %(to)s.", number)
    messages.success(request, said % {"number": number, "to": to})
    return redirect(where_to(request))

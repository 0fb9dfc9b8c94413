"""The views that people keep of the queue: save, rename, share, remove, and choose the first."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from applications.models import SavedView
from applications.search.choices import read_query
from applications.services.saved_views import change_view, first_view_of, open_with, remove_view, save_view
from grants.pages.asking import signed_in
from grants.shared.errors import BadInput


@require_http_methods(["GET", "POST"])
def case_views(request: HttpRequest) -> HttpResponse:
    """All that one sees, and saving a new one."""
    if request.method == "GET":
        return _page(request)
    name = request.POST.get("name", "")
    query = request.POST.get("query", "")
    try:
        view = save_view(name, query, by=signed_in(request), is_shared="shared" in request.POST)
    except BadInput as fault:
        new = {"name": name, "query": read_query(query).query(), "shared": "shared" in request.POST}
        return _page(request, fault=str(fault), new=new)
    messages.success(request, _("Visningen «%(name)s» er lagret.") % {"name": view.name})
    return redirect(f"{reverse('cases')}?{view.query or 'state=open'}")


@require_POST
def case_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one view: the button says what. A view that one does not see is not there."""
    user = signed_in(request)
    view = get_object_or_404(SavedView.objects.visible_to(user), pk=pk)
    match request.POST.get("do"):
        case "change":
            name = request.POST.get("name", "")
            try:
                change_view(view, name=name, is_shared="shared" in request.POST, by=user)
            except BadInput as fault:
                return _page(request, fault=str(fault), faulty=pk, typed=name)
            said = _("Visningen er endret.")
        case "remove":
            remove_view(view, by=user)
            said = _("Visningen er fjernet.")
        case "first":
            open_with(view, by=user)
            said = _("Arbeidskøen åpner nå med «%(name)s».") % {"name": view.name}
        case "not_first":
            open_with(None, by=user)
            said = _("Arbeidskøen åpner nå med alle saker i arbeid.")
        case _other:
            raise Http404
    messages.success(request, said)
    return redirect("case_views")


def _page(
    request: HttpRequest,
    *,
    fault: str = "",
    faulty: int = 0,
    typed: str = "",
    new: dict[str, Any] | None = None,
) -> HttpResponse:
    user = signed_in(request)
    found = {
        "views": SavedView.objects.visible_to(user).select_related("owner"),
        "first": first_view_of(user),
        "user_id": user.pk,
        "fault": fault,
        "faulty": faulty,
        "typed": typed,
        "new": new,
        "fault_at": f"name-{faulty}" if faulty else "name",
    }
    return render(request, "casework/saved_views.html", found, status=422 if fault else 200)

"""Changes of account numbers that wait, for finance: approved by them where the organisation has no second signatory."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from grants.models import AccountChange, Role, User
from grants.pages.asking import posted_number, signed_in, typed_again
from grants.register.account_changes import open_changes
from grants.services.change_account import approve_account, may_approve, stop_account
from grants.shared.dates import today
from grants.shared.errors import BadInput, NotAllowed, Refused


@require_http_methods(["GET", "POST"])
def account_changes(request: HttpRequest) -> HttpResponse:
    """All changes that wait, for approval or for their days, with the last digits of each number."""
    user, fault = signed_in(request), ""
    if request.method == "POST":
        try:
            _do(request, user)
            return redirect("account_changes")
        except Refused as refused:
            fault = str(refused)
    found = {
        "rows": [(one, _why_not(one.change, user)) for one in open_changes(on=today())],
        "is_finance": user.has_directorate_role(Role.FINANCE),
        "typed": typed_again(request, "change", "reason", fault=fault),
        "fault": fault,
    }
    return render(request, "finance/account_changes.html", found, status=422 if fault else 200)


def _do(request: HttpRequest, user: User) -> None:
    if not user.has_directorate_role(Role.FINANCE):
        raise NotAllowed(_("Bare økonomi godkjenner og stopper endringer av kontonummer her."))
    changes = AccountChange.objects.select_related("organisation", "proposed_by")
    change = get_object_or_404(changes, pk=posted_number(request, "change"))
    if request.POST.get("do") == "approve":
        if request.POST.get("called") != "yes":
            raise BadInput(
                _("Ring organisasjonen på et nummer dere kjente fra før, og kryss av for at dere har gjort det.")
            )
        approve_account(change, by=user)
        messages.success(request, _("Kontonummeret er godkjent."))
    elif request.POST.get("do") == "stop":
        stop_account(change, reason=request.POST.get("reason", ""), by=user)
        messages.success(request, _("Endringen er stoppet."))
    else:
        raise Http404


def _why_not(change: AccountChange, user: User) -> str:
    """Why this person can't approve it; empty where they can."""
    try:
        may_approve(change, user)
    except NotAllowed as refused:
        return str(refused)
    return ""

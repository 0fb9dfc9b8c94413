"""A recipient's account number and KID: what is in use, what waits, and who may do what about it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from grants.entitlements.shown import acts_for
from grants.models import AccountChange, Organisation, User
from grants.pages.asking import posted_number, signed_in, typed_again, uuid_of
from grants.register.account_changes import account_of, changes_of, in_use_from, kids_of
from grants.register.accounts import last_digits
from grants.services.change_account import (
    approve_account,
    choose_kid,
    may_approve,
    may_propose,
    propose_account,
    stop_account,
)
from grants.shared.dates import today
from grants.shared.errors import NotAllowed, Refused


@require_http_methods(["GET", "POST"])
def our_account(request: HttpRequest) -> HttpResponse:
    """Each organisation that the person acts for, with its account, what waits, and what was."""
    user, fault = signed_in(request), ""
    ours = acts_for(user)
    if request.method == "POST":
        try:
            _do(request, ours, user)
            return redirect("our_account")
        except Refused as refused:
            fault = str(refused)
    found = {
        "groups": [_group(one, user) for one in ours],
        "typed": typed_again(request, "do", "organisation", "number", "reason", "kid", "change", fault=fault),
        "fault": fault,
    }
    return render(request, "applicant/our_account.html", found, status=422 if fault else 200)


def _do(request: HttpRequest, ours: list[Organisation], user: User) -> None:
    """Do what the button says, to something of ours; another organisation's answers like one that is not there."""
    asked, reason = request.POST.get("do"), request.POST.get("reason", "")
    if asked in ("propose", "kid"):
        key = uuid_of(request.POST.get("organisation", ""))
        organisation = next((one for one in ours if one.pk == key), None)
        if organisation is None:
            raise Http404
        if asked == "propose":
            propose_account(organisation, request.POST.get("number", ""), reason=reason, by=user)
            messages.success(
                request, _("Kontonummeret er foreslått. En annen person må godkjenne det før det gjelder.")
            )
        else:
            chosen = choose_kid(organisation, request.POST.get("kid", ""), by=user)
            said = _("Utbetalinger merkes med KID fra nå av.") if chosen.kid else _("Utbetalinger merkes med tekst.")
            messages.success(request, said)
    elif asked in ("approve", "stop"):
        theirs = AccountChange.objects.of_organisations(ours)
        change = get_object_or_404(theirs, pk=posted_number(request, "change"))
        if asked == "approve":
            approve_account(change, by=user)
            messages.success(request, _("Kontonummeret er godkjent."))
        else:
            stop_account(change, reason=reason, by=user)
            messages.success(request, _("Endringen er stoppet. Det gamle kontonummeret gjelder."))
    else:
        raise Http404


def _group(organisation: Organisation, user: User) -> dict[str, object]:
    account = account_of(organisation)
    start = in_use_from(account) if account else None
    changes = changes_of([organisation], on=today())
    return {
        "organisation": organisation,
        "digits": last_digits(account) if account else "",
        "in_use_from": start,
        "is_waiting": start is not None and today() < start,
        "kid": kids_of([organisation.pk]).get(organisation.pk, ""),
        "open": [(one, may_approve_this(one.change, user)) for one in changes if one.is_open],
        "past": [one for one in changes if not one.is_open],
        "may_write": may_propose(organisation, user),
    }


def may_approve_this(change: AccountChange, user: User) -> bool:
    """Would the person be let approve it?"""
    try:
        may_approve(change, user)
    except NotAllowed:
        return False
    return True

"""After a grant, for the recipient: read the terms and answer, and ask to change them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications.models import Application
from applications.pages.applicant.kept import forget, kept
from applications.services.change_requests import FaultyRequest, ask_for_change
from applications.services.follow_up import FollowUp, all_terms, follow_up_of, signatories
from applications.services.terms import accept_terms, decline_grant
from applications.workflow.machine import has_role
from grants.models import Role
from grants.pages.asking import signed_in
from grants.shared.errors import ChangedSince
from grants.shared.money import kr

EMPTY_ROWS = 2


@require_http_methods(["GET", "POST"])
def terms_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The terms in force, and the answer of somebody who signs: accepted, or declined with a reason."""
    found, user = granted(request, pk), signed_in(request)
    faults: dict[str, str] = {}
    conflict = ""
    if request.method == "POST":
        faults = _faults_of_answer(request)
        if not faults:
            try:
                return _answered(request, found)
            except ChangedSince as changed:
                conflict = str(changed)
                found = granted(request, pk)
    context = {
        "application": found.application,
        "found": found,
        "chain": all_terms(found),
        "may_sign": has_role(user, Role.SIGNATORY, found.application),
        "signatories": signatories(found.application),
        "faults": faults,
        "conflict": conflict,
        "reason": request.POST.get("reason", ""),
    }
    status = 409 if conflict else 422 if faults else 200
    return render(request, "applicant/terms.html", context, status=status)


def _faults_of_answer(request: HttpRequest) -> dict[str, str]:
    if "decline" in request.POST:
        return {} if request.POST.get("reason", "").strip() else {"reason": _("Skriv kort hvorfor dere takker nei.")}
    return {} if "confirmed" in request.POST else {"confirmed": _("Bekreft at du har lest vilkårene.")}


def _answered(request: HttpRequest, found: FollowUp) -> HttpResponse:
    user, sha256 = signed_in(request), request.POST.get("sha256", "")
    if "decline" in request.POST:
        decline_grant(found.terms, sha256=sha256, reason=request.POST.get("reason", ""), by=user)
        messages.success(request, _("Dere har takket nei til tilskuddet."))
    else:
        accept_terms(found.terms, sha256=sha256, by=user)
        messages.success(request, _("Vilkårene er godtatt."))
    return redirect("application", pk=found.application.pk)


@require_http_methods(["GET", "POST"])
def change_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask to change what the grant is for, and see what was asked and answered before."""
    found, user = granted(request, pk), signed_in(request)
    posted = request.POST if request.method == "POST" else kept(request, request.path)
    typed = _as_it_is(found) if posted is None else _typed(posted)
    faults: dict[str, str] = {}
    conflict = ""
    if request.method == "POST" and not {"add_costs", "add_financing"} & request.POST.keys():
        try:
            if typed["sha256"] != found.terms.sha256:
                raise ChangedSince(_("Vilkårene er endret siden du begynte. Se de nye vilkårene og send på nytt."))
            ask_for_change(found.terms, typed, by=user)
            forget(request)
            messages.success(request, _("Søknaden om endring er sendt."))
            return redirect("application_change", pk=pk)
        except FaultyRequest as faulty:
            faults = faulty.faults
        except ChangedSince as changed:
            conflict = str(changed)
            found = granted(request, pk)
    may_sign = has_role(user, Role.SIGNATORY, found.application)
    context = {
        "application": found.application,
        "found": found,
        "was_kept": request.method == "GET" and posted is not None,
        "typed": typed,
        "faults": faults,
        "conflict": conflict,
        "may_ask": may_sign and found.may_ask_for_change,
        "may_sign": may_sign,
        "signatories": signatories(found.application),
        "costs": _padded(typed["costs"], "costs", faults),
        "financing": _padded(typed["financing"], "financing", faults),
    }
    status = 409 if conflict else 422 if faults else 200
    return render(request, "applicant/change.html", context, status=status)


def granted(request: HttpRequest, pk: UUID) -> FollowUp:
    """The grant of a case that the person may open; one without a grant has no such page."""
    rows = Application.objects.visible_to(signed_in(request)).select_related("call", "organisation")
    found = follow_up_of(get_object_or_404(rows, pk=pk))
    if found is None:
        raise Http404
    return found


def rows_of(posted: QueryDict, table: str, parts: tuple[str, ...]) -> list[dict[str, str]]:
    """The rows of a table of fields, those that are empty left out."""
    columns = (posted.getlist(f"{table}-{part}") for part in parts)
    rows = [dict(zip(parts, values, strict=True)) for values in zip(*columns, strict=False)]
    return [row for row in rows if any(value.strip() for value in row.values())]


def _typed(posted: QueryDict) -> dict[str, Any]:
    names = ("text", "activity", "starts_on", "ends_on", "changes_budget", "own", "sha256")
    return {name: posted.get(name, "") for name in names} | {
        "costs": rows_of(posted, "costs", ("text", "kroner")),
        "financing": rows_of(posted, "financing", ("text", "kroner")),
    }


def _as_it_is(found: FollowUp) -> dict[str, Any]:
    """The form as it opens: period and budget as they are now."""
    content = found.terms.content
    budget = content["budget"]
    return {
        "text": "",
        "activity": "",
        "starts_on": content["starts_on"],
        "ends_on": content["ends_on"],
        "changes_budget": "",
        "own": kr(budget["own_ore"]),
        "sha256": found.terms.sha256,
        "costs": [{"text": text, "kroner": kr(ore)} for text, ore in budget["costs"]],
        "financing": [{"text": text, "kroner": kr(ore)} for text, ore in budget["financing"]],
    }


def _padded(rows: list[dict[str, str]], table: str, faults: dict[str, str]) -> list[dict[str, str]]:
    """The rows with some empty ones below, each with its faults."""
    return [
        {
            **row,
            "text_fault": faults.get(f"{table}-{number}-text", ""),
            "kroner_fault": faults.get(f"{table}-{number}-kroner", ""),
        }
        for number, row in enumerate([*rows, *[{"text": "", "kroner": ""}] * EMPTY_ROWS])
    ]

"""The scheme owner's calls: the list, a new one, changing a draft, and seeing it as the public will."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.models import Call
from applications.pages.calls import page_contents
from applications.pages.owner.forms import CallForm, NewCallForm
from applications.services.announce import change_call, prepare_call, publish_call, terms_of
from applications.workflow.numbers import unknown
from grants.law.registry import SCHEMES
from grants.pages.asking import page_of, signed_in
from grants.shared.dates import today
from grants.shared.errors import BadInput


@require_safe
def owner_calls(request: HttpRequest) -> HttpResponse:
    """All calls, the newest first, and the way to a new one."""
    page = page_of(request, Call.objects.with_counts().newest_first())
    new = NewCallForm(initial={"year": today().year})
    return render(request, "owner/calls.html", {"page": page, "new": new})


@require_http_methods(["GET", "POST"])
def owner_call_new(request: HttpRequest) -> HttpResponse:
    """A new draft, with what the scheme's file suggests."""
    asked = NewCallForm(request.GET)
    if not asked.is_valid():
        return render(request, "owner/calls.html", {"page": None, "new": asked}, status=422)
    code, part = asked.code_and_part()
    call = _suggested(code, part, asked.cleaned_data["year"])
    form = CallForm(call, request.POST if request.method == "POST" else None)
    if form.is_valid():
        made = _try(form, lambda: prepare_call(code, part, call.year, by=signed_in(request), **form.contents()))
        if made is not None:
            messages.success(request, _("Kladden er lagret."))
            return redirect("owner_call", pk=made.pk)
    return _form(request, call, form)


@require_http_methods(["GET", "POST"])
def owner_call(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A draft to change; a published call as it stands, with its invitations where it has named recipients."""
    call = get_object_or_404(Call, pk=pk)
    if call.published_at is not None:
        if request.method == "POST":
            raise BadInput(_("Utlysningen er publisert og kan ikke endres."))
        return render(request, "owner/published.html", _published(call))
    form = CallForm(call, request.POST if request.method == "POST" else None)
    if form.is_valid():
        if _try(form, lambda: change_call(call, by=signed_in(request), **form.contents())) is not None:
            messages.success(request, _("Kladden er lagret."))
            return redirect("owner_call", pk=call.pk)
    return _form(request, call, form)


@require_safe
def owner_call_preview(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A draft as the public will see it."""
    call = get_object_or_404(Call, pk=pk)
    if call.published_at is not None:
        raise Http404
    call.terms = terms_of(call)
    return render(request, "owner/preview.html", page_contents(call) | {"is_open": False, "organisations": []})


@require_POST
def owner_call_publish(request: HttpRequest, pk: UUID) -> HttpResponse:
    """From now on it stands as it is."""
    call = publish_call(get_object_or_404(Call, pk=pk), by=signed_in(request))
    messages.success(request, _("Utlysningen er publisert."))
    return redirect("owner_call", pk=call.pk)


def _suggested(code: str, part: str, year: int) -> Call:
    law = SCHEMES[code]
    name = next((one.name for one in law.sub_schemes if one.code == part), law.name)
    return Call(
        scheme=code, part=part, year=year, title_nb=name.nb, title_nn=name.nn,
        about_nb=law.purpose.nb, about_nn=law.purpose.nn,
    )  # fmt: skip


def _try(form: forms.Form, act: Any) -> Call | None:
    """What the service makes, or its refusal on the form, with everything that was typed."""
    try:
        made: Call = act()
    except BadInput as refused:
        form.add_error(None, str(refused))
        return None
    return made


def _form(request: HttpRequest, call: Call, form: CallForm) -> HttpResponse:
    found = {
        "call": call,
        "form": form,
        "is_new": call.created_by_id is None,
        "unknown": unknown(call.law, call.year, call.numbers),
        "criteria": call.law.criteria,
        "questions": terms_of(call)["questions"],
        "rules": call.law.rules,
    }
    return render(request, "owner/draft.html", found, status=422 if form.errors else 200)


def _published(call: Call) -> dict[str, Any]:
    return {"call": call, "invitations": call.invitations.select_related("organisation", "application", "invited_by")}

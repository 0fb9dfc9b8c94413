"""What the bank has answered: the queue where a person decides, one answer, and the files, taken in also by hand."""

from contextlib import suppress
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from grants.documents.uploads import most_bytes, was_cut_off
from grants.models import BankEvent, BankResolution, Role
from grants.pages.asking import page_of, signed_in
from grants.pages.finance.asking import Fault, day_typed, fault_of, typed_in
from grants.pages.finance.words import ACTIONS, TROUBLES, TROUBLES_MEAN
from grants.payments import answers
from grants.services.bank_file_by_hand import bank_file_by_hand
from grants.services.resolve_bank_event import CHOICES, resolve_bank_event
from grants.shared.dates import today
from grants.shared.errors import BadInput, Refused

Trouble, Action = BankEvent.Trouble, BankResolution.Action
REFUSED_SHOWN = 25


@require_safe
def bank_answers(request: HttpRequest) -> HttpResponse:
    """What waits for a person, the oldest first; or what has been decided."""
    is_decided = request.GET.get("show") == "decided"
    found = {
        "page": page_of(request, answers.decided() if is_decided else answers.to_decide()),
        "is_decided": is_decided,
        "waiting": answers.waiting(),
        "troubles": [
            (TROUBLES.get(Trouble(row["trouble"]), Trouble(row["trouble"]).label), row) for row in answers.by_trouble()
        ],
    }
    return render(request, "finance/bank.html", found)


@require_safe
def bank_event(request: HttpRequest, pk: int) -> HttpResponse:
    """One answer that a person must decide on, with all that helps to decide."""
    return _event_page(request, pk)


@require_POST
def bank_event_resolve(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide. Nothing is paid again by this alone: a later batch takes it up, and two people see it."""
    event, by = get_object_or_404(answers.event_with(pk)), signed_in(request)
    try:
        on = _day_of(event, request)
        resolve_bank_event(
            event, _action(request.POST.get("action", "")), words=request.POST.get("words", ""), by=by, on=on
        )
    except Refused as refused:
        return _event_page(request, pk, fault_of(refused, "resolve"))
    messages.success(request, _("Svaret er avklart, og det du skrev er lagret."))
    return redirect("bank_answers")


@require_safe
def bank_files(request: HttpRequest) -> HttpResponse:
    """The files that were taken in, and those that were refused, with the reason."""
    return _files_page(request)


@require_POST
def bank_file_take_in(request: HttpRequest) -> HttpResponse:
    """Take in files that a person has from the bank. One that is refused stops no other."""
    by, faults, taken = signed_in(request), list[Fault](), 0
    files = [one for one in request.FILES.getlist("file") if isinstance(one, UploadedFile)]
    if was_cut_off(request):
        refusal = BadInput(
            _(
                "Filen er større enn %(megabytes)s MB. Legg den i bankmappen, eller ta den inn med kommandoen import_bank."
            )
            % {"megabytes": most_bytes() // 1024 // 1024}
        )
        return _files_page(request, [fault_of(refusal, "file")])
    if not files:
        return _files_page(request, [fault_of(BadInput(_("Velg en fil fra banken.")), "file")])
    for file in files:
        name = str(file.name)
        try:
            found = bank_file_by_hand(file.read(), name=name, by=by)
        except Refused as refused:
            faults.append(Fault("file", f"{name}: {refused}", 422))
            continue
        taken += 1
        if not found.is_new:
            messages.success(request, _("%(name)s er tatt inn før. Ingenting er gjort på nytt.") % {"name": name})
        else:
            messages.success(
                request,
                _("%(name)s er tatt inn: %(told)s opplysninger, %(known)s kjent fra før, %(look)s må avklares.")
                % {"name": name, "told": found.told, "known": found.known, "look": found.to_look_at},
            )
    return _files_page(request, faults) if faults else redirect("bank_files")


def _action_name(resolution: BankResolution | None) -> str:
    if resolution is None:
        return ""
    return str(ACTIONS.get(Action(resolution.action), (resolution.get_action_display(), ""))[0])


def _action(text: str) -> BankResolution.Action:
    with suppress(ValueError):
        return Action(text)
    raise BadInput(_("Velg hva som skal skje."))


def _day_of(event: BankEvent, request: HttpRequest) -> date | None:
    """The day it is booked, where the bank's own day lies in a closed year and a person chooses another."""
    text = request.POST.get("on", "")
    if event.trouble != Trouble.YEAR_CLOSED or request.POST.get("action") != Action.BOOK or not text:
        return None
    day = day_typed(text)
    if day > today():
        raise BadInput(_("Dagen det føres på, kan ikke ligge fram i tid."))
    return day


def _event_page(request: HttpRequest, pk: int, fault: Fault | None = None) -> HttpResponse:
    event = get_object_or_404(answers.event_with(pk))
    trouble = Trouble(event.trouble)
    finance = signed_in(request).has_directorate_role(Role.FINANCE)
    resolution = getattr(event, "resolution", None)
    found: dict[str, Any] = {
        "event": event,
        "meaning": TROUBLES_MEAN.get(trouble, ""),
        "resolution": resolution,
        "action": _action_name(resolution),
        "choices": [(action.value, *ACTIONS.get(action, (action.label, ""))) for action in CHOICES.get(trouble, ())]
        if finance and resolution is None
        else [],
        "asks_day": trouble == Trouble.YEAR_CLOSED,
        "parts": answers.parts_of(event) if event.payment_id else [],
        "others": event.payment.events.exclude(pk=pk).select_related("message").order_by("pk") if event.payment else [],
        "today": today(),
        "typed": typed_in(request, fault),
        "fault": fault,
    }
    return render(request, "finance/bank_event.html", found, status=fault.status if fault else 200)


def _files_page(request: HttpRequest, faults: list[Fault] | None = None) -> HttpResponse:
    found = {
        "page": page_of(request, answers.files()),
        "refused": answers.refused_files()[:REFUSED_SHOWN],
        "waiting": answers.waiting(),
        "faults": faults or [],
        "megabytes": most_bytes() // 1024 // 1024,
    }
    return render(request, "finance/bank_files.html", found, status=422 if faults else 200)

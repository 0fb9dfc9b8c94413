"""Finance's pages for getting money back: the list with ages, one claim with its story, and a new claim by hand."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from grants.models import Organisation, RecoveryClaim, RecoveryEvent, Role, User
from grants.pages.asking import page_of, signed_in
from grants.pages.recovery_words import KINDS
from grants.recoveries import shown
from grants.recoveries.paid import paid_to
from grants.recoveries.plan import plan_of
from grants.recoveries.story import on_its_way_ore
from grants.services import demand_recovery, offset_recovery, raise_recovery, receive_recovery, write_off_recovery
from grants.shared.dates import read_day, today
from grants.shared.errors import BadInput, Refused
from grants.shared.money import kroner_as_typed

Standing = RecoveryClaim.Standing
TYPED = ("do", "words", "amount", "on", "number", "first", "bank_event")
RECIPIENTS_SHOWN, CARRIED_SHOWN = 20, 10


@require_safe
def recoveries(request: HttpRequest) -> HttpResponse:
    """All claims: what is open, what waits for somebody, what is late and by how much."""
    search, kind = request.GET.get("search", "")[:200].replace("\0", ""), request.GET.get("kind", "")
    on, show = today(), request.GET.get("show", "")
    show = show if show in shown.lists(on) else "open"
    carried = shown.carried_forward()
    found = {
        "show": show,
        "search": search,
        "kind": kind,
        "kinds": [(code.value, name) for code, name in KINDS.items()],
        "page": page_of(request, shown.in_list(show, search=search, kind=kind, on=on)),
        "counts": {name: shown.in_list(name, search=search, kind=kind, on=on).count() for name in shown.lists(on)},
        "owing": shown.sums_of(RecoveryClaim.objects.owing()),
        "late": shown.sums_of(shown.late(on)),
        "ages": shown.ages(on),
        "carried": carried[:CARRIED_SHOWN],
        "carried_ore": sum(one.ore for one in carried),
        "carried_more": max(0, len(carried) - CARRIED_SHOWN),
        "credits": receive_recovery.waiting_credits(),
        "today": on,
    }
    return render(request, "finance/recoveries.html", found)


@require_http_methods(["GET", "POST"])
def recovery(request: HttpRequest, claim: int) -> HttpResponse:
    """One claim: its story, and what is done next. A form has one button, whose name says what is to be done."""
    found, by, fault, status = _claim(claim), signed_in(request), "", 200
    if request.method == "POST":
        if not by.has_directorate_role(Role.FINANCE):
            raise PermissionDenied
        act = ACTS.get(request.POST.get("do", ""))
        if act is None:
            raise Http404
        try:
            messages.success(request, act(found, request, by))
            return redirect("recovery", claim=claim)
        except Refused as refused:
            fault, status = str(refused), 422 if isinstance(refused, BadInput) else 409
            found = _claim(claim)
    typed = {name: request.POST.get(name, "") if fault else "" for name in TYPED}
    context = _about(found, by) | {"fault": fault, "typed": typed}
    return render(request, "finance/recovery.html", context, status=status)


@require_http_methods(["GET", "POST"])
def recovery_new(request: HttpRequest) -> HttpResponse:
    """Raise a claim by hand: find the recipient, choose what was paid, and say how much and why."""
    by, fault = signed_in(request), ""
    search = request.GET.get("search", "")[:200].replace("\0", "").strip()
    recipient = shown.recipient_numbered(request.GET.get("recipient", ""))
    if request.method == "POST" and recipient is not None:
        try:
            claim = _raise(request, recipient, by)
            messages.success(request, _("%(claim)s er reist. En annen i økonomi må godkjenne det.") % {"claim": claim})
            return redirect("recovery", claim=claim.number)
        except BadInput as refused:
            fault = str(refused)
    found = {
        "search": search,
        "found": shown.recipients_like(search, RECIPIENTS_SHOWN),
        "recipient": recipient,
        "paid": [one for one in paid_to(recipient) if one.left_ore] if recipient else [],
        "carried_ore": shown.carried_by(recipient) if recipient else 0,
        "kinds": [(code.value, name) for code, name in KINDS.items()],
        "key": request.POST.get("key", "") or uuid4().hex,
        "typed": {name: request.POST.get(name, "") for name in ("paid", "kind", "amount", "ground", "citation")},
        "fault": fault,
    }
    return render(request, "finance/recovery_new.html", found, status=422 if fault else 200)


def _claim(number: int) -> RecoveryClaim:
    rows = RecoveryClaim.objects.with_standing().select_related("recipient", "raised_by")
    return get_object_or_404(rows, number=number)


def _about(claim: RecoveryClaim, user: User) -> dict[str, Any]:
    """What the page shows of a claim, and which of its forms this person gets."""
    is_finance = user.has_directorate_role(Role.FINANCE)
    owes = claim.standing in (Standing.CLAIMED, Standing.PLAN)
    proposed = write_off_recovery.waiting_write_off(claim)
    story = shown.story_of(claim)
    events = [one.event for one in story]
    told = next((one for one in events if one.kind == RecoveryEvent.Kind.OFFSET_TOLD), None)
    return {
        "claim": claim,
        "story": story,
        "plan": plan_of(claim),
        "on_its_way_ore": on_its_way_ore(claim),
        "carried_ore": shown.carried_by(claim.recipient),
        "is_own": claim.raised_by_id == user.pk,
        "commented": any(one.kind == RecoveryEvent.Kind.COMMENTED for one in events),
        "may_be_sent": claim.standing == Standing.NOTICED,
        "heard": claim.comment_by is not None and today() > claim.comment_by,
        "told": told,
        "proposed": proposed,
        "is_own_write_off": proposed is not None and proposed.by_id == user.pk,
        "credits": receive_recovery.waiting_credits() if owes or claim.standing == Standing.NOTICED else [],
        "approved": next((one for one in events if one.kind == RecoveryEvent.Kind.APPROVED), None),
        "is_finance": is_finance,
        "acts": {
            "approve": is_finance and claim.standing == Standing.PROPOSED,
            "send": is_finance and claim.standing == Standing.NOTICED,
            "book": is_finance and (owes or claim.standing == Standing.NOTICED),
            "plan": is_finance and owes,
            "tell": is_finance and owes and told is None,
            "propose": is_finance and proposed is None and (owes or claim.standing == Standing.NOTICED),
            "write_off": is_finance and proposed is not None,
        },
        "today": today(),
    }


def _approve(claim: RecoveryClaim, request: HttpRequest, by: User) -> str:
    raise_recovery.approve_claim(claim, by=by, seen=_seen(request), digest=request.POST.get("digest"))
    return _("Kravet er godkjent, og mottakeren får varsel.")


def _reject(claim: RecoveryClaim, request: HttpRequest, by: User) -> str:
    raise_recovery.reject_claim(claim, reason=_words(request), by=by, seen=_seen(request))
    return _("Kravet er lagt bort.")


def _send(claim: RecoveryClaim, request: HttpRequest, by: User) -> str:
    demand_recovery.send_claim(claim, words=_words(request), by=by, seen=_seen(request))
    return _("Kravet er sendt.")


def _book(claim: RecoveryClaim, request: HttpRequest, by: User) -> str:
    number = request.POST.get("bank_event", "")
    entry = receive_recovery.waiting_credit(int(number)) if number.isascii() and number.isdigit() else None
    amount = entry.amount_ore if entry and not request.POST.get("amount", "").strip() else _ore(request)
    day = entry.on if entry and entry.on and not request.POST.get("on", "") else _day(request, "on")
    receive_recovery.book_by_hand(
        claim, amount_ore=amount, on=day, words=_words(request), by=by, seen=_seen(request), bank_event=entry
    )
    return _("Innbetalingen er ført.")


def _undo(claim: RecoveryClaim, request: HttpRequest, by: User) -> str:
    number = request.POST.get("number", "")
    event = get_object_or_404(claim.events, number=int(number) if number.isascii() and number.isdigit() else 0)
    receive_recovery.undo_booking(claim, event, words=_words(request), by=by, seen=_seen(request))
    return _("Innbetalingen er tilbakeført.")


def _plan(claim: RecoveryClaim, request: HttpRequest, by: User) -> str:
    number = request.POST.get("number", "")
    if not (number.isascii() and number.isdigit() and len(number) < 4):
        raise BadInput(_("Skriv hvor mange avdrag det skal være."))
    parts = demand_recovery.even_parts(claim.left_ore, int(number), _day(request, "first"))
    demand_recovery.agree_on_plan(claim, parts, words=_words(request), by=by, seen=_seen(request))
    return _("Planen er lagret, og mottakeren får brev.")


def _tell(claim: RecoveryClaim, request: HttpRequest, by: User) -> str:
    offset_recovery.tell_of_offset(claim, by=by, seen=_seen(request))
    return _("Mottakeren er varslet om motregning.")


def _propose(claim: RecoveryClaim, request: HttpRequest, by: User) -> str:
    write_off_recovery.propose_write_off(
        claim, amount_ore=_ore(request), reason=_words(request), by=by, seen=_seen(request)
    )
    return _("Avskrivningen er foreslått. En annen i økonomi må godkjenne den.")


def _write_off(claim: RecoveryClaim, request: HttpRequest, by: User) -> str:
    write_off_recovery.approve_write_off(claim, by=by, seen=_seen(request))
    return _("Beløpet er avskrevet.")


def _keep(claim: RecoveryClaim, request: HttpRequest, by: User) -> str:
    write_off_recovery.refuse_write_off(claim, reason=_words(request), by=by, seen=_seen(request))
    return _("Avskrivningen er ikke godkjent, og kravet står.")


ACTS: dict[str, Callable[[RecoveryClaim, HttpRequest, User], str]] = {
    "approve": _approve, "reject": _reject, "send": _send, "book": _book, "undo": _undo, "plan": _plan, "tell": _tell,
    "propose": _propose, "write_off": _write_off, "keep": _keep,
}  # fmt: skip


def _raise(request: HttpRequest, recipient: Organisation, by: User) -> RecoveryClaim:
    kind = request.POST.get("kind", "")
    if kind not in RecoveryClaim.Kind.values:
        raise BadInput(_("Velg hva kravet gjelder."))
    return raise_recovery.raise_by_hand(
        recipient, request.POST.get("paid", ""), kind=RecoveryClaim.Kind(kind), amount_ore=_ore(request),
        ground=request.POST.get("ground", ""), citation=request.POST.get("citation", "")[:300],
        key=request.POST.get("key", "")[:60], by=by,
    )  # fmt: skip


def _seen(request: HttpRequest) -> int:
    text = request.POST.get("seen", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1


def _words(request: HttpRequest) -> str:
    return request.POST.get("words", "").replace("\0", "")[:5000]


def _ore(request: HttpRequest) -> int:
    return kroner_as_typed(request.POST.get("amount", ""))


def _day(request: HttpRequest, name: str) -> Any:
    try:
        return read_day(request.POST.get(name, ""))
    except BadInput:
        raise BadInput(_("Skriv dagen som en dato.")) from None

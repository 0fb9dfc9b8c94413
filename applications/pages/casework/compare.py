"""Compare and distribute: the cases of a call ranked against its envelope, and scenarios of who gets what."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from applications.intake.reading import Fault, read_kroner
from applications.models import Batch, Call, Scenario
from applications.services.scenario import (
    ScenarioChanged,
    begin_scenario,
    copy_scenario,
    save_scenario,
    unused_name,
)
from applications.workflow.distribution import (
    Distribution,
    Share,
    amounts_of,
    distribution,
    suggested_by_rank,
    suggested_same_share,
)
from applications.workflow.ranking import Ranking, ranked
from grants.models import User
from grants.pages.asking import page_of, signed_in
from grants.shared.errors import BadInput, Refused
from grants.shared.money import kr

ROWS = 250
MOST_POINTS = 6


@dataclass
class Typed:
    """The amounts of a form: as they were typed, as they are meant, and what is wrong, by case."""

    texts: dict[UUID, str]
    amounts: dict[UUID, int | None]
    faults: dict[UUID, str]


@require_safe
def call_compare(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The ranking with one scenario; the newest where none is chosen."""
    user = signed_in(request)
    call = _call(user, pk)
    scenarios = list(Scenario.objects.of(call))
    scenario = _chosen(scenarios, request.GET.get("scenario", ""))
    ranking = ranked(call, user=user)
    return _page(request, call, scenarios, scenario, distribution(call, ranking, amounts_of(scenario)))


@require_POST
def scenario_save(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Save what is typed, work out the sums of it, or suggest a distribution as a scenario of its own."""
    user = signed_in(request)
    call = _call(user, pk)
    scenarios = list(Scenario.objects.of(call))
    scenario = _chosen(scenarios, request.POST.get("scenario", "") or "new")
    ranking = ranked(call, user=user)
    typed = _typed(request, ranking)
    shared = distribution(call, ranking, amounts_of(scenario) | typed.amounts)
    if typed.faults or "calculate" in request.POST:
        status = 422 if typed.faults else 200
        return _page(request, call, scenarios, scenario, shared, typed=typed, status=status)
    try:
        if {"by_rank", "same_share"} & request.POST.keys():
            _keep(request, call, scenario, typed, user)
            saved = _suggest(request, call, ranking, user)
        else:
            saved = _save(request, call, scenario, typed.amounts, user)
    except ScenarioChanged as other:
        return _page(
            request, call, scenarios, other.now, shared, typed=typed, refusal=str(other), status=409, is_stale=True
        )
    except Refused as refusal:
        status = 422 if isinstance(refusal, BadInput) else 409
        return _page(request, call, scenarios, scenario, shared, typed=typed, refusal=str(refusal), status=status)
    messages.success(request, _("«%(name)s» er lagret.") % {"name": saved.name})
    return redirect(_address(call, saved, request.POST.get("page", "")))


@require_POST
def scenario_copy(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The same under another name."""
    user = signed_in(request)
    scenario = _scenario(user, pk)
    wanted = request.POST.get("name", "").strip() or unused_name(
        scenario.call, _("Kopi av %(name)s") % {"name": scenario.name}
    )
    copy = copy_scenario(scenario, wanted, by=user)
    messages.success(request, _("«%(name)s» er lagret.") % {"name": copy.name})
    return redirect(_address(scenario.call, copy))


@require_safe
def scenario_differences(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Two scenarios side by side: who gets what in each, and where they differ."""
    user = signed_in(request)
    call = _call(user, pk)
    scenarios = list(Scenario.objects.of(call))
    if len(scenarios) < 2:
        return redirect("call_compare", pk=pk)
    first = _chosen(scenarios, request.GET.get("a", "") or str(scenarios[-2].pk))
    second = _chosen(scenarios, request.GET.get("b", "") or str(scenarios[-1].pk))
    ranking = ranked(call, user=user)
    a, b = (distribution(call, ranking, amounts_of(one)) for one in (first, second))
    rows = [
        (one, other, (other.amount_ore or 0) - (one.amount_ore or 0))
        for one, other in zip(a.shares, b.shares, strict=True)
    ]
    found = {
        "call": call,
        "scenarios": scenarios,
        "first": first,
        "second": second,
        "a": a,
        "b": b,
        "rows": page_of(request, rows, ROWS),
        "differing": sum(1 for row in rows if row[0].amount_ore != row[1].amount_ore),
    }
    return render(request, "casework/differences.html", found)


def _call(user: User, pk: UUID) -> Call:
    return get_object_or_404(Call.objects.without_interest_of(user), pk=pk)


def _scenario(user: User, pk: UUID) -> Scenario:
    calls = Call.objects.without_interest_of(user)
    return get_object_or_404(Scenario.objects.select_related("call", "saved_by").in_calls(calls), pk=pk)


def _chosen(scenarios: list[Scenario], key: str) -> Scenario | None:
    """The scenario of this key; the newest where none is named, none for a new one. An unknown one is not found."""
    if key == "new" or not (scenarios or key):
        return None
    if not key:
        return scenarios[-1]
    for scenario in scenarios:
        if str(scenario.pk) == key:
            return scenario
    raise Http404


def _typed(request: HttpRequest, ranking: Ranking) -> Typed:
    """The amounts of the form, for the cases that can get one. An empty field is no amount; zero is a refusal."""
    typed = Typed({}, {}, {})
    for case in ranking.cases:
        key = case.application.pk
        text = request.POST.get(f"amount-{key}")
        if text is None or not case.is_open:
            continue
        typed.texts[key] = text
        try:
            amount = read_kroner(text) if text.strip() else None
        except Fault as fault:
            typed.faults[key] = str(fault)
            continue
        if amount is not None and amount > case.applied_ore:
            typed.faults[key] = _("Skriv høyst %(applied)s kroner, som er det de søkte om.") % {
                "applied": kr(case.applied_ore)
            }
            continue
        typed.amounts[key] = amount
    return typed


def _save(
    request: HttpRequest, call: Call, scenario: Scenario | None, amounts: dict[UUID, int | None], user: User
) -> Scenario:
    name = request.POST.get("name", "")
    if scenario is None:
        return begin_scenario(call, name, amounts, by=user)
    return save_scenario(scenario, amounts, version=_version(request), by=user, name=name)


def _keep(request: HttpRequest, call: Call, scenario: Scenario | None, typed: Typed, user: User) -> None:
    """A suggestion becomes a scenario of its own; what was typed before it is kept in the one that it was typed in."""
    stored = amounts_of(scenario)
    if any(stored.get(key) != amount for key, amount in typed.amounts.items()):
        _save(request, call, scenario, typed.amounts, user)


def _suggest(request: HttpRequest, call: Call, ranking: Ranking, user: User) -> Scenario:
    if "by_rank" in request.POST:
        wanted, amounts = _("Etter rangering"), suggested_by_rank(call, ranking)
    else:
        least = _least(request.POST.get("least", ""))
        text = f"{least.normalize():f}".replace(".", ",")
        wanted = _("Samme prosent fra %(points)s poeng") % {"points": text}
        amounts = suggested_same_share(call, ranking, least=least)
    if not amounts:
        raise BadInput(_("Ingen saker kan få penger ennå: sett poeng og ta stilling til vilkårene først."))
    return begin_scenario(call, unused_name(call, wanted), amounts, by=user)


def _least(text: str) -> Decimal:
    whole, _comma, decimals = text.strip().replace(".", ",").partition(",")
    if not (whole + decimals).isascii() or not (whole + decimals or "x").isdigit() or len(whole + decimals) > 4:
        raise BadInput(_("Skriv poenggrensen som et tall fra 0 til 6, for eksempel 3,5."))
    least = Decimal(f"{whole or 0}.{decimals or 0}")
    if least > MOST_POINTS:
        raise BadInput(_("Skriv poenggrensen som et tall fra 0 til 6, for eksempel 3,5."))
    return least


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _address(call: Call, scenario: Scenario, page: str = "") -> str:
    query = {"scenario": str(scenario.pk)} | ({"page": page} if page.isdigit() and page != "1" else {})
    return reverse("call_compare", kwargs={"pk": call.pk}, query=query)


def _page(
    request: HttpRequest,
    call: Call,
    scenarios: list[Scenario],
    scenario: Scenario | None,
    shared: Distribution,
    *,
    typed: Typed | None = None,
    refusal: str = "",
    status: int = 200,
    is_stale: bool = False,
) -> HttpResponse:
    """The page, with what was typed where something was; where somebody else saved first, with theirs beside it."""
    page = page_of(request, shared.shares, ROWS)
    if request.method == "POST":
        page = page.paginator.get_page(request.POST.get("page"))
    texts = typed.texts if typed else {}
    faults = typed.faults if typed else {}
    theirs = amounts_of(scenario) if is_stale else typed.amounts if typed else {}
    rows = [_row(share, texts, faults, theirs) for share in page]
    last_with_money = max((share.place for share in shared.shares if share.amount_ore), default=0)
    before = page[0].running_ore - (page[0].amount_ore or 0) if len(page) else 0
    found: dict[str, Any] = {
        "call": call,
        "scenarios": scenarios,
        "scenario": scenario,
        "key": str(scenario.pk) if scenario else "",
        "version": scenario.version if scenario else 0,
        "name": request.POST.get("name") or (scenario.name if scenario else unused_name(call, _("Forslag 1"))),
        "least": request.POST.get("least", "3"),
        "shared": shared,
        "page": page,
        "rows": rows,
        "cut_at": last_with_money + 1 if last_with_money else 0,
        "before_ore": before,
        "after_ore": shared.given_ore - (page[-1].running_ore if len(page) else 0),
        "faults": [(row["field"], row["name"], row["fault"]) for row in rows if row["fault"]],
        "refusal": refusal,
        "is_unsaved": typed is not None,
        "batches": list(Batch.objects.newest_of(call)[:5]),
        "decided_ore": _standing(shared, "decided"),
        "proposed_ore": _standing(shared, "proposed"),
    }
    return render(request, "casework/compare.html", found, status=status)


def _row(
    share: Share, texts: dict[UUID, str], faults: dict[UUID, str], theirs: dict[UUID, int | None]
) -> dict[str, Any]:
    key = share.case.application.pk
    differs = key in theirs and theirs[key] != share.amount_ore and not faults.get(key)
    return {
        "share": share,
        "field": f"amount-{key}",
        "name": str(share.case.application.organisation),
        "text": texts.get(key),
        "fault": faults.get(key, ""),
        "theirs": kr(theirs[key]) or _("ikke noe beløp") if differs else "",
    }


def _standing(shared: Distribution, state: str) -> int:
    """What stands on decisions in a state."""
    return sum(
        share.amount_ore or 0
        for share in shared.shares
        if share.case.decision is not None and share.case.decision.state == state and not share.case.is_open
    )

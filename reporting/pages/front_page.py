"""The national grant year at a glance: what was appropriated, owed, paid, and what is left, post by post."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from applications.models import Application, Decision
from grants.entitlements import shown
from grants.models import EntitlementRun, Role, User
from grants.models.user import DIRECTORATE_ROLES
from grants.pages.asking import signed_in
from grants.shared.dates import today
from reporting.figures.through_the_year import paid_by_month
from reporting.figures.utilisation import utilisation, whole
from reporting.figures.years import chosen_year, is_closed, years
from reporting.pages.year_chart import NAMES, chart

NEWEST_RUNS = 5


@dataclass(frozen=True)
class Act:
    """What waits for the person who looks: a sentence, why, and the page where it is done."""

    title: str
    text: str
    label: str
    url: str
    query: str = ""


@require_safe
def front_page(request: HttpRequest) -> HttpResponse:
    """For the directorate what waits, and the year; an applicant is sent on to what concerns it."""
    user = signed_in(request)
    if not user.has_directorate_role(*DIRECTORATE_ROLES):
        return redirect("our_applications")
    year = chosen_year(request.GET.get("year", ""))
    posts = utilisation(year)
    found = {
        "year": year,
        "years": years(),
        "is_closed": is_closed(year),
        "acts": list(_waiting(user)),
        "posts": posts,
        "whole": whole(posts),
        "newest": list(shown.runs(year=year)[:NEWEST_RUNS]),
    }
    return render(request, "reporting/front_page.html", found | _drawn(paid_by_month(year, today=today())))


def _waiting(user: User) -> Iterator[Act]:
    roles = {Role(given.role) for given in user.directorate_roles.all()}
    if Role.CASEWORKER in roles:
        mine = Application.objects.visible_to(user).in_hand().filter(handler=user).count()
        if mine:
            title = ngettext("%d sak er din", "%d saker er dine", mine) % mine
            yield Act(title, _("Arbeidskøen viser hvilken som haster mest."), _("Åpne arbeidskøen"), "cases")
    if Role.DECISION_MAKER in roles:
        waits = Decision.objects.visible_to(user).proposals().exclude(prepared_by=user).count()
        if waits:
            title = ngettext("%d innstilling venter på vedtak", "%d innstillinger venter på vedtak", waits) % waits
            yield Act(title, _("En annen enn saksbehandleren fatter vedtaket."), _("Se innstillingene"), "proposals")
    if runs := shown.runs(state=EntitlementRun.State.PREPARED).count():
        title = ngettext("%d kjøring venter på godkjenning", "%d kjøringer venter på godkjenning", runs) % runs
        text = _("En annen i økonomi enn den som klargjorde kjøringen, må godkjenne den.")
        yield Act(title, text, _("Se hva som venter"), "runs", "?show=waiting")


def _drawn(paid_ore: list[int]) -> dict[str, Any]:
    """The line through the year in two widths, and its figures; nothing where nothing is paid."""
    if not paid_ore:
        return {"charts": None}
    return {
        "charts": {
            "wide": chart(paid_ore, width=1040, height=300),
            "narrow": chart(paid_ore, width=360, height=260, every=3),
        },
        "paid_ore": paid_ore[-1],
        "months": [(NAMES[month], ore) for month, ore in enumerate(paid_ore)],
    }

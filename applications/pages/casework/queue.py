"""The casework queue: counters, filters, search, order and saved views, all in the address."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_htmx.http import push_url

from applications.models import Application, Call, SavedView
from applications.models.application import ApplicationQuerySet
from applications.search.choices import (
    ALL,
    CLOSED,
    DEADLINE,
    LARGEST,
    ME,
    NEAR,
    NEWEST,
    NOBODY,
    PASSED,
    Choices,
    read_choices,
    read_query,
)
from applications.search.options import calls_by_scheme, caseworkers
from applications.search.queue import COUNTERS, MOST_COUNTED, counts, deviations_of, page_of_queue
from applications.services.saved_views import first_view_of
from applications.templatetags.queue import WORK_STATES
from grants.law.registry import SCHEMES
from grants.models import User
from grants.pages.asking import signed_in, wants_fragment
from grants.shared.money import kr
from grants.templatetags.ui import scheme_name

# The address of all that is in hand: an address without choices opens the view that a person has chosen.
EVERYTHING = "state=open"
LABELS = {
    "new": gettext_lazy("Nye"),
    "mine": gettext_lazy("Mine saker"),
    "waiting": gettext_lazy("Venter på søker"),
    "due": gettext_lazy("Frist passert eller snart"),
    "to_decide": gettext_lazy("Til vedtak"),
}
GROUPS = ((CLOSED, gettext_lazy("Alle avsluttede")), (ALL, gettext_lazy("Alle saker")))
STATES = (*((code.value, label) for code, (label, *_drawn) in WORK_STATES.items()), *GROUPS)
DEADLINES = ((PASSED, gettext_lazy("Passert")), (NEAR, gettext_lazy("Passert eller innen 7 dager")))
ORDERS = (
    (DEADLINE, gettext_lazy("Frist, den første først")),
    (NEWEST, gettext_lazy("Nyeste først")),
    (LARGEST, gettext_lazy("Største beløp først")),
)


@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """The queue. htmx gets the list alone, and the address of what was chosen, without the choices that were not."""
    user = signed_in(request)
    is_fragment = wants_fragment(request) and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    if not request.GET and not is_fragment and (view := first_view_of(user)) and view.query:
        return redirect(f"{reverse('cases')}?{view.query}")
    choices, faults = read_choices(request.GET)
    visible = Application.objects.visible_to(user)
    found = _list(request, choices, visible) | {"faults": faults}
    if is_fragment:
        answer = render(request, "casework/cases.html#list", found)
        return push_url(answer, f"{reverse('cases')}{address_of(choices)}")
    return render(request, "casework/cases.html", found | _around(choices, visible, user))


def address_of(choices: Choices, **place: str) -> str:
    """The choices as an address of the queue, perhaps with the place where a page begins."""
    query = choices.query() or EVERYTHING
    return f"?{query}{'&' if place else ''}{urlencode(place)}"


def _list(request: HttpRequest, choices: Choices, visible: ApplicationQuerySet) -> dict[str, Any]:
    """A page of rows and what stands around them: the views, what is chosen, and the way to the next page."""
    user, today = signed_in(request), timezone.localdate()
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    page = page_of_queue(visible, choices, user=user, today=today, after=after, before=before)
    deviations = deviations_of(row.id for row in page.rows)
    calls = calls_by_scheme(user)
    people = caseworkers()
    return {
        "choices": choices,
        "today": today,
        "user_id": user.pk,
        "rows": [(row, deviations.get(row.id)) for row in page.rows],
        "before": address_of(choices, before=page.before) if page.before else "",
        "after": address_of(choices, after=page.after) if page.after else "",
        "order": dict(ORDERS)[choices.order_name],
        "by_deadline": address_of(choices.but(sort="")) if choices.are_in_hand else "",
        "by_amount": address_of(choices.but(sort=LARGEST)),
        "chips": _chips(choices, calls, people),
        "counter": next((name for name, preset in COUNTERS.items() if preset == choices.but(sort="")), ""),
        "views": _views(choices, user),
        "query": choices.query(),
        "back": f"{reverse('cases')}{address_of(choices)}",
        "people": people,
        "calls": calls,
        "everything": f"?{EVERYTHING}",
    }


def _around(choices: Choices, visible: ApplicationQuerySet, user: User) -> dict[str, Any]:
    """The counters and the form of filters, which stay where they are while the list changes."""
    counted = counts(visible, user=user, today=timezone.localdate())
    return {
        "counters": [
            (name, LABELS[name], _count(counted[name]), address_of(preset)) for name, preset in COUNTERS.items()
        ],
        "states": STATES,
        "deadlines": DEADLINES,
        "orders": ORDERS,
        "more": any((choices.deadline, choices.at_least, choices.at_most, choices.sort)),
    }


def _count(number: int) -> str:
    return f"{MOST_COUNTED}+" if number > MOST_COUNTED else str(number)


def _views(choices: Choices, user: User) -> list[tuple[SavedView, str, bool]]:
    """The saved views with their addresses, and whether each is the one that is shown."""
    views = SavedView.objects.visible_to(user).select_related("owner")
    return [(view, address_of(read_query(view.query)), view.query == choices.query()) for view in views]


def _chips(
    choices: Choices, calls: list[tuple[str, list[Call]]], people: list[User]
) -> list[tuple[str, str]]:  # fmt: skip
    """What is chosen, in words, each with the address without it."""
    language = get_language() or "nb"
    call_titles = {str(call.pk): f"{call.title(language)} {call.year}" for _scheme, group in calls for call in group}
    named = {ME: _("Meg"), NOBODY: _("Ingen")} | {str(person.pk): str(person) for person in people}
    said = {
        "search": f"«{choices.search}»",
        "call": scheme_name(choices.call) if choices.call in SCHEMES else call_titles.get(choices.call, _("Ukjent")),
        "state": str(dict(STATES).get(choices.state, "")),
        "handler": f"{_('Saksbehandler')}: {named.get(choices.handler, _('Ukjent'))}",
        "deadline": f"{_('Frist')}: {dict(DEADLINES).get(choices.deadline, '')}",
        "at_least": f"{_('Minst')} {_kroner(choices.at_least)}",
        "at_most": f"{_('Høyst')} {_kroner(choices.at_most)}",
    }
    return [(text, address_of(choices.but(**{name: ""}))) for name, text in said.items() if getattr(choices, name)]


def _kroner(typed: str) -> str:
    return f"{kr(int(typed) * 100)} kr" if typed else ""

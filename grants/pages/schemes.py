"""The schemes: the list, and each one as its regulation reads, with the rates in force on a day."""

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from grants.law.rates.lookup import Rate, history
from grants.law.registry import SCHEMES
from grants.law.scheme import Scheme
from grants.pages.words import CERTAINTIES, KINDS, RECIPIENTS
from grants.shared.dates import read_day
from grants.shared.errors import BadInput

# The year whose rates the sources give; another day can be chosen on the page.
USUAL_DAY = date(2017, 6, 1)


@login_not_required
@require_safe
def schemes(request: HttpRequest) -> HttpResponse:
    """The 18 schemes in the order of the budget."""
    rows = [(scheme, KINDS[scheme.kind], _recipients(scheme)) for scheme in SCHEMES.values()]
    return render(request, "public/schemes.html", {"rows": rows})


@login_not_required
@require_safe
def scheme_page(request: HttpRequest, code: str) -> HttpResponse:
    """One scheme in the order of its regulation."""
    scheme = SCHEMES.get(code)
    if scheme is None:
        raise Http404
    day, wrong = _day(request.GET.get("on", ""))
    found: dict[str, Any] = {
        "scheme": scheme,
        "kind": KINDS[scheme.kind],
        "recipients": _recipients(scheme),
        "day": day,
        "wrong_day": wrong,
        "sources": _rates(code, day),
        "rules": [(rule, CERTAINTIES[rule.certainty]) for rule in scheme.rules],
        "terms": _terms(scheme, day.year),
    }
    return render(request, "public/scheme.html", found, status=422 if wrong else 200)


def _recipients(scheme: Scheme) -> str:
    return ", ".join(str(RECIPIENTS.get(kind, kind)) for kind in scheme.recipients)


def _day(asked: str) -> tuple[date, bool]:
    """The day that is asked for, and whether it could not be read."""
    if not asked:
        return USUAL_DAY, False
    try:
        return read_day(asked), False
    except BadInput:
        return USUAL_DAY, True


def _rates(code: str, day: date) -> list[dict[str, Any]]:
    """The rates in force on the day, those with the same source and the same days together."""
    groups: dict[tuple[str, str, date, date], list[Rate]] = {}
    for rows in history(code).values():
        for rate in rows:
            if rate.valid_from <= day <= rate.valid_to:
                source = (rate.citation, rate.certainty, rate.valid_from, rate.valid_to)
                groups.setdefault(source, []).append(rate)
    return [
        {
            "citation": citation,
            "certainty": CERTAINTIES[certainty],
            "valid_from": valid_from,
            "valid_to": None if valid_to == date.max else valid_to,
            "rates": rates,
        }
        for (citation, certainty, valid_from, valid_to), rates in groups.items()
    ]


def _terms(scheme: Scheme, year: int) -> list[tuple[int, date, date]]:
    if scheme.calendar is None:
        return []
    calendar = scheme.calendar
    return [(number, calendar.cutoff(year, number), calendar.paid_on(year, number)) for number in calendar.numbers]

"""Reconciliation: what the bank has booked against the ledger, day by day, and what the bank has not said."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from grants.law.assumptions import assumption
from grants.pages.asking import page_of
from grants.pages.finance.asking import year_asked
from grants.payments import answers, reconciled
from grants.shared.dates import today


@require_safe
def reconciliation(request: HttpRequest) -> HttpResponse:
    """A year: it agrees, or the page says where it does not."""
    years, on = reconciled.years(), today()
    year = year_asked(request) or (years[0] if years else on.year)
    days, statements = reconciled.days(year), reconciled.statements(year)
    apart = [day for day in days if not day.agrees]
    found = {
        "year": year,
        "years": years,
        "page": page_of(request, days),
        "days": len(days),
        "apart": apart,
        "bank_ore": sum(day.bank_ore for day in days),
        "ledger_ore": sum(day.ledger_ore for day in days),
        "by_hand_ore": sum(day.by_hand_ore for day in days),
        "apart_ore": sum(day.apart_ore for day in days),
        "statements": statements,
        "wrong": [one for one in statements if not one.agrees],
        "silent": reconciled.silent(on),
        "silent_days": assumption("payments", "silent_banking_days"),
        "waiting": answers.waiting(),
        "agrees": not apart and all(one.agrees for one in statements),
    }
    return render(request, "finance/reconciliation.html", found)

"""What of a case holds payments back: a report that is overdue on an earlier grant, and terms that nobody has accepted.

Registered with the money when the app is ready (`grants/payments/hold_sources.py`), which knows nothing of cases.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from applications.models import Acceptance, Decision, Report
from grants.models import Hold, PaymentOrder
from grants.payments.hold_sources import Why, holds

OF_A_DECISION = "decision:"


@holds(Hold.Kind.REPORT_OVERDUE, over="Rapporten er levert.")
def overdue_reports(orders: Sequence[PaymentOrder], on: date) -> Mapping[int, Why]:
    """Grants of those who owe a report on another grant of theirs. What they have a right to by law does not wait."""
    decisions = _decisions(orders)
    recipients = {order.recipient_id for order in orders if order.pk in decisions}
    late = Report.objects.overdue_on(on).filter(application__organisation__in=recipients).by_due_day()
    owed: dict[object, list[Report]] = {}
    for report in late.select_related("application"):
        owed.setdefault(report.application.organisation_id, []).append(report)
    found = {}
    for order in orders:
        own = decisions.get(order.pk)
        others = [one for one in owed.get(order.recipient_id, []) if own and one.application_id != own.application_id]
        if others:
            first = others[0]
            found[order.pk] = Why(
                f"Rapporten for {first.application.reference} skulle vært levert {first.due_on:%d.%m.%Y}.",
                f"Mottakeren leverer rapporten for {first.application.reference}.",
            )
    return found


@holds(Hold.Kind.TERMS, over="Vilkårene er godtatt.")
def terms_not_accepted(orders: Sequence[PaymentOrder], on: date) -> Mapping[int, Why]:
    """Grants whose terms nobody has accepted, however their order came to be."""
    decisions = _decisions(orders)
    accepted = set(
        Acceptance.objects.filter(decision__in=list(decisions.values()), answer=Acceptance.Answer.ACCEPTED).values_list(
            "decision", flat=True
        )
    )
    why = Why("Vilkårene for tilskuddet er ikke godtatt.", "En med signaturrett hos mottakeren godtar vilkårene.")
    return {order: why for order, decision in decisions.items() if decision.pk not in accepted}


def _decisions(orders: Sequence[PaymentOrder]) -> dict[int, Decision]:
    """The decision behind each order that is of one, by order number."""
    keys = {
        order.pk: int(order.subject.removeprefix(OF_A_DECISION))
        for order in orders
        if order.subject.startswith(OF_A_DECISION) and order.subject.removeprefix(OF_A_DECISION).isdigit()
    }
    decisions = Decision.objects.in_bulk(set(keys.values()))
    return {order: decisions[key] for order, key in keys.items() if key in decisions}

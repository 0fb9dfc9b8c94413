"""Why a grant's order was made: the decision, its terms, and what is withheld until the report, for who asks of the money."""

from django.utils.translation import gettext as _

from applications.models import Acceptance, Decision, Terms
from grants.models import Instalment, PaymentOrder
from grants.payments.grounds import Fact, tells
from grants.shared import shown


@tells("decision")
def facts_of_grant(order: PaymentOrder) -> list[Fact]:
    """The case, who decided, on what terms, and what share waits for the report."""
    number = order.subject.partition(":")[2].partition(":")[0]
    decision = (
        Decision.objects.filter(pk=int(number)).select_related("application__call").first()
        if number.isdecimal()
        else None
    )
    if decision is None:
        return []
    application = decision.application
    facts = [
        Fact(_("Sak"), application.reference, "application", {"pk": application.pk}),
        Fact(_("Vedtak"), _("%(amount)s, vedtatt %(day)s") % _decided(decision)),
    ]
    terms = Terms.objects.in_force(decision)
    accepted = Acceptance.objects.filter(decision=decision, answer=Acceptance.Answer.ACCEPTED).first()
    if terms is not None:
        said = _("Vilkår nummer %s") % terms.number
        if accepted is not None:
            said = _("%(terms)s, godtatt %(day)s") % {"terms": said, "day": shown.day(accepted.answered_on)}
        facts.append(Fact(_("Vilkår"), said, "application_terms", {"pk": application.pk}))
    return [*facts, *_withheld(order)]


def _decided(decision: Decision) -> dict[str, str]:
    on = decision.decided_on
    return {"amount": shown.amount(decision.amount_ore), "day": shown.day(on) if on else "–"}


def _withheld(order: PaymentOrder) -> list[Fact]:
    parts = [one for one in order.instalments.all() if one.cancelled_on is None]
    waiting = sum(one.amount_ore for one in parts if one.waits_for == Instalment.Event.REPORT_APPROVED)
    whole = sum(one.amount_ore for one in parts)
    if not waiting or not whole:
        return []
    share = {"amount": shown.amount(waiting), "percent": f"{100 * waiting // whole}"}
    return [Fact(_("Holdes igjen til rapporten er godkjent"), _("%(amount)s (%(percent)s prosent)") % share)]

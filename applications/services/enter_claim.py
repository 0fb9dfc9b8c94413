"""What a decision on a claim does: the claim becomes known to the scheme's runs, which pay it. No commitment is booked."""

from typing import Any

from django.utils.translation import gettext as _

from applications.intake.apart import person_of, sent_answers
from applications.intake.claims import facts_behind, known_amount_ore, reference_of
from applications.intake.completeness import state_of, themes_of, values_of
from applications.models import Application, Decision, Submission
from grants.models import User
from grants.services.take_claim import take_claim
from grants.shared.errors import Refused


def require_claimable(application: Application, amount_ore: int) -> None:
    """Refuse an amount above zero that no claim comes to, or that no rate is known for."""
    if amount_ore:
        _facts(application, amount_ore)


def enter_claim(decision: Decision, *, by: User) -> None:
    """Make the claim known as the decision grants it; one that takes another's place corrects it, down to nothing."""
    application = decision.application
    if not decision.amount_ore and known_amount_ore(application) is None:
        return
    take_claim(
        application.call.scheme,
        reference_of(application),
        person=person_of(_sent(application)),
        values=_facts(application, decision.amount_ore),
        known_on=_decided_on(decision),
        by=by,
        correct=f"decision:{decision.pk}" if decision.replaces_id else "",
    )


def require_claim_agrees(decision: Decision) -> None:
    """Refuse unless the runs know the claim as its standing decision grants it."""
    if (known_amount_ore(decision.application) or 0) != decision.amount_ore:
        raise Refused(
            _(
                "Kravregisteret sier noe annet enn vedtak %(decision)s om beløp, år eller mottaker. "
                "Brevet er ikke laget. La økonomi se på det."
            )
            % {"decision": decision.pk}
        )


def _facts(application: Application, amount_ore: int) -> dict[str, Any]:
    typed = sent_answers(_sent(application))
    call = application.call
    states = [state_of(theme, call.part, typed.get(theme.code, {})) for theme in themes_of(call)]
    return facts_behind(application, values_of(states), amount_ore)


def _sent(application: Application) -> Submission:
    """What was sent in last: what is decided on."""
    return application.submissions.select_related("application__call").order_by("number").last()  # type: ignore[return-value]


def _decided_on(decision: Decision) -> Any:
    assert decision.decided_on is not None  # what is entered is decided
    return decision.decided_on

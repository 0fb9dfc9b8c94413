"""The words of comparing and deciding: outcomes, scores, lines of a round, and the envelope as a bar."""

from decimal import Decimal
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from applications.models import Application, BatchLine, Decision, State
from applications.services.decide import outcome_of
from applications.templatetags.cases import STATES as CASE_STATES
from applications.workflow.distribution import Distribution, Share
from grants.shared.money import kr as in_kroner
from grants.templatetags.ui import NOTHING, kr, tag

register = template.Library()

OUTCOMES = {
    Decision.Outcome.GRANT: (_("Innvilges"), "success", "CheckmarkCircle"),
    Decision.Outcome.GRANT_IN_PART: (_("Innvilges delvis"), "info", "ArrowRightLeft"),
    Decision.Outcome.REFUSE: (_("Avslås"), "danger", "XMark"),
}
# The same words as the applicant's, but that the directorate sees a proposal before it is a decision.
STATES = CASE_STATES | {State.PROPOSED: (_("Innstilt"), "warning", "PersonCheckmark")}
STATES |= {State.AWAITING_APPLICANT: (_("Venter på søker"), "warning", "Hourglass")}
LINES = {
    BatchLine.State.WAITING: (_("Venter"), "neutral", "Hourglass"),
    BatchLine.State.DONE: (_("Ferdig"), "success", "Checkmark"),
    BatchLine.State.FAILED: (_("Gikk ikke"), "danger", "ExclamationmarkTriangle"),
}
MOST_PARTS = 200


@register.simple_tag
def outcome(amount_ore: int, applied_ore: int) -> SafeString:
    """What an amount amounts to, as a tag."""
    text, color, symbol = OUTCOMES[outcome_of(amount_ore, applied_ore)]
    return tag(str(text), color, symbol)


@register.simple_tag
def where_it_stands(application: Application) -> SafeString:
    """Where a case stands, as the directorate sees it."""
    text, color, symbol = STATES[State(application.state)]
    return tag(str(text), color, symbol)


@register.simple_tag
def line_state(line: BatchLine) -> SafeString:
    """Where a line of a round stands."""
    text, color, symbol = LINES[BatchLine.State(line.state)]
    return tag(str(text), color, symbol)


@register.filter
def points(score: Decimal | None) -> str:
    """A score as people read it: «4,60»."""
    return NOTHING if score is None else f"{score:.2f}".replace(".", ",")


@register.filter
def kroner(amount_ore: int | None) -> str:
    """An amount as it stands in a field: «1 500 000», and nothing where there is none."""
    return "" if amount_ore is None else in_kroner(amount_ore)


@register.filter
def whole_kroner(amount_ore: int | None) -> str:
    """Kroner in plain digits, for the script that adds up while one types."""
    return "0" if amount_ore is None else str(amount_ore // 100)


@register.inclusion_tag("components/envelope_bar.html")
def envelope_bar(shared: Distribution) -> dict[str, Any]:
    """What is given as parts of the envelope, with a line where it ends. The numbers stand beside it in words."""
    whole = max(shared.given_ore, shared.envelope_ore, 1)
    given = [share.amount_ore for share in shared.shares if share.amount_ore]
    if len(given) > MOST_PARTS:
        given = [sum(given)]
    parts, at = [], 0
    for amount in given:
        parts.append({"x": _percent(at, whole), "width": _percent(amount, whole)})
        at += amount
    limit = _percent(shared.envelope_ore, whole)
    over = {"x": limit, "width": _percent(shared.over_ore, whole)} if shared.over_ore else None
    return {"parts": parts, "limit": limit, "over": over}


def _percent(part: int, whole: int) -> str:
    """A share with two decimals, as a length of a drawing; never by a language's comma."""
    hundredths = 10_000 * part // whole
    return f"{hundredths // 100}.{hundredths % 100:02d}%"


@register.simple_tag
def remaining(shared: Distribution, share: Share) -> str:
    """What is left of the envelope after a case and all before it."""
    return kr(shared.envelope_ore - share.running_ore)


@register.simple_tag
def left_after(left_ore: int, amount_ore: int) -> str:
    """What is left when an amount is taken."""
    return kr(left_ore - amount_ore)


@register.simple_tag
def difference(amount_ore: int, applied_ore: int) -> str:
    """How far an amount is from what was applied for."""
    return str(_("Ingen, hele beløpet")) if amount_ore == applied_ore else kr(amount_ore - applied_ore)


@register.filter
def differs_from(one: int | None, other: int | None) -> bool:
    """Are two amounts not the same? No amount and zero are not."""
    return one != other


@register.filter
def total_points(grounds: dict[str, Any]) -> str:
    """The weighted score that a proposal rests on."""
    return (grounds["total"] or NOTHING).replace(".", ",")


@register.filter
def unlocalized(count: int) -> str:
    """A count in plain digits, for attributes."""
    return str(count)

"""How claims are shown: kind, standing and what happened, each in a word."""

from django import template
from django.utils.safestring import SafeString

from grants.models import RecoveryClaim, RecoveryEvent
from grants.pages.recovery_words import EVENTS, KINDS, OVERDUE, STANDINGS
from grants.templatetags.ui import tag

register = template.Library()


@register.simple_tag
def recovery_standing(claim: RecoveryClaim) -> SafeString:
    """Where a claim stands, as a tag; what is late says so."""
    text, color, symbol = OVERDUE if claim.is_overdue else STANDINGS[RecoveryClaim.Standing(claim.standing)]
    return tag(str(text), color, symbol)


@register.filter
def recovery_kind(claim: RecoveryClaim) -> str:
    """Why it is claimed, in a word or two."""
    return str(KINDS[RecoveryClaim.Kind(claim.kind)])


@register.filter
def happened(event: RecoveryEvent) -> str:
    """What happened."""
    return str(EVENTS[RecoveryEvent.Kind(event.kind)][0])


@register.filter
def happened_icon(event: RecoveryEvent) -> str:
    """The icon of what happened."""
    return EVENTS[RecoveryEvent.Kind(event.kind)][1]

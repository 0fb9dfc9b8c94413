"""The words of appeals: where one stands, and what an applicant may do about a decision."""

from typing import Any

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from applications.models import Appeal, Application, Reversal
from applications.services.appeal import appeal_of, standing_decision
from applications.services.deadline import is_late, last_day, may_be_appealed
from grants.templatetags.ui import tag

register = template.Library()
S = Appeal.State

STATES = {
    S.DRAFT: (_("Kladd"), "neutral", "Pencil"),
    S.RECEIVED: (_("Mottatt"), "info", "Inbox"),
    S.IN_PROGRESS: (_("Under behandling"), "info", "Hourglass"),
    S.AWAITING_APPELLANT: (_("Venter på klageren"), "warning", "ExclamationmarkTriangle"),
    S.PROPOSED: (_("Venter på avgjørelse"), "warning", "Gavel"),
    S.REVERSED: (_("Vedtaket er omgjort"), "success", "CheckmarkCircle"),
    S.REVERSED_IN_PART: (_("Vedtaket er omgjort delvis"), "success", "CheckmarkCircle"),
    S.UPHELD: (_("Opprettholdt, skal oversendes"), "warning", "EnvelopeClosed"),
    S.FORWARDED: (_("Hos departementet"), "info", "EnvelopeClosed"),
    S.TO_CARRY_OUT: (_("Omgjort av departementet"), "warning", "Gavel"),
    S.CONFIRMED: (_("Opprettholdt av departementet"), "neutral", "Gavel"),
    S.KEPT: (_("Vedtaket står"), "neutral", "Gavel"),
    S.DISMISSED: (_("Avvist"), "danger", "XMarkOctagonFill"),
    S.WITHDRAWN: (_("Trukket"), "neutral", "XMark"),
}
# The appellant learns of a proposal when it has become an outcome.
TO_APPLICANT = {
    S.AWAITING_APPELLANT: (_("Venter på svar fra dere"), "warning", "ExclamationmarkTriangle"),
    S.PROPOSED: STATES[S.IN_PROGRESS],
    S.UPHELD: (_("Vedtaket er opprettholdt av oss"), "info", "Hourglass"),
}
OUTCOMES = {
    "reverse": _("Vedtaket omgjøres"),
    "reverse_in_part": _("Vedtaket omgjøres delvis"),
    "uphold": _("Vedtaket opprettholdes"),
    "dismiss": _("Klagen avvises fordi den kom for sent"),
}
MINISTRY = {
    "upheld": _("Vedtaket er opprettholdt"),
    "reversed": _("Vedtaket er omgjort"),
    "sent_back": _("Vedtaket er opphevet og sendt tilbake til oss"),
}


@register.simple_tag
def appeal_state(appeal: Appeal, to_applicant: bool = False) -> SafeString:
    """Where an appeal stands, as the directorate or its appellant sees it."""
    state = S(appeal.state)
    text, color, symbol = TO_APPLICANT.get(state, STATES[state]) if to_applicant else STATES[state]
    return tag(str(text), color, symbol)


@register.filter
def outcome_words(outcome: str) -> str:
    """What an appeal comes to, in words."""
    return str(OUTCOMES.get(outcome, outcome))


@register.filter
def ministry_words(outcome: str) -> str:
    """What the ministry came to, in words."""
    return str(MINISTRY.get(outcome, outcome))


@register.inclusion_tag("applicant/_appeal.html", takes_context=True)
def appeal_box(context: dict[str, Any], application: Application) -> dict[str, Any]:
    """What an applicant may do about the decision of a case: appeal and until when, or see where the appeal stands.

    Nothing where there is no decision. Contract: `user` and `request` stand in the context, as on every page.
    """
    decision = standing_decision(application)
    last = last_day(decision) if decision else None
    return {
        "application": application,
        "decision": decision,
        "appeal": appeal_of(decision) if decision else None,
        "is_appeal": decision is not None and may_be_appealed(decision),
        "last_day": last,
        "is_late": is_late(last, timezone.now()),
        "earlier": Appeal.objects.visible_to(context["user"]).sent_before(None, application),
        "notice": Reversal.objects.visible_to(context["user"]).noticed(application).first(),
    }

"""The words of the directorate's case pages: where a case stands, its steps, and what happened, as colleagues say it."""

from datetime import date

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from applications.models import Application, CaseEvent, State
from applications.services.remind import Coming, coming
from applications.templatetags.cases import VERBS as APPLICANTS_VERBS
from grants.templatetags.ui import day, tag

register = template.Library()

STATES = {
    State.DRAFT: (_("Kladd"), "neutral", "Pencil"),
    State.SUBMITTED: (_("Ny"), "info", "Inbox"),
    State.IN_PROGRESS: (_("Under behandling"), "info", "Hourglass"),
    State.AWAITING_APPLICANT: (_("Venter på søker"), "warning", "Clock"),
    State.PROPOSED: (_("Innstilt"), "info", "PersonCheckmark"),
    State.GRANTED: (_("Innvilget"), "success", "CheckmarkCircle"),
    State.REFUSED: (_("Avslått"), "danger", "XMarkOctagonFill"),
    State.WITHDRAWN: (_("Trukket"), "neutral", "XMark"),
}
STEPS = {
    "received": _("Mottatt"),
    "conditions": _("Vilkår"),
    "assessment": _("Vurdering"),
    "proposal": _("Innstilling"),
    "decision": _("Vedtak"),
    "follow_up": _("Oppfølging"),
}
# What happened, and the icon that stands beside it on the timeline.
VERBS = {
    "begin": (_("Begynte på søknaden"), "Pencil"),
    "submit": (_("Sendte inn søknaden"), "TasklistSend"),
    "withdraw": (_("Trakk søknaden"), "XMark"),
    "reopen": (_("Tok søknaden tilbake for å endre den"), "PencilLine"),
    "open_again": (_("Åpnet søknaden for endring"), "PencilLine"),
    "let_stand": (_("Den forrige innsendingen gjelder igjen"), "Tasklist"),
    "take": (_("Tok saken"), "Person"),
    "assign": (_("Fordelte saken"), "Person"),
    "ask": (_("Ba søker om opplysninger"), "EnvelopeClosed"),
    "answer": (_("Søker svarte"), "EnvelopeClosed"),
    "stop_waiting": (_("Trakk spørsmålet tilbake"), "ArrowRight"),
    "retry_rules": (_("Vilkårene ble prøvd på nytt"), "Tasklist"),
    "rule_on": (_("Tok stilling til et vilkår"), "Gavel"),
    "score": (_("Ga poeng"), "Star"),
    "propose": (_("Laget innstilling"), "FileText"),
    "return": (_("Sendte innstillingen tilbake"), "ArrowLeft"),
    "grant": (_("Innvilget søknaden"), "CheckmarkCircle"),
    "refuse": (_("Avslo søknaden"), "XMarkOctagonFill"),
    "letter": (_("Brev til søker"), "EnvelopeClosed"),
    "note": (_("Internt notat"), "PadlockLocked"),
}
AWAITED = {
    "question": _("svar på spørsmålet"),
    "appeal_question": _("svar på spørsmålet om klagen"),
    "accept": _("svar på vilkårene"),
    "report": _("rapport"),
    "notice": _("svar på varselet om omgjøring"),
}
# What somebody looked at of what is told of a person's health.
LOOKED_AT = {
    "details": _("Opplysningene om personen"),
    "check": _("Kladden, under ett"),
    "theme": _("Kladden, én side"),
    "attachment": _("Et vedlegg"),
}
TABS = (
    ("case", _("Vurdering")),
    ("case_application", _("Søknaden")),
    ("case_health", _("Om personen")),
    ("case_documents", _("Dokumenter")),
    ("case_history", _("Historikk")),
    ("case_follow_up", _("Oppfølging")),
)


@register.simple_tag
def handling_state(application: Application) -> SafeString:
    """Where a case stands, as the directorate sees it."""
    text, color, symbol = STATES[State(application.state)]
    return tag(str(text), color, symbol)


@register.filter
def step_name(step: str) -> str:
    """One of the six steps of a case."""
    return str(STEPS[step])


@register.filter
def done_by_us(verb: str) -> str:
    """What happened, in the directorate's words."""
    if verb in VERBS:
        return str(VERBS[verb][0])
    return str(APPLICANTS_VERBS.get(verb, verb))


@register.filter
def verb_icon(verb: str) -> str:
    """The icon of what happened."""
    return VERBS[verb][1] if verb in VERBS else "Clock"


@register.filter
def due_day(event: CaseEvent | None) -> str:
    """The last day to answer, of a question; empty for other events."""
    due_on = event.details.get("due_on") if event else None
    return day(date.fromisoformat(due_on)) if due_on else ""


@register.filter
def looked_at(what: str) -> str:
    """What somebody looked at, in the log of looks."""
    kind, _colon, _name = what.partition(":")
    return str(LOOKED_AT.get(kind, what))


@register.simple_tag
def coming_reminders(application: Application) -> list[Coming]:
    """What the applicant will be reminded of, and when."""
    return coming(application)


@register.filter
def awaited_words(what: str) -> str:
    """What an applicant is waited for."""
    return str(AWAITED.get(what, what))


@register.simple_tag
def case_tabs(application: Application, here: str) -> list[dict[str, object]]:
    """The parts of a case that have a page, with where one is."""
    return [
        {"address": reverse(name, kwargs={"pk": application.pk}), "label": label, "is_here": name == here}
        for name, label in TABS
        if name != "case_health" or application.call.law.on_health
    ]

"""The words of the case pages: where a case and a theme stand, and what happened. A builtin of all templates."""

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from applications.intake.completeness import Progress
from applications.models import Application, Call, State
from grants.law.question import Answer, Question
from grants.templatetags.ui import in_language, tag

register = template.Library()

STATES = {
    State.DRAFT: (_("Kladd"), "neutral", "Pencil"),
    State.SUBMITTED: (_("Sendt inn"), "info", "TasklistSend"),
    State.IN_PROGRESS: (_("Under behandling"), "info", "Hourglass"),
    State.AWAITING_APPLICANT: (_("Venter på svar fra dere"), "warning", "ExclamationmarkTriangle"),
    # The applicant learns of a proposal when it has become a decision.
    State.PROPOSED: (_("Under behandling"), "info", "Hourglass"),
    State.GRANTED: (_("Innvilget"), "success", "CheckmarkCircle"),
    State.REFUSED: (_("Avslått"), "danger", "XMarkOctagonFill"),
    State.WITHDRAWN: (_("Trukket"), "neutral", "XMark"),
}
PROGRESS = {
    Progress.NOT_STARTED: (_("Ikke startet"), "neutral", "Minus"),
    Progress.STARTED: (_("Påbegynt"), "info", "PencilLine"),
    Progress.FAULTY: (_("Må rettes"), "warning", "ExclamationmarkTriangle"),
    Progress.DONE: (_("Ferdig"), "success", "Checkmark"),
}
VERBS = {
    "begin": _("Søknaden ble påbegynt"),
    "submit": _("Søknaden ble sendt inn"),
    "withdraw": _("Søknaden ble trukket"),
    "take": _("En saksbehandler har tatt saken"),
    "ask": _("Vi har stilt et spørsmål"),
    "answer": _("Dere har svart"),
    "stop_waiting": _("Behandlingen går videre"),
    "grant": _("Søknaden er innvilget"),
    "refuse": _("Søknaden er avslått"),
    "letter": _("Brevet er laget"),
}


@register.simple_tag
def case_state(application: Application) -> SafeString:
    """Where a case stands, as its applicant sees it."""
    text, color, symbol = STATES[State(application.state)]
    return tag(str(text), color, symbol)


@register.simple_tag
def progress_tag(progress: Progress) -> SafeString:
    """How far a theme has come."""
    text, color, symbol = PROGRESS[progress]
    return tag(str(text), color, symbol)


@register.filter
def call_title(call: Call) -> str:
    """The call's title in the reader's form of Norwegian."""
    return call.title(get_language() or "nb")


@register.filter
def case_verb(verb: str) -> str:
    """What happened, in words."""
    return str(VERBS.get(verb, verb))


@register.filter
def options(question: Question) -> list[tuple[str, str]]:
    """The answers to choose among."""
    if question.answer is Answer.YES_NO:
        return [("yes", str(_("Ja"))), ("no", str(_("Nei")))]
    return [(choice.code, in_language(choice.text)) for choice in question.choices]

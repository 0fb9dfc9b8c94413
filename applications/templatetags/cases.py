"""The words of the case pages: where a case and a theme stand, and what happened. A builtin of all templates."""

from datetime import datetime
from typing import Any

from django import template
from django.template.defaultfilters import linebreaksbr
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localdate
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from applications.intake.completeness import Progress
from applications.models import Application, Call, CaseEvent, State
from applications.services.deliver import Delivered
from applications.services.health import ANSWERED
from applications.workflow.deadline import closes_at
from grants.law.question import Answer, Question
from grants.shared import shown
from grants.templatetags.ui import in_language, in_norwegian, tag

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
    Progress.COPIED: (_("Kopiert, må sees over"), "warning", "Eye"),
    Progress.FAULTY: (_("Må rettes"), "danger", "ExclamationmarkTriangle"),
    Progress.DONE: (_("Ferdig"), "success", "Checkmark"),
}
DELIVERIES = {
    "waiting": (_("Venter på sending"), "info", "Hourglass"),
    "delivered": (_("Sendt"), "success", "Checkmark"),
    "failed": (_("Ikke sendt ennå, prøves igjen"), "warning", "Clock"),
    "dead": (_("Ikke sendt"), "danger", "XMarkOctagonFill"),
}
VERBS = {
    "begin": _("Søknaden ble påbegynt"),
    "invite": _("Dere er invitert til å søke"),
    "submit": _("Søknaden ble sendt inn"),
    "withdraw": _("Søknaden ble trukket"),
    "reopen": _("Søknaden ble tatt tilbake for endring"),
    "open_again": _("Vi har åpnet søknaden for endring"),
    "let_stand": _("Fristen gikk ut, og søknaden dere har sendt inn, gjelder"),
    "take": _("En saksbehandler har tatt saken"),
    "ask": _("Vi har stilt et spørsmål"),
    "answer": _("Dere har svart"),
    "stop_waiting": _("Behandlingen går videre"),
    "grant": _("Søknaden er innvilget"),
    "refuse": _("Søknaden er avslått"),
    "letter": _("Brevet er laget"),
    # After the decision
    "accept": _("Vilkårene er godtatt"),
    "decline": _("Dere har takket nei til tilskuddet"),
    "new_deadline": _("Fristen er flyttet"),
    "remind": _("Påminnelse"),
    "ask_change": _("Dere har bedt om en endring"),
    "recommend_change": _("Endringen er innstilt"),
    "approve_change": _("Endringen er godkjent"),
    "refuse_change": _("Endringen er avslått"),
    "submit_report": _("Rapporten er sendt inn"),
    "return_report": _("Rapporten er sendt tilbake"),
    "approve_report": _("Rapporten er godkjent"),
    "propose_unspent": _("Ubrukte midler er foreslått funnet"),
    "reject_unspent": _("Funnet av ubrukte midler er sendt tilbake"),
    "find_unspent": _("Penger er ikke brukt"),
    "claim_back": _("Penger kreves tilbake"),
    # Appeals and reversals
    "replace_with_grant": _("Et nytt vedtak er kommet i stedet for det forrige"),
    "replace_with_refusal": _("Et nytt vedtak er kommet i stedet for det forrige"),
    "appeal_sent": _("Klagen er sendt inn"),
    "appeal_withdrawn": _("Klagen er trukket"),
    "appeal_put_away": _("Kladden til klagen er lagt bort"),
    "appeal_assigned": _("Klagen har fått en saksbehandler"),
    "appeal_admitted": _("Klagen kom for sent, men er tatt til behandling"),
    "appeal_asked": _("Vi har stilt et spørsmål om klagen"),
    "appeal_answered": _("Spørsmålet om klagen er besvart"),
    "appeal_stopped_waiting": _("Behandlingen av klagen går videre"),
    "appeal_proposed": _("Klagen er innstilt"),
    "appeal_returned": _("Innstillingen i klagesaken er sendt tilbake"),
    "appeal_reversed": _("Klagen har ført fram"),
    "appeal_reversed_in_part": _("Klagen har ført fram for en del"),
    "appeal_upheld": _("Vi opprettholder vedtaket. Klagen sendes til departementet"),
    "appeal_kept": _("Vi har vurdert saken på nytt. Vedtaket står"),
    "appeal_dismissed": _("Klagen er avvist fordi den kom for sent"),
    "appeal_forwarded": _("Klagen er sendt til departementet"),
    "appeal_ministry_upheld": _("Departementet har opprettholdt vedtaket"),
    "appeal_ministry_reversed": _("Departementet har omgjort vedtaket"),
    "appeal_ministry_sent_back": _("Departementet har sendt klagen tilbake til oss"),
    "reversal_noticed": _("Vi har varslet at vi vurderer å omgjøre vedtaket"),
    "reversal_begun": _("En omgjøring av vedtaket er påbegynt"),
    "reversal_answered": _("Varselet er besvart"),
    "reversal_proposed": _("Omgjøringen er innstilt"),
    "reversal_returned": _("Innstillingen om omgjøring er sendt tilbake"),
    "reversal_dropped": _("Vi omgjør ikke vedtaket"),
    "attachment_refused": _("Et vedlegg er avvist"),
}


# What the applicant wrote, in whatever language that was.
WRITTEN_BY_APPLICANT = {"answer", "decline", "ask_change", "appeal_answered", "reversal_answered"}


@register.filter
def event_text(event: CaseEvent, language: str) -> Any:
    """What was written when it happened, line by line. What the directorate wrote is in the language of the case."""
    if event.text == ANSWERED:
        return gettext(ANSWERED)
    text = linebreaksbr(event.text)
    return text if event.verb in WRITTEN_BY_APPLICANT else in_norwegian(text, language)


@register.simple_tag
def case_state(application: Application) -> SafeString:
    """Where a case stands, as its applicant sees it."""
    text, color, symbol = STATES[State(application.state)]
    return tag(str(text), color, symbol)


@register.simple_tag
def delivery_state(delivery: Delivered) -> SafeString:
    """How it went with a letter that was to be sent."""
    text, color, symbol = DELIVERIES[delivery.state]
    return tag(str(text), color, symbol)


@register.simple_tag
def progress_tag(progress: Progress) -> SafeString:
    """How far a theme has come."""
    text, color, symbol = PROGRESS[progress]
    return tag(str(text), color, symbol)


@register.simple_tag
def call_state(call: Call) -> SafeString:
    """Where a call stands, by the clock."""
    now = timezone.now()
    if call.published_at is None:
        return tag(str(_("Kladd")), "neutral", "Pencil")
    if now < call.opens_at:
        return tag(str(_("Publisert, åpner senere")), "info", "Clock")
    if now < call.closes_at:
        return tag(str(_("Åpen")), "success", "Checkmark")
    return tag(str(_("Stengt")), "neutral", "Hourglass")


@register.filter
def call_title(call: Call) -> str:
    """The call's title in the reader's form of Norwegian."""
    return call.title(get_language() or "nb")


@register.filter
def case_title(application: Application) -> str:
    """What is applied for: the call and its year."""
    return f"{call_title(application.call)} {application.call.year}"


@register.filter
def case_verb(verb: str) -> str:
    """What happened, in words."""
    return str(VERBS.get(verb, verb))


@register.filter
def to_the_second(value: datetime) -> str:
    """«15. mars 2017 kl. 09.12.31», in Norway."""
    return shown.moment(value, seconds=True)


@register.filter
def open_until(application: Application) -> datetime:
    """Until when a draft can be sent in."""
    return closes_at(application)


@register.filter
def clock(value: datetime) -> str:
    """«kl. 14.32» today, with the day on other days."""
    return shown.clock(value) if localdate(value) == localdate() else shown.moment(value)


@register.simple_tag
def steps_bar(done: int, all: int) -> SafeString:
    """How far along, as a bar. The words stand beside it, so it is hidden from readers."""
    width = 100 * done // all if all else 0
    return format_html(
        '<svg class="app-steps" aria-hidden="true" focusable="false">'
        '<rect class="app-steps__all" width="100%" height="100%" rx="4"/>'
        '<rect class="app-steps__done" width="{}%" height="100%" rx="4"/></svg>',
        width,
    )


@register.filter
def options(question: Question) -> list[tuple[str, str]]:
    """The answers to choose among."""
    if question.answer is Answer.YES_NO:
        return [("yes", str(_("Ja"))), ("no", str(_("Nei")))]
    return [(choice.code, in_language(choice.text)) for choice in question.choices]

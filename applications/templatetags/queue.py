"""The words of the casework queue: where a case stands as caseworkers say it, and how near its deadline is."""

from datetime import date
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from applications.models import State
from applications.search.choices import SOON
from applications.search.queue import Deviations
from grants.shared.money import NO_BREAK_SPACE
from grants.templatetags.ui import NOTHING, icon, tag

register = template.Library()

WORK_STATES = {
    State.SUBMITTED: (_("Ny"), "info", "Inbox"),
    State.IN_PROGRESS: (_("Under behandling"), "neutral", "PencilLine"),
    State.AWAITING_APPLICANT: (_("Venter på søker"), "warning", "Hourglass"),
    State.PROPOSED: (_("Til vedtak"), "brand", "Gavel"),
    State.GRANTED: (_("Innvilget"), "success", "CheckmarkCircle"),
    State.REFUSED: (_("Avslått"), "danger", "XMarkOctagonFill"),
    State.WITHDRAWN: (_("Trukket"), "neutral", "XMark"),
}


@register.simple_tag
def work_state(state: str) -> SafeString:
    """Where a case stands, as those who work on it say."""
    text, color, symbol = WORK_STATES[State(state)]
    return tag(str(text), color, symbol)


@register.simple_tag
def deadline(due_on: date | None, today: date) -> Any:
    """The day something is due; with a mark and words where it is passed or near."""
    if due_on is None:
        return NOTHING
    this_year = due_on.year == today.year
    shown = date_format(due_on, f"j.{NO_BREAK_SPACE}N" if this_year else f"j.{NO_BREAK_SPACE}N{NO_BREAK_SPACE}Y")
    left = (due_on - today).days
    if left > SOON.days:
        return format_html('<span class="nowrap">{}</span>', shown)
    return format_html(
        '<span class="nowrap">{}</span> <span class="app-due" data-color="{}">{} {}</span>',
        shown, *_urgency(left),
    )  # fmt: skip


@register.simple_tag
def deviations(found: Deviations | None) -> SafeString:
    """The marks of a case in which a condition is not met, or waits for somebody to look."""
    marks = []
    if found and found.not_met:
        text = ngettext("%(number)s avvik", "%(number)s avvik", found.not_met) % {"number": found.not_met}
        marks.append(_mark("danger", "ExclamationmarkTriangleFill", text))
    if found and found.open:
        text = ngettext("%(number)s må vurderes", "%(number)s må vurderes", found.open) % {"number": found.open}
        marks.append(_mark("warning", "Eye", text))
    return SafeString(" ".join(marks))


def _urgency(left: int) -> tuple[str, SafeString, str]:
    if left < 0:
        return "danger", icon("ExclamationmarkTriangleFill"), str(_("Over fristen"))
    if left == 0:
        return "warning", icon("Clock"), str(_("I dag"))
    return "warning", icon("Clock"), ngettext("%(days)s dag igjen", "%(days)s dager igjen", left) % {"days": left}


def _mark(color: str, symbol: str, text: str) -> SafeString:
    return format_html('<span class="app-mark-of-case" data-color="{}">{} {}</span>', color, icon(symbol), text)

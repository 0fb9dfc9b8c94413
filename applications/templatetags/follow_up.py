"""The words of what follows a grant: what the recipient must do next and by when, and where a report or request stands."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.models import Application, ChangeRequest, Report
from applications.services.follow_up import FollowUp, follow_up_of
from grants.templatetags.ui import kr, tag

register = template.Library()

# Text, colour, icon: the colour never carries the meaning alone.
REPORT_STATES = {
    Report.State.OPEN: (gettext_lazy("Ikke sendt inn"), "neutral", "Pencil"),
    Report.State.SUBMITTED: (gettext_lazy("Til gjennomgang"), "info", "Inbox"),
    Report.State.RETURNED: (gettext_lazy("Sendt tilbake"), "warning", "PencilLine"),
    Report.State.PROPOSED: (gettext_lazy("Venter på en annen person"), "warning", "PersonCheckmark"),
    Report.State.APPROVED: (gettext_lazy("Godkjent"), "success", "CheckmarkCircle"),
    Report.State.UNSPENT: (gettext_lazy("Godkjent, med ubrukte midler"), "success", "BankNote"),
}
# The recipient learns of a finding when a second person has approved it.
SHOWN_AS = {Report.State.PROPOSED: Report.State.SUBMITTED}
CHANGE_STATES = {
    ChangeRequest.State.ASKED: (gettext_lazy("Til behandling"), "info", "Hourglass"),
    ChangeRequest.State.RECOMMENDED: (gettext_lazy("Venter på en annen person"), "warning", "PersonCheckmark"),
    ChangeRequest.State.APPROVED: (gettext_lazy("Endringen er godkjent"), "success", "CheckmarkCircle"),
    ChangeRequest.State.REFUSED: (gettext_lazy("Endringen er avslått"), "danger", "XMarkOctagonFill"),
}
ALSO_SHOWN_AS = {ChangeRequest.State.RECOMMENDED: ChangeRequest.State.ASKED}


@dataclass(frozen=True)
class NextStep:
    """What comes next in a case: what, why, by when, and the page where it is done. `url` is empty where one waits."""

    title: str
    text: str
    url: str = ""
    label: str = ""
    due_on: date | None = None
    is_late: bool = False


@register.filter
def next_steps(found: FollowUp) -> list[NextStep]:
    """What the recipient of a grant must do, or wait for, now."""
    steps = [_about_terms(found)] if not found.is_accepted else _about_report(found)
    if found.waiting_change:
        steps.append(
            NextStep(
                _("Vi ser på endringen dere ba om"),
                _("Bruk pengene etter vilkårene som gjelder nå, til dere har fått svar."),
                "application_change",
                _("Se endringen"),
            )
        )
    return steps


def _about_terms(found: FollowUp) -> NextStep:
    if found.is_declined:
        return NextStep(
            _("Dere har takket nei"), _("Tilskuddet blir ikke betalt ut, og saken er ferdig hos dere."),
            "application_terms", _("Se svaret"),
        )  # fmt: skip
    if found.answer_is_overdue:
        return NextStep(
            _("Fristen for å godta vilkårene er ute"),
            _("Ta kontakt med oss hvis dere trenger ny frist. Pengene betales ikke ut før vilkårene er godtatt."),
            "application_terms", _("Les vilkårene"), found.accept_by, True,
        )  # fmt: skip
    return NextStep(
        _("Godta vilkårene"),
        _("En med signaturrett leser vilkårene og godtar dem, eller takker nei. Deretter kan pengene betales ut."),
        "application_terms", _("Les og svar"), found.accept_by,
    )  # fmt: skip


def _about_report(found: FollowUp) -> list[NextStep]:
    report, due, late = found.report, found.report_due_on, found.report_is_overdue
    if report is None:
        return []
    if report.state == Report.State.OPEN:
        title = _("Rapporten er ikke kommet i tide") if late else _("Send rapport når året er omme")
        text = _("Fortell hva som kom ut av pengene, og før regnskapet mot budsjettet. Dere kan begynne når dere vil.")
        return [NextStep(title, text, "application_report", _("Skriv rapporten"), due, late)]
    if report.state == Report.State.RETURNED:
        text = found.review.reason if found.review else ""
        return [NextStep(_("Rett rapporten"), text, "application_report", _("Rett og send på nytt"), due, late)]
    if report.state == Report.State.APPROVED:
        text = _("Vi har godkjent rapporten. Dere trenger ikke gjøre mer.")
        return [NextStep(_("Saken er ferdig"), text, "application_report", _("Se rapporten"))]
    if report.state == Report.State.UNSPENT and found.finding:
        amount = kr(found.finding.amount_ore)
        text = _(
            "Rapporten er godkjent. %(amount)s er ikke brukt, og skal betales tilbake. Dere får et eget brev om det."
        )
        return [NextStep(_("Penger til overs"), text % {"amount": amount}, "application_report", _("Se rapporten"))]
    return [
        NextStep(
            _("Vi leser rapporten"), _("Dere får brev når vi har gått gjennom den."),
            "application_report", _("Se rapporten"),
        )
    ]  # fmt: skip


@register.simple_tag
def grant_of(application: Application) -> FollowUp | None:
    """What follows the grant of a case; nothing where nothing is granted."""
    return follow_up_of(application)


@register.simple_tag
def report_state(report: Report, applicant: bool = False) -> SafeString:
    """Where a report stands."""
    state = Report.State(report.state)
    text, color, symbol = REPORT_STATES[SHOWN_AS.get(state, state) if applicant else state]
    return tag(str(text), color, symbol)


@register.simple_tag
def change_state(request: ChangeRequest, applicant: bool = False) -> SafeString:
    """Where a change request stands."""
    state = ChangeRequest.State(request.state)
    text, color, symbol = CHANGE_STATES[ALSO_SHOWN_AS.get(state, state) if applicant else state]
    return tag(str(text), color, symbol)


@register.filter
def iso_day(text: str) -> date | None:
    """A day of the terms, which are kept as text."""
    return date.fromisoformat(text) if text else None


@register.filter
def fault_of(faults: dict[str, Any], name: str) -> str:
    """What is wrong with a field, or nothing."""
    return str(faults.get(name, ""))

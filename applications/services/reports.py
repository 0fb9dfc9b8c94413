"""The recipient writes the report and sends it in; what is late is told to whoever asks about an organisation."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.intake.answers import said
from applications.intake.completeness import Progress, ThemeState
from applications.intake.report import Spent, accounts_in, states_of_report, themes_of_report
from applications.models import Application, Attachment, Report, ReportSubmission, Terms
from applications.services.attach import freeze
from applications.services.claim_back import report_has_come
from applications.services.draft import MOST_CHARACTERS, storable
from applications.workflow.attaching import REPORT_PLACES
from applications.workflow.follow_up import SEND_REPORT, move_on
from applications.workflow.machine import has_role
from grants.jobs.queue import hand_over
from grants.models import Organisation, Role, User
from grants.services.hold_orders import refresh_holds
from grants.shared.dates import today
from grants.shared.errors import BadInput, ChangedSince, NotAllowed, Refused
from grants.shared.shown import clock

WRITERS = (Role.EDITOR, Role.ACCOUNTANT)  # a signatory may do what an editor may


class SomebodyElseWrote(ChangedSince):
    """The report has changed since it was read. `now` is what is stored, so that both texts can be shown."""

    def __init__(self, now: Report) -> None:
        self.now = now
        super().__init__(
            _("%(who)s lagret %(when)s mens du skrev. Det du har skrevet, er ikke borte: se begge tekstene og velg.")
            % {"who": now.saved_by, "when": clock(now.saved_at)}
        )


class IncompleteReport(Refused):
    """The report lacks something, or its accounts do not add up."""


@dataclass(frozen=True)
class LateReport:
    """A report that an organisation owes and has not sent."""

    application: Application
    due_on: date

    @property
    def days(self) -> int:
        return (today() - self.due_on).days


def may_write(user: User, report: Report) -> bool:
    """May this person write on the report as it stands? The accountant may, for the accounts."""
    writes = any(has_role(user, role, report.application) for role in WRITERS)
    return writes and report.state in (Report.State.OPEN, Report.State.RETURNED)


def terms_of(report: Report) -> Terms:
    """The terms that the report is measured against: those in force."""
    terms = Terms.objects.in_force(report.decision)
    assert terms is not None  # a report comes from accepted terms
    return terms


def states_now(report: Report) -> list[tuple[ThemeState, Spent | None]]:
    """Every theme of a report that is being written, with what is attached so far."""
    return states_of_report(report.answers, terms_of(report).content, Attachment.objects.of_report(report.application))


def states_as_sent(submission: ReportSubmission) -> list[tuple[ThemeState, Spent | None]]:
    """Every theme of a report as it was sent in, with the files that went with it."""
    files = Attachment.objects.sent_with(f"report:{submission.pk}").with_is_sent()
    return states_of_report(submission.answers, submission.terms.content, files)


@transaction.atomic
def save_report(report: Report, theme: str, typed: dict[str, Any], *, version: int, by: User) -> Report:
    """Store what is typed in a theme, whole or half, right or wrong. `version` is the one that was read."""
    if not any(has_role(by, role, report.application) for role in WRITERS):
        raise NotAllowed(_("%(who)s kan ikke skrive på rapporten.") % {"who": by})
    if theme not in {known.code for known in themes_of_report(terms_of(report).content)}:
        raise BadInput(_("Rapporten har ingen del som heter «%(theme)s».") % {"theme": theme})
    if len(str(typed)) > MOST_CHARACTERS:
        raise BadInput(_("Dette er mer enn rapporten har plass til. Kort ned teksten."))
    now = Report.objects.select_for_update(of=("self",)).select_related("saved_by").get(pk=report.pk)
    if now.state not in (Report.State.OPEN, Report.State.RETURNED):
        raise ChangedSince(_("Rapporten er %(state)s og kan ikke endres.") % {"state": now.get_state_display().lower()})
    changed = Report.objects.filter(pk=now.pk, version=version, state=now.state).update(
        answers={**now.answers, theme: storable(typed)},
        version=F("version") + 1,
        saved_by=by,
        saved_at=timezone.now(),
    )
    if not changed:
        raise SomebodyElseWrote(Report.objects.select_related("saved_by").get(pk=now.pk))
    report.refresh_from_db()
    return report


@transaction.atomic
def submit_report(report: Report, *, by: User) -> ReportSubmission:
    """Send the report in, complete and adding up, by a signatory. Sent again after it was returned, it is number two.

    A report may be sent after its deadline; it is then late, and was reminded of.
    """
    Application.objects.select_for_update().get(pk=report.application_id)  # no change of the terms in between
    terms = terms_of(report)
    states = states_now(report)
    lacking = [said(state.theme.title) for state, _accounts in states if state.progress is not Progress.DONE]
    if lacking:
        raise IncompleteReport(_("Rapporten er ikke ferdig. Se på: %(parts)s.") % {"parts": ", ".join(lacking)})
    accounts = accounts_in(states)
    move_on(report, SEND_REPORT, by=by)
    submission = ReportSubmission.objects.create(
        report=report,
        number=report.submissions.count() + 1,
        terms=terms,
        answers=report.answers,
        costs_ore=accounts.costs_ore,
        unspent_ore=accounts.unspent_ore,
        sha256=hashlib.sha256(json.dumps(report.answers, sort_keys=True, ensure_ascii=False).encode()).hexdigest(),
        submitted_by=by,
        submitted_at=timezone.now(),
    )
    freeze(report.application, REPORT_PLACES, sent_with=f"report:{submission.pk}", anew=True)
    report_has_come(report, by=by)
    refresh_holds(today(), recipient=report.application.organisation)
    hand_over("report_document", f"report_document:{submission.pk}", {"submission": submission.pk})
    return submission


def late_reports(organisation: Organisation) -> list[LateReport]:
    """What an organisation owes of reports on earlier grants, the oldest first: for whoever considers a new one."""
    late = Report.objects.of(organisation).overdue_on(today()).by_due_day()
    return [LateReport(report.application, report.due_on) for report in late.select_related("application__call")]

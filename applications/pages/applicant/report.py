"""The recipient's report: what is left to write, one theme per page, and sending it in."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications.intake.completeness import Progress
from applications.intake.regrants import FIELDS, REGRANTS, Regrants
from applications.intake.regrants import rows_of as regrants_of
from applications.intake.report import ACCOUNTS, Spent, report_state, themes_of_report
from applications.models import Report
from applications.pages.applicant.asking import version_of
from applications.pages.applicant.attachments import attached_page
from applications.pages.applicant.follow_up import granted, rows_of
from applications.pages.applicant.kept import forget, kept
from applications.services.follow_up import FollowUp, signatories
from applications.services.follow_up_letters import in_words
from applications.services.reports import (
    IncompleteReport,
    SomebodyElseWrote,
    may_write,
    save_report,
    states_now,
    submit_report,
)
from applications.workflow.follow_up import SEND_REPORT, may_move
from grants.law.question import Contents, Theme
from grants.pages.asking import signed_in, wants_fragment

EMPTY_ROWS = 1


@require_http_methods(["GET", "POST"])
def report_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What is left to write, and sending in by somebody who signs; afterwards the report as it was sent."""
    found, user = granted(request, pk), signed_in(request)
    report = _report(found)
    unconfirmed = False
    if request.method == "POST":
        unconfirmed = "confirmed" not in request.POST
        if not unconfirmed:
            report.version = version_of(request.POST)
            try:
                submit_report(report, by=user)
            except IncompleteReport:
                pass  # the page shows what is missing
            else:
                messages.success(request, _("Rapporten er sendt inn."))
                return redirect("application_report", pk=pk)
    states = states_now(report)
    context = {
        "application": found.application,
        "found": found,
        "report": report,
        "states": [state for state, _accounts in states],
        "accounts": next(accounts for _state, accounts in states if accounts is not None),
        "done": sum(state.progress is Progress.DONE for state, _accounts in states),
        "may_write": may_write(user, report),
        "may_send": may_move(user, SEND_REPORT, report),
        "is_open": report.state in (Report.State.OPEN, Report.State.RETURNED),
        "sent": in_words(found.submission) if found.submission else [],
        "sent_with": f"report:{found.submission.pk}" if found.submission else "",
        "signatories": signatories(found.application),
        "unconfirmed": unconfirmed,
    }
    return render(request, "applicant/report.html", context, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "POST"])
def report_theme_page(request: HttpRequest, pk: UUID, theme: str) -> HttpResponse:
    """One theme of the report. What is typed is saved, right or wrong; «Neste» tries it, autosave does not."""
    found, user = granted(request, pk), signed_in(request)
    report, terms = _report(found), found.terms.content
    themes = themes_of_report(terms)
    place = next((number for number, known in enumerate(themes) if known.code == theme), None)
    if place is None or not may_write(user, report):
        raise Http404
    of = themes[place]
    if of.contents is Contents.ATTACHMENTS:
        state = next(state for state, _accounts in states_now(report) if state.theme == of)
        return attached_page(request, found.application, of, state, themes, of_report=True)
    posted = request.POST if request.method == "POST" else kept(request, request.path)
    typed = report.answers.get(of.code, {}) if posted is None else _typed(of, posted)
    version, conflict, show_faults = report.version, None, False
    if request.method == "POST":
        try:
            version = save_report(report, of.code, typed, version=version_of(request.POST), by=user).version
            forget(request)
        except SomebodyElseWrote as other:
            conflict, version = other, other.now.version
        if wants_fragment(request):
            context = _context(found, report, of, place, typed, version, conflict)
            return render(request, "applicant/report_theme.html#saved", context)
        state, _accounts = report_state(of, typed, terms, ())
        if conflict is None and not {"add_more", "update"} & request.POST.keys():
            if state.progress is Progress.DONE or "later" in request.POST:
                return redirect(_after(found, themes, place, request))
            show_faults = True
    if request.method == "GET" and posted is not None:
        version = version_of(posted)  # the one it was written over: what another has saved since is found
    context = _context(found, report, of, place, typed, version, conflict)
    context |= {"show_faults": show_faults, "was_kept": request.method == "GET" and posted is not None}
    status = 409 if conflict else 422 if show_faults else 200
    return render(request, "applicant/report_theme.html", context, status=status)


def _report(found: FollowUp) -> Report:
    if found.report is None:
        raise Http404
    return found.report


def _typed(theme: Theme, posted: QueryDict) -> dict[str, Any]:
    """What stands in the fields, as it was typed."""
    if theme is REGRANTS:
        return {"rows": rows_of(posted, "regrant", FIELDS), "admin": posted.get("admin", "")}
    if theme is not ACCOUNTS:
        return {question.code: posted.get(question.code, "") for question in theme.questions}
    kroner, why = posted.getlist("actual"), posted.getlist("why")
    return {
        "lines": [{"kroner": one, "why": other} for one, other in zip(kroner, why, strict=False)],
        "more": rows_of(posted, "more", ("text", "kroner", "why")),
        "financing": [{"kroner": one} for one in posted.getlist("financing")],
        "own": posted.get("own", ""),
        "total": posted.get("total", ""),
    }


def _after(found: FollowUp, themes: tuple[Theme, ...], place: int, request: HttpRequest) -> str:
    case = {"pk": found.application.pk}
    if "later" in request.POST or place + 1 == len(themes):
        return reverse("application_report", kwargs=case)
    return reverse("application_report_theme", kwargs=case | {"theme": themes[place + 1].code})


def _context(
    found: FollowUp,
    report: Report,
    theme: Theme,
    place: int,
    typed: dict[str, Any],
    version: int,
    conflict: SomebodyElseWrote | None,
) -> dict[str, Any]:
    terms = found.terms.content
    themes = themes_of_report(terms)
    state, accounts = report_state(theme, typed, terms, ())
    theirs = conflict.now.answers.get(theme.code, {}) if conflict else {}
    return {
        "application": found.application,
        "found": found,
        "report": report,
        "terms": terms,
        "theme": theme,
        "number": place + 1,
        "themes": themes,
        "before": themes[place - 1] if place else None,
        "version": version,
        "state": state,
        "faults": state.faults,
        "fields": [
            (question, typed.get(question.code, ""), state.faults.get(question.code, ""))
            for question in theme.questions
        ],
        "planned": terms["participants"] if theme.code == "participants" else "",
        "accounts": accounts,
        "table": _table(typed, terms, accounts) if accounts else {},
        "conflict": conflict,
        "differing": [
            (question.text, typed.get(question.code, ""), theirs.get(question.code, ""))
            for question in theme.questions
            if conflict and typed.get(question.code, "") != theirs.get(question.code, "")
        ],
        "show_faults": False,
    }


def _regrants(typed: dict[str, Any], found: Regrants) -> dict[str, Any]:
    """The rows of what was handed on as fields, and some to write in."""
    rows = [*regrants_of(typed), *[dict.fromkeys(FIELDS, "")] * EMPTY_ROWS]
    faults = found.faults
    return {
        "rows": [
            {**row, **{f"{part}_fault": faults.get(f"regrant-{number}-{part}", "") for part in FIELDS}}
            for number, row in enumerate(rows)
        ],
        "admin": typed.get("admin", ""),
    }


def _table(typed: dict[str, Any], terms: dict[str, Any], accounts: Spent) -> dict[str, Any]:
    """The rows of the accounts as fields: what was budgeted, what is typed, and what is wrong."""
    if isinstance(accounts, Regrants):
        return _regrants(typed, accounts)
    lines, paid = typed.get("lines") or [], typed.get("financing") or []
    faults = accounts.faults
    more = [*(typed.get("more") or []), *[{"text": "", "kroner": "", "why": ""}] * EMPTY_ROWS]
    return {
        "lines": [
            {
                "text": text,
                "budget_ore": ore,
                "kroner": lines[number]["kroner"] if number < len(lines) else "",
                "why": lines[number]["why"] if number < len(lines) else "",
                "kroner_fault": faults.get(f"actual-{number}", ""),
                "why_fault": faults.get(f"why-{number}", ""),
            }
            for number, (text, ore) in enumerate(terms["budget"]["costs"])
        ],
        "more": [
            {**row, **{f"{part}_fault": faults.get(f"more-{number}-{part}", "") for part in ("text", "kroner", "why")}}
            for number, row in enumerate(more)
        ],
        "financing": [
            {
                "text": text,
                "budget_ore": ore,
                "kroner": paid[number]["kroner"] if number < len(paid) else "",
                "fault": faults.get(f"financing-{number}", ""),
            }
            for number, (text, ore) in enumerate(terms["budget"]["financing"])
        ],
        "own": typed.get("own", ""),
        "total": typed.get("total", ""),
    }

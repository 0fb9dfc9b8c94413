"""After a grant, for the directorate: terms, answer, change requests and the report of a case, and what to do with them."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from applications.intake.reading import Fault, read_kroner
from applications.intake.report import accounts_in
from applications.letters.follow_up import Words, wanted_sections
from applications.models import ChangeRequest, Deadline, Report
from applications.pages.casework.frame import case_of, framed
from applications.services.change_requests import decide_change, recommend_change
from applications.services.claim_back import claim_missing_report, claims_of, may_be_claimed
from applications.services.follow_up import FollowUp, all_terms, follow_up_of
from applications.services.reports import states_as_sent
from applications.services.review_report import (
    approve_report,
    approve_unspent,
    propose_unspent,
    reject_unspent,
    return_report,
)
from applications.services.terms import give_new_deadline
from applications.workflow import follow_up as steps
from grants.models import Role, User
from grants.pages.asking import page_of, signed_in
from grants.shared.dates import read_day, today
from grants.shared.errors import BadInput

# Which lists there are of reports, and the question behind each.
LISTS = ("review", "overdue", "due")


@require_safe
def case_follow_up(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What has followed the grant of a case, and what waits."""
    return _page(request, pk)


@require_POST
def case_deadline(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A new deadline for answering the terms, or for the report."""
    found = _granted(request, pk)
    what = Deadline.What.REPORT if request.POST.get("what") == Deadline.What.REPORT else Deadline.What.ACCEPT

    def act(user: User) -> str:
        give_new_deadline(found.decision, what, _day(request), reason=_reason(request), by=user)
        return _("Fristen er flyttet.")

    return _done(request, pk, f"deadline-{what.value}", act)


@require_POST
def case_change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Recommend, approve or refuse a change request."""
    found = _granted(request, pk)
    asked = found.waiting_change
    if asked is None:
        raise Http404
    asked.version = _version(request)

    def act(user: User) -> str:
        if "recommend" in request.POST:
            advised = request.POST["recommend"] == "approve"
            recommend_change(asked, approve=advised, reason=_reason(request), by=user)
            return _("Innstillingen er laget. En annen avgjør.")
        approve = "approve" in request.POST
        decide_change(asked, approve=approve, reason=_reason(request), by=user)
        return _("Endringen er godkjent.") if approve else _("Endringen er avslått.")

    return _done(request, pk, "change", act)


@require_POST
def case_report(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Approve a report, send it back, find unspent money, or decide on what somebody else has found."""
    report = _granted(request, pk).report
    if report is None:
        raise Http404
    report.version = _version(request)
    acts: dict[str, Callable[[User], str]] = {
        "approve": lambda user: _approve(report, request, user),
        "return": lambda user: _return(report, request, user),
        "unspent": lambda user: _propose(report, request, user),
        "approve_unspent": lambda user: _find(report, user),
        "reject_unspent": lambda user: _reject(report, request, user),
        "claim_back": lambda user: _claim_back(report, request, user),
    }
    name = next((known for known in acts if known in request.POST), "")
    if not name:
        raise Http404
    return _done(request, pk, f"report-{name}", acts[name])


def _approve(report: Report, request: HttpRequest, user: User) -> str:
    approve_report(report, reason=_reason(request), by=user)
    return _("Rapporten er godkjent.")


def _return(report: Report, request: HttpRequest, user: User) -> str:
    return_report(report, reason=_reason(request), last_day=_day(request), by=user)
    return _("Rapporten er sendt tilbake.")


def _propose(report: Report, request: HttpRequest, user: User) -> str:
    try:
        amount_ore = read_kroner(request.POST.get("amount", ""))
    except Fault as fault:
        raise BadInput(str(fault)) from fault
    propose_unspent(report, amount_ore=amount_ore, reason=_reason(request), by=user)
    return _("Funnet er laget. En annen godkjenner det.")


def _find(report: Report, user: User) -> str:
    approve_unspent(report, by=user)
    return _("Funnet er godkjent.")


def _reject(report: Report, request: HttpRequest, user: User) -> str:
    reject_unspent(report, reason=_reason(request), by=user)
    return _("Funnet er sendt tilbake.")


def _claim_back(report: Report, request: HttpRequest, user: User) -> str:
    claim = claim_missing_report(report, reason=_reason(request), by=user)
    return _("%(claim)s er reist. Økonomi godkjenner det, og da får mottakeren varsel.") % {"claim": claim}


@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """Reports of all cases: to review, overdue and to come."""
    mine, day = Report.objects.visible_to(signed_in(request)), today()
    lists = {"review": mine.to_review(), "overdue": mine.overdue_on(day), "due": mine.due_from(day)}
    shown = request.GET.get("show", "")
    shown = shown if shown in LISTS else LISTS[0]
    rows = lists[shown].select_related("application__call", "application__organisation").by_due_day()
    context = {
        "shown": shown,
        "page": page_of(request, rows),
        "counts": {name: found.count() for name, found in lists.items()},
        "today": day,
    }
    return render(request, "casework/reports.html", context)


def _granted(request: HttpRequest, pk: UUID) -> FollowUp:
    found = follow_up_of(case_of(request, pk))
    if found is None:
        raise Http404
    return found


def _done(request: HttpRequest, pk: UUID, form: str, act: Callable[[User], str]) -> HttpResponse:
    """Do it and say so; what cannot be used as it stands comes back in its form, with what was typed."""
    try:
        messages.success(request, act(signed_in(request)))
    except BadInput as fault:
        return _page(request, pk, form=form, fault=str(fault))
    return redirect("case_follow_up", pk=pk)


def _page(request: HttpRequest, pk: UUID, *, form: str = "", fault: str = "") -> HttpResponse:
    application, user = case_of(request, pk), signed_in(request)
    found = follow_up_of(application)
    context: dict[str, Any] = framed(request, application, "case_follow_up") | {
        "found": found,
        "form": form,
        "fault": fault,
        "typed": {name: request.POST.get(name, "") for name in ("reason", "last_day", "amount")},
    }
    if found is not None:
        context |= _facts(found, user)
    return render(request, "casework/follow_up.html", context, status=422 if fault else 200)


def _facts(found: FollowUp, user: User) -> dict[str, Any]:
    """What the page shows of a grant, and which of its forms this person gets."""
    application, report, submission = found.application, found.report, found.submission
    states = states_as_sent(submission) if submission else []
    words = Words(application.language)
    asked, decides = found.waiting_change, user.has_directorate_role(Role.DECISION_MAKER)
    proposed_by_me = found.review is not None and found.review.by_id == user.pk
    return {
        "chain": all_terms(found),
        "claims": claims_of(application),
        "changes": [(request, wanted_sections(request.wanted, words)) for request in found.changes],
        "answers": [
            (
                state.theme,
                [(q, submission.answers.get(state.theme.code, {}).get(q.code, "")) for q in state.theme.questions],
            )
            for state, accounts in states
            if submission and accounts is None and not state.documents
        ],
        "documents": [document for state, _accounts in states for document in state.documents],
        "accounts": accounts_in(states) if states else None,
        "works": {
            "work": user.has_directorate_role(Role.CASEWORKER),
            "claim_back": report is not None and user.has_directorate_role(Role.CASEWORKER) and may_be_claimed(report),
            "recommend": asked is not None and steps.may_move(user, steps.RECOMMEND, asked),
            "decide_change": asked is not None
            and asked.state == ChangeRequest.State.RECOMMENDED
            and decides
            and asked.recommended_by_id != user.pk,
            "review": report is not None and steps.may_move(user, steps.APPROVE_REPORT, report),
            "decide_unspent": report is not None
            and steps.may_move(user, steps.FIND_UNSPENT, report)
            and not proposed_by_me,
        },
    }


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason", "")


def _day(request: HttpRequest) -> date:
    try:
        return read_day(request.POST.get("last_day", ""))
    except BadInput:
        raise BadInput(_("Skriv den nye fristen som en dato.")) from None


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() else 0

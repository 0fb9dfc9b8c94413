"""Look over all answers, send in, and the receipt for it."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from applications.intake.apart import draft_answers
from applications.intake.claims import sums_in
from applications.intake.completeness import Progress, states_of
from applications.models import Application, State, Submission
from applications.pages.applicant.asking import ours, version_of, written_by
from applications.services.health import answers_shown, look
from applications.services.record_incoming import document_of, receipt_copy, receipt_pdf
from applications.services.submit import Incomplete, submit
from applications.workflow.deadline import closes_at, may_be_taken_back
from applications.workflow.machine import may_take
from applications.workflow.transitions import REOPEN, SUBMIT
from grants.models import Role
from grants.pages.asking import signed_in
from grants.shared.shown import in_english


@require_http_methods(["GET", "POST"])
def check_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """All answers on one page, and sending in by somebody who signs."""
    application = written_by(request, pk)
    if request.method == "POST":
        return _send(request, application)
    if application.state != State.DRAFT:
        raise Http404
    return render(request, "applicant/check.html", _context(request, application, key=str(uuid4())))


def _send(request: HttpRequest, application: Application) -> HttpResponse:
    """Send in. The form carries its own number, so that pressing twice is pressing once."""
    key = _key(request)
    unconfirmed = "confirmed" not in request.POST
    if not unconfirmed:
        application.version = version_of(request.POST)
        try:
            submit(application, by=signed_in(request), key=key)
        except Incomplete:
            messages.error(request, _("Søknaden er ikke sendt inn: noe mangler."))
        else:
            return redirect("application_receipt", pk=application.pk)
    if application.state != State.DRAFT:
        raise Http404
    context = _context(request, application, key=str(key or uuid4())) | {"unconfirmed": unconfirmed}
    return render(request, "applicant/check.html", context, status=422)


def _key(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return None


def _context(request: HttpRequest, application: Application, *, key: str) -> dict[str, Any]:
    states = states_of(application)
    typed = draft_answers(application)
    if any(state.theme.apart for state in states):
        look(application, "check", by=signed_in(request))
    return {
        "application": application,
        "key": key,
        "steps": len(states) + 1,
        "last": states[-1].theme,
        "states": [
            (
                state,
                answers_shown(application, state.theme, typed),
                sums_in(application.call, state.theme, state.values),
            )
            for state in states
        ],
        "incomplete": [state for state in states if state.progress is not Progress.DONE],
        "may_submit": may_take(signed_in(request), SUBMIT, application),
        "signatories": application.organisation.memberships.filter(role=Role.SIGNATORY).select_related("user"),
        "unconfirmed": False,
        "closes": closes_at(application),
    }


@require_safe
def receipt_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The receipt: what was sent in, when, by whom, its fingerprint, and what happens now."""
    application = ours(request, pk)
    submission = _last(application)
    context = {
        "application": application,
        "submission": submission,
        "document": document_of(submission),
        "closes": closes_at(application),
        "may_reopen": may_be_taken_back(application) and may_take(signed_in(request), REOPEN, application),
    }
    return render(request, "applicant/receipt.html", context)


@require_safe
def receipt_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The application as it was sent, with its receipt, as PDF. Who reads English gets a copy in English."""
    application = ours(request, pk)
    submission = _last(application)
    name = f"soknad-{application.reference}.pdf".replace("/", "-")
    return HttpResponse(
        receipt_copy(submission, "en") if in_english() else receipt_pdf(submission),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


def _last(application: Application) -> Submission:
    submission = application.submissions.select_related("application__call", "submitted_by").order_by("number").last()
    if submission is None:
        raise Http404
    return submission

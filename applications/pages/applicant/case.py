"""A case as its applicant sees it: where it stands, what happens next, and what they may do with it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from applications.models import Application, State
from applications.pages.applicant.asking import ours, version_of
from applications.pages.applicant.attachments import tend_files
from applications.pages.applicant.kept import forget, kept, seal
from applications.services.assess import answer_directorate
from applications.services.case_papers import Recorded, recorded_in
from applications.services.reopen import reopen
from applications.services.withdraw import withdraw
from applications.workflow.deadline import closes_at, may_be_taken_back
from applications.workflow.machine import may_take
from applications.workflow.transitions import ANSWER, REOPEN, WITHDRAW
from grants.pages.asking import signed_in

# The line of a case, and which states are at which point of it. The applicant sees no proposal before the decision.
LINE = (gettext_lazy("Sendt inn"), gettext_lazy("Under behandling"), gettext_lazy("Vedtak"))
POINT = {
    State.SUBMITTED: 0,
    State.IN_PROGRESS: 1,
    State.AWAITING_APPLICANT: 1,
    State.PROPOSED: 1,
    State.GRANTED: 2,
    State.REFUSED: 2,
}


def case_context(request: HttpRequest, application: Application) -> dict[str, Any]:
    """All that the page of a case shows."""
    user = signed_in(request)
    events = application.events.filter(open_to_applicant=True).select_related("by").order_by("-pk")
    answer_url = reverse("application_answer", kwargs={"pk": application.pk})
    posted = kept(request, answer_url)
    return {
        "application": application,
        "line": _line(application),
        "events": events,
        "question": events.filter(verb="ask").first(),
        "answer_seal": seal(user, answer_url),
        "file_fault": "",
        "answer": posted.get("answer", "") if posted else "",
        "documents": _documents(request, application),
        "decision": application.decisions.standing().first(),
        "closes": closes_at(application),
        "was_sent": application.submitted_at is not None,
        "may_answer": may_take(user, ANSWER, application),
        "may_withdraw": may_take(user, WITHDRAW, application),
        "may_reopen": may_be_taken_back(application) and may_take(user, REOPEN, application),
    }


def _line(application: Application) -> list[tuple[Any, str]]:
    """Each point of the line with where the case is: done, now or later. A withdrawn case has no line."""
    point = POINT.get(State(application.state))
    if point is None:
        return []
    ended = point == len(LINE) - 1
    return [
        (text, "done" if number < point or ended else "now" if number == point else "later")
        for number, text in enumerate(LINE)
    ]


def _documents(request: HttpRequest, application: Application) -> list[Recorded]:
    documents = application.documents.visible_to(signed_in(request))
    return recorded_in(documents, newest_first=True)


@require_http_methods(["GET", "POST"])
def withdraw_application(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say what it means to withdraw, and do it when it is confirmed."""
    application = ours(request, pk)
    if request.method == "POST":
        application.version = version_of(request.POST)
        withdraw(application, by=signed_in(request))
        messages.success(request, _("Søknaden er trukket."))
        return redirect("our_applications")
    return _confirm(request, application, WITHDRAW, "applicant/withdraw.html")


@require_http_methods(["GET", "POST"])
def reopen_application(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say what it means to take the application back, and do it when it is confirmed."""
    application = ours(request, pk)
    if request.method == "POST":
        application.version = version_of(request.POST)
        reopen(application, by=signed_in(request))
        messages.success(request, _("Søknaden er åpnet. Husk å sende den inn på nytt."))
        return redirect("application", pk=pk)
    return _confirm(request, application, REOPEN, "applicant/reopen.html")


def _confirm(request: HttpRequest, application: Application, step: Any, template: str) -> HttpResponse:
    if not may_take(signed_in(request), step, application):
        raise Http404
    context = {
        "application": application,
        "closes": closes_at(application),
        "in_time": step is not REOPEN or may_be_taken_back(application),
    }
    return render(request, template, context)


@require_POST
def answer_question(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer what the directorate asked, with files. What is typed stays on the page while files come and go."""
    application = ours(request, pk)
    tended = tend_files(request, application, "answer")
    if tended.is_all:
        found = case_context(request, application)
        found |= {"answer": request.POST.get("answer", ""), "file_fault": tended.fault}
        return render(request, "applicant/case.html", found, status=422 if tended.fault else 200)
    application.version = version_of(request.POST)
    answer_directorate(application, request.POST.get("answer", ""), by=signed_in(request))
    forget(request)
    messages.success(request, _("Svaret er sendt."))
    return redirect("application", pk=pk)

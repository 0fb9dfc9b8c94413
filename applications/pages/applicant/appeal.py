"""The applicant's appeal: write, keep, send, follow, answer and withdraw; and the answer to a notice of reversal."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from applications.models import Appeal, Application, Decision, Reversal
from applications.pages.applicant.asking import version_of as seen_of
from applications.pages.applicant.attachments import Tended, tend_files
from applications.pages.applicant.kept import forget, kept
from applications.pages.casework.actions import version_of
from applications.services.appeal import (
    TEXTS,
    SomebodyElseWrote,
    answer_about_appeal,
    appeal_of,
    save_appeal,
    send_appeal,
    standing_decision,
    withdraw_appeal,
)
from applications.services.appeal_letters import documents_of
from applications.services.deadline import is_late, last_day, may_be_appealed, reached_on
from applications.services.reverse import answer_notice
from applications.workflow.appeals import ANSWER, PUT_AWAY, WITHDRAW, events_of, may_walk
from applications.workflow.machine import has_role
from grants.models import Role
from grants.pages.asking import signed_in
from grants.pages.forms import PlainForm
from grants.shared.errors import BadInput, ChangedSince


class AppealForm(PlainForm):
    """What is wrong and what is asked. All may be empty in a draft."""

    grounds = forms.CharField(
        label=gettext_lazy("Hva mener dere er feil i vedtaket?"),
        help_text=gettext_lazy("Skriv så konkret dere kan. Pek gjerne på det i begrunnelsen dere er uenige i."),
        widget=forms.Textarea({"rows": 10}),
    )
    wanted = forms.CharField(
        label=gettext_lazy("Hva ønsker dere endret?"),
        help_text=gettext_lazy("For eksempel hele beløpet dere søkte om, eller en bestemt del av det."),
        widget=forms.Textarea({"rows": 4}),
    )
    late_reason = forms.CharField(
        label=gettext_lazy("Hvorfor kommer klagen etter fristen?"),
        help_text=gettext_lazy("Vi legger vekt på dette når vi avgjør om klagen kan behandles."),
        widget=forms.Textarea({"rows": 4}),
        required=False,
    )

    def __init__(self, *arguments: Any, is_late: bool, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if not is_late:
            del self.fields["late_reason"]


@require_http_methods(["GET", "POST"])
def application_appeal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write an appeal, or see where the one that is sent stands."""
    application, decision = _decided(request, pk)
    appeal = appeal_of(decision)
    if appeal is not None and appeal.state != Appeal.State.DRAFT:
        if request.method == "POST":
            raise ChangedSince(_("Klagen er sendt og kan ikke endres."))
        return _sent(request, appeal)
    if request.method == "POST":
        return _save_and_send(request, application, decision)
    return _form(request, application, decision, appeal)


@require_POST
def application_appeal_withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take an appeal back, or put a draft of one away."""
    _application, decision = _decided(request, pk)
    appeal = _current(decision, request)
    withdraw_appeal(appeal, by=signed_in(request))
    messages.success(request, _("Klagen er trukket.") if appeal.submitted_at else _("Kladden er lagt bort."))
    return redirect("application", pk=pk)


@require_POST
def application_appeal_answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer a question about an appeal. What is typed stays on the page when it cannot be sent."""
    _application, decision = _decided(request, pk)
    appeal = _current(decision, request)
    answer = request.POST.get("answer", "")
    tended = tend_files(request, appeal.application, "appeal")
    if tended.is_all:
        return _sent(request, appeal, file_fault=tended.fault, answer=answer)
    try:
        answer_about_appeal(appeal, answer, by=signed_in(request))
        forget(request)
    except BadInput as fault:
        return _sent(request, appeal, fault=str(fault), answer=answer)
    messages.success(request, _("Svaret er sendt."))
    return redirect("application_appeal", pk=pk)


@require_http_methods(["GET", "POST"])
def application_notice(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A notice that the decision may be reversed, and the answer to it."""
    application, _decision = _decided(request, pk)
    user = signed_in(request)
    reversal = get_object_or_404(Reversal.objects.visible_to(user).noticed(application))
    posted = request.POST if request.method == "POST" else kept(request, request.path)
    answer, fault, tended = posted.get("answer", "") if posted is not None else "", "", Tended()
    if request.method == "POST":
        tended = tend_files(request, application, "notice")
    if request.method == "POST" and not tended.is_all:
        reversal.version = version_of(request)
        try:
            answer_notice(reversal, answer, by=user)
            forget(request)
        except BadInput as refused:
            fault = str(refused)
        else:
            messages.success(request, _("Svaret er sendt."))
            return redirect("application", pk=pk)
    found = {
        "application": application,
        "reversal": reversal,
        "sent_with": f"notice:{reversal.pk}",
        "may_answer": reversal.answered_at is None and has_role(user, Role.EDITOR, application),
        "answer": answer,
        "was_kept": request.method == "GET" and posted is not None,
        "fault": fault,
        "file_fault": tended.fault,
    }
    return render(request, "applicant/notice.html", found, status=422 if fault or tended.fault else 200)


def _save_and_send(request: HttpRequest, application: Application, decision: Decision) -> HttpResponse:
    """Save what is typed, and send it when that was the button."""
    user = signed_in(request)
    texts = {name: request.POST.get(name, "") for name in TEXTS}
    try:
        appeal = save_appeal(decision, version=version_of(request), by=user, **texts)
        forget(request)
    except SomebodyElseWrote as other:
        return _form(request, application, decision, other.now, conflict=other)
    except BadInput as refused:
        return _form(request, application, decision, appeal_of(decision), refused=str(refused))
    tended = tend_files(request, application, "appeal")
    if tended.fault:
        return _form(request, application, decision, appeal, file_fault=tended.fault)
    if "send" not in request.POST:
        messages.success(request, _("Kladden er lagret."))
        return redirect("application_appeal", pk=application.pk)
    if not AppealForm(request.POST, is_late=True).is_valid():
        return _form(request, application, decision, appeal)
    send_appeal(appeal, by=user)
    messages.success(request, _("Klagen er sendt."))
    return redirect("application_appeal", pk=application.pk)


def _form(
    request: HttpRequest,
    application: Application,
    decision: Decision,
    appeal: Appeal | None,
    *,
    conflict: SomebodyElseWrote | None = None,
    refused: str = "",
    file_fault: str = "",
) -> HttpResponse:
    """The form, with what was typed last; of a conflict also what the other wrote."""
    user, last = signed_in(request), last_day(decision)
    late = is_late(last, timezone.now())
    stored = {name: getattr(appeal, name) for name in TEXTS} if appeal else {}
    # A file that is not taken in says nothing of the text, which is saved by then.
    posted = request.method == "POST" and not file_fault
    written = kept(request, request.path) if request.method == "GET" else None
    last_typed = {name: written.get(name, "") for name in TEXTS} if written is not None else {}
    form = AppealForm(request.POST if posted else None, initial=stored | last_typed, is_late=late)
    if refused:
        form.add_error(None, refused)
    failed = posted and conflict is None
    found = {
        "application": application,
        "decision": decision,
        "appeal": appeal,
        "version": seen_of(written) if written is not None else appeal.version if appeal else 0,
        "was_kept": written is not None,
        "form": form,
        "failed": failed,
        "file_fault": file_fault,
        "conflict": conflict,
        "theirs": [(form[name].label, stored[name]) for name in form.fields] if conflict else [],
        "is_appeal": may_be_appealed(decision),
        "reached_on": reached_on(decision),
        "last_day": last,
        "is_late": late,
        "may_write": has_role(user, Role.EDITOR, application),
        "may_send": has_role(user, Role.SIGNATORY, application),
        "may_put_away": appeal is not None and may_walk(user, PUT_AWAY, appeal),
        "signatories": application.organisation.memberships.filter(role=Role.SIGNATORY).select_related("user"),
        "earlier": Appeal.objects.visible_to(user).sent_before(appeal, application),
    }
    status = 409 if conflict else 422 if failed or file_fault else 200
    return render(request, "applicant/appeal.html", found, status=status)


def _sent(
    request: HttpRequest, appeal: Appeal, *, fault: str = "", file_fault: str = "", answer: str = ""
) -> HttpResponse:
    """What was sent, where it stands, and what has happened."""
    user = signed_in(request)
    events = [event for event in events_of(appeal) if event.open_to_applicant]
    answer_url = reverse("application_appeal_answer", kwargs={"pk": appeal.application.pk})
    written = kept(request, answer_url) if request.method == "GET" else None
    found = {
        "application": appeal.application,
        "decision": appeal.decision,
        "appeal": appeal,
        "events": events,
        "sent_with": f"appeal:{appeal.pk}",
        "documents": documents_of(appeal, for_applicant=True),
        "question": (question := next((event for event in events if event.verb == "appeal_asked"), None)),
        "answer_by": question.details.get("due_on", "") if question else "",
        "may_answer": may_walk(user, ANSWER, appeal),
        "may_withdraw": may_walk(user, WITHDRAW, appeal),
        "fault": fault,
        "file_fault": file_fault,
        "was_kept": written is not None,
        "answer": written.get("answer", "") if written is not None else answer,
    }
    return render(request, "applicant/appeal_sent.html", found, status=422 if fault or file_fault else 200)


def _decided(request: HttpRequest, pk: UUID) -> tuple[Application, Decision]:
    """A case of ours that has a decision."""
    rows = Application.objects.visible_to(signed_in(request)).select_related("call", "organisation")
    application = get_object_or_404(rows, pk=pk)
    decision = standing_decision(application)
    if decision is None:
        raise Http404
    return application, decision


def _current(decision: Decision, request: HttpRequest) -> Appeal:
    """The appeal of the decision, with the version that the page was made from."""
    appeal = appeal_of(decision)
    if appeal is None:
        raise Http404
    appeal.version = version_of(request)
    return appeal

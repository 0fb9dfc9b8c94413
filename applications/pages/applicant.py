"""The applicant's road: our applications, the task list, one theme per page, check, send in, and what happens then."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.intake.completeness import Progress, ThemeState, state_of, states_of, themes_of
from applications.models import Application, Call, State
from applications.services.assess import answer_directorate
from applications.services.draft import SomebodyElseSaved, begin_application, may_begin_for, save_answers
from applications.services.submit import Incomplete, submit
from applications.services.withdraw import withdraw
from applications.workflow.machine import has_role, may_take
from applications.workflow.transitions import ANSWER, SUBMIT, WITHDRAW
from grants.law.question import Contents, Theme
from grants.models import Role
from grants.pages.asking import page_of, signed_in, wants_fragment

EMPTY_ROWS = 2


@require_safe
def our_applications(request: HttpRequest) -> HttpResponse:
    """All applications of the organisations that the person acts for, the newest first."""
    found = Application.objects.visible_to(signed_in(request)).select_related("call", "organisation")
    return render(request, "applicant/our_applications.html", {"page": page_of(request, found.order_by("-saved_at"))})


@require_POST
def begin(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A new draft for one of the person's organisations."""
    user = signed_in(request)
    call = get_object_or_404(Call.objects.published(), pk=pk)
    chosen = [one for one in may_begin_for(user, call) if str(one.pk) == request.POST.get("organisation")]
    if not chosen:
        raise Http404
    language = "nn" if get_language() == "nn" else "nb"
    application = begin_application(call, chosen[0], by=user, language=language)
    return redirect("application", pk=application.pk)


@require_safe
def application_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The task list of a draft; of a case, where it stands and what has happened."""
    application = _ours(request, pk)
    user = signed_in(request)
    if application.state == State.DRAFT:
        states = states_of(application)
        done = sum(state.progress is Progress.DONE for state in states)
        found = {
            "application": application,
            "states": states,
            "done": done,
            "may_withdraw": may_take(user, WITHDRAW, application),
        }
        return render(request, "applicant/task_list.html", found)
    events = application.events.filter(open_to_applicant=True).select_related("by").order_by("-pk")
    found = {
        "application": application,
        "events": events,
        "question": events.filter(verb="ask").first(),
        "may_answer": may_take(user, ANSWER, application),
        "may_withdraw": may_take(user, WITHDRAW, application),
        "decision": application.decisions.filter(state="decided").first(),
    }
    return render(request, "applicant/case.html", found)


@require_http_methods(["GET", "POST"])
def theme_page(request: HttpRequest, pk: UUID, theme: str) -> HttpResponse:
    """One theme. What is typed is saved, right or wrong; «Neste» tries it, autosave does not."""
    application = _draft(request, pk)
    themes = themes_of(application.call)
    place = next((number for number, known in enumerate(themes) if known.code == theme), None)
    if place is None:
        raise Http404
    of = themes[place]
    typed = application.answers.get(of.code, {})
    version, conflict, show_faults = application.version, None, False
    if request.method == "POST":
        typed = _typed(of, request)
        try:
            application = save_answers(
                application, of.code, typed, version=_version(request), by=signed_in(request)
            )  # fmt: skip
            version = application.version
        except SomebodyElseSaved as other:
            conflict, version = other, other.now.version
        if wants_fragment(request):
            return render(
                request, "applicant/theme.html#saved", _context(application, of, place, typed, version, conflict)
            )
        state = state_of(of, application.call.part, typed)
        stay = {"add_costs", "add_financing", "update"} & request.POST.keys()
        if conflict is None and not stay:
            if state.progress is Progress.DONE or "later" in request.POST:
                return redirect(_after(application, themes, place, request))
            show_faults = True
    context = _context(application, of, place, typed, version, conflict) | {"show_faults": show_faults}
    status = 409 if conflict else 422 if show_faults else 200
    return render(request, "applicant/theme.html", context, status=status)


@require_http_methods(["GET", "POST"])
def check_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """All answers on one page, and sending in by somebody who signs."""
    application, user = _draft(request, pk), signed_in(request)
    unconfirmed = False
    if request.method == "POST":
        unconfirmed = "confirmed" not in request.POST
        if not unconfirmed:
            application.version = _version(request)
            try:
                submit(application, by=user)
            except Incomplete:
                pass  # the page shows what is missing
            else:
                messages.success(request, _("Søknaden er sendt inn."))
                return redirect("application", pk=application.pk)
    states = states_of(application)
    context = {
        "application": application,
        "states": [(state, _answers(state, application)) for state in states],
        "incomplete": [state for state in states if state.progress is not Progress.DONE],
        "may_submit": may_take(user, SUBMIT, application),
        "signatories": application.organisation.memberships.filter(role=Role.SIGNATORY).select_related("user"),
        "unconfirmed": unconfirmed,
    }
    return render(request, "applicant/check.html", context, status=422 if request.method == "POST" else 200)


@require_POST
def withdraw_application(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take the application back."""
    application = _ours(request, pk)
    application.version = _version(request)
    withdraw(application, by=signed_in(request))
    messages.success(request, _("Søknaden er trukket."))
    return redirect("our_applications")


@require_POST
def answer_question(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer what the directorate asked."""
    application = _ours(request, pk)
    application.version = _version(request)
    answer_directorate(application, request.POST.get("answer", ""), by=signed_in(request))
    messages.success(request, _("Svaret er sendt."))
    return redirect("application", pk=pk)


def _ours(request: HttpRequest, pk: UUID) -> Application:
    rows = Application.objects.visible_to(signed_in(request)).select_related("call", "organisation", "saved_by")
    return get_object_or_404(rows, pk=pk)


def _draft(request: HttpRequest, pk: UUID) -> Application:
    """A draft that the person may write in. An accountant reads on the page of the application alone."""
    application = _ours(request, pk)
    if application.state != State.DRAFT or not has_role(signed_in(request), Role.EDITOR, application):
        raise Http404
    return application


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() else 0


def _typed(theme: Theme, request: HttpRequest) -> dict[str, Any]:
    """What stands in the fields, as it was typed."""
    if theme.contents is Contents.BUDGET:
        return {
            "costs": _rows(request, "costs"),
            "financing": _rows(request, "financing"),
            "own": request.POST.get("own", ""),
            "applied": request.POST.get("applied", ""),
        }
    return {question.code: request.POST.get(question.code, "") for question in theme.questions}


def _rows(request: HttpRequest, table: str) -> list[dict[str, str]]:
    """The rows of a budget table, those that are empty left out."""
    texts, kroner = request.POST.getlist(f"{table}-text"), request.POST.getlist(f"{table}-kroner")
    rows = [{"text": text, "kroner": amount} for text, amount in zip(texts, kroner, strict=False)]
    return [row for row in rows if row["text"].strip() or row["kroner"].strip()]


def _after(application: Application, themes: tuple[Theme, ...], place: int, request: HttpRequest) -> str:
    if "later" in request.POST:
        return reverse("application", kwargs={"pk": application.pk})
    if place + 1 < len(themes):
        return reverse("application_theme", kwargs={"pk": application.pk, "theme": themes[place + 1].code})
    return reverse("application_check", kwargs={"pk": application.pk})


def _context(
    application: Application,
    theme: Theme,
    place: int,
    typed: dict[str, Any],
    version: int,
    conflict: SomebodyElseSaved | None,
) -> dict[str, Any]:
    themes = themes_of(application.call)
    state = state_of(theme, application.call.part, typed)
    theirs = conflict.now.answers.get(theme.code, {}) if conflict else {}
    return {
        "application": application,
        "theme": theme,
        "number": place + 1,
        "themes": themes,
        "before": themes[place - 1] if place else None,
        "version": version,
        "state": state,
        "fields": [
            (question, typed.get(question.code, ""), state.faults.get(question.code, ""))
            for question in theme.asked_in(application.call.part)
        ],
        "budget": state.budget,
        "costs": _padded(typed, "costs", state) if state.budget else [],
        "financing": _padded(typed, "financing", state) if state.budget else [],
        "typed": typed,
        "conflict": conflict,
        "differing": _differing(theme, typed, theirs) if conflict else [],
    }


def _padded(typed: dict[str, Any], table: str, state: ThemeState) -> list[dict[str, str]]:
    """The rows of a budget table with their faults, and some empty ones to write in."""
    rows = [*(typed.get(table) or []), *({"text": "", "kroner": ""} for _row in range(EMPTY_ROWS))]
    return [
        {
            **row,
            "text_fault": state.faults.get(f"{table}-{number}-text", ""),
            "kroner_fault": state.faults.get(f"{table}-{number}-kroner", ""),
        }
        for number, row in enumerate(rows)
    ]


def _differing(theme: Theme, typed: dict[str, Any], theirs: dict[str, Any]) -> list[tuple[Any, str, str]]:
    """Questions that the two have answered otherwise: the question, what stands here, what the other wrote."""
    if theme.contents is Contents.BUDGET:
        return []
    pairs = ((question, typed.get(question.code, ""), theirs.get(question.code, "")) for question in theme.questions)
    return [(question.text, mine, other) for question, mine, other in pairs if mine != other]


def _answers(state: ThemeState, application: Application) -> list[tuple[Any, str]]:
    """The questions of a theme with what was typed, for reading."""
    typed = application.answers.get(state.theme.code, {})
    return [
        (question.text, _read_aloud(typed.get(question.code, "")))
        for question in state.theme.asked_in(application.call.part)
    ]


def _read_aloud(typed: str) -> str:
    return {"yes": _("Ja"), "no": _("Nei")}.get(typed, typed)

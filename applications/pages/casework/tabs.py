"""The other parts of a case: the application as it was sent, its documents, and all that has happened."""

from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from applications.intake.answers import answers_of
from applications.intake.budget import Budget
from applications.intake.completeness import open_themes_of, state_of
from applications.models import Application, CaseEvent, Submission
from applications.pages.casework.frame import case_of, framed, last_event, version_of
from applications.services.assess import add_note
from applications.services.case_papers import recorded_in
from applications.services.presence import be_present
from grants.law.question import Contents, Theme
from grants.pages.asking import signed_in
from grants.shared.errors import BadInput, ChangedSince


class Line(NamedTuple):
    """A row of a budget with its amount, and what it was before, where that was something else."""

    text: str
    ore: int
    before: int | None
    is_new: bool


class Happened(NamedTuple):
    """An event or a note, as the timeline shows it."""

    at: Any
    by: Any
    verb: str
    text: str
    event: CaseEvent | None


@require_safe
def case_application(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What was sent in, theme by theme; where it was sent in again, what is changed is marked."""
    application = case_of(request, pk)
    submissions = list(application.submissions.select_related("submitted_by").order_by("number"))
    wanted = request.GET.get("submission", "")
    chosen = next((one for one in submissions if str(one.number) == wanted), submissions[-1] if submissions else None)
    before = next((one for one in submissions if chosen and one.number == chosen.number - 1), None)
    themes = (
        [_theme(application, theme, chosen, before) for theme in open_themes_of(application.call)] if chosen else []
    )
    context = framed(request, application, "case_application") | {
        "submissions": submissions,
        "chosen": chosen,
        "before": before,
        "themes": themes,
        "sent_with": f"submission:{chosen.pk}" if chosen else "",
    }
    return render(request, "casework/application.html", context)


@require_safe
def case_documents(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The documents of the case, as the journal has them."""
    application = case_of(request, pk)
    documents = recorded_in(application.documents.visible_to(signed_in(request)))
    context = framed(request, application, "case_documents") | {"documents": documents}
    return render(request, "casework/documents.html", context)


@require_safe
def case_history(request: HttpRequest, pk: UUID) -> HttpResponse:
    """All that has happened, with the internal notes."""
    return _history(request, case_of(request, pk))


@require_POST
def case_note(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A new internal note. What could not be saved comes back."""
    application, text = case_of(request, pk), request.POST.get("text", "")
    application.version = version_of(request)
    try:
        add_note(application, text, by=signed_in(request))
    except BadInput as fault:
        return _history(request, case_of(request, pk), text, fault=str(fault))
    except ChangedSince as conflict:
        return _history(request, case_of(request, pk), text, conflict=str(conflict))
    messages.success(request, _("Notatet er lagret."))
    return redirect("case_history", pk=pk)


@require_POST
def case_presence(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say that one still has the case open, and hear who else has; nothing new answers with nothing."""
    application = case_of(request, pk)
    others = be_present(application, by=signed_in(request))
    here = [one for one in others if one.is_here]
    if ",".join(str(one.user) for one in here) == request.POST.get("shown", ""):
        return HttpResponse(status=204)
    context = {"application": application, "others": others, "here": here}
    return render(request, "casework/presence.html#who", context)


def _theme(application: Application, theme: Theme, chosen: Submission, before: Submission | None) -> dict[str, Any]:
    """A theme's answers with what they were in the submission before, where they differ."""
    part = application.call.part
    typed = chosen.answers.get(theme.code, {})
    old = before.answers.get(theme.code, {}) if before else typed
    if theme.contents is Contents.BUDGET:
        now, then = state_of(theme, part, typed).budget, state_of(theme, part, old).budget
        assert now is not None and then is not None  # the theme holds a budget
        return {"theme": theme, "answers": [], "budget": _budget(now, then)}
    pairs = zip(answers_of(theme, part, typed), answers_of(theme, part, old), strict=True)
    answers = [(now.question, now.answer, then.answer, now.answer != then.answer) for now, then in pairs]
    return {"theme": theme, "answers": answers, "budget": None}


def _budget(now: Budget, then: Budget) -> dict[str, Any]:
    return {
        "costs": _lines(now.costs, then.costs),
        "costs_sum": _line("", now.costs_ore, then.costs_ore),
        "financing": _lines(now.financing, then.financing),
        "own": _line("", now.own_ore, then.own_ore),
        "applied": _line("", now.applied_ore, then.applied_ore),
        "financed_ore": now.financed_ore,
        "gone": [(text, ore) for text, ore in then.costs + then.financing if text not in _texts(now)],
    }


def _texts(budget: Budget) -> set[str]:
    return {text for text, _ore in budget.costs + budget.financing}


def _lines(now: list[tuple[str, int]], then: list[tuple[str, int]]) -> list[Line]:
    old = dict(then)
    return [_line(text, ore, old.get(text)) for text, ore in now]


def _line(text: str, ore: int, before: int | None) -> Line:
    return Line(text, ore, before if before is not None and before != ore else None, before is None)


def _history(
    request: HttpRequest, application: Application, text: str = "", *, fault: str = "", conflict: str = ""
) -> HttpResponse:
    context = framed(request, application, "case_history") | {
        "happened": _happened(application),
        "text": text,
        "fault": fault,
        "conflict": conflict,
        "last_event": last_event(application) if conflict else None,
    }
    return render(request, "casework/history.html", context, status=409 if conflict else 422 if fault else 200)


def _happened(application: Application) -> list[Happened]:
    """Events and notes together, the newest first."""
    events = application.events.select_related("by")
    notes = application.notes.select_related("by")
    found = [Happened(event.at, event.by, event.verb, event.text, event) for event in events]
    found += [Happened(note.at, note.by, "note", note.text, None) for note in notes]
    return sorted(found, key=lambda one: one.at, reverse=True)

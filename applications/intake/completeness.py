"""Is the application complete? Theme by theme: what is filled in, what is missing and what must be put right."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.intake.apart import draft_answers
from applications.intake.attached import DocumentState, document_states
from applications.intake.budget import Budget, read_budget
from applications.intake.claims import asked_ore, claim_faults
from applications.intake.reading import Fault, read
from applications.models import Application, Attachment, Call
from grants.law.question import Contents, Theme, themes_for

MISSING = gettext_lazy("Svar på spørsmålet.")


class Progress(Enum):
    """How far a theme has come."""

    NOT_STARTED = "not started"
    STARTED = "started"
    COPIED = "copied"
    FAULTY = "faulty"
    DONE = "done"


@dataclass(frozen=True)
class ThemeState:
    """A theme with its values (those that can be read) and its faults, by question or budget field."""

    theme: Theme
    progress: Progress
    values: dict[str, Any]
    faults: dict[str, str]
    budget: Budget | None = None
    documents: tuple[DocumentState, ...] = ()


def themes_of(call: Call) -> tuple[Theme, ...]:
    """The pages of an application to a call, as the scheme's file has them."""
    return themes_for(call.law.themes, call.part)


def state_of(theme: Theme, part: str, typed: dict[str, Any]) -> ThemeState:
    """What has been typed in a theme, tried question by question."""
    if theme.contents is Contents.BUDGET:
        return _budget_state(theme, typed)
    values: dict[str, Any] = {}
    missing: dict[str, str] = {}
    wrong: dict[str, str] = {}
    for question in theme.asked_in(part):
        try:
            value = read(question, str(typed.get(question.code, "")))
        except Fault as fault:
            wrong[question.code] = str(fault)
            continue
        values[question.code] = value
        if value is None and question.required:
            missing[question.code] = str(MISSING)
    if values.get("starts_on") and values.get("ends_on") and values["ends_on"] < values["starts_on"]:
        wrong["ends_on"] = _("Prosjektet kan ikke slutte før det begynner.")
    return ThemeState(theme, _progress(typed, missing, wrong), values, {**missing, **wrong})


def open_themes_of(call: Call) -> tuple[Theme, ...]:
    """The pages that everybody who may read the case may read: without what is kept apart."""
    return tuple(theme for theme in themes_of(call) if not theme.apart)


def state_in(application: Application, theme: Theme, typed: dict[str, Any]) -> ThemeState:
    """The same, with what the register and the sums of the scheme say of it."""
    state = state_of(theme, application.call.part, typed)
    faults = claim_faults(application, theme, state.values)
    if not faults:
        return state
    progress = Progress.FAULTY if any(typed.values()) else Progress.NOT_STARTED
    return replace(state, faults={**faults, **state.faults}, progress=progress)


def values_of(states: Iterable[ThemeState]) -> dict[str, Any]:
    """The values of all themes, by question."""
    return {name: value for state in states for name, value in state.values.items()}


def applied_ore(application: Application, states: list[ThemeState]) -> int | None:
    """What is applied for: by the budget, by the sums of a claim, or by the frame of the invitation."""
    budget = next((state.budget for state in states if state.budget), None)
    return budget.applied_ore if budget else asked_ore(application, values_of(states))


def states_of(application: Application) -> list[ThemeState]:
    """Every theme of the application."""
    typed = draft_answers(application)
    unseen = application.copied.get("themes", [])
    states = [
        attached_state(theme, application)
        if theme.contents is Contents.ATTACHMENTS
        else state_in(application, theme, typed.get(theme.code, {}))
        for theme in themes_of(application.call)
    ]
    return [_unseen(state) if state.theme.code in unseen else state for state in states]


def _unseen(state: ThemeState) -> ThemeState:
    """Copied from an earlier application and not looked over: not done, however complete it is."""
    return replace(state, progress=Progress.COPIED) if state.progress is Progress.DONE else state


def attached_state(theme: Theme, application: Application) -> ThemeState:
    """What is attached, document by document."""
    files = application.attachments.present().with_is_sent().order_by("uploaded_at", "pk")
    return documents_state(theme, application.call.part, files)


def documents_state(theme: Theme, part: str, files: Iterable[Attachment]) -> ThemeState:
    """The theme's documents with these files. The files know whether they have been sent (`with_is_sent`)."""
    documents = document_states(theme.documents_in(part), files)
    faults = {one.document.code: one.fault for one in documents if one.fault}
    if any(one.fault and not one.is_missing for one in documents):
        progress = Progress.FAULTY
    elif faults:
        progress = Progress.STARTED if any(one.files for one in documents) else Progress.NOT_STARTED
    else:
        progress = Progress.DONE
    return ThemeState(theme, progress, {}, faults, documents=documents)


def _budget_state(theme: Theme, typed: dict[str, Any]) -> ThemeState:
    budget = read_budget(typed)
    progress = Progress.NOT_STARTED if not typed else Progress.FAULTY if budget.faults else Progress.DONE
    values = {"applied_ore": budget.applied_ore, "own_ore": budget.own_ore, "costs_ore": budget.costs_ore}
    return ThemeState(theme, progress, values, budget.faults, budget)


def _progress(typed: dict[str, Any], missing: dict[str, str], wrong: dict[str, str]) -> Progress:
    if wrong:
        return Progress.FAULTY
    if not missing:
        return Progress.DONE
    return Progress.STARTED if any(typed.values()) else Progress.NOT_STARTED

"""Is the application complete? Theme by theme: what is filled in, what is missing and what must be put right."""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from applications.intake.budget import Budget, read_budget
from applications.intake.reading import Fault, read
from applications.models import Application, Call
from grants.law.question import Contents, Theme, themes_for

MISSING = "Svar på spørsmålet."


class Progress(Enum):
    """How far a theme has come."""

    NOT_STARTED = "not started"
    STARTED = "started"
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
            missing[question.code] = MISSING
    if values.get("starts_on") and values.get("ends_on") and values["ends_on"] < values["starts_on"]:
        wrong["ends_on"] = "Prosjektet kan ikke slutte før det begynner."
    return ThemeState(theme, _progress(typed, missing, wrong), values, {**missing, **wrong})


def states_of(application: Application) -> list[ThemeState]:
    """Every theme of the application."""
    call = application.call
    return [state_of(theme, call.part, application.answers.get(theme.code, {})) for theme in themes_of(call)]


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

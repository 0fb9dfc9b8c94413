"""The case page: next step, conditions, assessment, what the organisation got before, and what has happened."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.http import require_safe

from applications.models import Appeal, Application
from applications.pages.casework.frame import case_of, framed, language, last_event
from applications.services.assess import DAYS_TO_ANSWER, HIGHEST, LOWEST
from applications.services.reverse import open_reversal
from applications.workflow.case_overview import DECIDED, Condition, Criterion, conditions, next_step, scoring
from applications.workflow.earlier import earlier
from applications.workflow.findings import in_words
from applications.workflow.machine import may_take
from applications.workflow.transitions import ASK, OPEN_AGAIN
from grants.models import User
from grants.pages.asking import signed_in

NEWEST_EVENTS = 8
RECTIFY = {
    "nb": "Vilkåret «{sentence}» er ikke oppfylt slik søknaden står. {words} Kan dere rette eller forklare dette?",
    "nn": "Vilkåret «{sentence}» er ikkje oppfylt slik søknaden står. {words} Kan de rette eller forklare dette?",
}


@dataclass
class Typed:
    """What somebody typed in one of the forms, kept when it could not be saved: field by field, with what is wrong."""

    form: str = ""
    values: dict[str, str] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    conflict: str = ""


@require_safe
def case_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One case, as it stands."""
    return shown(request, case_of(request, pk), Typed())


def shown(request: HttpRequest, application: Application, typed: Typed) -> HttpResponse:
    """The page: 422 with what is wrong, 409 with who was first; what was typed stands in its form."""
    user = signed_in(request)
    found = conditions(application)
    frame = framed(request, application, "case", found)
    works = frame["standing"] == "works"
    score = scoring(application, user, language(), blind=works)
    events = application.events.select_related("by").order_by("-pk")
    context = frame | {
        "conditions": [_condition(condition, typed) for condition in found],
        "counts": _counts(found),
        "next_step": next_step(application, found, score, works=works),
        "first_open": next((condition for condition in found if condition.met is None), None),
        "unmet": [condition for condition in found if condition.met is False],
        "proposal": application.decisions.proposed().first(),
        "scoring": score,
        "criteria": [_criterion(criterion, typed) for criterion in score.criteria],
        "all_points": range(LOWEST, HIGHEST + 1),
        "ask": _ask(request, application, found, typed),
        "may_ask": works and may_take(user, ASK, application),
        "may_open_again": works and may_take(user, OPEN_AGAIN, application),
        **_after(application, user),
        "record": earlier(application.organisation, seen_by=user, beside=application),
        "events": events[:NEWEST_EVENTS],
        "more_events": events.count() > NEWEST_EVENTS,
        "typed": typed,
        "last_event": last_event(application) if typed.conflict else None,
    }
    status = 409 if typed.conflict else 422 if typed.faults else 200
    return render(request, "casework/case.html", context, status=status)


def _after(application: Application, user: User) -> dict[str, Any]:
    """What there may be in a case that is decided."""
    if application.state not in DECIDED:
        return {"is_decided": False, "reversal": None, "appeals": []}
    return {
        "is_decided": True,
        "reversal": open_reversal(application),
        "appeals": Appeal.objects.visible_to(user).sent_before(None, application),
    }


def _form(name: str, typed: Typed, **usual: str) -> dict[str, Any]:
    """The fields of a form: as they are, or as they were typed when the form was not saved."""
    is_this = typed.form == name
    values = usual | (typed.values if is_this else {})
    faults = {key: typed.faults.get(key, "") if is_this else "" for key in usual}
    return {"values": values, "faults": faults, "is_open": is_this}


def _condition(condition: Condition, typed: Typed) -> dict[str, Any]:
    ruling = condition.ruling
    return {
        "is": condition,
        "form": _form(f"rule-{condition.finding.rule}", typed, met="", reason=""),
        "seen": ruling.pk if ruling else 0,
    }


def _criterion(criterion: Criterion, typed: Typed) -> dict[str, Any]:
    own = criterion.own
    points, reason = f"points-{criterion.code}", f"reason-{criterion.code}"
    usual = {points: str(own.points) if own else "", reason: own.reason if own else ""}
    form = _form("scores", typed, **usual)
    return {
        "is": criterion,
        "points": form["values"][points],
        "points_fault": form["faults"][points],
        "reason": form["values"][reason],
        "reason_fault": form["faults"][reason],
    }


def _ask(request: HttpRequest, application: Application, found: list[Condition], typed: Typed) -> dict[str, Any]:
    """The form with a question; where it is about a condition, the question is begun."""
    about = next((one for one in found if one.finding.rule == request.GET.get("about")), None)
    due_on = timezone.localdate() + timedelta(days=DAYS_TO_ANSWER)
    form = _form("ask", typed, question=_rectify(about, application) if about else "", due_on=due_on.isoformat())
    return form | {"is_open": form["is_open"] or about is not None or "ask" in request.GET}


def _rectify(condition: Condition, application: Application) -> str:
    """A question about a condition that is not met, in the applicant's form of Norwegian."""
    with override(application.language):
        words = in_words(condition.finding)
    return RECTIFY[application.language].format(sentence=condition.finding.sentence.rstrip("."), words=words)


def _counts(found: list[Condition]) -> dict[str, int]:
    return {
        "met": sum(condition.met is True for condition in found),
        "not_met": sum(condition.met is False for condition in found),
        "open": sum(condition.met is None for condition in found),
    }

"""What every part of a case shows above itself: who applied, for how much, how far it has come, and who else is here."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import get_language

from applications.intake.budget import Budget, read_budget
from applications.models import Application, CaseEvent, State
from applications.services.at_work import standing
from applications.services.presence import be_present
from applications.workflow.case_overview import Condition, conditions, progress
from applications.workflow.earlier import got_last_year
from grants.pages.asking import signed_in


def case_of(request: HttpRequest, pk: UUID) -> Application:
    """A case that the person may read, or 404."""
    rows = Application.objects.visible_to(signed_in(request)).select_related("call", "organisation", "handler")
    return get_object_or_404(rows, pk=pk)


def language() -> str:
    """The form of Norwegian that the reader has chosen."""
    return "nn" if get_language() == "nn" else "nb"


def version_of(request: HttpRequest) -> int:
    """The version of the case that a form was made from; nonsense is none that ever was."""
    return number_of(request, "version")


def number_of(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


def framed(
    request: HttpRequest, application: Application, tab: str, found: list[Condition] | None = None
) -> dict[str, Any]:
    """The context of the frame; `found` are the conditions, where the page has read them already."""
    user = signed_in(request)
    found = conditions(application) if found is None else found
    others = be_present(application, by=user)
    budget = _budget_of(application)
    waited = (timezone.now() - application.submitted_at).days if application.submitted_at else 0
    return {
        "application": application,
        "tab": tab,
        "standing": standing(user, application),
        "in_hand": application.state in (State.IN_PROGRESS, State.AWAITING_APPLICANT),
        "is_mine": application.handler_id == user.pk,
        "costs_ore": budget.costs_ore if budget else None,
        "last_year_ore": got_last_year(application),
        "last_year": application.call.year - 1,
        "waited": waited,
        "deviations": sum(condition.is_deviation for condition in found),
        "steps": progress(application, found),
        "others": others,
        "here": [one for one in others if one.is_here],
    }


def last_event(application: Application) -> CaseEvent | None:
    """What happened last, to tell somebody who came second."""
    return application.events.select_related("by").order_by("-pk").first()


def _budget_of(application: Application) -> Budget | None:
    """The budget of the newest submission, where the application has one."""
    last = application.submissions.order_by("number").last()
    typed = last.answers.get("budget", {}) if last else {}
    return read_budget(typed) if typed else None

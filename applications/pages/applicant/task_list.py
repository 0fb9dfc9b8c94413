"""The page of an application: the task list of a draft, or where a case stands."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from applications.intake.completeness import Progress, ThemeState, states_of
from applications.models import Application, State
from applications.pages.applicant.asking import ours
from applications.pages.applicant.case import case_context
from applications.workflow.deadline import closes_at, is_open
from applications.workflow.machine import has_role, may_take
from applications.workflow.transitions import WITHDRAW
from grants.law.question import Contents, Theme
from grants.models import Role, User
from grants.pages.asking import signed_in

ABOUT_THE_APPLICANT = {"contact", "municipality", "organisation", "conditions"}
GROUPS = {
    "applicant": _("Om søker"),
    "project": _("Om prosjektet"),
    "money": _("Økonomi"),
    "attachments": _("Vedlegg"),
}


@require_safe
def application_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The task list of a draft; of a case, where it stands and what has happened."""
    application, user = ours(request, pk), signed_in(request)
    if application.state == State.DRAFT:
        return render(request, "applicant/task_list.html", _tasks(application, user))
    return render(request, "applicant/case.html", case_context(request, application))


def _tasks(application: Application, user: User) -> dict[str, Any]:
    states = states_of(application)
    done = sum(state.progress is Progress.DONE for state in states)
    deadline = closes_at(application)
    return {
        "application": application,
        "groups": _grouped(states),
        "done": done,
        "next": next((state for state in states if state.progress is not Progress.DONE), None),
        "all": len(states),
        "closes": deadline,
        "days_left": (timezone.localdate(deadline) - timezone.localdate()).days,
        "is_open": is_open(application),
        "may_write": has_role(user, Role.EDITOR, application),
        "may_withdraw": may_take(user, WITHDRAW, application),
        "was_sent": application.submissions.order_by("number").last(),
    }


def _grouped(states: list[ThemeState]) -> list[tuple[str | Promise, list[ThemeState]]]:
    """The themes under their headings, empty headings left out."""
    found: dict[str, list[ThemeState]] = {group: [] for group in GROUPS}
    for state in states:
        found[_group_of(state.theme)].append(state)
    return [(GROUPS[group], inside) for group, inside in found.items() if inside]


def _group_of(theme: Theme) -> str:
    if theme.contents is Contents.BUDGET:
        return "money"
    if theme.contents is Contents.ATTACHMENTS:
        return "attachments"
    return "applicant" if theme.code in ABOUT_THE_APPLICANT else "project"

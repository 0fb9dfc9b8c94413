"""Change what was sent in: taken back before the deadline, or opened by a caseworker after it. The submission stands."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import Application, CaseEvent
from applications.services.assess import require_impartial
from applications.services.health import restore_health
from applications.workflow.deadline import closes_at, may_be_taken_back
from applications.workflow.machine import move
from applications.workflow.transitions import LET_STAND, OPEN_AGAIN, REOPEN
from grants.jobs.queue import hand_over
from grants.jobs.registry import job
from grants.models import User
from grants.shared.errors import BadInput, ChangedSince, Refused


@transaction.atomic
def reopen(application: Application, *, by: User) -> Application:
    """Take a submitted application back to change it, before the deadline. Unless sent in again, the submission counts."""
    if application.state in REOPEN.sources and not may_be_taken_back(application):
        raise Refused(_("Fristen er ute. Be en saksbehandler om å åpne søknaden."))
    moved = move(application, REOPEN, by=by)
    _record(moved, "reopen")
    _wait_for(moved, closes_at(moved))
    return moved


@transaction.atomic
def open_again(application: Application, *, until: datetime, reason: str, by: User) -> Application:
    """A caseworker lets the applicant change a submitted application, with a reason and until a moment."""
    require_impartial(by, application.call)
    if until <= timezone.now():
        raise BadInput(_("Sett en frist som ligger framover."))
    moved = move(application, OPEN_AGAIN, by=by, reason=reason.strip(), open_until=until)
    _record(moved, "open_again")
    _wait_for(moved, until)
    return moved


@job("let_stand")
def let_stand(payload: Mapping[str, Any]) -> None:
    """The deadline has passed: where the application is still open, what was sent in last counts again."""
    with transaction.atomic():
        application = Application.objects.select_for_update().get(pk=payload["application"])
        moment = closes_at(application)
        if application.state not in LET_STAND.sources or moment > timezone.now():
            return  # sent in again or withdrawn, or a later deadline has its own job
        last = application.submissions.order_by("number").last()
        if last is None:
            raise ChangedSince(_("Søknaden har aldri vært sendt inn."))
        move(
            application,
            LET_STAND,
            by=None,
            answers=last.answers,
            applied_ore=last.applied_ore or None,
            submitted_at=last.submitted_at,
            copied={},
        )
        restore_health(application, last)


def _wait_for(application: Application, moment: datetime) -> None:
    key = f"let_stand:{application.pk}:{moment:%Y%m%d%H%M%S}"
    hand_over("let_stand", key, {"application": str(application.pk)}, not_before=moment)


def _record(application: Application, verb: str) -> None:
    event = CaseEvent.objects.filter(application=application, verb=verb).latest("pk")
    hand_over("record_event", f"record_event:{event.pk}", {"event": event.pk})

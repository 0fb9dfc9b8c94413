"""Withdraw an application: a draft is put away, a case in hand ends."""

from django.db import transaction

from applications.models import Application, CaseEvent
from applications.services.health import drop_health
from applications.workflow.machine import move
from applications.workflow.transitions import WITHDRAW
from grants.jobs.queue import hand_over
from grants.models import User


@transaction.atomic
def withdraw(application: Application, *, by: User) -> Application:
    """Take an application back, before a proposal is made. What was sent in stands, and the withdrawal is recorded."""
    withdrawn = move(application, WITHDRAW, by=by)
    drop_health(withdrawn)
    if withdrawn.case_number is not None:
        event = CaseEvent.objects.filter(application=withdrawn, verb=WITHDRAW.name).latest("pk")
        hand_over("record_event", f"record_event:{event.pk}", {"event": event.pk})
    return withdrawn

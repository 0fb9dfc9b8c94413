"""Withdraw an application: a draft is put away, a case in hand ends."""

from django.db import transaction

from applications.models import Application
from applications.workflow.machine import move
from applications.workflow.transitions import WITHDRAW
from grants.models import User


@transaction.atomic
def withdraw(application: Application, *, by: User) -> Application:
    """Take an application back, before a proposal is made."""
    return move(application, WITHDRAW, by=by)

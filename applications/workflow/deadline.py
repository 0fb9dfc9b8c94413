"""Until when an application can be sent in: the call's deadline, or a later one that a caseworker has given."""

from datetime import datetime

from django.utils import timezone

from applications.models import Application, State


def closes_at(application: Application) -> datetime:
    """The first moment that is too late, by the server's clock."""
    return application.open_until or application.call.closes_at + application.call.grace()


def is_open(application: Application, at: datetime | None = None) -> bool:
    """Can it be sent in, or taken back to be changed, at this moment?"""
    moment = at or timezone.now()
    call = application.call
    return call.published_at is not None and call.opens_at <= moment < closes_at(application)


def may_be_taken_back(application: Application) -> bool:
    """Is it sent in, untouched by a caseworker, and the deadline still to come?"""
    return application.state == State.SUBMITTED and is_open(application)

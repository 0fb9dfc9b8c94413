"""Who may look at what is told of a person's health, and whose reason for it is known. Pages and services ask here."""

from applications.models import Application, Call, HealthAccess
from applications.workflow.machine import has_role
from grants.models import Role, User


def may_look(user: User, application: Application) -> bool:
    """The municipality's own writers, and those at work in the directorate to whom the access is given by name."""
    if has_role(user, Role.EDITOR, application):
        return True
    is_near = Call.objects.too_near(user).filter(pk=application.call_id).exists()
    return HealthAccess.objects.let_look(user) and not is_near


def reason_is_known(user: User, application: Application) -> str:
    """Why this person looks, where that goes without saying; empty where they must say it."""
    if has_role(user, Role.EDITOR, application):
        return "kommunens eget krav"
    return "saksbehandler i saken" if application.handler_id == user.pk else ""

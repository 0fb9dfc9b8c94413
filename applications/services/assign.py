"""Who handles a case: give it to a colleague, give it back to the queue, share out many, let go of those too near."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from applications.models import Application, Call, CaseEvent, State
from applications.models.application import IN_HAND
from applications.workflow.impartiality import calls_too_near, require_impartial
from applications.workflow.machine import has_role, may_take, move
from applications.workflow.transitions import ASSIGN, GIVE_BACK
from grants.models import Role, User
from grants.shared.errors import BadInput, ChangedSince, NotAllowed, Refused

MOST_AT_ONCE = 200


@dataclass
class SharedOut:
    """What became of cases that were shared out: those that were given, and those that were not, with why."""

    given: list[Application] = field(default_factory=list)
    refused: list[tuple[Application, str]] = field(default_factory=list)


@transaction.atomic
def assign(application: Application, *, to: User, by: User) -> Application:
    """Give a case that is in hand to a caseworker. A new case is begun on in the same breath.

    Refused when either has declared an interest in the call, and when the case has changed since it was read.
    """
    _require_caseworker(by)
    if not to.has_directorate_role(Role.CASEWORKER):
        raise BadInput(_("%(who)s er ikke saksbehandler. Velg en annen.") % {"who": to})
    if to == by:
        require_impartial(by, application.call)
    for person in (by, to):
        if calls_too_near(person, [application.call_id]):
            raise NotAllowed(_("%(who)s har meldt seg inhabil i denne utlysningen.") % {"who": person})
    if application.handler_id == to.pk:
        raise Refused(_("%(who)s har saken allerede.") % {"who": to})
    said = f"Til {to}"
    if application.state == State.SUBMITTED:
        return move(application, ASSIGN, by=by, reason=said, handler=to)
    if application.state not in IN_HAND:
        raise ChangedSince(
            _("Saken er %(state)s og kan ikke fordeles.") % {"state": application.get_state_display().lower()}
        )
    return _hand(application, to, by=by, text=said, verb=ASSIGN.name)


@transaction.atomic
def give_back(application: Application, *, by: User) -> Application:
    """Put a case that one handles back in the queue, for somebody else to take."""
    if not has_role(by, Role.CASEWORKER, application) or application.handler_id != by.pk:
        raise NotAllowed(_("Bare saksbehandleren i saken kan legge den tilbake i køen."))
    return move(application, GIVE_BACK, by=by, handler=None)


@transaction.atomic
def share_out(applications: Iterable[Application], *, to: User, by: User) -> SharedOut:
    """Give many cases to a caseworker: those that can be given are, and each of the others is named with the reason."""
    _require_caseworker(by)
    chosen = list(applications)
    if not chosen:
        raise BadInput(_("Velg minst én sak å fordele."))
    if len(chosen) > MOST_AT_ONCE:
        raise BadInput(_("Fordel høyst %(most)s saker om gangen.") % {"most": MOST_AT_ONCE})
    shared = SharedOut()
    for application in chosen:
        try:
            with transaction.atomic():
                shared.given.append(assign(application, to=to, by=by))
        except Refused as refusal:
            shared.refused.append((application, str(refusal)))
    return shared


def let_go(call: Call, *, by: User) -> None:
    """Somebody who has declared an interest in a call handles none of its cases any longer: they wait for another."""
    for application in Application.objects.in_hand().filter(call=call, handler=by).order_by("pk"):
        if may_take(by, GIVE_BACK, application):
            move(application, GIVE_BACK, by=by, handler=None)
        else:
            _hand(application, None, by=by, text="", verb=GIVE_BACK.name)


def _hand(application: Application, to: User | None, *, by: User, text: str, verb: str) -> Application:
    """Change the handler alone: the case stands where it stood."""
    same = Application.objects.filter(pk=application.pk, version=application.version, state=application.state)
    if not same.update(handler=to, version=F("version") + 1):
        raise ChangedSince(_("Saken er endret av en annen siden du åpnet siden. Last siden på nytt."))
    CaseEvent.objects.create(application=application, by=by, verb=verb, text=text)
    application.refresh_from_db()
    return application


def _require_caseworker(by: User) -> None:
    if not by.has_directorate_role(Role.CASEWORKER):
        raise NotAllowed(_("%(who)s kan ikke fordele saker: det krever rollen saksbehandler.") % {"who": by})

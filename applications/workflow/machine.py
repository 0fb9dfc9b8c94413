"""The only code that changes the state of a case. Buttons, pages and endpoints ask `may_take`; `move` asks it, too."""

from typing import Any

from django.db import transaction
from django.db.models import F

from applications.models import Application, CaseEvent, Decision
from applications.workflow.transitions import STEPS, Step
from grants.models import Membership, Role, User
from grants.models.user import ORGANISATION_ROLES
from grants.shared.errors import ChangedSince, NotAllowed, Refused

# A signatory may do what an editor may.
ALSO: dict[Role, tuple[Role, ...]] = {Role.EDITOR: (Role.EDITOR, Role.SIGNATORY)}


def has_role(user: User, role: Role, application: Application) -> bool:
    """Does this person have the role: in the directorate, or in the organisation that owns the case?"""
    roles = ALSO.get(role, (role,))
    if role in ORGANISATION_ROLES:
        acting = Membership.objects.filter(user=user, organisation=application.organisation_id, role__in=roles)
        return user.is_active and acting.exists()
    return user.has_directorate_role(*roles)


def may_take(user: User, step: Step, application: Application) -> bool:
    """May this person take this step with the case as it stands?"""
    if application.state not in step.sources or not has_role(user, step.role, application):
        return False
    return not (step.four_eyes and _proposed_by(application, user))


def steps_for(user: User, application: Application) -> list[Step]:
    """The steps that this person may take now, in the order of the table."""
    return [step for step in STEPS if may_take(user, step, application)]


@transaction.atomic
def move(application: Application, step: Step, *, by: User, reason: str = "", **fields: Any) -> Application:
    """Take a case one step further, with `fields` that change in the same breath, and put it on the timeline.

    Refused when the person may not, when a reason is missing, and when somebody else has changed the case since it was
    read (`application.version`).
    """
    if not has_role(by, step.role, application):
        raise NotAllowed(f"{by} har ikke rollen som trengs for dette steget.")
    if step.four_eyes and _proposed_by(application, by):
        raise NotAllowed(f"{by} har laget innstillingen. En annen må fatte vedtaket.")
    if step.needs_reason and not reason.strip():
        raise Refused("Skriv en begrunnelse.")
    changed = Application.objects.filter(pk=application.pk, version=application.version, state__in=step.sources).update(
        state=step.target, version=F("version") + 1, **fields
    )
    if not changed:
        raise ChangedSince(_what_happened(application))
    CaseEvent.objects.create(
        application=application, by=by, verb=step.name, text=reason, open_to_applicant=step.open_to_applicant
    )
    application.refresh_from_db()
    return application


def _proposed_by(application: Application, user: User) -> bool:
    return Decision.objects.filter(application=application, state=Decision.State.PROPOSED, prepared_by=user).exists()


def _what_happened(application: Application) -> str:
    """Who was first, and with what, in words for the person who came second."""
    last = CaseEvent.objects.filter(application=application).select_related("by").order_by("pk").last()
    now = Application.objects.get(pk=application.pk)
    who = f"{last.by} var først: " if last and last.by else ""
    return f"{who}saken er nå «{now.get_state_display()}». Last siden på nytt og se hva som er endret."

"""The only code that changes the state of a case. Buttons, pages and endpoints ask `may_take`; `move` asks it, too."""

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from applications.models import Application, CaseEvent, Decision
from applications.models.application import IN_HAND
from applications.workflow.transitions import STEPS, Step
from grants.models import Membership, Role, User
from grants.models.user import ORGANISATION_ROLES
from grants.shared.errors import ChangedSince, NotAllowed, Refused

# A signatory may do what an editor may.
ALSO: dict[Role, tuple[Role, ...]] = {Role.EDITOR: (Role.EDITOR, Role.SIGNATORY)}


def has_role(user: User, role: Role | None, application: Application) -> bool:
    """Does this person have the role: in the directorate, or in the organisation that owns the case?"""
    if role is None:
        return False
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
def move(
    application: Application,
    step: Step,
    *,
    by: User | None,
    reason: str = "",
    details: dict[str, Any] | None = None,
    **fields: Any,
) -> Application:
    """Take a case one step further, with `fields` that change in the same breath, and put it on the timeline.

    Nobody (`by=None`) takes the steps that have no role, and only those. Refused when the person may not, when a reason
    is missing, and when somebody else has changed the case since it was read (`application.version`).
    """
    if not (step.role is None if by is None else has_role(by, step.role, application)):
        raise NotAllowed(_("%(who)s har ikke rollen som trengs for dette steget.") % {"who": by})
    if step.four_eyes and by is not None and _proposed_by(application, by):
        raise NotAllowed(_("%(who)s har laget innstillingen. En annen må fatte vedtaket.") % {"who": by})
    if step.needs_reason and not reason.strip():
        raise Refused(_("Skriv en begrunnelse."))
    if step.target not in IN_HAND:
        fields["due_on"] = None
    changed = Application.objects.filter(pk=application.pk, version=application.version, state__in=step.sources).update(
        state=step.target, version=F("version") + 1, **fields
    )
    if not changed:
        raise ChangedSince(what_happened(application))
    CaseEvent.objects.create(
        application=application,
        by=by,
        verb=step.name,
        text=reason,
        details=details or {},
        open_to_applicant=step.open_to_applicant,
    )
    application.refresh_from_db()
    return application


def _proposed_by(application: Application, user: User) -> bool:
    return Decision.objects.filter(application=application, state=Decision.State.PROPOSED, prepared_by=user).exists()


def what_happened(application: Application) -> str:
    """Who was first, and with what, in words for the person who came second."""
    last = CaseEvent.objects.filter(application=application).select_related("by").order_by("pk").last()
    now = Application.objects.get(pk=application.pk)
    state = now.get_state_display()
    if last and last.by:
        said = _("%(who)s var først: saken er nå «%(state)s». Last siden på nytt og se hva som er endret.")
        return said % {"who": last.by, "state": state}
    return _("Saken er nå «%(state)s». Last siden på nytt og se hva som er endret.") % {"state": state}

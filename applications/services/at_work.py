"""Who may do casework now: an impartial caseworker, on the case as it was read; and what they write, as it is kept."""

from django.utils.translation import gettext as _

from applications.intake.reading import clean
from applications.models import Application, Declaration, State
from applications.workflow.impartiality import require_impartial
from applications.workflow.machine import has_role, what_happened
from grants.models import Role, User
from grants.shared.errors import BadInput, ChangedSince, NotAllowed

LONGEST_TEXT = 10_000


def require_at_work(application: Application, by: User) -> None:
    """Rulings and scores are made by an impartial caseworker, while the case is in hand."""
    if not has_role(by, Role.CASEWORKER, application):
        raise NotAllowed(_("%(who)s er ikke saksbehandler.") % {"who": by})
    require_impartial(by, application.call)
    if application.state not in (State.IN_PROGRESS, State.AWAITING_APPLICANT):
        raise ChangedSince(
            _("Saken er %(state)s. Vurderinger gjøres mens den er under behandling.")
            % {"state": application.get_state_display().lower()}
        )


def require_same_version(application: Application) -> None:
    """Refused when somebody has changed the case since it was read (`application.version`)."""
    now = Application.objects.select_for_update().get(pk=application.pk)
    if now.version != application.version:
        raise ChangedSince(what_happened(application))


def readable(text: str) -> str:
    """What a caseworker writes, cleaned as what applicants write is; refused when it is too long."""
    text = clean(text)
    if len(text) > LONGEST_TEXT:
        raise BadInput(_("Teksten er %(number)s tegn for lang. Kort den ned.") % {"number": len(text) - LONGEST_TEXT})
    return text


def standing(user: User, application: Application) -> str:
    """How this person stands to the casework of a case: `works`, `undeclared` (a caseworker before declaring), `reads`."""
    if not has_role(user, Role.CASEWORKER, application):
        return "reads"
    said = Declaration.objects.filter(call=application.call_id, user=user).first()
    return "undeclared" if said is None else "reads" if said.has_interest else "works"

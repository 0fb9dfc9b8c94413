"""What can happen to a change request and to a report: from where, to where and who. The only code that moves them.

The case itself stays granted: these walk beside it.
"""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from applications.models import Application, CaseEvent, ChangeRequest, Report
from applications.workflow.machine import has_role
from grants.models import Role, User
from grants.shared.errors import ChangedSince, NotAllowed

Followed = ChangeRequest | Report
Change, Sent = ChangeRequest.State, Report.State


@dataclass(frozen=True)
class Move:
    """One step: its name stands on the timeline, and `open_to_applicant` says whether the applicant sees it there."""

    name: str
    sources: frozenset[str]
    target: str
    role: Role
    open_to_applicant: bool = True


def _from(*states: str) -> frozenset[str]:
    return frozenset(states)


RECOMMEND = Move("recommend_change", _from(Change.ASKED), Change.RECOMMENDED, Role.CASEWORKER, open_to_applicant=False)
APPROVE_CHANGE = Move("approve_change", _from(Change.RECOMMENDED), Change.APPROVED, Role.DECISION_MAKER)
REFUSE_CHANGE = Move("refuse_change", _from(Change.RECOMMENDED), Change.REFUSED, Role.DECISION_MAKER)

SEND_REPORT = Move("submit_report", _from(Sent.OPEN, Sent.RETURNED), Sent.SUBMITTED, Role.SIGNATORY)
RETURN_REPORT = Move("return_report", _from(Sent.SUBMITTED), Sent.RETURNED, Role.CASEWORKER)
APPROVE_REPORT = Move("approve_report", _from(Sent.SUBMITTED), Sent.APPROVED, Role.CASEWORKER)
PROPOSE_UNSPENT = Move(
    "propose_unspent", _from(Sent.SUBMITTED), Sent.PROPOSED, Role.CASEWORKER, open_to_applicant=False
)
REJECT_UNSPENT = Move(
    "reject_unspent", _from(Sent.PROPOSED), Sent.SUBMITTED, Role.DECISION_MAKER, open_to_applicant=False
)
FIND_UNSPENT = Move("find_unspent", _from(Sent.PROPOSED), Sent.UNSPENT, Role.DECISION_MAKER)


def may_move(user: User, step: Move, row: Followed) -> bool:
    """May this person take this step now? Who proposed is asked by the service: a second person must decide."""
    return row.state in step.sources and has_role(user, step.role, row.application)


@transaction.atomic
def move_on(row: Followed, step: Move, *, by: User, reason: str = "", **fields: Any) -> None:
    """Take a change request or a report one step further, with `fields` that change in the same breath.

    Refused to those without the role, and when somebody else has changed the row since it was read (`row.version`).
    """
    if not has_role(by, step.role, row.application):
        raise NotAllowed(_("%(who)s har ikke rollen som trengs for dette steget.") % {"who": by})
    rows = type(row)._default_manager.filter(pk=row.pk, version=row.version, state__in=step.sources)
    if not rows.update(state=step.target, version=F("version") + 1, **fields):
        raise ChangedSince(_("Noen andre var først. Last siden på nytt og se hva som er endret."))
    tell(row.application, step.name, by=by, text=reason, open_to_applicant=step.open_to_applicant)
    row.refresh_from_db()


def tell(
    application: Application,
    verb: str,
    *,
    by: User | None,
    text: str = "",
    open_to_applicant: bool = True,
    **details: Any,
) -> CaseEvent:
    """Put something on the timeline of the case."""
    return CaseEvent.objects.create(
        application=application, by=by, verb=verb, text=text, details=details, open_to_applicant=open_to_applicant
    )

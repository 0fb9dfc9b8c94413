"""Another decision takes the standing one's place: proposed by one person, decided by another, booked by the difference."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import Call, Decision, Succession
from applications.services.assess import require_impartial
from applications.services.claim_back import claim_overpaid
from applications.services.commitments import correct
from applications.services.deadline import reached_on
from applications.services.decide import digest_of, outcome_of
from applications.services.enter_claim import enter_claim, require_claimable
from applications.services.order_grant import stop_payments
from applications.services.terms import issue_terms
from applications.workflow.grounds import grounds_of
from applications.workflow.machine import move
from applications.workflow.transitions import REPLACE_WITH_GRANT, REPLACE_WITH_REFUSAL
from grants.models import Approval, AuditEvent, User
from grants.shared.errors import BadInput, ChangedSince, NotAllowed, OverBudget, Refused
from grants.shared.shown import figure


def check_amount(standing: Decision, amount_ore: int) -> None:
    """Refuse an amount that a decision of the case cannot grant."""
    if standing.state != Decision.State.DECIDED:
        raise ChangedSince(_("Vedtaket står ikke lenger. Last siden på nytt."))
    if not 0 <= amount_ore <= standing.applied_ore:
        raise BadInput(
            _("Beløpet må være mellom 0 og %(applied)s kroner, som er det det er søkt om.")
            % {"applied": figure(standing.applied_ore)}
        )
    if amount_ore % 100:
        raise BadInput(_("Skriv beløpet i hele kroner."))
    if standing.call.law.is_claimed:
        require_claimable(standing.application, amount_ore)
    if amount_ore == standing.amount_ore:
        raise BadInput(
            _("Vedtaket er på %(amount)s kroner allerede. Skriv et annet beløp.")
            % {"amount": figure(standing.amount_ore)}
        )


def propose_successor(
    standing: Decision, amount_ore: int, *, reason: str, because: dict[str, Any], by: User
) -> Decision:
    """The proposal of a decision that is to take the standing one's place. `because` says what it springs from."""
    require_impartial(by, standing.call)
    check_amount(standing, amount_ore)
    if not reason.strip():
        raise BadInput(_("Skriv en begrunnelse. Den står i brevet til søkeren."))
    if Decision.objects.filter(application=standing.application_id, state=Decision.State.PROPOSED).exists():
        raise ChangedSince(_("Saken har en innstilling som venter på vedtak. Den må behandles først."))
    successor = Decision(
        application=standing.application,
        call=standing.call,
        outcome=outcome_of(amount_ore, standing.applied_ore),
        applied_ore=standing.applied_ore,
        amount_ore=amount_ore,
        reason=reason.strip(),
        grounds=grounds_of(standing.application) | {"because": because},
        replaces=standing,
        prepared_by=by,
        prepared_at=timezone.now(),
    )
    successor.digest = digest_of(successor)
    successor.save()
    return successor


def return_successor(successor: Decision) -> None:
    """The proposal goes back to the one who made it."""
    _move(successor, Decision.State.PROPOSED, state=Decision.State.RETURNED)


def approve_successor(successor: Decision, *, by: User) -> None:
    """Another person approves the proposal as it was read; the envelope is asked under its lock."""
    call, standing = successor.call, successor.replaces
    assert standing is not None
    require_impartial(by, call)
    if successor.prepared_by_id == by.pk:
        raise NotAllowed(_("%(who)s har laget innstillingen. En annen må fatte vedtaket.") % {"who": by})
    if successor.digest != digest_of(successor):
        raise Refused(_("Innstillingen er ikke den som ble laget. Send den tilbake."))
    if reached_on(standing) is None:
        raise Refused(_("Brevet om vedtaket er ikke laget ennå. Vent til det er sendt."))
    Call.objects.select_for_update().get(pk=call.pk)  # decisions of one call are made one at a time
    left = call.envelope_ore - call.decisions.granted_ore() + standing.amount_ore
    if successor.amount_ore > left:
        raise OverBudget(
            _("Rammen for utlysningen har %(left)s kroner til denne saken; innstillingen er på %(amount)s.")
            % {"left": figure(left), "amount": figure(successor.amount_ore)}
        )
    if Approval.objects.filter(subject=f"decision:{successor.pk}").exists():
        raise ChangedSince(_("Innstillingen er behandlet allerede. Last siden på nytt."))
    Approval.objects.create(
        subject=f"decision:{successor.pk}",
        digest=successor.digest,
        proposed_by=successor.prepared_by,
        approved_by=by,
    )


@transaction.atomic
def put_in_place(successor: Decision, *, by: User, on: date) -> Decision:
    """The standing decision is reversed, its successor decided, the case moved and the difference booked."""
    standing = successor.replaces
    assert standing is not None
    application = successor.application
    move(application, REPLACE_WITH_GRANT if successor.amount_ore else REPLACE_WITH_REFUSAL, by=by)
    _move(standing, Decision.State.DECIDED, state=Decision.State.REVERSED, replaced_by_id=successor.pk)
    _move(successor, Decision.State.PROPOSED, state=Decision.State.DECIDED, decided_on=on)
    Succession.objects.create(successor=successor, replaced=standing)
    if successor.call.law.is_claimed:
        enter_claim(successor, by=by)
    else:
        stop_payments(application, on=on, by=by, why=f"decision:{successor.pk} replaces decision:{standing.pk}")
        correct(successor, on=on, by=by)
        claim_overpaid(successor, by=by)
        if successor.amount_ore:
            issue_terms(successor, by=by)
    AuditEvent.objects.create(
        by=by,
        verb="replace_decision",
        subject=f"decision:{successor.pk}",
        details={"digest": successor.digest, "replaces": standing.pk},
    )
    return successor


def _move(decision: Decision, source: Decision.State, **fields: Any) -> None:
    if not Decision.objects.filter(pk=decision.pk, state=source).update(**fields):
        raise ChangedSince(_("Vedtaket er endret i mellomtiden. Last siden på nytt."))
    decision.refresh_from_db()

"""Propose and decide: one person proposes with reasons, another decides, the envelope holds, and the state is bound."""

import hashlib
import json
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import Application, Call, Decision
from applications.services.assess import require_impartial
from applications.services.commitments import commit
from applications.services.enter_claim import enter_claim, require_claimable
from applications.services.terms import issue_terms
from applications.workflow.grounds import grounds_of
from applications.workflow.machine import move
from applications.workflow.transitions import GRANT, PROPOSE, REFUSE, RETURN
from grants.jobs.queue import hand_over
from grants.models import Approval, AuditEvent, User
from grants.shared.errors import BadInput, ChangedSince, NotAllowed, OverBudget, Refused
from grants.shared.shown import figure


@transaction.atomic
def propose(application: Application, *, amount_ore: int, reason: str, by: User) -> Decision:
    """Propose a decision: the whole amount, a part of it, or nothing. The case is then ready for somebody else."""
    require_impartial(by, application.call)
    if application.call.law.is_claimed:
        require_claimable(application, amount_ore)
    require_amount(amount_ore, application.applied_ore or 0)
    if not reason.strip():
        raise BadInput(_("Skriv en begrunnelse. Den står i brevet til søkeren."))
    decision = prepared(application, amount_ore=amount_ore, reason=reason, by=by)
    _require_settled(decision.grounds, amount_ore)
    move(application, PROPOSE, by=by)
    decision.digest = digest_of(decision)
    decision.save()
    return decision


def prepared(application: Application, *, amount_ore: int, reason: str, by: User) -> Decision:
    """A proposal as it would be, on the grounds as they stand now. Not stored: `propose` does that."""
    applied = application.applied_ore or 0
    return Decision(
        application=application,
        call=application.call,
        outcome=outcome_of(amount_ore, applied),
        applied_ore=applied,
        amount_ore=amount_ore,
        reason=reason.strip(),
        grounds=grounds_of(application),
        prepared_by=by,
        prepared_at=timezone.now(),
    )


def require_amount(amount_ore: int, applied_ore: int) -> None:
    """Whole kroner, from nothing up to what is applied for."""
    if not 0 <= amount_ore <= applied_ore:
        raise BadInput(
            _("Beløpet må være mellom 0 og %(applied)s kroner, som er det det er søkt om.")
            % {"applied": figure(applied_ore)}
        )
    if amount_ore % 100:
        raise BadInput(_("Skriv beløpet i hele kroner."))


@transaction.atomic
def return_proposal(decision: Decision, *, reason: str, by: User) -> Application:
    """Send a proposal back to the caseworker, with a reason."""
    application = decision.application
    require_impartial(by, application.call)
    move(application, RETURN, by=by, reason=reason.strip())
    _set_state(decision, Decision.State.RETURNED)
    return application


@transaction.atomic
def decide(decision: Decision, *, by: User, on: date | None = None) -> Decision:
    """Make a proposal a decision: the envelope is asked, the commitment booked and the letter handed over.

    A claim that is granted is made known to the scheme's runs instead, which pay it (services/enter_claim.py).

    Refused for the person who proposed it, when the proposal is not the one that was read, and when the call's envelope
    or the appropriation does not cover it.
    """
    application, call = decision.application, decision.call
    on = on or timezone.localdate()
    require_impartial(by, call)
    if decision.prepared_by_id == by.pk:
        raise NotAllowed(_("%(who)s har laget innstillingen. En annen må fatte vedtaket.") % {"who": by})
    if decision.digest != digest_of(decision):
        raise Refused(_("Innstillingen er ikke den som ble laget. Send den tilbake."))
    Call.objects.select_for_update().get(pk=call.pk)  # decisions of one call are made one at a time
    left = left_of_envelope(call)
    if decision.amount_ore > left:
        raise OverBudget(
            _("Rammen for utlysningen har %(left)s kroner igjen; innstillingen er på %(amount)s.")
            % {"left": figure(left), "amount": figure(decision.amount_ore)}
        )
    move(application, GRANT if decision.amount_ore else REFUSE, by=by)
    if decision.grounds != grounds_of(application):
        raise ChangedSince(
            _("Grunnlaget for saken er endret etter innstillingen. Send den tilbake til saksbehandleren.")
        )
    Approval.objects.create(
        subject=f"decision:{decision.pk}",
        digest=decision.digest,
        proposed_by=decision.prepared_by,
        approved_by=by,
    )
    _set_state(decision, Decision.State.DECIDED, decided_on=on)
    if call.law.is_claimed:
        enter_claim(decision, by=by)
    elif decision.amount_ore:
        commit(decision, on=on, by=by)
        issue_terms(decision, by=by)
    hand_over("decision_letter", f"decision_letter:{decision.pk}", {"decision": decision.pk})
    AuditEvent.objects.create(
        by=by, verb="decide", subject=f"decision:{decision.pk}", details={"digest": decision.digest}
    )
    return decision


def left_of_envelope(call: Call) -> int:
    """What of a call's envelope no decision has granted."""
    return call.envelope_ore - call.decisions.granted_ore()


def outcome_of(amount_ore: int, applied_ore: int) -> Decision.Outcome:
    """What an amount amounts to."""
    if amount_ore == 0:
        return Decision.Outcome.REFUSE
    return Decision.Outcome.GRANT if amount_ore == applied_ore else Decision.Outcome.GRANT_IN_PART


def digest_of(decision: Decision) -> str:
    """SHA-256 over all that is approved: who gets how much, why, and on what grounds."""
    content: dict[str, Any] = {
        "application": str(decision.application_id),
        "organisation": str(decision.application.organisation_id),
        "call": str(decision.call_id),
        "outcome": str(decision.outcome),
        "applied_ore": decision.applied_ore,
        "amount_ore": decision.amount_ore,
        "reason": decision.reason,
        "grounds": decision.grounds,
    }
    if decision.replaces_id is not None:
        content["replaces"] = decision.replaces_id
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _require_settled(grounds: dict[str, Any], amount_ore: int) -> None:
    """No proposal before every condition is settled, and no money where one is not met."""
    waiting = [finding["sentence"] for finding in grounds["findings"] if finding["met"] is None]
    if waiting:
        raise Refused(_("Ta stilling til dette vilkåret først: %(condition)s") % {"condition": waiting[0]})
    unmet = [finding["sentence"] for finding in grounds["findings"] if finding["met"] is False]
    if unmet and amount_ore:
        raise Refused(
            _("Et vilkår er ikke oppfylt: %(condition)s Søknaden kan bare avslås, eller vilkåret fravikes med grunn.")
            % {"condition": unmet[0]}
        )


def _set_state(decision: Decision, state: Decision.State, **fields: Any) -> None:
    if not Decision.objects.filter(pk=decision.pk, state=Decision.State.PROPOSED).update(state=state, **fields):
        raise ChangedSince(_("Innstillingen er behandlet allerede. Last siden på nytt."))
    decision.refresh_from_db()

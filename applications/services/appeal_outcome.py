"""What an appeal comes to: proposed by its handler, decided by another who had no part in the first decision."""

import hashlib
import json
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import Appeal, AppealOutcome, MinistryAnswer
from applications.services.assess import require_impartial
from applications.services.replace import approve_successor, propose_successor, put_in_place, return_successor
from applications.workflow.appeals import (
    DISMISS,
    KEEP,
    PROPOSE,
    RETURN,
    RETURN_TO_CARRY_OUT,
    REVERSE,
    REVERSE_IN_PART,
    UPHOLD,
    require_may_walk,
    walk,
)
from grants.jobs.queue import hand_over
from grants.models import Approval, AuditEvent, User
from grants.shared.errors import BadInput, ChangedSince, Refused
from grants.shared.shown import figure

Outcome = AppealOutcome.Outcome
STEPS = {
    Outcome.REVERSE: REVERSE,
    Outcome.REVERSE_IN_PART: REVERSE_IN_PART,
    Outcome.UPHOLD: UPHOLD,
    Outcome.DISMISS: DISMISS,
}


def binding_answer(appeal: Appeal) -> MinistryAnswer | None:
    """The ministry's reversal that is to be carried out, when that is how the appeal stands."""
    newest = appeal.answers.order_by("pk").last()
    return newest if newest is not None and newest.outcome == MinistryAnswer.Outcome.REVERSED else None


def proposed_outcome(appeal: Appeal) -> AppealOutcome | None:
    """The outcome that waits for a decision."""
    return appeal.outcomes.filter(state=AppealOutcome.State.PROPOSED).select_related("successor", "prepared_by").first()


@transaction.atomic
def propose_outcome(
    appeal: Appeal, outcome: str, *, reason: str, amount_ore: int | None = None, by: User
) -> AppealOutcome:
    """The handler proposes what the appeal comes to. A reversal says what is granted in all."""
    require_impartial(by, appeal.application.call)
    if outcome not in Outcome.values:
        raise BadInput(_("Velg hva klagen skal føre til."))
    if not reason.strip():
        raise BadInput(_("Skriv en begrunnelse. Den står i brevet."))
    reverses = outcome in (Outcome.REVERSE, Outcome.REVERSE_IN_PART)
    _check(appeal, outcome, amount_ore, reverses=reverses)
    walk(appeal, PROPOSE, by=by)
    successor = None
    if reverses:
        successor = propose_successor(
            appeal.decision,
            amount_ore or 0,
            reason=reason,
            because={"appeal": str(appeal.pk), "ministry": binding_answer(appeal) is not None},
            by=by,
        )
    proposal = AppealOutcome(
        appeal=appeal,
        appealed=appeal.decision,
        successor=successor,
        outcome=outcome,
        reason=reason.strip(),
        prepared_by=by,
        prepared_at=timezone.now(),
    )
    proposal.digest = digest_of(proposal)
    proposal.save()
    return proposal


@transaction.atomic
def return_outcome(proposal: AppealOutcome, *, reason: str, by: User) -> Appeal:
    """Send a proposal back to the handler, with a reason."""
    appeal = proposal.appeal
    require_impartial(by, appeal.application.call)
    if not reason.strip():
        raise BadInput(_("Skriv hva som må endres."))
    walk(appeal, RETURN_TO_CARRY_OUT if binding_answer(appeal) else RETURN, by=by, reason=reason)
    _close(proposal, AppealOutcome.State.RETURNED)
    if proposal.successor is not None:
        return_successor(proposal.successor)
    return appeal


@transaction.atomic
def decide_appeal(proposal: AppealOutcome, *, by: User, on: date | None = None) -> Appeal:
    """Make a proposal the outcome. A reversal puts a new decision in the place of the old one and books the difference."""
    appeal, on = proposal.appeal, on or timezone.localdate()
    require_impartial(by, appeal.application.call)
    if proposal.digest != digest_of(proposal):
        raise Refused(_("Innstillingen er ikke den som ble laget. Send den tilbake."))
    if proposal.state != AppealOutcome.State.PROPOSED:
        raise ChangedSince(_("Innstillingen er behandlet allerede. Last siden på nytt."))
    step = STEPS[Outcome(proposal.outcome)]
    if step is UPHOLD and appeal.kind == Appeal.Kind.REVIEW:
        step = KEEP
    require_may_walk(by, step, appeal)  # before anything is written
    if proposal.successor is not None:
        approve_successor(proposal.successor, by=by)
    Approval.objects.create(
        subject=f"appeal_outcome:{proposal.pk}",
        digest=proposal.digest,
        proposed_by=proposal.prepared_by,
        approved_by=by,
    )
    _close(proposal, AppealOutcome.State.DECIDED, decided_on=on)
    if proposal.successor is not None:
        put_in_place(proposal.successor, by=by, on=on)
    walk(appeal, step, by=by)
    if step is not UPHOLD:  # that letter goes to the ministry, when it is forwarded
        hand_over("appeal_outcome", f"appeal_outcome:{proposal.pk}", {"outcome": proposal.pk})
    AuditEvent.objects.create(
        by=by, verb="decide_appeal", subject=f"appeal:{appeal.pk}", details={"digest": proposal.digest}
    )
    return appeal


def digest_of(proposal: AppealOutcome) -> str:
    """SHA-256 over all that is approved: which appeal comes to what, why, and with which new decision."""
    content = {
        "appeal": str(proposal.appeal_id),
        "appealed": proposal.appealed_id,
        "outcome": str(proposal.outcome),
        "reason": proposal.reason,
        "successor": proposal.successor.digest if proposal.successor else "",
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _check(appeal: Appeal, outcome: str, amount_ore: int | None, *, reverses: bool) -> None:
    """Refuse an outcome that the appeal cannot have."""
    if outcome == Outcome.DISMISS:
        if not appeal.waits_for_admission:
            raise Refused(_("Bare en klage som kom for sent og ikke er tatt til behandling, kan avvises."))
        return
    if appeal.waits_for_admission:
        raise Refused(_("Klagen kom for sent. Ta den til behandling med grunn, eller foreslå å avvise den."))
    bound = binding_answer(appeal)
    if bound is not None and (not reverses or amount_ore != bound.amount_ore):
        raise Refused(
            _("Departementet har omgjort vedtaket til %(amount)s kroner. Det skal settes i verk.")
            % {"amount": figure(bound.amount_ore or 0)}
        )
    if not reverses:
        return
    if amount_ore is None:
        raise BadInput(_("Skriv beløpet som skal innvilges i alt."))
    if bound is None and amount_ore <= appeal.decision.amount_ore:
        raise Refused(_("En klage kan ikke gi mindre enn vedtaket. Omgjøring til skade er en egen sak, med varsel."))
    if outcome == Outcome.REVERSE_IN_PART and amount_ore == appeal.decision.applied_ore:
        raise BadInput(_("Beløpet er alt det er søkt om. Velg «Omgjøres»."))


def _close(proposal: AppealOutcome, state: AppealOutcome.State, **fields: object) -> None:
    changed = AppealOutcome.objects.filter(pk=proposal.pk, state=AppealOutcome.State.PROPOSED).update(
        state=state, **fields
    )
    if not changed:
        raise ChangedSince(_("Innstillingen er behandlet allerede. Last siden på nytt."))
    proposal.refresh_from_db()

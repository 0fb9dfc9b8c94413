"""A whole round in one sitting: start a batch of proposals or of decisions. The work itself is done by jobs, step by step."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.letters.reason import Cut, draft_reason
from applications.models import Batch, BatchLine, Call, Decision, Scenario
from applications.services.assess import require_impartial
from applications.services.decide import left_of_envelope
from applications.services.scenario import ScenarioChanged, require_open
from applications.workflow.distribution import Distribution, Share, amounts_of, distribution
from applications.workflow.ranking import ranked
from grants.budget import cover
from grants.jobs.queue import hand_over_all
from grants.models import AuditEvent, Role, User
from grants.shared.errors import ChangedSince, NotAllowed, OverBudget, Refused
from grants.shared.shown import figure

STEP = 10  # lines worked by one job
AT_A_TIME = 500


@transaction.atomic
def send_scenario(scenario: Scenario, *, version: int, by: User) -> Batch:
    """Send a scenario to the decision-maker: one proposal for each case that is ready. The scenario is then locked.

    Refused when the shares pass the envelope, and when somebody has saved the scenario since it was read.
    """
    call = scenario.call
    if not by.has_directorate_role(Role.CASEWORKER):
        raise NotAllowed(_("%(who)s er ikke saksbehandler.") % {"who": by})
    require_impartial(by, call)
    now = Scenario.objects.select_for_update().get(pk=scenario.pk)
    require_open(now)
    shared = distribution(call, ranked(call, user=by), amounts_of(now))
    if shared.over_ore:
        raise OverBudget(
            _("Forslaget er %(over)s kroner over rammen. Ta ned beløp før du sender det.")
            % {"over": figure(shared.over_ore)}
        )
    if not shared.to_send:
        raise Refused(_("Ingen saker er klare: gi dem et beløp, og ta stilling til vilkårene først."))
    if not Scenario.objects.filter(pk=now.pk, version=version, sent_at=None).update(sent_by=by, sent_at=timezone.now()):
        raise ScenarioChanged(now)
    reasons = dict(now.lines.values_list("application_id", "reason"))
    lines = [
        BatchLine(
            application=share.case.application,
            version=share.case.application.version,
            amount_ore=share.amount_ore or 0,
            reason=reasons.get(share.case.application.pk) or drafted(call, shared, share),
        )
        for share in shared.to_send
    ]
    return _start(Batch.Kind.PROPOSE, call, lines, by=by, on=timezone.localdate(), scenario=now)


def drafted(call: Call, shared: Distribution, share: Share) -> str:
    """The reason as it is drafted for a case of a distribution."""
    lowest = shared.lowest_granted
    return draft_reason(
        share.case.grounds,
        call.criteria(),
        amount_ore=share.amount_ore or 0,
        applied_ore=share.case.applied_ore,
        language=share.case.application.language,
        cut=Cut(call.envelope_ore, lowest) if lowest is not None else None,
    )


def waiting_in(call: Call, *, by: User) -> list[Decision]:
    """The proposals of a call that this person could decide: all but their own."""
    found = Decision.objects.visible_to(by).proposals().filter(call=call).exclude(prepared_by=by)
    return list(found.order_by("pk"))


def seal_of(decisions: Iterable[Decision]) -> str:
    """What stands for exactly these proposals: a round is started on what was read, and nothing else."""
    return hashlib.sha256("".join(f"{one.pk}:{one.digest};" for one in decisions).encode()).hexdigest()


@transaction.atomic
def decide_round(call: Call, *, seal: str, by: User, on: date | None = None) -> Batch:
    """Decide all proposals of a call that wait for somebody else than who made them. `seal` is that of those read.

    Refused when their sum passes the envelope or the appropriation, and while another round of the call is at work.
    """
    on = on or timezone.localdate()
    if not by.has_directorate_role(Role.DECISION_MAKER):
        raise NotAllowed(_("%(who)s er ikke beslutter.") % {"who": by})
    require_impartial(by, call)
    Call.objects.select_for_update().get(pk=call.pk)
    if Batch.objects.filter(call=call, kind=Batch.Kind.DECIDE).at_work().exists():
        raise ChangedSince(_("En annen runde i utlysningen er i arbeid. Vent til den er ferdig."))
    decisions = waiting_in(call, by=by)
    if not decisions:
        raise ChangedSince(_("Ingen innstillinger i utlysningen venter på deg."))
    if seal != seal_of(decisions):
        raise ChangedSince(_("Innstillingene er endret siden du leste dem. Last siden på nytt og se over dem."))
    require_room(call, sum(decision.amount_ore for decision in decisions), on=on)
    lines = [
        BatchLine(
            application=decision.application,
            version=decision.application.version,
            decision=decision,
            amount_ore=decision.amount_ore,
            reason=decision.reason,
        )
        for decision in decisions
    ]
    return _start(Batch.Kind.DECIDE, call, lines, by=by, on=on)


def require_room(call: Call, total_ore: int, *, on: date) -> None:
    """Is there room for all of it, in the envelope and in the appropriation? Says by how much there is not."""
    left = left_of_envelope(call)
    if total_ore > left:
        raise OverBudget(
            _(
                "Rammen for utlysningen har %(left)s kroner igjen. Vedtakene er på %(total)s kroner, "
                "som er %(over)s for mye."
            )
            % {"left": figure(left), "total": figure(total_ore), "over": figure(total_ore - left)}
        )
    covered = cover.left_ore(on.year, call.law.chapter, call.law.post)
    if covered is not None and total_ore > covered:
        raise OverBudget(
            _(
                "Bevilgningen på %(chapter)s/%(post)s for %(year)s har %(left)s kroner igjen. "
                "Vedtakene er på %(total)s kroner, som er %(over)s for mye."
            )
            % {
                "chapter": call.law.chapter,
                "post": call.law.post,
                "year": on.year,
                "left": figure(covered),
                "total": figure(total_ore),
                "over": figure(total_ore - covered),
            }
        )


def _start(
    kind: Batch.Kind, call: Call, lines: Sequence[BatchLine], *, by: User, on: date, scenario: Scenario | None = None
) -> Batch:
    """Keep the round and hand its lines over to the workers, some to each job."""
    total = sum(line.amount_ore for line in lines)
    batch = Batch.objects.create(kind=kind, call=call, scenario=scenario, started_by=by, dated=on, total_ore=total)
    for line in lines:
        line.batch = batch
    BatchLine.objects.bulk_create(lines, batch_size=AT_A_TIME)
    keys = list(batch.lines.order_by("pk").values_list("pk", flat=True))
    steps: dict[str, dict[str, Any]] = {
        f"batch:{batch.pk}:{number}": {"batch": str(batch.pk), "lines": keys[number : number + STEP]}
        for number in range(0, len(keys), STEP)
    }
    hand_over_all("batch_step", steps)
    AuditEvent.objects.create(
        by=by, verb=f"{kind.value}_round", subject=f"batch:{batch.pk}", details={"lines": len(keys), "total_ore": total}
    )
    return batch

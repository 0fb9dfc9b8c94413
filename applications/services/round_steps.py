"""The work of a round: each line in a transaction of its own, so that one that fails stops no other, and none is done twice."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from applications.models import Application, Batch, BatchLine, CaseDocument, Decision
from applications.services.decide import decide, propose
from grants.jobs.registry import job
from grants.models import Job
from grants.shared.errors import Refused

State = BatchLine.State
log = logging.getLogger("tilskudd.jobs")


@job("batch_step")
def work_step(payload: Mapping[str, Any]) -> None:
    """Do the lines of a step that still wait. Safe to run twice, also after a worker that vanished in the middle.

    What a rule refuses is kept on the line. Any other fault is raised when the rest is done: the queue tries again.
    """
    batch = Batch.objects.select_related("call", "started_by").get(pk=payload["batch"])
    fault: Exception | None = None
    for key in payload["lines"]:
        try:
            _do(batch, key)
        except Refused as refusal:
            _fail(key, str(refusal))
        except Exception as unexpected:
            log.exception("Line %s of batch %s failed.", key, batch.pk)
            fault = unexpected
    if fault is not None:
        raise fault


@transaction.atomic
def _do(batch: Batch, key: int) -> None:
    """One line. It is claimed and done in the same transaction: another worker finds it done, or waits for this one."""
    if not BatchLine.objects.filter(pk=key, state=State.WAITING).update(state=State.DONE, done_at=timezone.now()):
        return
    line = BatchLine.objects.get(pk=key)
    application = Application.objects.select_related("call", "organisation").get(pk=line.application_id)
    application.version = line.version  # the case as it was when the round was started
    if batch.kind == Batch.Kind.PROPOSE:
        propose(application, amount_ore=line.amount_ore, reason=line.reason, by=batch.started_by)
    else:
        decision = Decision.objects.select_related("call", "prepared_by").get(pk=line.decision_id or 0)
        decision.application = application
        decide(decision, by=batch.started_by, on=batch.dated)


def _fail(key: int, error: str) -> None:
    BatchLine.objects.filter(pk=key, state=State.WAITING).update(
        state=State.FAILED, error=error, done_at=timezone.now()
    )


@dataclass(frozen=True)
class Progress:
    """How far a round has come."""

    lines: int
    done: int
    failed: int
    letters: int
    is_stopped: bool

    @property
    def tried(self) -> int:
        return self.done + self.failed

    @property
    def waiting(self) -> int:
        return self.lines - self.tried

    @property
    def is_finished(self) -> bool:
        return self.waiting == 0

    @property
    def is_at_work(self) -> bool:
        return not self.is_finished and not self.is_stopped


def progress_of(batch: Batch) -> Progress:
    """Counted anew each time. A round is stopped when a job of it was given up and lines still wait."""
    counts = {state.value: 0 for state in State}
    for row in batch.lines.order_by().values("state").annotate(number=Count("pk")):
        counts[row["state"]] = row["number"]
    letters = CaseDocument.objects.filter(
        kind__startswith="decision:", application__batch_lines__batch=batch, application__batch_lines__state=State.DONE
    )
    waiting = counts[State.WAITING]
    dead = Job.objects.filter(key__startswith=f"batch:{batch.pk}:", state=Job.State.DEAD)
    return Progress(
        lines=sum(counts.values()),
        done=counts[State.DONE],
        failed=counts[State.FAILED],
        letters=letters.count() if batch.kind == Batch.Kind.DECIDE else 0,
        is_stopped=bool(waiting) and dead.exists(),
    )

"""Is it alive, and is it ready? For those who watch the system; public, so it tells numbers and never names."""

import logging
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from time import monotonic
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Sum
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from grants.jobs.queue import oldest_waiting
from grants.models import Account, EntitlementRun, Job, LedgerEntry
from grants.shared import guards

# A job that could be done and has waited this long means that no worker works.
LONGEST_WAIT = timedelta(minutes=15)
# The books are asked at most this often, however often the probe comes.
BOOKS_ARE_FRESH_SECONDS = 60

log = logging.getLogger("tilskudd.health")
Answer = dict[str, Any]


@login_not_required
@never_cache
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """The process answers. Asks no database: a database that is away is no reason to restart us."""
    return JsonResponse({"status": "live"})


@login_not_required
@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Everything that must hold holds; 503 and the name of the check when something does not."""
    checks = {name: _tried(name, check) for name, check in CHECKS.items()}
    is_ready = all(check["ok"] for check in checks.values())
    return JsonResponse(
        {"status": "ready" if is_ready else "not ready", "checks": checks}, status=200 if is_ready else 503
    )


def database() -> Answer:
    """The database answers."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT 1")
        return {"ok": cursor.fetchone() == (1,)}


def migrations() -> Answer:
    """Every migration is applied."""
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    return {"ok": missing == 0, "missing": missing}


def guards_in_place() -> Answer:
    """Every guard stands in the database as it is written. `manage.py check --database default` names those missing."""
    missing = len(guards.missing())
    return {"ok": missing == 0, "missing": missing}


def oldest_job() -> Answer:
    """No job that could be done has waited long."""
    waited = oldest_waiting(timezone.now()) or timedelta(0)
    return {"ok": waited <= LONGEST_WAIT, "seconds": max(0, int(waited.total_seconds()))}


def dead_jobs() -> Answer:
    """No job has been given up. `manage.py jobs` lists those that were."""
    number = Job.objects.filter(state=Job.State.DEAD).count()
    return {"ok": number == 0, "jobs": number}


def trial_balance() -> Answer:
    """The accounts come to zero together, and the ledger owes for each approved run what the run says."""
    now = monotonic()
    if _books.answer is None or now - _books.asked > BOOKS_ARE_FRESH_SECONDS:
        _books.answer, _books.asked = _ask_the_books(), now
    return _books.answer


def _ask_the_books() -> Answer:
    balance = dict.fromkeys(Account.values, 0)
    # What the ledger owes by run, minus what the approved runs say.
    difference: Counter[int] = Counter()
    sums = LedgerEntry.objects.order_by().values_list("run_id", "debit", "credit").annotate(sum=Sum("amount_ore"))
    for run_id, debit, credit, ore in sums:
        balance[debit] -= int(ore)
        balance[credit] += int(ore)
        if run_id is not None and {debit, credit} == {Account.APPROPRIATION, Account.OWED}:
            difference[run_id] += int(ore) if credit == Account.OWED else -int(ore)
    difference.subtract(dict(EntitlementRun.objects.booked().values_list("pk", "total_ore")))
    off_ore = sum(map(abs, difference.values()))
    return {"ok": sum(balance.values()) == 0 and off_ore == 0, "difference_ore": off_ore}


class _Books:
    """The last answer of the books."""

    answer: Answer | None = None
    asked: float = 0.0


_books = _Books()


def forget_the_books() -> None:
    """Ask the books anew at the next probe."""
    _books.answer = None


CHECKS: dict[str, Callable[[], Answer]] = {
    "database": database,
    "migrations": migrations,
    "guards": guards_in_place,
    "oldest_job": oldest_job,
    "dead_jobs": dead_jobs,
    "trial_balance": trial_balance,
}


def _tried(name: str, check: Callable[[], Answer]) -> Answer:
    """A check that fails to run has failed; why is for the log, not for the public."""
    try:
        answer = check()
    except Exception:
        log.exception("The health check %s could not be made.", name)
        return {"ok": False}
    if not answer["ok"]:
        log.warning("The health check %s says: %s", name, answer)
    return answer

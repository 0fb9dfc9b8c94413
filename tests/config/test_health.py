"""Those who watch the system hear it when something is wrong, and hear no secrets."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from config import health
from grants.models import Job, LedgerEntry
from grants.services.approve_run import approve_run
from grants.services.prepare_run import prepare_run
from grants.shared import guards
from tests.factories.register import appropriate, finance, settle


@pytest.fixture(autouse=True)
def _static_files_are_collected(settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path


@pytest.fixture(autouse=True)
def _books_are_asked_anew() -> Iterator[None]:
    health.forget_the_books()
    yield
    health.forget_the_books()


def ask(client: Any, status: int) -> dict[str, Any]:
    """The checks of `/ready`, which must answer with the status."""
    answer = client.get("/ready")
    assert answer.status_code == status, answer.content
    assert "no-store" in answer["Cache-Control"]
    checks: dict[str, Any] = answer.json()["checks"]
    return checks


def wrong(checks: dict[str, Any]) -> list[str]:
    return [name for name, check in checks.items() if not check["ok"]]


@pytest.mark.django_db
def test_alive_asks_no_database_and_no_sign_in(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/live")

    assert (answer.status_code, answer.json()) == (200, {"status": "live"})


@pytest.mark.django_db
def test_ready_when_everything_holds(client):
    settle("P-1")
    appropriate()
    approve_run(prepare_run("integration", 2017, 1, by=finance("a")), by=finance("b"))

    checks = ask(client, 200)

    assert set(checks) == {"database", "migrations", "guards", "oldest_job", "dead_jobs", "trial_balance"}
    assert wrong(checks) == []


@pytest.mark.django_db
def test_not_ready_when_a_guard_is_missing(client):
    with connection.cursor() as cursor:
        on = " ON grants_ledgerentry" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER guard_grants_ledgerentry_never_changes{on}")

    checks = ask(client, 503)

    assert wrong(checks) == ["guards"]
    assert checks["guards"]["missing"] == 1
    guards.install()
    assert wrong(ask(client, 200)) == []


@pytest.mark.django_db
def test_not_ready_when_a_migration_is_not_applied(client):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'reporting'")

    assert "migrations" in wrong(ask(client, 503))


@pytest.mark.django_db
def test_not_ready_when_a_job_has_waited_long_or_is_dead(client):
    job = Job.objects.create(kind="note", key="a")
    assert wrong(ask(client, 200)) == []

    Job.objects.update(created_at=timezone.now() - timedelta(hours=2))
    checks = ask(client, 503)
    assert wrong(checks) == ["oldest_job"]
    assert checks["oldest_job"]["seconds"] >= 7200

    Job.objects.filter(pk=job.pk).update(state="dead", last_error="a secret")
    checks = ask(client, 503)
    assert wrong(checks) == ["dead_jobs"]
    assert "secret" not in str(checks)


@pytest.mark.django_db
def test_not_ready_when_the_ledger_owes_something_else_than_the_runs_say(client):
    settle("P-1")
    appropriate()
    approve_run(prepare_run("integration", 2017, 1, by=finance("a")), by=finance("b"))
    row = LedgerEntry.objects.values().get()
    LedgerEntry.objects.create(**row | {"id": None, "key": "smuggled in", "amount_ore": 1})

    checks = ask(client, 503)

    assert wrong(checks) == ["trial_balance"]
    assert checks["trial_balance"]["difference_ore"] == 1


@pytest.mark.django_db
def test_the_books_are_asked_once_a_minute_however_often_the_probe_comes(client, django_assert_max_num_queries):
    ask(client, 200)

    with django_assert_max_num_queries(12) as captured:
        ask(client, 200)

    assert not [
        query for query in captured.captured_queries if "grants_ledgerentry" in query["sql"] and "SUM" in query["sql"]
    ]


@pytest.mark.django_db
def test_a_database_that_is_away_is_an_answer_and_not_a_crash(client, monkeypatch):
    def away() -> dict[str, Any]:
        raise OperationalError("connection to 10.0.0.7 with password hunter2 failed")

    monkeypatch.setattr(health, "CHECKS", dict.fromkeys(health.CHECKS, away))

    answer = client.get("/ready")

    assert answer.status_code == 503
    assert b"hunter2" not in answer.content
    assert wrong(answer.json()["checks"]) == list(health.CHECKS)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/live", "/ready"])
def test_the_probes_only_read(client, address):
    assert client.post(address).status_code == 405
    assert client.head(address).status_code == 200

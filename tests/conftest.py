"""What every test stands on: which database and broker it runs on, the guards, and where files go.

Warnings are errors and undefined template variables fail (both in pyproject.toml).
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import connections
from django.test import TransactionTestCase
from django.utils.translation import deactivate

from grants.shared import guards

# A busy machine is no fault of the code: how long an example takes decides nothing.
hypothesis.settings.register_profile("patient", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("patient")

# --- The database -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite's test database is a file: in memory, two connections would not meet the locks that they meet in life."""
    database = django_settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database.setdefault("TEST", {})["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


def _tear_down_without_guards(self: TransactionTestCase) -> None:
    """A test that commits is undone by emptying the tables, which the append-only guards refuse: they step aside.

    Emptying ends with post_migrate, which puts guards and municipalities back; installing again makes it certain.
    """
    for alias in self._databases_names(include_mirrors=False):
        guards.remove(using=alias)
    try:
        _tear_down(self)
    finally:
        for alias in self._databases_names(include_mirrors=False):
            guards.install(using=alias)


_tear_down = TransactionTestCase._fixture_teardown
TransactionTestCase._fixture_teardown = _tear_down_without_guards


# --- Settings ---------------------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _norwegian_again() -> Iterator[None]:
    """A page in another language leaves it behind in the thread, as on a server; the next test begins in bokmål."""
    yield
    deactivate()


@pytest.fixture(autouse=True)
def _files_of_their_own(settings: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test writes in the project's own folders, and none may approve by command unless it asks to."""
    var: Path = tmp_path_factory.mktemp("var")
    settings.VAR_DIR = var
    settings.LETTER_ARCHIVE = var / "letters"
    settings.OUTBOX = var / "outbox"
    settings.ATTACHMENT_FOLDER = var / "attachments"
    settings.CLAMD = ""
    settings.BANK_FOLDER = var / "bank"
    settings.OPERATOR_APPROVAL = False
    cache.clear()  # what the API has counted of earlier tests


@pytest.fixture
def operator_approval(settings: Any) -> None:
    """The operator has said that runs may be approved by command."""
    settings.OPERATOR_APPROVAL = True


@pytest.fixture
def further_rates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of further rates, for tests and what-ifs: write <scheme>.toml in it before the first rate is asked for."""
    folder = tmp_path / "rates"
    folder.mkdir()
    monkeypatch.setenv("TILSKUDD_RATES", str(folder))
    yield folder


# --- What ran on what -------------------------------------------------------------------------------------------------


def _database() -> str:
    connection = connections["default"]
    if connection.vendor == "sqlite":
        from sqlite3 import sqlite_version

        return f"SQLite {sqlite_version} (embedded, a file of its own)"
    return f"PostgreSQL at {connection.settings_dict['HOST'] or 'the local socket'}, database test_{connection.settings_dict['NAME']}"


def _redis() -> str:
    address = os.environ.get("REDIS_URL")
    return (
        "Redis as REDIS_URL names it"
        if address
        else "REDIS_URL is not set, so tests with Redis start a server of their own or are skipped"
    )


def pytest_report_header() -> list[str]:
    return [f"runs on: {_database()}; {_redis()}"]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say plainly which parts ran on what, and which did not run."""
    terminalreporter.section("what ran on what")
    counts = {
        name: len(terminalreporter.stats.get(name, ()))
        for name in ("passed", "failed", "error", "skipped", "deselected")
    }
    terminalreporter.line(f"{counts['passed']} passed on {_database()}; {_redis()}.")
    if counts["skipped"]:
        terminalreporter.line(f"{counts['skipped']} skipped: the reasons stand below.")
    if counts["deselected"]:
        terminalreporter.line(
            f"{counts['deselected']} not asked for: browser tests (make browser), trials (make trials) or a choice of yours."
        )

"""Every command that reports a result answers in JSON when asked to, and shows how far it has come where people watch."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from grants.management import progress
from grants.models import Role
from tests.factories.books import accounts_2017, appropriations_2017
from tests.factories.register import finance, make_user, settle

pytestmark = pytest.mark.django_db


def answer(*command: str) -> Any:
    out = StringIO()
    call_command(*command, "--json", stdout=out, stderr=StringIO())
    return json.loads(out.getvalue())


def test_commands_answer_with_one_document(tmp_path: Path, settings):
    settings.OPERATOR_APPROVAL = True
    for username in ("a", "b"):
        finance(username)
    make_user("adm", Role.ADMINISTRATOR)
    settle("P1")
    assert answer("load_law")["schemes"] == 18
    assert answer("import_appropriations", str(appropriations_2017(tmp_path / "b.csv")), "--year", "2017")["new"] == 13
    assert answer("import_accounts", str(accounts_2017(tmp_path / "a.csv")), "--year", "2017")["new"] > 0
    requests = tmp_path / "r.csv"
    requests.write_text("kommunenummer,year,requested\n0101,2015,5\n")
    assert answer("import_requests", str(requests)) == {"new": 1, "known": 0}
    run = answer("run_entitlements", "integration", "2017", "--term", "1", "--by", "a")["run"]
    assert answer("payable", str(run), "--out", str(tmp_path / "p.csv"))["municipalities"] == 1
    assert answer("export_ledger", "2017", "--format", "csv", "--out", str(tmp_path / "l.csv"))["lines"] == 0
    assert answer("worker", "--once")["tried"] == 0
    assert answer("erase_persons", "--settled-before", "2000", "--by", "adm") == {"erased": 0}
    assert answer("close_year", "2017", "--by", "b") == {"year": 2017, "closed": True}


def test_a_bar_shows_counts_and_time_left_on_a_terminal_and_is_silent_elsewhere(monkeypatch, capsys):
    with progress.counted("Jobs", 10) as move:
        move(5)
    assert capsys.readouterr().err == ""

    shown = StringIO()
    monkeypatch.setattr(progress, "Console", lambda file: progress_console(shown))
    with progress.counted("Jobs", 10) as move:
        move(5)
    assert "Jobs" in shown.getvalue() and "5/10" in shown.getvalue()


def progress_console(shown: StringIO):
    from rich.console import Console

    return Console(file=shown, force_terminal=True, width=100)

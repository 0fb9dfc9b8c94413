"""Cases are found by applicant, number and project, alike on both databases, and the index survives what tables go through."""

import importlib
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import ProgrammingError, connection, migrations, models
from django.db.migrations.state import ProjectState

from applications.models import Application, CaseText, State
from applications.search import checks, sqlite
from applications.search.port import adapter, find
from applications.search.words import fold, terms_of
from applications.services.case_text import keep_text
from grants.jobs.queue import drain
from grants.models import Job, Organisation
from grants.services.import_organisations import import_organisations
from tests.factories.cases import ANSWERS, make_call, make_case, make_draft, municipality

pytestmark = pytest.mark.django_db


def project(name: str) -> dict[str, Any]:
    return ANSWERS["project"] | {"project_name": name}


def found(typed: str) -> set[str]:
    return {case.organisation.name for case in find(Application.objects.all(), typed)}


@pytest.fixture
def cases() -> dict[str, Application]:
    call = make_call()
    names = {"0101": "Raskere i jobb", "0215": "Språkkafé på Ås", "1924": "Ærlig talt: 50 % mer"}
    return {
        number: make_case(call=call, organisation=municipality(number), project=project(name))
        for number, name in names.items()
    }


# --- Words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Østre Åmot KOMMUNE", "østre åmot kommune"),
        ("A\u030amot", "åmot"),  # as it comes from a Mac
        ("Kárášjohka – Café", "karasjohka cafe"),
        ("  «Æ»-lag_og.sånt\n", "æ lag og sånt"),
        ("=1+1 %_\\ \"'*", "1 1"),
        ("", ""),
    ],
)
def test_words_are_folded_alike(typed: str, folded: str):
    assert fold(typed) == folded


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("rask jobb", [" rask", " jobb"]),
        ("2017/12", [" 2017 12 "]),
        ("2017-12", [" 2017 12 "]),
        ("974 760 673", [" 974760673"]),
        (" - ", []),
        ("a b c d e f g h i j", [" a", " b", " c", " d", " e", " f", " g", " h"]),
    ],
)
def test_what_is_typed_becomes_terms(typed: str, terms: list[str]):
    assert terms_of(typed) == terms


# --- Finding ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("halden", {"Halden kommune"}),
        ("HALD", {"Halden kommune"}),
        ("h", {"Halden kommune"}),
        ("alden", set()),  # the beginning of a word, not its middle
        ("halden frogn", set()),  # every word
        ("kommune", {"Halden kommune", "Frogn kommune", "Målselv kommune"}),
        ("MÅLS", {"Målselv kommune"}),
        ("ærl", {"Målselv kommune"}),
        ("ås", {"Frogn kommune"}),
        ("as", set()),  # å is a letter of its own
        ("språkkafe", {"Frogn kommune"}),
        ("frogn ås språk", {"Frogn kommune"}),
        ("50 %", {"Målselv kommune"}),
        ("%", set()),
        ("' OR 1=1 --", set()),
        ('"halden" NEAR frogn', set()),
        ("text:halden", set()),
        ("", {"Halden kommune", "Frogn kommune", "Målselv kommune"}),
    ],
)
def test_a_case_is_found_by_its_words(typed: str, names: set[str], cases: dict[str, Application]):
    assert found(typed) == names


@pytest.mark.parametrize("many", [0, 1000])
def test_many_matches_and_few_are_found_alike(
    many: int, monkeypatch: pytest.MonkeyPatch, cases: dict[str, Application]
):
    monkeypatch.setattr(sqlite, "MANY", many)

    assert found("kommune målselv") == {"Målselv kommune"}
    assert found("2017 kommune hald") == set()
    assert found(cases["0101"].reference) == {"Halden kommune"}


def test_a_case_number_is_whole(cases: dict[str, Application]):
    first = cases["0101"]
    case = cases["0215"]
    Application.objects.filter(pk=case.pk).update(case_number=first.case_number * 10)
    case.refresh_from_db()
    keep_text(case)

    assert found(first.reference) == {"Halden kommune"}
    assert found(first.reference.replace("/", "-")) == {"Halden kommune"}
    assert found(case.reference) == {"Frogn kommune"}


def test_an_organisation_number_may_be_typed_in_groups():
    case = make_case()
    Organisation.objects.filter(pk=case.organisation_id).update(orgnr="974760673")
    case.organisation.refresh_from_db()
    keep_text(case)

    assert found("974 760 673") == found("974760673") == found("97476") == {"Halden kommune"}


def test_a_draft_has_no_words_yet():
    make_draft()

    assert not CaseText.objects.exists()
    assert found("halden") == set()


def test_an_organisation_that_takes_another_name_is_found_by_the_new_one(tmp_path: Any, cases: dict[str, Application]):
    file = tmp_path / "organisations.csv"
    columns = "orgnr,name,kind,kommunenummer,account_number,parent_orgnr\n"
    file.write_text(columns + "959159092,Nye Halden kommune,municipality,0101,,\n", encoding="utf-8")
    import_organisations(file)
    assert found("nye halden") == set()  # the job has not run yet

    drain()
    drain()

    assert found("nye halden") == found("959159092") == {"Nye Halden kommune"}
    assert found("raskere") == {"Nye Halden kommune"}
    import_organisations(file)
    assert Job.objects.filter(kind="organisations_renamed").count() == 1  # nothing new, nothing to do


def test_words_that_change_and_go_leave_no_trace_in_the_index(cases: dict[str, Application]):
    words = CaseText.objects.get(application=cases["0101"])
    words.text = " moss kommune "
    words.save()
    CaseText.objects.filter(application=cases["0215"]).delete()

    assert found("halden") == found("frogn") == set()
    assert found("moss") == {"Halden kommune"}


# --- The index --------------------------------------------------------------------------------------------------------


def test_the_index_is_in_place():
    assert adapter("default").missing("default") == []
    assert checks.cases_can_be_found(None, ["default"]) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", ["first", "second"])
def test_the_index_is_in_place_and_empty_after_a_test_that_committed(time: str):
    assert found("halden") == set()
    make_case()
    assert found("halden") == {"Halden kommune"}
    assert adapter("default").missing("default") == []


@pytest.mark.django_db(transaction=True)
def test_the_index_survives_that_the_table_is_rebuilt():
    make_case()
    state = ProjectState.from_apps(apps)
    change = migrations.AddField("casetext", "note", models.TextField(default=""))
    after = state.clone()
    change.state_forwards("applications", after)
    with connection.schema_editor() as editor:
        change.database_forwards("applications", editor, state, after)
    CaseText.objects.update(text=" moss ")  # what a migration might write while the triggers are away
    with connection.schema_editor() as editor:
        change.database_backwards("applications", editor, after, state)

    call_command("migrate", verbosity=0)

    assert adapter("default").missing("default") == []
    assert found("moss") == {"Halden kommune"}
    assert found("halden") == set()


def test_a_missing_index_is_noticed_and_put_back():
    make_case()
    connection.check_constraints()  # what PostgreSQL has put off till the end stands in the way of an index
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER applications_casesearch_update")
        else:
            cursor.execute("DROP INDEX case_text_trigrams")
    [error] = checks.cases_can_be_found(None, ["default"])
    assert error.id == "applications.E001"
    CaseText.objects.update(text=" moss ")
    connection.check_constraints()

    checks.install_after_migrate()

    assert checks.cases_can_be_found(None, ["default"]) == []
    assert found("moss") == {"Halden kommune"}


def test_a_role_that_may_not_make_the_extension_is_told_what_to_do():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite needs no extension.")
    migration = importlib.import_module("applications.migrations.0009_case_search_and_views")

    class Forbidden:
        vendor, alias = "postgresql", "default"

        def cursor(self) -> "Forbidden":
            return self

        def __enter__(self) -> "Forbidden":
            return self

        def __exit__(self, *raised: object) -> None:
            return None

        def fetchone(self) -> None:
            return None

        def execute(self, statement: str) -> None:
            if statement.startswith("CREATE"):
                raise ProgrammingError("permission denied to create extension")

    class Editor:
        connection = Forbidden()

    with pytest.raises(RuntimeError, match="Let an administrator of the database run: CREATE EXTENSION pg_trgm"):
        migration.make_pg_trgm(None, Editor())


def test_cases_from_before_get_their_words_and_their_deadline():
    case = make_case(project=project("Café på Ås"))
    words = CaseText.objects.get().text
    due_on = case.due_on
    CaseText.objects.all().delete()
    Application.objects.update(due_on=None)
    migration = importlib.import_module("applications.migrations.0009_case_search_and_views")

    migration.fill_in(apps, None)

    assert CaseText.objects.get().text == words
    case.refresh_from_db()
    assert (case.state, case.due_on) == (State.SUBMITTED, due_on)

"""What the municipality of the demo can claim: open, in time, at rates that are the demo's own, and paid by a run."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from django.utils import timezone

from applications.models import Application, Call, Invitation
from config.demo.budget import appropriations_of_open_calls
from config.demo.open_claims import FRAME_KRONER, open_demo_claims
from grants.law.rates.lookup import history
from grants.models import ClaimFact, EntitlementLine, Person, User
from grants.services.approve_run import approve_run
from grants.services.demo_users import make_demo_users
from grants.services.import_appropriations import import_appropriations
from grants.services.prepare_run import prepare_run
from tests.factories.books import APPROPRIATION_COLUMNS, write_file
from tests.factories.cases import municipality
from tests.factories.claims import COSTS, GRANTED_ORE, decided, make_claim_draft, person_answers, sent
from tests.factories.register import finance

pytestmark = pytest.mark.django_db
RATES = project.BASE_DIR / "config" / "demo" / "rates"


@pytest.fixture
def demo(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Call]:
    settings.DEMO = True
    monkeypatch.setenv("TILSKUDD_RATES", str(RATES))
    make_demo_users()
    samira = User.objects.get(username="samira.ali")
    assert open_demo_claims(tmp_path, by=samira) == 3
    assert open_demo_claims(tmp_path, by=samira) == 0
    return {call.scheme: call for call in Call.objects.all()}


def test_there_is_one_open_way_to_claim_of_each_kind(demo: dict[str, Call]):
    assert set(demo) == {"disability", "integration_reception", "local_organisations"}
    assert all(call.is_open() and call.year == timezone.localdate().year for call in demo.values())
    assert "DEMO-1, DEMO-2, DEMO-3" in demo["disability"].about("nb")
    assert Person.objects.filter(person_ref__startswith="DEMO-").count() == 3
    invitation = Invitation.objects.get()
    assert (invitation.organisation, invitation.amount_ore) == (municipality("0602"), FRAME_KRONER * 100)


def test_the_rates_of_the_demo_are_for_the_years_after_2017_and_say_so(demo: dict[str, Call]):
    for scheme in ("disability", "integration_reception"):
        for rows in history(scheme).values():
            assert all(row.valid_from.year > 2017 for row in rows if row.citation.startswith("Demo"))
            assert any(row.citation.startswith("Demo") for row in rows)


def test_a_claim_for_a_person_of_the_demo_is_in_time_and_paid_by_the_run_of_its_year(
    demo: dict[str, Call], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("applications.services.attach.media_type_of", lambda path, suffix: "application/pdf")
    year = timezone.localdate().year
    file = write_file(tmp_path / "a.csv", APPROPRIATION_COLUMNS, *appropriations_of_open_calls())
    import_appropriations(file, year=year, decided_on=timezone.localdate())
    case = sent(
        make_claim_draft(demo["disability"], municipality("0602"), person=person_answers("DEMO-1"), costs=COSTS)
    )
    assert case.applied_ore == GRANTED_ORE
    decided(case)

    assert ClaimFact.objects.get().year == year
    approve_run(prepare_run("disability", year, 1, by=finance()), by=finance("frida"))
    assert EntitlementLine.objects.get().amount_ore == GRANTED_ORE
    assert Application.objects.filter(organisation=municipality("0602")).count() == 2

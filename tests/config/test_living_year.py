"""The demo's year that is now: something at every stage, for everybody who works or applies, and nothing of 2017 in it."""

import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from applications.models import Appeal, Application, Decision, Report, State
from applications.services.reports import late_reports
from config.demo.budget import appropriations_of_open_calls
from config.demo.calls import OPEN_CALLS, open_demo_calls
from config.demo.living_year import ROUNDS, make_living_year
from config.demo.open_claims import open_demo_claims
from config.demo.organisations import organisations
from grants.models import Organisation, User
from grants.services.demo_users import make_demo_users
from grants.services.import_organisations import import_organisations
from tests.factories.books import APPROPRIATION_COLUMNS, write_file

pytestmark = pytest.mark.django_db
ORGANISATIONS = ("orgnr", "name", "kind", "kommunenummer", "account_number", "parent_orgnr")


@pytest.fixture
def appropriations(settings: Any, tmp_path: Path) -> Path:
    settings.DEMO = True
    import_organisations(write_file(tmp_path / "o.csv", ORGANISATIONS, *organisations(random.Random(2018))))
    make_demo_users()
    return write_file(tmp_path / "a.csv", APPROPRIATION_COLUMNS, *appropriations_of_open_calls())


def test_there_is_something_at_every_stage_and_for_everybody_and_nothing_overdue(appropriations: Path):
    open_demo_calls(appropriations, by=User.objects.get(username="samira.ali"))
    made = make_living_year(appropriations)

    states = Counter(Application.objects.values_list("state", flat=True))
    assert made == sum(states.values()) == sum(len(of.stages) for of in ROUNDS) + states[State.DRAFT]
    assert set(states) == set(State) - {State.WITHDRAWN}
    assert Appeal.objects.get().state == Appeal.State.RECEIVED
    assert set(Report.objects.values_list("state", flat=True)) == set(Report.State) - {"approved", "unspent"}
    assert make_living_year(appropriations) == 0

    for username in ("anne.vik", "nora.ek", "hilde.rud", "tor.lund"):
        ours = Application.objects.filter(organisation__memberships__user__username=username)
        assert ours.filter(state=State.DRAFT).count() == 1, username
    for username in ("siri.holt", "amir.haugen"):
        assert Application.objects.in_hand().filter(handler__username=username).exists()
    waiting = Decision.objects.visible_to(User.objects.get(username="ingrid.dahl")).proposals()
    assert waiting.count() == 3

    this_year = timezone.localdate().year
    assert set(Application.objects.values_list("call__year", flat=True)) == {this_year, this_year - 1}
    assert not any(late_reports(one) for one in Organisation.objects.filter(applications__isnull=False))


def test_calls_to_claim_in_stand_open_beside_it_and_nobody_has_begun_on_a_claim(appropriations: Path, tmp_path: Path):
    samira = User.objects.get(username="samira.ali")
    open_demo_calls(appropriations, by=samira)
    open_demo_claims(tmp_path, by=samira)
    make_living_year(appropriations)

    drafts = Application.objects.filter(state=State.DRAFT, invitation=None)
    assert drafts.exists() and set(drafts.values_list("call__scheme", flat=True)) <= set(OPEN_CALLS)

"""The demo's open calls: one for each kind of applicant, once, and somebody who may apply to each."""

import pytest
from django.utils import timezone

from applications.models import Call
from applications.services.draft import may_begin_for
from config.demo.budget import appropriations_of_open_calls
from config.demo.calls import open_demo_calls
from grants.models import User
from grants.services.demo_users import make_demo_users
from tests.factories.books import APPROPRIATION_COLUMNS, make_organisation, write_file

pytestmark = pytest.mark.django_db


def test_there_is_an_open_call_and_somebody_to_apply_for_each_kind(settings, tmp_path):
    settings.DEMO = True
    for name, kind in (("Nabohjelpen", "ngo"), ("Buskerud fylkeskommune", "county"), ("Mentorhuset AS", "enterprise")):
        make_organisation(name, kind)
    make_demo_users()
    samira = User.objects.get(username="samira.ali")
    file = write_file(tmp_path / "a.csv", APPROPRIATION_COLUMNS, *appropriations_of_open_calls())

    assert open_demo_calls(file, by=samira) == 4
    assert open_demo_calls(file, by=samira) == 0
    calls = {call.scheme: call for call in Call.objects.published()}
    assert all(call.is_open() and call.year == timezone.localdate().year for call in calls.values())

    def may_apply(username: str) -> dict[str, list[str]]:
        user = User.objects.get(username=username)
        return {code: [one.name for one in may_begin_for(user, call)] for code, call in calls.items()}

    assert may_apply("anne.vik")["kum"] == ["Drammen kommune"]
    assert may_apply("nora.ek") == {
        "kum": [], "entrepreneurship": [], "attitudes": ["Nabohjelpen"], "mentor_trainee": ["Nabohjelpen"],
    }  # fmt: skip
    assert may_apply("hilde.rud")["entrepreneurship"] == ["Buskerud fylkeskommune"]
    assert may_apply("tor.lund")["mentor_trainee"] == ["Mentorhuset AS"]

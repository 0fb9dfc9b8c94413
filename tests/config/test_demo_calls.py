"""The demo's open calls: one for each kind of applicant, once, and somebody who may apply to each."""

import pytest

from applications.models import Call
from applications.services.draft import may_begin_for
from config.demo.calls import open_demo_calls
from grants.models import User
from grants.services.demo_users import make_demo_users
from tests.factories.books import make_organisation

pytestmark = pytest.mark.django_db


def test_there_is_an_open_call_and_somebody_to_apply_for_each_kind(settings):
    settings.DEMO = True
    make_organisation("Nabohjelpen", "ngo")
    make_demo_users()
    samira = User.objects.get(username="samira.ali")

    assert open_demo_calls(by=samira) == 2
    assert open_demo_calls(by=samira) == 0
    kum, attitudes = Call.objects.order_by("-envelope_ore")
    assert kum.is_open() and attitudes.is_open()
    assert [one.name for one in may_begin_for(User.objects.get(username="anne.vik"), kum)] == ["Drammen kommune"]
    assert [one.name for one in may_begin_for(User.objects.get(username="nora.ek"), attitudes)] == ["Nabohjelpen"]
    assert may_begin_for(User.objects.get(username="nora.ek"), kum) == []

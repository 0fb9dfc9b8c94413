"""A person whose time in the register is over: what was told of them goes, and the case, the sums and the looks stay."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from applications.models import Application, HealthLook, HealthRecord, HealthSubmission
from applications.services.health import look_at_details
from grants.documents import quarantine
from grants.jobs.queue import drain
from grants.models import Role
from grants.services.erase_persons import erase_persons
from tests.factories.cases import caseworker
from tests.factories.claims import decided, make_claim_draft, sent, with_access
from tests.factories.register import make_user, settle

pytestmark = pytest.mark.django_db


def test_what_was_told_of_an_erased_person_is_gone_with_the_files():
    settle("P1")
    case = sent(make_claim_draft())
    decided(case)
    look_at_details(case, by=with_access(caseworker()))
    places = [quarantine.place_of(path) for path in case.attachments.values_list("path", flat=True)]
    with pytest.raises(IntegrityError, match="only grows"), transaction.atomic():
        HealthSubmission.objects.all().delete()

    erase_persons(settled_before=2017, on=date(2033, 1, 1), by=make_user("admin", Role.ADMINISTRATOR))
    drain()

    assert not HealthRecord.objects.exists() and not HealthSubmission.objects.exists()
    assert not any(place.exists() for place in places)
    assert Application.objects.get().applied_ore and HealthLook.objects.count() == 1

"""What waits for an applicant: everything that somebody must do, the first due first, and nothing that is done."""

import pytest
from django.test import Client
from django.urls import reverse

from applications.models import State
from applications.workflow.waiting import What, waiting_for
from tests.factories.cases import make_call, make_case, make_draft, make_question, municipality, signatory
from tests.factories.follow_up import accept, make_grant, make_submitted

pytestmark = pytest.mark.django_db


def test_drafts_questions_terms_and_reports_wait_until_they_are_done():
    signe, call = signatory(username="signe-0101"), make_call()
    draft = make_draft(call)
    asked = make_question(make_case(State.IN_PROGRESS, call=call))
    granted = make_grant(call=call)
    accepted = make_grant(call=call)
    accept(accepted)
    reported = make_grant(call=call)
    accept(reported)
    make_submitted(reported)
    make_case(State.REFUSED, call=call)

    waits = [(one.what, one.application) for one in waiting_for(signe)]

    assert sorted(waits, key=str) == sorted(
        [(What.TERMS, granted), (What.REPORT, accepted), (What.QUESTION, asked), (What.DRAFT, draft)], key=str
    )
    days = [one.due_on for one in waiting_for(signe)]
    assert None not in days and days == sorted(days)  # type: ignore[type-var]


def test_a_draft_whose_deadline_has_passed_and_what_is_anothers_do_not_wait():
    make_draft(make_call(), municipality("0104"))

    assert waiting_for(signatory(username="signe-0101")) == []


def test_the_page_leads_to_each(client: Client):
    grant = make_grant()
    client.force_login(grant.created_by)

    page = client.get(reverse("our_applications")).content.decode()

    assert "Dette venter på dere" in page
    assert reverse("application_terms", args=[grant.pk]) in page
    assert "Dette venter på dere" not in client.get(reverse("our_applications"), {"show": "ended"}).content.decode()

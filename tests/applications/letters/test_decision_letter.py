"""The letter says what the decision and the ledger say, in the applicant's language, and is made once."""

import re
from datetime import date
from io import BytesIO

import pytest
from django.utils import timezone
from pypdf import PdfReader

from applications.letters.decision import decision_letter
from applications.letters.templates import html_of
from applications.models import Application, CaseDocument, CaseEvent, Decision, State
from applications.services.decide import decide
from applications.services.decision_letter import make_letter
from grants.documents import archive
from grants.jobs.queue import drain
from grants.models import Account, Approval, Job, Organisation
from grants.shared.errors import Refused
from tests.factories.books import book
from tests.factories.cases import (
    ANSWERS,
    APPLIED_ORE,
    decision_maker,
    impartial,
    make_case,
    make_proposal,
    municipality,
    proposal_of,
)
from tests.factories.register import appropriate

pytestmark = pytest.mark.django_db


def letter_of(application: Application) -> str:
    """The letter's text on one line."""
    document = make_letter(application.decisions.get(state="decided"))
    pages = PdfReader(BytesIO(archive.read(document.path, sha256=document.sha256))).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))


def test_a_grant_says_how_much_why_and_what_can_be_done():
    application = make_case(State.GRANTED)

    text = letter_of(application)

    assert "Halden" in text and application.reference in text
    assert "500 000 kr" in text and "hele beløpet" in text
    assert "Prosjektet er godt forankret." in text
    assert "Minst 5 prosent innvandrere" in text
    assert "Overføringsverdi" in text and "4,00" in text
    assert "tre uker" in text and "§ 29" in text
    assert "david" in text and "sara" in text


def test_a_refusal_says_so_and_asks_nothing_of_the_applicant():
    text = letter_of(make_case(State.REFUSED))

    assert "Avslag på søknad" in text and "får ikke tilskudd" in text
    assert "Vilkår for tilsagnet" not in text


def test_it_is_written_in_nynorsk_to_who_chose_it():
    application = make_case(State.PROPOSED)
    Application.objects.filter(pk=application.pk).update(language="nn")
    appropriate(post="62")
    decide(proposal_of(application), by=impartial(decision_maker(), application.call), on=date(2017, 6, 1))

    assert "Tilsegn om tilskot" in letter_of(application)


def test_a_part_is_told_beside_what_was_applied_for():
    application = make_case(State.IN_PROGRESS)
    make_proposal(application, amount_ore=123_000_00)
    appropriate(post="62")
    decide(proposal_of(application), by=impartial(decision_maker(), application.call), on=date(2017, 6, 1))

    text = letter_of(application)
    assert "123 000 kroner" in text and "Dere søkte om 500 000 kroner" in text


def test_the_job_makes_one_letter_however_often_it_runs():
    application = make_case(State.GRANTED)
    drain()
    Job.objects.update(state="waiting")
    drain()

    document = CaseDocument.objects.get(kind__startswith="decision")
    assert (document.number, document.direction, document.dated) == (2, "out", date(2017, 6, 1))
    assert document.title == "Vedtak: Kommunale utviklingsmidler"
    assert CaseEvent.objects.filter(application=application, verb="letter").count() == 1
    assert set(Job.objects.values_list("state", flat=True)) == {"done"}


def test_no_letter_leaves_before_the_decision():
    with pytest.raises(Refused, match="before it is decided"):
        decision_letter(proposal_of(make_case(State.PROPOSED)))


@pytest.mark.parametrize(
    "facts", [{"amount_ore": 1}, {"origin_year": 2016}, {"code": "jobbsjansen_a"}, {"recipient": "0104"}, None]
)
def test_no_letter_leaves_when_the_ledger_says_something_else(facts):
    decision = decided_outside_the_ledger()
    if facts is not None:
        facts = {
            "amount_ore": APPLIED_ORE, "scheme": "kum", "code": "kum", "origin_year": 2017, "recipient": "0101",
        } | facts  # fmt: skip
        recipient = Organisation.objects.get(municipality_number=facts.pop("recipient"), parent=None)
        book(
            Account.APPROPRIATION, Account.COMMITTED, facts.pop("amount_ore"), recipient, post="62",
            key=f"decision:{decision.pk}:committed", **facts,
        )  # fmt: skip

    with pytest.raises(Refused, match="Regnskapet sier noe annet"):
        make_letter(decision)
    assert not CaseDocument.objects.exists()


def test_the_control_a_ledger_that_agrees_lets_the_letter_leave():
    decision = decided_outside_the_ledger()
    book(
        Account.APPROPRIATION, Account.COMMITTED, APPLIED_ORE, municipality(), post="62", scheme="kum", code="kum",
        origin_year=2017, key=f"decision:{decision.pk}:committed",
    )  # fmt: skip

    assert make_letter(decision).number == 1


def test_what_people_write_is_text_in_the_letter():
    application = make_case(
        State.IN_PROGRESS, project=ANSWERS["project"] | {"project_name": "<script>alert(1)</script> {{ x }}"}
    )
    make_proposal(application)
    appropriate(post="62")
    decide(proposal_of(application), by=impartial(decision_maker(), application.call), on=date(2017, 6, 1))

    html = html_of("decision", decision_letter(application.decisions.get()))
    assert "<script>" not in html and "&lt;script&gt;" in html and "{{ x }}" in html


def decided_outside_the_ledger() -> Decision:
    """A decision that is made without its line in the ledger."""
    application = make_case(State.PROPOSED)
    proposal = proposal_of(application)
    Approval.objects.create(
        subject=f"decision:{proposal.pk}", digest=proposal.digest, proposed_by=proposal.prepared_by,
        approved_by=decision_maker(),
    )  # fmt: skip
    Decision.objects.filter(pk=proposal.pk).update(state="decided", decided_on=timezone.localdate())
    return Decision.objects.get(pk=proposal.pk)

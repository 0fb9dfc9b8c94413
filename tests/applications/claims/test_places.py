"""A municipality claims for places in integration reception, two people decide, and the runs pay it in two terms."""

import pytest

from applications.models import Application, Decision, State
from applications.services.announce import prepare_call
from applications.services.decide import return_proposal
from applications.services.decision_letter import make_letter
from applications.services.draft import begin_application, may_begin_for
from applications.services.submit import Incomplete
from applications.workflow.grounds import newest_findings, settled
from grants.models import ClaimFact, EntitlementLine, LedgerEntry, Membership, Organisation, Role
from grants.services.approve_run import approve_run
from grants.services.prepare_run import prepare_run
from grants.shared.errors import BadInput, Refused
from tests.factories.cases import call_contents, decision_maker, impartial, municipality, owner, proposal_of
from tests.factories.claims import decided, make_places_draft, proposed, reception_call, sent, taken
from tests.factories.register import finance, make_user

pytestmark = pytest.mark.django_db
EIGHTY_PLACES = 80 * 18_518_00


def test_the_claim_asks_for_the_places_at_the_yearly_rate():
    assert sent(make_places_draft()).applied_ore == EIGHTY_PLACES


def test_fewer_months_have_the_monthly_rate():
    assert sent(make_places_draft(months="7")).applied_ore == 80 * 7 * 1_543_00


@pytest.mark.parametrize(("places", "months"), [("0", "12"), ("80", "13"), ("80", "0"), ("mange", "12"), ("", "12")])
def test_places_and_months_that_cannot_be_are_told_of_and_nothing_is_sent(places: str, months: str):
    draft = make_places_draft(places=places, months=months)

    with pytest.raises(Incomplete, match="Plassene"):
        sent(draft)
    assert Application.objects.get().state == State.DRAFT


def test_the_agreement_is_met_by_the_answer_and_the_places_wait_for_somebody_who_compares():
    case = sent(make_places_draft())

    assert [(one.rule, settled(one)) for one in newest_findings(case)] == [
        ("hosts_a_centre_by_agreement", True), ("claims_the_places_of_the_agreement", None),
    ]  # fmt: skip
    with pytest.raises(Refused, match="Kravet gjelder plassene i avtalen"):
        proposed(case, EIGHTY_PLACES)


def test_a_claim_that_two_people_grant_is_known_to_the_runs_and_paid_in_two_terms(money: None):
    case = sent(make_places_draft())
    decided(case, EIGHTY_PLACES)

    fact = ClaimFact.objects.get()
    assert (fact.scheme, fact.claim_ref, fact.municipality_number) == (
        "integration_reception", f"sak-{case.case_year}-{case.case_number}", "0101",
    )  # fmt: skip
    assert (fact.year, fact.quantity, fact.months, fact.person_id) == (2017, 80, 12, None)
    assert not LedgerEntry.objects.exists()

    for term in (1, 2):
        approve_run(prepare_run("integration_reception", 2017, term, by=finance()), by=finance("frida"))
    lines = EntitlementLine.objects.order_by("pk").values_list("municipality_number", "code", "amount_ore")
    assert list(lines) == [("0101", "INTMOT", EIGHTY_PLACES // 2), ("0101", "INTMOT", EIGHTY_PLACES // 2)]


def test_no_claim_is_known_before_another_person_has_decided():
    proposed(taken(sent(make_places_draft())), EIGHTY_PLACES)

    assert not ClaimFact.objects.exists()


def test_a_part_is_granted_in_whole_places():
    case = taken(sent(make_places_draft()))

    with pytest.raises(BadInput, match=r"helt antall plasser: 18.518 kroner"):
        proposed(case, EIGHTY_PLACES - 100)
    decided(case, 75 * 18_518_00)

    assert ClaimFact.objects.get().quantity == 75


def test_a_refused_claim_is_never_known():
    case = sent(make_places_draft())
    decided(case, 0)

    assert case.state == State.REFUSED
    assert not ClaimFact.objects.exists()


def test_a_proposal_that_is_sent_back_leaves_nothing():
    case = taken(sent(make_places_draft()))
    proposed(case, EIGHTY_PLACES)
    return_proposal(proposal_of(case), reason="Se på avtalen.", by=impartial(decision_maker(), case.call))

    assert not ClaimFact.objects.exists()


def test_a_granted_claim_has_its_letter_and_no_terms_to_accept():
    decision = decided(sent(make_places_draft()), EIGHTY_PLACES)

    assert make_letter(decision).title.startswith("Vedtak")
    assert not decision.terms.exists()


def test_no_letter_leaves_when_the_register_of_claims_says_something_else():
    case = sent(make_places_draft())
    decision = decided(case, EIGHTY_PLACES)
    fact = ClaimFact.objects.get()
    ClaimFact.objects.create(
        scheme=fact.scheme, claim_ref=fact.claim_ref, municipality_number="0101", year=2017, kind="", quantity=79,
        months=12, on=fact.on, known_on=fact.known_on, recorded_at=fact.recorded_at,
    )  # fmt: skip

    with pytest.raises(Refused, match="Brevet er ikke laget"):
        make_letter(decision)


def test_a_part_of_a_municipality_claims_nothing():
    call = reception_call()
    district = Organisation.objects.create(
        orgnr="999999999", name="Bydel Sentrum", kind="municipality", municipality_number="0101", parent=municipality()
    )
    user = make_user("bydel")
    Membership.objects.create(user=user, organisation=district, role=Role.SIGNATORY)

    assert may_begin_for(user, call) == []
    with pytest.raises(Refused, match="Kravet sendes av Halden"):
        begin_application(call, district, by=user)


def test_schemes_that_nobody_claims_on_the_web_are_not_announced():
    with pytest.raises(Refused, match="lyses ikke ut"):
        prepare_call("asylum_training", "", 2017, by=owner(), **call_contents())


def test_the_envelope_holds_for_claims_too():
    call = reception_call(envelope_ore=100 * 18_518_00)
    decided(sent(make_places_draft(call)), EIGHTY_PLACES)
    other = sent(make_places_draft(call, places="30"))

    with pytest.raises(Refused, match="Rammen for utlysningen"):
        decided(other, 30 * 18_518_00)
    assert Decision.objects.standing().count() == 1
    assert ClaimFact.objects.count() == 1

"""Proposal and decision of one case on the pages: the letter beside it, another person decides, and bad weather."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from applications.models import Application, Decision, State
from applications.services.assess import declare
from grants.models import Account, Approval, LedgerEntry, Role, User
from tests.factories.cases import (
    ANSWERS,
    APPLIED_ORE,
    caseworker,
    decision_maker,
    impartial,
    make_call,
    make_case,
    make_proposal,
    municipality,
    proposal_of,
)
from tests.factories.register import appropriate, make_user

pytestmark = pytest.mark.django_db
NBSP = "\N{NO-BREAK SPACE}"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(answer: Any) -> str:
    return answer.content.decode().replace(NBSP, " ")


def propose(case: Application, client: Client | None = None, **posted: Any) -> Any:
    version = Application.objects.get(pk=case.pk).version
    usual = {"version": version, "amount": "400 000", "reason": "Godt prosjekt.", "propose": ""}
    return (client or signed_in(caseworker())).post(reverse("case_propose", args=[case.pk]), usual | posted)


def answer_proposal(case: Application, user: User, button: str = "decide", **posted: Any) -> Any:
    now = Application.objects.get(pk=case.pk)
    usual = {"version": now.version, "proposal": case.decisions.latest("pk").pk, button: ""}
    return signed_in(user).post(reverse("case_decision", args=[case.pk]), usual | posted)


def covered(case: Application) -> User:
    """A decision-maker who may decide in the case, with money on the post."""
    appropriate(post="62", year=timezone.localdate().year)
    return impartial(decision_maker(), case.call)


def test_the_form_begins_with_a_draft_of_the_reason_and_the_letter_beside_it():
    case = make_case(State.IN_PROGRESS)

    page = text_of(signed_in(caseworker()).get(reverse("case_decide", args=[case.pk])))

    assert "Søknaden oppfyller vilkårene for tilskudd." in page
    assert "Vi innvilger hele beløpet dere søkte om, 500 000 kroner." in page
    assert "Tilsagn om tilskudd: Kommunale utviklingsmidler 2017" in page
    assert page.count("<h1") == 1 and "Utkast" in page


def test_the_letter_follows_what_is_typed_and_is_all_that_htmx_gets():
    case = make_case(State.IN_PROGRESS)
    posted = {"version": case.version, "amount": "123 000", "reason": "Kort og <b>klart</b>."}

    answer = signed_in(caseworker()).post(
        reverse("case_propose", args=[case.pk]), posted, headers={"HX-Request": "true"}
    )

    letter = text_of(answer)
    assert answer.status_code == 200 and "<html" not in letter
    assert "123 000 kr" in letter and "Kort og &lt;b&gt;klart&lt;/b&gt;." in letter and "Innvilges delvis" in letter
    assert not Decision.objects.exists()


def test_the_letter_is_in_the_form_of_norwegian_that_the_applicant_chose():
    case = make_case(State.IN_PROGRESS)
    Application.objects.filter(pk=case.pk).update(language="nn")

    page = text_of(signed_in(caseworker()).get(reverse("case_decide", args=[case.pk])))

    assert "Vi innvilgar heile beløpet de søkte om" in page and "Tilsegn om tilskot" in page
    assert '<article class="app-letter" lang="nn"' in page


def test_a_proposal_is_sent_and_the_outcome_follows_from_the_amount():
    case = make_case(State.IN_PROGRESS)

    assert propose(case).status_code == 302

    proposal = proposal_of(case)
    assert (proposal.outcome, proposal.amount_ore, proposal.reason) == ("grant_in_part", 400_000_00, "Godt prosjekt.")


@pytest.mark.parametrize("amount", ["-1", "500 001", "1e5", "", "mye", "9" * 40, "0,5"])
def test_an_amount_that_cannot_be_is_told_and_what_was_written_is_kept(amount):
    case = make_case(State.IN_PROGRESS)

    answer = propose(case, amount=amount, reason="Lang tekst som ikke må bli borte.")

    page = answer.content.decode()
    assert answer.status_code == 422 and "<title>Feil" in page
    assert f'value="{amount}"' in page and "Lang tekst som ikke må bli borte." in page
    assert not Decision.objects.exists()


def test_a_condition_that_is_not_settled_or_not_met_stops_it_in_words():
    unsettled = make_case(State.IN_PROGRESS, municipality={})
    answer = propose(unsettled)
    assert answer.status_code == 409 and "Ta stilling til" in text_of(answer)

    unmet = make_case(
        State.IN_PROGRESS, organisation=municipality("0104"), municipality={"share_of_immigrants": "1", "refugees": "1"}
    )
    answer = propose(unmet)
    assert answer.status_code == 409 and "kan bare avslås" in text_of(answer)
    assert propose(unmet, amount="0").status_code == 302


def test_the_second_of_two_windows_is_told_and_keeps_its_text():
    case = make_case(State.IN_PROGRESS)
    stale = case.version
    propose(case)

    answer = propose(case, version=stale, reason="Skrevet i det andre vinduet.")

    assert Decision.objects.count() == 1
    page = text_of(answer)
    assert answer.status_code == 409 and "sara var først" in page
    assert "Godt prosjekt." in page and "Skrevet i det andre vinduet." in page


def test_another_person_sees_the_letter_as_it_will_leave_and_decides():
    case = make_case(State.IN_PROGRESS)
    propose(case)
    david = covered(case)
    page = text_of(signed_in(david).get(reverse("case_decide", args=[case.pk])))
    assert "Fatt vedtak" in page and "Ingenting er endret" in page
    assert "−100 000 kr" in page and "5 000 000 kr før vedtaket" in page and "4 600 000 kr" in page
    assert "david, beslutter" in page

    assert answer_proposal(case, david).status_code == 302

    assert LedgerEntry.objects.get().credit == Account.COMMITTED
    assert Approval.objects.get().approved_by == david
    after = text_of(signed_in(caseworker()).get(reverse("case_decide", args=[case.pk])))
    assert "Fattet vedtaket" in after and "Utkast" not in after


def test_ones_own_proposal_has_no_button_and_is_refused():
    case = make_case(State.IN_PROGRESS)
    propose(case)
    covered(case)
    sara = make_user("sara", Role.DECISION_MAKER)
    page = text_of(signed_in(sara).get(reverse("case_decide", args=[case.pk])))
    assert "En annen må fatte vedtaket" in page and ">Fatt vedtak<" not in page

    answer = answer_proposal(case, sara)

    assert answer.status_code == 409 and "En annen må fatte vedtaket" in text_of(answer)
    assert Application.objects.get().state == State.PROPOSED


def test_a_double_click_decides_once():
    case = make_case(State.IN_PROGRESS)
    propose(case)
    david = covered(case)
    version = Application.objects.get().version
    answer_proposal(case, david)

    second = answer_proposal(case, david, version=version)

    assert second.status_code == 409
    assert (LedgerEntry.objects.count(), Approval.objects.count()) == (1, 1)


def test_a_proposal_sent_back_goes_to_the_caseworker_with_the_reason_and_the_text():
    case = make_case(State.IN_PROGRESS)
    propose(case)
    david = covered(case)
    stale = {"version": Application.objects.get().version, "proposal": proposal_of(case).pk}
    assert answer_proposal(case, david, "return", reason="").status_code == 409
    assert answer_proposal(case, david, "return", reason="Begrunn beløpet.").status_code == 302

    page = text_of(signed_in(caseworker()).get(reverse("case_decide", args=[case.pk])))
    assert "Begrunn beløpet." in page and "Godt prosjekt." in page and 'value="400 000"' in page
    late = answer_proposal(case, david, **stale)
    assert late.status_code == 409 and not LedgerEntry.objects.exists()


def test_beyond_the_envelope_is_refused_in_words():
    call = make_call(envelope_ore=APPLIED_ORE)
    make_case(State.GRANTED, call=call)
    last = make_case(State.PROPOSED, call=call, organisation=municipality("0104"))

    answer = answer_proposal(last, decision_maker())

    assert answer.status_code == 409 and "0 kroner igjen" in text_of(answer)
    assert Application.objects.get(pk=last.pk).state == State.PROPOSED


def test_who_has_not_declared_is_told_and_an_interest_hides_the_case():
    case = make_case(State.PROPOSED)
    david = decision_maker()
    assert "om du er habil" in text_of(signed_in(david).get(reverse("case_decide", args=[case.pk])))

    declare(case.call, by=david, has_interest=True, reason="Nabo.")

    assert signed_in(david).get(reverse("case_decide", args=[case.pk])).status_code == 404
    assert answer_proposal(case, david).status_code == 404


def test_a_proposal_of_another_case_is_not_found():
    case = make_case(State.PROPOSED)
    other = make_case(State.PROPOSED, call=case.call, organisation=municipality("0104"))

    answer = answer_proposal(case, covered(case), proposal=proposal_of(other).pk)

    assert answer.status_code == 404


@pytest.mark.parametrize("proposal", ["", "x", "9" * 30, "-1", "١"])
def test_nonsense_for_a_proposal_is_not_found(proposal):
    case = make_case(State.PROPOSED)

    assert answer_proposal(case, covered(case), proposal=proposal).status_code == 404


def test_what_people_write_is_text_in_the_preview():
    case = make_case(State.IN_PROGRESS, project=ANSWERS["project"] | {"project_name": "</body><h1>x</h1>{{ y }}"})
    make_proposal(case)

    page = signed_in(covered(case)).get(reverse("case_decide", args=[case.pk])).content.decode()

    assert "&lt;/body&gt;&lt;h1&gt;x&lt;/h1&gt;{{ y }}" in page and page.count("<h1") == 1


def test_a_case_that_is_not_in_hand_says_so():
    page = text_of(signed_in(caseworker()).get(reverse("case_decide", args=[make_case().pk])))

    assert "Innstillingen skrives når saken er under behandling." in page

"""Compare and distribute on the pages, without JavaScript: rank, type, save, suggest, compare, send on, decide all."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from applications.models import Application, Batch, Call, Decision, Scenario, State
from applications.services.assess import declare
from applications.services.round import send_scenario
from grants.models import Role, User
from tests.factories.cases import (
    APPLIED_ORE,
    caseworker,
    decision_maker,
    impartial,
    make_call,
    make_case,
    make_proposal,
    owner,
)
from tests.factories.register import appropriate, make_user
from tests.factories.rounds import make_cases, make_round, make_scenario, states_of, work

pytestmark = pytest.mark.django_db
NBSP = "\N{NO-BREAK SPACE}"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(answer: Any) -> str:
    return answer.content.decode().replace(NBSP, " ")


def typed(cases: list[Application], *amounts: str, scenario: Scenario | None = None, **more: Any) -> dict[str, Any]:
    """The form as a browser posts it."""
    posted = {f"amount-{case.pk}": amount for case, amount in zip(cases, amounts, strict=True)}
    known = {"scenario": str(scenario.pk), "version": scenario.version} if scenario else {"scenario": "", "version": 0}
    return posted | known | {"name": scenario.name if scenario else "Forslag 1", "page": "1"} | more


def save(client: Client, call: Call, posted: dict[str, Any], **how: Any) -> Any:
    return client.post(reverse("scenario_save", args=[call.pk]), {"save": ""} | posted, **how)


def test_the_rounds_tell_how_many_cases_and_how_much_money():
    cases = make_cases((6, 4))
    make_proposal(cases[0])

    page = text_of(signed_in(caseworker()).get(reverse("rounds")))

    assert "Kommunale utviklingsmidler 2017" in page
    assert "5 000 000 kr" in page and "4 500 000 kr" in page


def test_the_list_of_rounds_asks_no_more_for_more_calls():
    client = signed_in(caseworker())

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("rounds"))
        return len(asked)

    make_cases((6,))
    questions()  # what the process remembers from here on is not asked again
    few = questions()
    for _ in range(3):
        make_cases((6,))
    assert questions() == few


def test_the_page_asks_no_more_for_more_cases():
    client = signed_in(caseworker())

    def questions(call: Call) -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("call_compare", args=[call.pk]))
        return len(asked)

    few = make_cases((6, 5))[0].call
    questions(few)  # what the process remembers from here on is not asked again
    assert questions(few) == questions(make_cases((6, 5, 4, 3, 2, 1))[0].call)


def test_amounts_are_typed_saved_and_shown_with_the_sum_so_far():
    cases = make_cases((6, 4, 2))
    client = signed_in(caseworker())

    answer = save(client, cases[0].call, typed(cases, "500 000", "1.000 kr", ""), follow=True)

    page = text_of(answer)
    assert "«Forslag 1» er lagret." in page
    assert "501 000 kr" in page and "4 499 000 kr igjen å fordele" in page
    amounts = dict(Scenario.objects.get().lines.values_list("application_id", "amount_ore"))
    assert amounts == {cases[0].pk: APPLIED_ORE, cases[1].pk: 1_000_00, cases[2].pk: None}


@pytest.mark.parametrize(
    "amount", ["-5", "1e9", "NaN", "500 001", "99999999999999999999", "1,5", "<b>", "１２", "12 50,75"]
)
def test_an_amount_that_cannot_be_is_told_and_kept(amount):
    cases = make_cases((6, 4))

    answer = save(signed_in(caseworker()), cases[0].call, typed(cases, amount, "100 000"))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>Feil" in page and f'href="#amount-{cases[0].pk}"' in page
    kept = amount.replace("<", "&lt;").replace(">", "&gt;")
    assert f'value="{kept}"' in page and 'value="100 000"' in page
    assert not Scenario.objects.exists()


def test_the_sums_are_worked_out_without_javascript_and_nothing_is_saved():
    cases = make_cases((6, 4))
    posted = typed(cases, "500 000", "400 000") | {"calculate": ""}

    answer = signed_in(caseworker()).post(reverse("scenario_save", args=[cases[0].call.pk]), posted)

    assert "4 100 000 kr igjen å fordele" in text_of(answer)
    assert "ikke lagret ennå" in text_of(answer)
    assert not Scenario.objects.exists()


def test_beyond_the_envelope_is_shown_and_may_be_kept_but_not_sent():
    cases = make_cases((6, 4), call=make_call(envelope_ore=700_000_00))
    client = signed_in(caseworker())
    page = text_of(save(client, cases[0].call, typed(cases, "500 000", "400 000"), follow=True))
    assert "200 000 kr over rammen" in page

    scenario = Scenario.objects.get()
    answer = client.post(reverse("scenario_send", args=[scenario.pk]), {"version": scenario.version, "send": ""})

    assert answer.status_code == 409 and "200 000 kroner over rammen" in text_of(answer)
    assert not Batch.objects.exists()


def test_the_second_of_two_windows_keeps_what_it_typed_and_sees_the_other():
    cases = make_cases((6, 4))
    scenario = make_scenario(cases, 100_000_00, 0)
    stale = typed(cases, "300 000", "0", scenario=scenario)
    siri = impartial(caseworker("siri"), cases[0].call)
    save(signed_in(siri), cases[0].call, typed(cases, "200 000", "0", scenario=scenario))

    answer = save(signed_in(caseworker()), cases[0].call, stale)

    page = text_of(answer)
    assert answer.status_code == 409
    assert "siri lagret" in page and 'value="300 000"' in page and "Lagret nå: 200 000" in page
    assert 'name="version" value="2"' in page
    assert scenario.lines.get(application=cases[0]).amount_ore == 200_000_00


def test_a_suggestion_is_a_scenario_of_its_own_and_keeps_what_was_typed():
    cases = make_cases((6, 4, 2), call=make_call(envelope_ore=700_000_00))
    client = signed_in(caseworker())
    save(client, cases[0].call, typed(cases, "1", "2", "3"))
    first = Scenario.objects.get()
    posted = typed(cases, "1", "2", "4", scenario=first) | {"by_rank": "", "least": "3"}

    client.post(reverse("scenario_save", args=[cases[0].call.pk]), posted)
    client.post(reverse("scenario_save", args=[cases[0].call.pk]), posted | {"by_rank": ""})

    names = {
        one.name: list(one.lines.order_by("pk").values_list("amount_ore", flat=True)) for one in Scenario.objects.all()
    }
    assert names["Forslag 1"] == [1_00, 2_00, 4_00]
    assert names["Etter rangering"] == names["Etter rangering (2)"] == [APPLIED_ORE, 200_000_00, 0]


def test_the_same_share_for_those_with_enough_points():
    cases = make_cases((6, 4, 2), call=make_call(envelope_ore=700_000_00))
    posted = typed(cases, "", "", "") | {"same_share": "", "least": "3,5"}

    answer = signed_in(caseworker()).post(reverse("scenario_save", args=[cases[0].call.pk]), posted, follow=True)

    assert "Samme prosent fra 3,5 poeng" in text_of(answer)
    amounts = dict(Scenario.objects.get().lines.values_list("application_id", "amount_ore"))
    assert amounts == {cases[0].pk: 350_000_00, cases[1].pk: 350_000_00, cases[2].pk: 0}


@pytest.mark.parametrize("least", ["-1", "7", "mange", "", "1e1", "3,5,5", "٣"])
def test_a_limit_that_is_no_score_is_told(least):
    cases = make_cases((6,))
    posted = typed(cases, "5") | {"same_share": "", "least": least}

    answer = signed_in(caseworker()).post(reverse("scenario_save", args=[cases[0].call.pk]), posted)

    assert answer.status_code == 422 and "fra 0 til 6" in text_of(answer)


def test_two_scenarios_stand_side_by_side_with_what_differs():
    cases = make_cases((6, 4))
    first = make_scenario(cases, APPLIED_ORE, 0, name="Lite")
    second = make_scenario(cases, APPLIED_ORE, 250_000_00, name="Mye")
    address = reverse("scenario_differences", args=[cases[0].call.pk])

    page = text_of(signed_in(make_user("rita", Role.AUDITOR)).get(address, {"a": first.pk, "b": second.pk}))

    assert "+250 000 kr" in page and page.count('class="app-differs"') == 1


def test_a_copy_gets_a_name_when_none_is_typed():
    scenario = make_scenario(make_cases((6,)))

    signed_in(caseworker()).post(reverse("scenario_copy", args=[scenario.pk]), {"name": ""})

    assert Scenario.objects.filter(name="Kopi av Forslag 1").exists()


def test_a_whole_round_from_ranking_to_letters():
    cases = make_cases((6, 4, 2, 3), unmet=(3,))
    scenario = make_scenario(cases[:3], APPLIED_ORE, 100_000_00, 0)
    appropriate(post="62", year=timezone.localdate().year)
    sara = signed_in(caseworker())
    look_over = text_of(sara.get(reverse("scenario_send", args=[scenario.pk])))
    assert "I den faglige vurderingen fikk søknaden 6,00 av 6 poeng." in look_over

    reasons = {f"reason-{cases[0].pk}": "Det beste prosjektet."}
    sent = sara.post(reverse("scenario_send", args=[scenario.pk]), {"version": 1, "send": ""} | reasons)
    work()
    assert "4 av 4 saker er behandlet" in text_of(sara.get(sent["Location"]))
    assert Decision.objects.get(application=cases[0]).reason == "Det beste prosjektet."

    david = impartial(decision_maker(), cases[0].call)
    client = signed_in(david)
    waiting = text_of(client.get(reverse("proposals")))
    assert "4 innstillinger på til sammen 600 000 kr" in waiting
    assert '<span class="app-count">4' in waiting
    page = client.get(reverse("round_decide", args=[cases[0].call.pk]))
    assert "Fatt alle 4 vedtak" in text_of(page)
    started = client.post(reverse("round_decide", args=[cases[0].call.pk]), {"seal": page.context["seal"]})
    assert "Arbeidet er i gang" in text_of(client.get(started["Location"]))
    work()

    done = text_of(client.get(started["Location"]))
    assert "Alle sakene er ferdige" in done and "4 av 4 brev er laget" in done
    fragment = client.get(started["Location"], headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment and "hx-trigger" not in fragment
    assert states_of(cases[0].call) == [State.GRANTED, State.GRANTED, State.REFUSED, State.REFUSED]


def test_a_round_that_cannot_be_covered_says_by_how_much_and_has_no_button():
    cases = make_cases((6,))
    make_proposal(cases[0])
    client = signed_in(impartial(decision_maker(), cases[0].call))

    page = client.get(reverse("round_decide", args=[cases[0].call.pk]))

    assert "500 000 for mye" in text_of(page) and "Fatt 1 vedtak" not in text_of(page)
    answer = client.post(reverse("round_decide", args=[cases[0].call.pk]), {"seal": page.context["seal"]})
    assert answer.status_code == 409 and not Batch.objects.exists()


def test_ones_own_proposals_are_told_of_and_left_out():
    cases = make_cases((6,))
    make_proposal(cases[0])
    sara = make_user("sara", Role.DECISION_MAKER)

    page = text_of(signed_in(sara).get(reverse("round_decide", args=[cases[0].call.pk])))

    assert "har du skrevet selv" in page and "venter på deg" in page
    assert "en annen må fatte vedtaket" in text_of(signed_in(sara).get(reverse("proposals")))


def test_an_interest_hides_the_call_its_scenarios_and_its_rounds():
    cases = make_cases((6,))
    scenario = make_scenario(cases)
    make_proposal(cases[0])
    appropriate(post="62", year=timezone.localdate().year)
    batch = make_round(cases[0].call)
    dina = make_user("dina", Role.CASEWORKER, Role.DECISION_MAKER)
    addresses = [
        reverse("call_compare", args=[cases[0].call.pk]),
        reverse("scenario_differences", args=[cases[0].call.pk]),
        reverse("scenario_send", args=[scenario.pk]),
        reverse("round_decide", args=[cases[0].call.pk]),
        reverse("batch", args=[batch.pk]),
        reverse("case_decide", args=[cases[0].pk]),
    ]
    client = signed_in(dina)
    assert [client.get(address).status_code for address in addresses] == [200, 302, 200, 200, 200, 200]

    declare(cases[0].call, by=dina, has_interest=True, reason="Jeg eier firmaet.")

    assert [client.get(address).status_code for address in addresses] == [404] * 6
    assert client.post(reverse("scenario_save", args=[cases[0].call.pk]), {}).status_code == 404
    assert client.post(reverse("scenario_copy", args=[scenario.pk]), {}).status_code == 404
    assert "Kommunale" not in text_of(client.get(reverse("rounds")))
    assert "Halden" not in text_of(client.get(reverse("proposals")))


def test_a_scenario_of_another_call_is_not_found():
    cases, others = make_cases((6,)), make_cases((6,))
    foreign = make_scenario(others)

    client = signed_in(caseworker())

    assert client.get(reverse("call_compare", args=[cases[0].call.pk]), {"scenario": foreign.pk}).status_code == 404
    assert save(client, cases[0].call, typed(cases, "1", scenario=foreign)).status_code == 404


def test_who_only_reads_sees_amounts_and_no_fields():
    cases = make_cases((6,))
    make_scenario(cases)

    page = text_of(signed_in(owner()).get(reverse("call_compare", args=[cases[0].call.pk])))

    assert "500 000 kr" in page and 'name="amount-' not in page


def test_what_is_decided_is_shown_and_cannot_be_typed_over():
    case = make_case(State.GRANTED)
    client = signed_in(caseworker())
    page = text_of(client.get(reverse("call_compare", args=[case.call.pk])))
    assert "Vedtatt 500 000 kr" in page and 'name="amount-' not in page

    save(client, case.call, typed([case], "1"))

    assert Scenario.objects.get().lines.count() == 0


def test_what_a_colleague_has_declared_hides_the_call_from_nobody_else():
    cases = make_cases((4,))
    batch = send_scenario(make_scenario(cases), version=1, by=impartial(caseworker(), cases[0].call))
    declare(cases[0].call, by=caseworker("nils"), has_interest=True, reason="Jeg eier firmaet.")
    client = signed_in(caseworker())

    assert client.get(reverse("call_compare", args=[cases[0].call_id])).status_code == 200
    assert client.get(reverse("batch", args=[batch.pk])).status_code == 200
    assert str(cases[0].call_id) in client.get(reverse("rounds")).content.decode()

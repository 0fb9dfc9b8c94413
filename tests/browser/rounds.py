"""A round for the browser tests: cases of every kind in one call, two scenarios, proposals that wait, and a batch."""

from typing import Any

from django.utils import timezone

from applications.services.round import send_scenario
from tests.factories.cases import caseworker, decision_maker, impartial, make_call, make_proposal
from tests.factories.register import appropriate
from tests.factories.rounds import make_cases, make_scenario


def make_rounds() -> dict[str, Any]:
    """Things by name, as the addresses need them."""
    appropriate(post="62", year=timezone.localdate().year)
    call = make_call(title_nb="Utviklingsmidler", title_nn="Utviklingsmidlar", envelope_ore=1_900_000_00)
    cases = make_cases((6, 5, 4, 3, 3, None, 2), call=call, unmet=(6,))
    for case in cases[:2]:
        make_proposal(case)
    scenario = make_scenario(cases[2:5], 400_000_00, 250_000_00, 0)
    make_scenario(cases[2:5], 500_000_00, 500_000_00, 250_000_00, name="Flere får")
    impartial(decision_maker(), call)
    sent = make_cases((5, 4))
    batch = send_scenario(make_scenario(sent), version=1, by=caseworker())
    return {
        "round": call,
        "cases": cases,
        "scenario": scenario,
        "batch": batch,
        "case_at_work": cases[2],
        "case_proposed": cases[0],
    }

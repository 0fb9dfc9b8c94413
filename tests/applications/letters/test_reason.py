"""The draft of a reason says what stands in the case, in the applicant's form of Norwegian, and nothing more."""

from decimal import Decimal
from typing import Any

import pytest

from applications.letters.reason import Cut, draft_reason

CRITERIA = [
    {"code": "goals", "weight": 2, "text": {"nb": "Mål og resultater", "nn": "Mål og resultat"}},
    {"code": "plan", "weight": 1, "text": {"nb": "Gjennomføring", "nn": "Gjennomføring"}},
]
MET = {"sentence": "Minst fem medlemmer.", "citation": "§ 3", "met": True, "rulings": []}
SCORES = [
    {"criterion": "goals", "points": 5, "reason": "Klare mål."},
    {"criterion": "plan", "points": 2, "reason": "Svak plan."},
    {"criterion": "goals", "points": 4, "reason": "Kan etterprøves."},
]


def grounds(**changes: Any) -> dict[str, Any]:
    return {"findings": [MET], "scores": SCORES, "total": "3.67"} | changes


def draft(grounds: dict[str, Any], amount: int = 400_00, language: str = "nb", cut: Cut | None = None) -> list[str]:
    """The paragraphs of the draft."""
    text = draft_reason(grounds, CRITERIA, amount_ore=amount, applied_ore=500_00, language=language, cut=cut)
    return text.split("\n\n")


def test_conditions_assessment_and_amount_stand_in_a_paragraph_each():
    assert draft(grounds()) == [
        "Søknaden oppfyller vilkårene for tilskudd.",
        "I den faglige vurderingen fikk søknaden 3,67 av 6 poeng.\n"
        "Mål og resultater (5 poeng): Klare mål.\n"
        "Mål og resultater (4 poeng): Kan etterprøves.\n"
        "Gjennomføring (2 poeng): Svak plan.",
        "Dere søkte om 500 kroner. Vi innvilger 400 kroner.",
    ]


def test_it_is_written_in_nynorsk_to_who_chose_it():
    first, second, third = draft(grounds(), language="nn")

    assert first == "Søknaden oppfyller vilkåra for tilskot."
    assert "I den faglege vurderinga" in second and "Mål og resultat (5 poeng)" in second
    assert third == "De søkte om 500 kroner. Vi innvilgar 400 kroner."


def test_a_condition_that_is_not_met_is_named_with_its_citation_and_the_ruling():
    unmet = MET | {"met": False, "rulings": [{"met": False, "reason": "Registeret viser fire.", "by": "x"}]}

    first, *_, last = draft(grounds(findings=[MET, unmet]), amount=0)

    assert first == "Søknaden oppfyller ikke dette vilkåret: Minst fem medlemmer. (§ 3) Registeret viser fire."
    assert last == "Vi avslår søknaden."


@pytest.mark.parametrize("findings", [[], [MET | {"met": None}]])
def test_nothing_is_said_of_conditions_that_nobody_has_settled(findings):
    assert not any("vilkår" in paragraph for paragraph in draft(grounds(findings=findings)))


def test_nothing_is_said_of_an_assessment_that_was_not_made():
    assert draft(grounds(scores=[], total=None), amount=500_00) == [
        "Søknaden oppfyller vilkårene for tilskudd.",
        "Vi innvilger hele beløpet dere søkte om, 500 kroner.",
    ]


def test_the_cut_is_told_only_to_those_below_it():
    cut = Cut(900_00, Decimal("4.00"))

    assert draft(grounds(), amount=0, cut=cut)[-1] == (
        "Rammen for utlysningen er 900 kroner. Søknadene som får tilskudd, fikk 4,00 poeng eller mer. Vi avslår søknaden."
    )
    assert draft(grounds(total="4.00"), amount=0, cut=cut)[-1] == "Vi avslår søknaden."
    assert draft(grounds(total=None), amount=0, cut=cut)[-1] == "Vi avslår søknaden."


def test_what_caseworkers_write_is_taken_as_it_stands():
    text = draft(grounds(scores=[{"criterion": "plan", "points": 1, "reason": "{total} <b> %s {0}"}]))[1]

    assert text.endswith("Gjennomføring (1 poeng): {total} <b> %s {0}")

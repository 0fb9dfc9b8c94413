"""`manage.py law`: the list, one scheme on a day, JSON alone on standard output, and one clear line on bad input."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from grants.law.rates.lookup import history
from grants.law.registry import SCHEMES


def law(*args: str) -> str:
    out = StringIO()
    call_command("law", *args, stdout=out)
    return out.getvalue()


def law_data(*args: str) -> Any:
    return json.loads(law(*args, "--json"))


def test_all_18_are_listed_with_their_post() -> None:
    lines = law().splitlines()
    for code, scheme in SCHEMES.items():
        [line] = [line for line in lines if line.split()[:1] == [code]]
        assert f"{scheme.chapter}/{scheme.post}" in line


def test_the_list_as_json() -> None:
    assert [one["code"] for one in law_data()] == list(SCHEMES)


def test_one_scheme_reads_like_its_regulation() -> None:
    text = law("integration", "--on", "2017-06-01")
    for part in (
        "Integreringstilskudd", "Hjemmel", "Rundskriv 01/2017", "Målgruppe", "kommuner", "Beregning", "235 000",
        "70 500", "164 200", "AR-1 EV", "01.03.2017", "05.12.2017", "Klage", "Ingen særskilt rapport",
    ):  # fmt: skip
        assert part in text, part
    for rule in SCHEMES["integration"].rules:
        assert rule.citation.split(";")[0] in text


@pytest.mark.parametrize("code", SCHEMES)
def test_every_scheme_can_be_printed_on_any_day(code: str) -> None:
    for day in ("2016-02-29", "2017-06-01", "2018-06-01"):
        text = law(code, "--on", day)
        assert SCHEMES[code].name.nb.split()[0] in text
        assert "None" not in text


def test_one_scheme_as_json() -> None:
    found = law_data("integration", "--on", "2017-06-01")
    assert found["code"] == "integration"
    rates = {rate["name"]: rate for rate in found["rates"]}
    assert int(rates["year_1_single_adult"]["value"]) == 235_000_00
    assert all(rate["citation"] and rate["certainty"] for rate in rates.values())
    assert all(rule["citation"] for rule in found["rules"])


def test_a_day_without_rates_says_so_and_shows_no_amount_of_another_year() -> None:
    assert law_data("integration", "--on", "2018-01-01")["rates"] == []
    text = law("integration", "--on", "2018-01-01")
    assert "Ingen sats" in text
    assert "235 000" not in text


def test_norwegian_training_has_no_rates_in_2017() -> None:
    assert law_data("norwegian_training", "--on", "2017-06-01")["rates"] == []
    assert len(law_data("norwegian_training", "--on", "2018-06-01")["rates"]) == 6


@pytest.mark.parametrize(
    "args",
    [("integratin",), ("", "--on", "yesterday"), ("integration", "--on", "2017-02-29"), ("kum", "--on", "1.6.2017")],
)
def test_bad_input_is_one_clear_error(args: tuple[str, ...]) -> None:
    with pytest.raises(CommandError) as refusal:
        law(*args)
    assert "\n" not in str(refusal.value)


def test_every_rate_is_named_in_norwegian():
    untitled = [
        f"{code}.{name}"
        for code in SCHEMES
        for name, rows in history(code).items()
        if not all(row.title for row in rows)
    ]
    assert untitled == []


def test_a_scheme_shows_its_parameters_and_the_list_the_transfers_outside_the_schemes():
    assert "elderly_age = 60" in law("integration", "--on", "2017-06-01")
    assert law_data("integration", "--on", "2017-06-01")["calendar"][3]["paid_on"] == "2017-12-05"
    assert "interpreters" in law()

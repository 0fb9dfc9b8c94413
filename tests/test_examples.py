"""The worked examples in tests/examples: every line comes out, no more and no fewer, and every verdict."""

import tomllib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from grants.law.errors import LawError
from grants.law.rates.lookup import rates_on
from grants.law.registry import SCHEMES
from grants.law.registry import scheme as scheme_of
from grants.law.rule import Facts
from grants.models import EntitlementLine, Person
from grants.services.approve_run import approve_run
from grants.services.mark_paid import mark_paid
from grants.services.prepare_run import prepare_run
from grants.shared.errors import Refused
from tests.factories.register import appropriate, claim, finance, happen, request, settle

FOLDER = Path(__file__).parent / "examples"
EXAMPLE_KEYS = {"title", "because", "settled", "events", "requests", "claims", "runs", "lines", "refused"}
RULE_KEYS = {"title", "rule", "facts", "verdict"}


def files() -> dict[str, dict[str, Any]]:
    """The example files by scheme, each read strictly: a misspelled key would show nothing."""
    found = {}
    for path in sorted(FOLDER.glob("*.toml")):
        content = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
        assert set(content) <= {"scheme", "example", "rule"}, path.name
        assert content["scheme"] == path.stem, path.name
        for example in content.get("example", []):
            assert set(example) <= EXAMPLE_KEYS, (path.name, example["title"])
            assert ("lines" in example) != ("refused" in example), (path.name, example["title"])
        for rule in content.get("rule", []):
            assert set(rule) == RULE_KEYS, (path.name, rule["title"])
        found[path.stem] = content
    return found


FILES = files()
EXAMPLES = [(scheme, example) for scheme, content in FILES.items() for example in content.get("example", [])]
RULES = [(scheme, rule) for scheme, content in FILES.items() for rule in content.get("rule", [])]


def named(pairs: list[tuple[str, dict[str, Any]]]) -> list[Any]:
    return [pytest.param(scheme, of, id=f"{scheme}: {of['title']}") for scheme, of in pairs]


def test_every_scheme_has_examples():
    assert set(FILES) == set(SCHEMES)


@pytest.mark.parametrize(("scheme", "rule"), named(RULES))
def test_a_verdict(scheme: str, rule: dict[str, Any]):
    [tried] = [known for known in scheme_of(scheme).rules if known.name == rule["rule"]]

    assert tried.outcome(Facts(rule["facts"]), rates_on(scheme, date(2017, 1, 1))).verdict.value == rule["verdict"]


@pytest.mark.django_db
@pytest.mark.parametrize(("scheme", "example"), named(EXAMPLES))
def test_an_example(scheme: str, example: dict[str, Any]):
    law = scheme_of(scheme)
    for year in (2017, 2018):
        appropriate(law.chapter, law.post, year=year)
    enter(scheme, example, after="")
    runs = example["runs"].split()
    if "refused" in example:
        with pytest.raises((Refused, LawError), match=example["refused"]):
            for run in runs:
                book(scheme, run)
        return
    found = []
    for run in runs:
        found += book(scheme, run)
        enter(scheme, example, after=run)
    assert table(found) == table(expected(example["lines"])), f"{example['title']} ({example['because']})"


def book(scheme: str, run: str) -> list[tuple[str, str, str, str, int]]:
    """Prepare, approve and pay a run: its lines as an example writes them."""
    year, term = map(int, run.split("-"))
    done = approve_run(prepare_run(scheme, year, term, by=finance("a")), by=finance("b"))
    mark_paid(done, by=finance("a"))
    return [
        (run, line.municipality_number, line.code, f"{line.origin_year}-{line.origin_term}", line.amount_ore)
        for line in EntitlementLine.objects.filter(run=done)
    ]


def expected(text: str) -> Iterator[tuple[str, str, str, str, int]]:
    for line in text.strip().splitlines():
        run, municipality, *code, term, kroner = line.split()
        yield run, municipality, " ".join(code), term, int(Decimal(kroner) * 100)


def table(lines: Any) -> str:
    return "\n".join(f"{a}  {b}  {c}  {d}  {ore / 100:.2f}" for a, b, c, d, ore in sorted(lines))


def enter(scheme: str, example: dict[str, Any], *, after: str) -> None:
    """What is entered after a run, or before the first."""
    for kind, reader in (("settled", _settled), ("events", _event), ("requests", _request), ("claims", _claim)):
        for text in example.get(kind, []):
            facts, _, known = text.partition(";")
            if known.strip().removeprefix("known after ") == after:
                reader(scheme, facts.split())


def _settled(scheme: str, words: list[str]) -> None:
    ref, settled_on, born, born_on, category, within, municipality, *rest = words
    assert (born, within) == ("born", "in"), words
    more = " ".join(rest)
    assert more in ("", "3 years", "institution", "not requested"), words
    settle(
        ref, settled_on, born_on=date.fromisoformat(born_on), category=category, municipality_number=municipality,
        grant_years=3 if more == "3 years" else 5, from_institution=more == "institution",
        counts_for_request=more != "not requested",
    )  # fmt: skip


def _event(scheme: str, words: list[str]) -> None:
    ref, on, kind, *municipality = words
    happen(Person.objects.get(person_ref=ref), kind, on, *municipality)


def _request(scheme: str, words: list[str]) -> None:
    municipality, number = words
    request(municipality, int(number))


def _claim(scheme: str, words: list[str]) -> None:
    ref, person, municipality, *pairs = words
    said = dict(zip(pairs[::2], pairs[1::2], strict=True))
    on = date.fromisoformat(said.pop("on"))
    facts: dict[str, Any] = {"on": on, "year": int(said.pop("year", on.year)), "municipality_number": municipality}
    facts |= {"kind": said.pop("kind", ""), "costs_ore": int(said.pop("costs", 0)) * 100}
    facts |= {"quantity": int(said.pop("places", 0)), "months": int(said.pop("months", 0))}
    assert not said, words
    if person != "-":
        facts["person"] = Person.objects.get_or_create(person_ref=person)[0]
    claim(scheme, ref, **facts)

"""What a rule saw, as it is kept on a finding and as people read it: amounts in kroner, shares in per cent, with names."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.formats import date_format
from django.utils.translation import get_language

from applications.models import Finding
from grants.law.rule import Finding as Tried
from grants.law.rule import Verdict
from grants.shared.money import NO_BREAK_SPACE, kr

# What the facts are called when a finding is told, in bokmål and nynorsk.
Words = tuple[str, str]
FACTS: dict[str, Words] = {
    "share_of_immigrants": ("innvandrere fra landgruppe 2", "innvandrarar frå landgruppe 2"),
    "refugees": ("flyktninger med under fem års botid", "flyktningar med under fem års butid"),
    "own_ore": ("egne midler", "eigne midlar"),
    "applied_ore": ("søknadsbeløpet", "søknadsbeløpet"),
    "costs_ore": ("kostnadene", "kostnadene"),
    "organisation_kind": ("søkeren er", "søkjaren er"),
    "part": ("del av ordningen", "del av ordninga"),
    "participants": ("deltakere", "deltakarar"),
    "has_agreement": ("intensjonsavtale eller avtale", "intensjonsavtale eller avtale"),
    "has_assignment": ("oppdrag fra kommunen", "oppdrag frå kommunen"),
    "runs_a_centre": ("driver mottak", "driv mottak"),
    "declared_economic_activity": ("opplyst om økonomisk aktivitet", "opplyst om økonomisk aktivitet"),
    "is_named": ("nevnt i budsjettvedtaket", "nemnd i budsjettvedtaket"),
    "arose_before_settlement": ("oppsto før bosettingen", "oppsto før busetjinga"),
    "settled_by_agreement": ("bosatt etter avtale", "busett etter avtale"),
    "months_since_settlement": ("måneder siden bosettingen", "månader sidan busetjinga"),
    "lives_in_the_municipality": ("bosatt i kommunen", "busett i kommunen"),
    "grant_year": ("tilskuddsår", "tilskotsår"),
    "last_grant_year": ("siste tilskuddsår", "siste tilskotsår"),
    "claimed_before": ("innvilget for et tidligere år", "innvilga for eit tidlegare år"),
    "granted_already": ("innvilget fra før", "innvilga frå før"),
    "has_consent": ("samtykke", "samtykke"),
    "places": ("plasser i kravet", "plassar i kravet"),
    "months": ("måneder i kravet", "månader i kravet"),
    "agreed_places": ("plasser i avtalen", "plassar i avtalen"),
    "has_confirmed": ("bekreftet", "stadfesta"),
    "age": ("alder", "alder"),
}
AT_LEAST = ("krav: minst {}", "krav: minst {}")
# Which fact a rate is held against, and how that is said.
DEMANDS: dict[str, tuple[str, Words]] = {
    "least_share_of_immigrants": ("share_of_immigrants", AT_LEAST),
    "least_refugees": ("refugees", AT_LEAST),
    "least_participants_a": ("participants", AT_LEAST),
    "least_own_share": ("own_ore", ("krav: minst {} av søknadsbeløpet", "krav: minst {} av søknadsbeløpet")),
}
KINDS: dict[str, Words] = {
    "municipality": ("kommune", "kommune"),
    "county": ("fylkeskommune", "fylkeskommune"),
    "ngo": ("frivillig organisasjon", "frivillig organisasjon"),
    "enterprise": ("foretak", "føretak"),
    "directorate": ("direktorat", "direktorat"),
}
UNKNOWN = ("ikke oppgitt", "ikkje oppgitt")
YES, NO = ("ja", "ja"), ("nei", "nei")
# How findings from before `looked_at` wrote several values at once.
WRITTEN_TOGETHER = {
    "has_enough_immigrants_or_refugees": ("share_of_immigrants", "refugees"),
    "brings_own_money": ("own_ore", "applied_ore"),
}


class Seen(NamedTuple):
    """One value that a rule asked for: its name, unit, value as text (None: unknown), and where it came from."""

    name: str
    unit: str
    value: str | None
    source: str


def looked_at(tried: Tried, sources: Mapping[str, str]) -> dict[str, list[list[str | None]]]:
    """What a rule asked for, as JSON keeps it: the facts and the rates, in the order in which they were asked for."""
    return {
        "facts": [list(_seen(name, value, sources.get(name, ""))) for name, value in tried.facts.items()],
        "rates": [list(_seen(name, value, "")) for name, value in tried.rates.items()],
    }


def in_words(finding: Finding) -> str:
    """What the rule saw, as a sentence: «Innvandrere fra landgruppe 2: 7,5 % (krav: minst 5 %). Flyktninger: 120.»"""
    seen, asked = _parts(finding)
    if not seen:
        return _sentence(finding.saw) if finding.verdict == Verdict.NEEDS_A_HUMAN.value else finding.saw
    told = [_told(one, asked.get(one.name)) for one in seen]
    return " ".join(_sentence(part) for part in told)


def _seen(name: str, value: Any, source: str) -> Seen:
    return Seen(name, _unit(name, value), None if value is None else _written(value), source)


def _unit(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "yes_no"
    if name.endswith("_ore"):
        return "ore"
    if isinstance(value, Decimal):
        return "share"
    if isinstance(value, date):
        return "day"
    return "count" if isinstance(value, int) else "text"


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else str(value)


def _parts(finding: Finding) -> tuple[list[Seen], dict[str, Seen]]:
    """The facts that the rule saw, and what each was held against."""
    if finding.looked_at is None:
        return list(_from_before(finding)), {}
    facts = [Seen(*one) for one in finding.looked_at["facts"]]
    rates = [Seen(*one) for one in finding.looked_at["rates"]]
    return facts, {DEMANDS[rate.name][0]: rate for rate in rates if rate.name in DEMANDS}


def _from_before(finding: Finding) -> Iterable[Seen]:
    """The values of an older finding, which were written as Python shows them: «(Decimal('0.075'), 120)»."""
    names = WRITTEN_TOGETHER.get(finding.rule)
    if names is None or not finding.saw.startswith("("):
        return
    values = re.sub(r"Decimal\('([^']*)'\)", r"\1", finding.saw).strip("()").split(", ")
    for name, value in zip(names, values, strict=False):
        unit = "ore" if name.endswith("_ore") else "share" if "." in value else "count"
        yield Seen(name, unit, None if value == "None" else value, finding.source)


def _told(one: Seen, asked: Seen | None) -> str:
    name = _in_language(FACTS[one.name]) if one.name in FACTS else one.name.replace("_", " ")
    between = " " if one.name == "organisation_kind" else ": "
    demand = f" ({_in_language(DEMANDS[asked.name][1]).format(_value(asked))})" if asked else ""
    return f"{name}{between}{_value(one)}{demand}"


def _value(one: Seen) -> str:
    if one.value is None:
        return _in_language(UNKNOWN)
    if one.unit == "ore":
        return f"{kr(int(one.value))}{NO_BREAK_SPACE}kr"
    if one.unit == "share":
        return f"{(Decimal(one.value) * 100).normalize():f}".replace(".", ",") + f"{NO_BREAK_SPACE}%"
    if one.unit == "count":
        return kr(int(one.value) * 100)
    if one.unit == "yes_no":
        return _in_language(YES if one.value == "yes" else NO)
    if one.unit == "day":
        return str(date_format(date.fromisoformat(one.value), f"j.{NO_BREAK_SPACE}F{NO_BREAK_SPACE}Y"))
    return _in_language(KINDS[one.value]) if one.value in KINDS else one.value


def _sentence(text: str) -> str:
    text = text.strip().removesuffix(".")
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _in_language(words: Words) -> str:
    return words[1] if get_language() == "nn" else words[0]

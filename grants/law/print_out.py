"""A scheme as a document: what one can put before a lawyer, with every rate and rule cited."""

from collections.abc import Iterator
from datetime import date
from textwrap import wrap
from typing import Any

from grants.law.assumptions import assumptions_of
from grants.law.other_transfers import OTHER_TRANSFERS
from grants.law.rates.lookup import Rate, history
from grants.law.registry import SCHEMES
from grants.law.scheme import Scheme

WIDTH = 100
CERTAINTY = {
    "V": "bekreftet i offentlig kilde", "R": "IMDis årsrapport 2017", "I": "utledet", "G": "allmenn kunnskap, ikke kontrollert",
}  # fmt: skip
RECIPIENTS = {
    "municipality": "kommuner", "county": "fylkeskommuner", "ngo": "frivillige organisasjoner",
    "enterprise": "virksomheter",
}  # fmt: skip


def overview() -> Iterator[str]:
    """One line per scheme."""
    yield f"{'Kode':<23}{'Kap./post':<11}{'Slag':<24}Ordning"
    for scheme in SCHEMES.values():
        yield f"{scheme.code:<23}{scheme.chapter}/{scheme.post:<6}{scheme.kind.value:<24}{scheme.name.nb[:70]}"
    yield ""
    yield "Overføringer utenfor ordningene"
    for other in OTHER_TRANSFERS:
        yield f"{other.code:<23}{other.chapter}/{other.post:<6}{'':<24}{other.name}"


def document(scheme: Scheme, on: date) -> Iterator[str]:
    """The scheme's regulation with the rules and rates in force on a day."""
    yield scheme.name.nb
    yield "=" * min(len(scheme.name.nb), WIDTH)
    yield from _paragraph(f"{scheme.name.nn} / {scheme.name.en}")
    yield f"Kode {scheme.code}. Kapittel {scheme.chapter}, post {scheme.post}. Gjelder slik det er kjent for {on:%d.%m.%Y}."
    yield from _section("Hjemmel", scheme.legal_basis)
    yield from _section("Mål", scheme.purpose.nb)
    yield from _section("Målgruppe", scheme.target_group)
    yield from _section("Hvem kan få tilskudd", ", ".join(RECIPIENTS[kind] for kind in scheme.recipients))
    if scheme.sub_schemes:
        yield from _list("Deler", (f"{part.name.nb}. {part.about}".strip() for part in scheme.sub_schemes))
    yield from _list(
        "Vilkår",
        (f"{rule.sentence} [{rule.citation}; {CERTAINTY[rule.certainty]}] ({rule.name})" for rule in scheme.rules),
    )
    if scheme.criteria:
        yield from _list("Vurderingskriterier", (f"{each.text.nb} (vekt {each.weight})" for each in scheme.criteria))
    yield from _section("Beregning", scheme.calculation)
    if scheme.codes:
        yield from _section("Koder", ", ".join(scheme.codes))
    if scheme.calendar:
        yield from _list("Terminer", (_term(scheme, number, on.year) for number in scheme.calendar.numbers))
    if scheme.deadline:
        yield from _section("Frist", scheme.deadline)
    yield from _list(
        f"Satser per {on:%d.%m.%Y}",
        (_rate(rate) for rate in rates_in_force(scheme, on)),
        none="Ingen sats er kjent for denne dagen.",
    )
    if scheme.assumptions:
        yield from _list("Forutsetninger der kildene tier", iter(scheme.assumptions))
    yield from _list(
        "Forutsetninger som kan settes (assumptions.toml)",
        (f"{name} = {value}" for name, value in sorted(assumptions_of(scheme.code).items())),
    )
    yield from _section("Rapportering og kontroll", scheme.reporting)
    yield from _section("Klage", scheme.appeal)
    if scheme.unknowns:
        yield from _list("Ikke kjent", (f"{each.what} {each.consequence}" for each in scheme.unknowns))


def rates_in_force(scheme: Scheme, on: date) -> list[Rate]:
    """The rates of a scheme on a day, in the order of the file."""
    return [rate for rows in history(scheme.code).values() for rate in rows if rate.valid_from <= on <= rate.valid_to]


def as_data(scheme: Scheme, on: date) -> dict[str, Any]:
    """The same for machines."""
    return {
        "code": scheme.code, "name": scheme.name._asdict(), "chapter": scheme.chapter, "post": scheme.post,
        "kind": scheme.kind.value, "legal_basis": scheme.legal_basis, "purpose": scheme.purpose._asdict(),
        "target_group": scheme.target_group, "recipients": list(scheme.recipients), "codes": list(scheme.codes),
        "sub_schemes": [{"code": part.code, "name": part.name._asdict()} for part in scheme.sub_schemes],
        "rules": [{"name": r.name, "sentence": r.sentence, "citation": r.citation, "certainty": r.certainty} for r in scheme.rules],
        "criteria": [{"code": c.code, "text": c.text._asdict(), "weight": c.weight} for c in scheme.criteria],
        "calculation": scheme.calculation, "reporting": scheme.reporting, "assumptions": list(scheme.assumptions),
        "parameters": assumptions_of(scheme.code), "deadline": scheme.deadline, "appeal": scheme.appeal,
        "calendar": [
            {"term": n, "cutoff": scheme.calendar.cutoff(on.year, n).isoformat(),
             "paid_on": scheme.calendar.paid_on(on.year, n).isoformat()}
            for n in scheme.calendar.numbers
        ] if scheme.calendar else [],
        "unknowns": [{"what": u.what, "consequence": u.consequence} for u in scheme.unknowns],
        "rates": [
            {"name": r.name, "title": r.title, "value": str(r.value), "unit": r.unit, "valid_from": r.valid_from.isoformat(),
             "valid_to": r.valid_to.isoformat(), "citation": r.citation, "certainty": r.certainty}
            for r in rates_in_force(scheme, on)
        ],
    }  # fmt: skip


def _rate(rate: Rate) -> str:
    if rate.unit == "ore":
        kroner, ore = divmod(int(rate.value), 100)
        shown = f"{kroner:,}".replace(",", " ") + (f",{ore:02d}" if ore else "") + " kroner"
    elif rate.unit == "share":
        shown = f"{rate.value * 100:f} prosent".replace(".", ",")
    else:
        shown = str(rate.value)
    named = f"{rate.title} ({rate.name})" if rate.title else rate.name
    return f"{named}: {shown}, {rate.valid_from:%d.%m.%Y} til {rate.valid_to:%d.%m.%Y} [{rate.citation}; {CERTAINTY[rate.certainty]}]"


def _term(scheme: Scheme, number: int, year: int) -> str:
    if scheme.calendar is None:
        return ""
    cutoff, paid = scheme.calendar.cutoff(year, number), scheme.calendar.paid_on(year, number)
    return f"Termin {number}: skjæringsdato {cutoff:%d.%m.%Y}, betales {paid:%d.%m.%Y}"


def _section(title: str, text: str) -> Iterator[str]:
    yield ""
    yield title
    yield from _paragraph(text, "  ")


def _list(title: str, items: Iterator[str], none: str = "") -> Iterator[str]:
    yield ""
    yield title
    found = list(items)
    for number, item in enumerate(found, start=1):
        first, *rest = wrap(item, WIDTH - 6)
        yield f"  {number:>2}. {first}"
        yield from (f"      {line}" for line in rest)
    if not found and none:
        yield f"  {none}"


def _paragraph(text: str, indent: str = "") -> Iterator[str]:
    yield from wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent)

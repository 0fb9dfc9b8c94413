"""Set our own sums beside those the directorate has published. Published figures are for comparison, never for figures."""

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from grants.shared.money import kr
from reporting.reports.tables import Table

FOLDER = Path(__file__).resolve().parent.parent / "data"


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure of ours beside the published one, in whole kroner."""

    what: str
    own_kroner: int
    published_kroner: int

    @property
    def difference_kroner(self) -> int:
        return self.own_kroner - self.published_kroner

    def as_dict(self) -> dict[str, Any]:
        return asdict(self) | {"difference_kroner": self.difference_kroner}


@dataclass(frozen=True, slots=True)
class Comparison:
    """All figures that are known as published for a year, and what must be said about them."""

    source: str
    lines: tuple[Compared, ...]
    remarks: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        return {"source": self.source, "lines": [line.as_dict() for line in self.lines], "remarks": list(self.remarks)}


@lru_cache(maxsize=8)
def published(year: int) -> Mapping[str, Any] | None:
    """The published figures of a year, or None where none are recorded."""
    file = FOLDER / f"published_{year}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else None


def compare(year: int, tables: Mapping[str, Table]) -> Comparison | None:
    """Our figures beside the published ones, or None where nothing is published."""
    known = published(year)
    if known is None:
        return None
    expenses = tables["bevilgningsrapportering"].sum_of("regnskap")
    income = tables["inntekter"].sum_of("regnskap")
    own = {
        "appropriated": ("Samlet tildeling", tables["bevilgningsrapportering"].sum_of("samlet_tildeling")),
        "expenses": ("Sum utgiftsført", expenses),
        "income": ("Sum inntektsført", income),
        "net": ("Netto rapportert til bevilgningsregnskapet", expenses - income),
        "may_carry": ("Mulig overførbart beløp", tables["note_b"].sum_of("mulig_overforbart")),
        "recipients": ("Sum tilskudd etter mottakergruppe", tables["note_7"].sum_of(f"belop_{year}")),
    }
    lines = [Compared(own[key][0], own[key][1], amount) for key, amount in known["sums"].items()]
    lines += _by_post(known["expense"], tables["bevilgningsrapportering"], "spent")
    lines += _by_post(known["income_post"], tables["inntekter"], "received")
    lines += _by_name(known["recipient"], tables["note_7"], "mottakergruppe", f"belop_{year}", "group", "paid")
    lines += _by_name(
        known["application_scheme"], tables["soknadsbaserte"], "ordning", "innvilget_kroner", "name", "granted"
    )
    lines += _by_name(known["earmarked"], tables["oremerkede"], "ordning", "totalbelop_kroner", "name", "granted")
    return Comparison(known["source"], tuple(lines), tuple(_remarks(known)))


def _by_post(listed: list[dict[str, Any]], table: Table, amount: str) -> list[Compared]:
    rows = {(row["kapittel"], row["post"]): row for row in table.as_dicts()}
    found = []
    for one in listed:
        row = rows.get((one["chapter"], one["post"]))
        text = f" {row['posttekst']}" if row else ""
        found.append(
            Compared(f"{one['chapter']}/{one['post']}{text}", int(row["regnskap"] or 0) if row else 0, one[amount])
        )
    return found


def _by_name(
    listed: list[dict[str, Any]], table: Table, label: str, column: str, name: str, amount: str
) -> list[Compared]:
    own = {row[label]: int(row[column] or 0) for row in table.as_dicts()}
    return [Compared(one[name], own.get(one[name], 0), one[amount]) for one in listed]


def _remarks(known: Mapping[str, Any]) -> list[str]:
    """Where a published total is not the sum of its own printed lines, say so."""
    printed = sum(one["spent"] for one in known["expense"])
    distance = printed - known["sums"]["expenses"]
    if not distance:
        return []
    way = "lavere" if distance > 0 else "høyere"
    return [
        f"Den publiserte summen av utgifter ({kr(known['sums']['expenses'] * 100)}) er {kr(abs(distance) * 100)} krone "
        f"{way} enn summen av de publiserte linjene ({kr(printed * 100)}). Rapporten her viser summen av linjene."
    ]

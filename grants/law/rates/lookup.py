"""Look a rate up. There is no "current" rate: the caller says which day counts.

A rate file is read strictly: rows that overlap, a gap without a stated reason, a missing citation, an unknown key or an
amount that is no plain number refuse the file. A further folder (tests, what-ifs) is named by TILSKUDD_RATES.
"""

import os
import re
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from grants.law.errors import BadRates, NoRateInForce

FOLDER = Path(__file__).parent
REQUIRED = ("valid_from", "value", "unit", "citation", "certainty")
ALLOWED = {*REQUIRED, "title", "valid_to", "source", "gap", "note"}
UNITS = ("ore", "share", "count")
CERTAINTIES = ("V", "R", "I", "G")
_PLAIN = {"ore": re.compile(r"[0-9]{1,15}", re.ASCII), "count": re.compile(r"[0-9]{1,9}", re.ASCII)}
_SHARE = re.compile(r"[0-9]{1,3}(\.[0-9]{1,6})?", re.ASCII)


@dataclass(frozen=True)
class Rate:
    """A number from the law: øre, a count or a share, in force from a day to a day."""

    scheme: str
    name: str
    valid_from: date
    valid_to: date
    value: int | Decimal
    unit: str
    citation: str
    certainty: str
    title: str = ""


# Inside `forecasting`: the rates that were not decided and taken as the last ones known, by scheme, name and year.
_GUESSED: ContextVar[set[tuple[str, str, int]] | None] = ContextVar("guessed", default=None)


@contextmanager
def forecasting() -> Iterator[set[tuple[str, str, int]]]:
    """Until the block ends, a rate that is not decided for a year is the last one known, and is noted (A23).

    For forecasts alone: nothing that is worked out here is ever booked or paid.
    """
    token = _GUESSED.set(set())
    try:
        guessed = _GUESSED.get()
        assert guessed is not None
        yield guessed
    finally:
        _GUESSED.reset(token)


def rate(scheme: str, name: str, *, on: date) -> Rate:
    """The rate in force on a day, or a stop that says what is missing and where to add it."""
    rows = history(scheme).get(name, ())
    in_force = [row for row in rows if row.valid_from <= on <= row.valid_to]
    guessed, before = _GUESSED.get(), [row for row in rows if row.valid_from <= on]
    if not in_force and guessed is not None and before:
        guessed.add((scheme, name, on.year))
        return before[-1]
    if not in_force:
        raise NoRateInForce(
            f'The rate "{name}" of {scheme} for {on.year} is not known. Add a dated row with its citation '
            f"to grants/law/rates/{scheme}.toml, or to the folder named by TILSKUDD_RATES.",
            name=name,
            year=on.year,
        )
    [the_one] = in_force  # overlapping rows are refused when the file is read
    return the_one


def rates_on(scheme: str, on: date) -> Callable[[str], int | Decimal]:
    """All rates of a scheme on a day, asked for by name."""
    return lambda name: rate(scheme, name, on=on).value


def history(scheme: str) -> dict[str, tuple[Rate, ...]]:
    """Every row of a scheme's rates, by name, in the order of their days."""
    return _history(scheme, os.environ.get("TILSKUDD_RATES", ""))


@cache
def _history(scheme: str, further: str) -> dict[str, tuple[Rate, ...]]:
    if further and not Path(further).is_dir():
        raise BadRates(f'TILSKUDD_RATES names "{further}", which is no folder.')
    rows: dict[str, list[tuple[Rate, bool]]] = {}
    for folder in (FOLDER, *([Path(further)] if further else [])):
        for name, found in read_file(folder / f"{scheme}.toml", scheme).items():
            rows.setdefault(name, []).extend(found)
    return {name: _in_order(scheme, name, found) for name, found in rows.items()}


def read_file(path: Path, scheme: str) -> dict[str, list[tuple[Rate, bool]]]:
    """The rows of one file by rate name, each with whether a gap before it is explained. No file: no rows."""
    if not path.is_file():
        return {}
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as broken:
        raise BadRates(f"{path.name} is not valid TOML: {broken}") from broken
    for name, rows in content.items():
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise BadRates(f"{path.name}, {name}: a rate is written as rows, each under [[{name}]].")
    return {
        name: [(_rate(path, scheme, name, number, row), "gap" in row) for number, row in enumerate(rows, start=1)]
        for name, rows in content.items()
    }


def _rate(path: Path, scheme: str, name: str, number: int, row: dict[str, Any]) -> Rate:
    where = f"{path.name}, {name}, row {number}"
    for key in REQUIRED:
        if not str(row.get(key, "")).strip():
            raise BadRates(f"{where}: {key} is missing.")
    for key in ("title", "citation", "source", "gap", "note"):
        if key in row and (not isinstance(row[key], str) or not row[key].strip()):
            raise BadRates(f"{where}: {key} is written as a text.")
    if unknown := set(row) - ALLOWED:
        raise BadRates(f"{where}: unknown key {', '.join(sorted(unknown))}.")
    if row["unit"] not in UNITS or row["certainty"] not in CERTAINTIES:
        raise BadRates(f"{where}: unit is one of {UNITS}, certainty one of {CERTAINTIES}.")
    valid_from, valid_to = row["valid_from"], row.get("valid_to", date.max)
    if type(valid_from) is not date or type(valid_to) is not date or valid_to < valid_from:
        raise BadRates(f"{where}: valid_from and valid_to are days, in that order.")
    return Rate(
        scheme, name, valid_from, valid_to, _value(where, row), row["unit"], row["citation"], row["certainty"],
        row.get("title", ""),
    )  # fmt: skip


def _value(where: str, row: dict[str, Any]) -> int | Decimal:
    text = row["value"]
    pattern = _PLAIN.get(row["unit"], _SHARE)
    if not isinstance(text, str) or not pattern.fullmatch(text):
        raise BadRates(f'{where}: value is a plain number as text, for example "18500000" øre; found {text!r}.')
    return Decimal(text) if row["unit"] == "share" else int(text)


def _in_order(scheme: str, name: str, rows: list[tuple[Rate, bool]]) -> tuple[Rate, ...]:
    rows = sorted(rows, key=lambda row: row[0].valid_from)
    for (before, _), (after, gap_explained) in pairwise(rows):
        if after.valid_from <= before.valid_to:
            raise BadRates(f"{scheme}, {name}: the rows from {before.valid_from} and {after.valid_from} overlap.")
        if after.valid_from > before.valid_to + timedelta(days=1) and not gap_explained:
            raise BadRates(
                f"{scheme}, {name}: nothing is known between {before.valid_to} and {after.valid_from}. "
                'Add the row, or write the reason as gap = "..." on the later one.'
            )
    return tuple(rate for rate, _ in rows)

"""The municipalities, when each existed and who took over: the 426 of 2017 and the merger of that year."""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "data" / "municipalities.csv"


@dataclass(frozen=True)
class Municipality:
    """A municipality with its number, its county and its time."""

    number: str
    name: str
    county_number: str
    county: str
    valid_from: date | None
    valid_to: date | None
    successor: str


def _read() -> dict[str, Municipality]:
    def day(text: str) -> date | None:
        return date.fromisoformat(text) if text else None

    with FILE.open(encoding="utf-8", newline="") as file:
        return {
            row["number"]: Municipality(
                row["number"], row["name"], row["county_number"], row["county"],
                day(row["valid_from"]), day(row["valid_to"]), row["successor"],
            )
            for row in csv.DictReader(file)
        }  # fmt: skip


MUNICIPALITIES = _read()


def find(number: str) -> Municipality | None:
    """The municipality of this number, whenever it existed."""
    return MUNICIPALITIES.get(number)


def exists(number: str, on: date) -> bool:
    """Did a municipality of this number exist on the day?"""
    found = MUNICIPALITIES.get(number)
    return found is not None and (found.valid_from or date.min) <= on <= (found.valid_to or date.max)


def existed_in(number: str, year: int) -> bool:
    """Did a municipality of this number exist on some day of a year?"""
    return exists(number, date(year, 1, 1)) or exists(number, date(year, 12, 31))


def name(number: str) -> str:
    """The municipality's name, or its number when it is not known."""
    found = MUNICIPALITIES.get(number)
    return found.name if found else number


@cache
def successor(number: str, on: date) -> str:
    """The municipality that has taken over by the day; itself while it exists."""
    found = MUNICIPALITIES.get(number)
    while found is not None and found.successor and found.valid_to is not None and found.valid_to < on:
        number = found.successor
        found = MUNICIPALITIES.get(number)
    return number

"""The lines of the year-end tables, in whole kroner. A line checks itself when it is made."""

from dataclasses import dataclass
from typing import Protocol

from grants.shared.errors import Refused
from reporting.figures.carry_over import CarryOver, Rule


class DoesNotAddUp(Refused):
    """A report adds up, or it does not exist. This is a fault of the system, never of the person who asked."""


def require(condition: bool, what: str, line: object) -> None:
    """Stop the report when a line or a total is not what its parts say."""
    if not condition:
        raise DoesNotAddUp(f"The report does not add up, so it was not made. {what}: {line}")


class Line(Protocol):
    """What every line can do: give its cells in the order of the table's columns."""

    def cells(self) -> tuple[int | str | None, ...]: ...


@dataclass(frozen=True, slots=True)
class AppropriationLine:
    """A post of expense as the ministry sees it: what was granted, what was spent, and the difference."""

    chapter: str
    post: str
    chapter_name: str
    post_text: str
    total_kroner: int | None
    spent_kroner: int
    unused_kroner: int | None
    keyword: str

    def __post_init__(self) -> None:
        if self.total_kroner is None or self.unused_kroner is None:
            require(self.total_kroner is self.unused_kroner, "Without an appropriation nothing is left of it", self)
        else:
            require(self.total_kroner - self.spent_kroner == self.unused_kroner, "Granted less spent is unused", self)

    def cells(self) -> tuple[int | str | None, ...]:
        return (
            self.chapter, self.post, self.chapter_name, self.post_text, self.total_kroner, self.spent_kroner,
            self.unused_kroner, self.keyword,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class IncomeLine:
    """A post of income. More or less income is asked only of the posts that the directorate answers for."""

    chapter: str
    post: str
    chapter_name: str
    post_text: str
    total_kroner: int
    received_kroner: int
    extra_kroner: int | None

    def __post_init__(self) -> None:
        if self.extra_kroner is not None:
            require(
                self.received_kroner - self.total_kroner == self.extra_kroner, "Received less expected is extra", self
            )

    def cells(self) -> tuple[int | str | None, ...]:
        return (
            self.chapter, self.post, self.chapter_name, self.post_text, self.total_kroner, self.received_kroner,
            self.extra_kroner,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class AllotmentLine:
    """Note A: how the appropriation is made up."""

    chapter: str
    post: str
    carried_in_kroner: int
    allotted_kroner: int
    total_kroner: int

    def __post_init__(self) -> None:
        require(self.carried_in_kroner + self.allotted_kroner == self.total_kroner, "Carried in and allotted", self)

    def cells(self) -> tuple[int | str | None, ...]:
        return (self.chapter, self.post, self.carried_in_kroner, self.allotted_kroner, self.total_kroner)


@dataclass(frozen=True, slots=True)
class CarryOverLine:
    """Note B: what may be carried over to next year, and why."""

    chapter: str
    post: str
    keyword: str
    unused_kroner: int
    extra_income_kroner: int
    result: CarryOver

    def __post_init__(self) -> None:
        require(self.unused_kroner + self.extra_income_kroner == self.result.basis_kroner, "Basis of carry-over", self)
        require(0 <= self.result.may_carry_kroner <= max(0, self.result.basis_kroner), "Never above the basis", self)
        limit = self.result.limit_kroner
        require(limit is None or self.result.may_carry_kroner <= max(0, limit), "Never above the limit", self)

    def cells(self) -> tuple[int | str | None, ...]:
        """As the directorate prints it: a limit is shown where it is a share of the appropriation, or where it cuts."""
        begin = (self.chapter, self.post, self.keyword, self.unused_kroner, self.extra_income_kroner)
        result = self.result
        if result.rule is Rule.ESTIMATE:
            return (*begin, "ikke aktuell", None, None)
        shown = result.limit_kroner if result.rule is Rule.FIVE_PERCENT or result.limit_bites else None
        return (*begin, result.basis_kroner, shown, result.may_carry_kroner)


@dataclass(frozen=True, slots=True)
class RecipientLine:
    """Note 7: what one group of recipients was paid. The year before is empty when nothing is known of it."""

    label: str
    this_year_kroner: int
    last_year_kroner: int | None

    def cells(self) -> tuple[int | str | None, ...]:
        return (self.label, self.this_year_kroner, self.last_year_kroner)


@dataclass(frozen=True, slots=True)
class ApplicationSchemeLine:
    """An application-based scheme, or a part of one. What no case in this system tells is empty."""

    chapter: str
    post: str
    name: str
    applications: int | None
    granted: int | None
    applied_kroner: int | None
    granted_kroner: int

    def __post_init__(self) -> None:
        if self.applications is not None and self.granted is not None:
            require(0 <= self.granted <= self.applications, "No more granted than applied for", self)

    def cells(self) -> tuple[int | str | None, ...]:
        return (
            self.chapter, self.post, self.name, self.applications, self.granted, self.applied_kroner,
            self.granted_kroner,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class EarmarkedLine:
    """A scheme whose recipients are named in the budget."""

    chapter: str
    post: str
    name: str
    organisations: int
    total_kroner: int

    def cells(self) -> tuple[int | str | None, ...]:
        return (self.chapter, self.post, self.name, self.organisations, self.total_kroner)

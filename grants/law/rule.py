"""How a rule is written and tried: a pure sentence with its paragraph, which gives met, not met or a human must look."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Verdict(Enum):
    """What a rule comes to."""

    MET = "met"
    NOT_MET = "not met"
    NEEDS_A_HUMAN = "needs a human"


@dataclass(frozen=True)
class Facts:
    """What is known of an applicant and a case, and where each fact came from. An unknown fact is None."""

    values: Mapping[str, Any]
    sources: Mapping[str, str] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self.values.get(name)

    def source_of(self, name: str) -> str:
        return self.sources.get(name, "søknaden")


@dataclass(frozen=True)
class Outcome:
    """A verdict with what the rule saw, and from where."""

    verdict: Verdict
    saw: Any = None
    source: str = ""


Rates = Callable[[str], Any]


@dataclass(frozen=True)
class Rule:
    """A condition with its citation. The name says what is true when it is met."""

    name: str
    sentence: str
    citation: str
    certainty: str
    # The numbers it asks the rates for, by name.
    asks: tuple[str, ...]
    outcome: Callable[[Facts, Rates], Outcome]


@dataclass(frozen=True)
class Finding:
    """A rule that was tried, what came of it, and which facts and rates it asked for, with what it got."""

    rule: Rule
    outcome: Outcome
    facts: Mapping[str, Any] = field(default_factory=dict)
    rates: Mapping[str, Any] = field(default_factory=dict)


def rule(
    citation: str, *, certainty: str = "V", asks: tuple[str, ...] = ()
) -> Callable[[Callable[[Facts, Rates], Outcome]], Rule]:
    """Make a rule of a function; its docstring is the sentence people read, and `asks` are the numbers it needs."""

    def make(outcome: Callable[[Facts, Rates], Outcome]) -> Rule:
        return Rule(outcome.__name__, (outcome.__doc__ or "").strip(), citation, certainty, asks, outcome)

    return make


def met_if(condition: bool, *, saw: Any, source: str) -> Outcome:
    """Met when the condition holds."""
    return Outcome(Verdict.MET if condition else Verdict.NOT_MET, saw, source)


def needs_a_human(why: str) -> Outcome:
    """A fact is missing or takes judgement: a caseworker must look."""
    return Outcome(Verdict.NEEDS_A_HUMAN, why)


def at_least(facts: Facts, name: str, least: Any) -> Outcome:
    """Met when a fact reaches a number; a caseworker looks when the fact is unknown."""
    value = getattr(facts, name)
    if value is None:
        return needs_a_human(f"{name} er ikke kjent")
    return met_if(value >= least, saw=value, source=facts.source_of(name))


def one_of(facts: Facts, name: str, allowed: Iterable[Any]) -> Outcome:
    """Met when a fact is one of the allowed; a caseworker looks when the fact is unknown."""
    value = getattr(facts, name)
    if value is None:
        return needs_a_human(f"{name} er ikke kjent")
    return met_if(value in tuple(allowed), saw=value, source=facts.source_of(name))


def holds(facts: Facts, name: str) -> Outcome:
    """Met when a fact is true; a caseworker looks when it is unknown."""
    return one_of(facts, name, (True,))


def assess(rules: Iterable[Rule], facts: Facts, rates: Rates) -> list[Finding]:
    """Try every rule, also after the first failure: the letter must give all the reasons."""
    return [_tried(each, facts, rates) for each in rules]


class _Noted(dict[str, Any]):
    """Values that note which of them were asked for, unknown ones too."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        super().__init__(values)
        self.asked: dict[str, Any] = {}

    def get(self, name: str, default: Any = None) -> Any:
        self.asked[name] = super().get(name, default)
        return self.asked[name]


def _tried(each: Rule, facts: Facts, rates: Rates) -> Finding:
    values, numbers = _Noted(facts.values), dict[str, Any]()

    def look_up(name: str) -> Any:
        numbers[name] = rates(name)
        return numbers[name]

    outcome = each.outcome(Facts(values, facts.sources), look_up)
    return Finding(each, outcome, values.asked, numbers)

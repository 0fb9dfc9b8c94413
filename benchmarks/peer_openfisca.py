"""The peer of a policy team: an OpenFisca-core formula over columns, the lines split by hand, then `bulk_create`.

OpenFisca is given its best case: inputs as arrays, vectorised formulas, no month it does not need. It has no notion of
a payout line or of where a person lives on a cut-off, so those are worked out outside it.
"""

from typing import Any

import numpy
from openfisca_core.entities import build_entity
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from benchmarks.register import YEAR
from grants.law.calculators.residence import municipality_on
from grants.law.tariff import YEAR_1, amount
from grants.models import EntitlementLine, EntitlementRun
from grants.register.reading import settled_persons

PERSON = build_entity(key="person", plural="persons", label="A settled person", is_person=True)
CUTOFFS = (f"{YEAR}-03-01", f"{YEAR}-06-01", f"{YEAR}-09-01", f"{YEAR}-12-01")
CATEGORIES = tuple(YEAR_1)
NAMES = ("nursery", "elderly", *(name for _, name in YEAR_1.values()), *(f"year_{n}" for n in (2, 3, 4, 5)))


def _input(name: str) -> type[Variable]:
    facts = {"value_type": int, "entity": PERSON, "definition_period": DateUnit.YEAR, "label": name}
    return type(name, (Variable,), facts)


class base_ore(Variable):
    value_type = int
    entity = PERSON
    definition_period = DateUnit.YEAR
    label = "The yearly amount: year 1 by category, later years by number"

    def formula(person: Any, period: Any, parameters: Any) -> Any:
        rates, number, category = parameters(period), person("number", period), person("category", period)
        by_category = [
            rates.year_1_adult,
            rates.year_1_single_adult,
            rates.year_1_child,
            rates.year_1_unaccompanied_minor,
        ]
        first = numpy.select([category == i for i in range(4)], by_category, 0) * (person("first_term", period) > 0)
        later = numpy.select(
            [number == n for n in (2, 3, 4, 5)], [rates.year_2, rates.year_3, rates.year_4, rates.year_5], 0
        )
        return numpy.where(number == 1, first, later * (number <= person("grant_years", period)))


class quarter_ore(Variable):
    value_type = int
    entity = PERSON
    definition_period = DateUnit.YEAR
    label = "Terms 1 to 3"

    def formula(person: Any, period: Any, parameters: Any) -> Any:
        return person("base_ore", period) // 4


class last_quarter_ore(Variable):
    value_type = int
    entity = PERSON
    definition_period = DateUnit.YEAR
    label = "Term 4 takes the rest"

    def formula(person: Any, period: Any, parameters: Any) -> Any:
        return person("base_ore", period) - 3 * person("quarter_ore", period)


INPUTS = ("number", "category", "grant_years", "first_term")


def build(run: EntitlementRun) -> list[EntitlementLine]:
    """Every line of the year, from arrays."""
    rows = [person for person in settled_persons() if not any(kind == "withdrawn" for _, kind, _ in person.events)]
    ids = [row.person_id for row in rows]
    inputs = {
        "number": [YEAR - int(row.settled_on[:4]) + 1 for row in rows],
        "category": [CATEGORIES.index(row.category) for row in rows],
        "grant_years": [row.grant_years for row in rows],
        "first_term": [_first_term(row.settled_on) for row in rows],
    }
    simulation = _simulate(inputs, len(rows))
    base = simulation.calculate("base_ore", YEAR).tolist()
    quarter = simulation.calculate("quarter_ore", YEAR).tolist()
    last = simulation.calculate("last_quarter_ore", YEAR).tolist()
    nursery, elderly = amount("integration", "nursery", YEAR), amount("integration", "elderly", YEAR)
    lines: list[EntitlementLine] = []

    def line(person: int, where: str, code: str, term: int, ore: int) -> None:
        lines.append(
            EntitlementLine(
                run_id=run.pk, person_id=person, municipality_number=where, code=code, origin_year=YEAR,
                origin_term=term, kind=EntitlementLine.Kind.DUE, amount_ore=ore,
            )
        )  # fmt: skip

    for at, row in enumerate(rows):
        if not base[at]:
            continue
        if inputs["number"][at] == 1:
            term = inputs["first_term"][at]
            line(ids[at], row.municipality, YEAR_1[row.category][0], term, base[at])
            if int(row.settled_on[:4]) - int(row.born_on[:4]) <= 5:
                line(ids[at], row.municipality, "BHT", term, nursery)
            if f"{int(row.born_on[:4]) + 60}{row.born_on[4:]}" <= row.settled_on:
                line(ids[at], row.municipality, "ELDR", term, elderly)
            continue
        for term, cutoff in enumerate(CUTOFFS, start=1):
            where = municipality_on(cutoff, row.municipality, row.events) if row.events else row.municipality
            if where is not None:
                line(ids[at], where, f"AR-{inputs['number'][at]}", term, last[at] if term == 4 else quarter[at])
    return lines


def _first_term(settled_on: str) -> int:
    """The first term whose cut-off is on or after the day; 0 for other years and after the last cut-off."""
    if settled_on[:4] != str(YEAR):
        return 0
    return next((term for term, cutoff in enumerate(CUTOFFS, start=1) if settled_on <= cutoff), 0)


def _simulate(inputs: dict[str, list[int]], persons: int) -> Any:
    system = TaxBenefitSystem([PERSON])
    rates = {name: {"values": {f"{YEAR}-01-01": {"value": amount("integration", name, YEAR)}}} for name in NAMES}
    system.parameters = ParameterNode(data=rates)
    for name in INPUTS:
        system.add_variable(_input(name))
    for variable in (base_ore, quarter_ore, last_quarter_ore):
        system.add_variable(variable)
    simulation = SimulationBuilder().build_default_simulation(system, persons)
    for name, values in inputs.items():
        simulation.set_input(name, YEAR, numpy.array(values, dtype=numpy.int32))
    return simulation

"""The rounds of the demo year: what was applied for and granted in each call of 2017, to the krone, by invented applicants.

Counts and sums are the published ones (Årsrapport 2017, tables 4-5 and 4-6, and part 3 for mentor and trainee). Who applied
for how much, and how good it was, is drawn by chance with a fixed seed; what the report tells of the recipients is kept.
"""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from config.demo.organisations import OSLO
from grants.models import Organisation

Pool = Callable[[Sequence[Organisation], random.Random], list[Organisation]]
# Amounts are drawn between these shares of the mean, and rounded to whole thousands.
LEAST, MOST = 0.35, 2.4
THOUSAND = 1_000
# Oslo's part of Jobbsjansen B, and the grants of business start-up training outside the municipalities. Assumptions that
# make room for each other in note 7: counties received 28 567 000 and enterprises on post 62 920 100.
OSLO_B = 1_313_000
NSFV, FIRMS = 3_500_000, (520_000, 400_000)


@dataclass(frozen=True)
class Round:
    """A call of the demo year, with what the report says came of it. Amounts in whole kroner."""

    scheme: str
    part: str
    opens_on: date
    last_day: date
    decided_on: date
    applications: int
    granted: int
    applied_kroner: int
    granted_kroner: int
    pool: Pool
    # Grants whose amount is fixed, by the place of the application among those that are granted.
    fixed: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Planned:
    """One application that is to come: who, how much, what is granted, and whether a condition is not met."""

    applicant: Organisation
    applied_kroner: int
    granted_kroner: int
    misses_a_condition: bool


def plan(of: Round, organisations: Sequence[Organisation], rnd: random.Random) -> list[Planned]:
    """The applications of a round, those that are granted first. Counts and sums are exactly the round's."""
    applicants = of.pool(organisations, rnd)
    assert len(applicants) == of.applications, f"{of.scheme}{of.part}: {len(applicants)} applicants"
    granted = _granted(of, rnd)
    applied = _applied(of, granted, rnd)
    unmet = of.granted + (of.applications - of.granted + 3) // 4
    return [
        Planned(who, wanted, given, of.granted <= place < unmet)
        for place, (who, wanted, given) in enumerate(
            zip(applicants, applied, [*granted, *[0] * (of.applications - of.granted)], strict=True)
        )
    ]


def _granted(of: Round, rnd: random.Random) -> list[int]:
    fixed = dict(of.fixed)
    rest = iter(drawn(of.granted_kroner - sum(fixed.values()), of.granted - len(fixed), rnd))
    return [fixed[place] if place in fixed else next(rest) for place in range(of.granted)]


def _applied(of: Round, granted: list[int], rnd: random.Random) -> list[int]:
    """What each applied for: at least what it was granted; some were granted all of it."""
    refused = of.applications - of.granted
    more = of.applied_kroner - of.granted_kroner
    share_of_refused = refused * of.granted_kroner // max(1, of.granted) if refused else 0
    to_refused = min(more, max(refused * THOUSAND, share_of_refused)) if refused else 0
    cut = drawn_with_zeroes(more - to_refused, of.granted, rnd)
    return [
        *[given + less for given, less in zip(granted, cut, strict=True)],
        *(drawn(to_refused, refused, rnd) if refused else []),
    ]


def drawn(total: int, parts: int, rnd: random.Random) -> list[int]:
    """A sum in so many uneven parts of whole thousands, each above zero; the first takes what is over."""
    if parts == 0:
        return []
    weights = [rnd.uniform(LEAST, MOST) for _ in range(parts)]
    amounts = [max(THOUSAND, int(total * weight / sum(weights)) // THOUSAND * THOUSAND) for weight in weights]
    amounts[0] += total - sum(amounts)
    assert min(amounts) > 0, (total, parts)
    return amounts


def drawn_with_zeroes(total: int, parts: int, rnd: random.Random) -> list[int]:
    """The same, where two of five parts are nothing."""
    some = [place for place in range(parts) if place % 5 not in (1, 3)] if total >= parts * THOUSAND else [0]
    amounts = dict(zip(some, drawn(total, len(some), rnd), strict=True)) if total else {}
    return [amounts.get(place, 0) for place in range(parts)]


# --- Who applies -------------------------------------------------------------------------------------------------------


def _of_kind(organisations: Iterable[Organisation], kind: str) -> list[Organisation]:
    return [one for one in organisations if one.kind == kind and one.parent_id is None]


def _municipalities(wanted: int) -> Pool:
    """So many municipalities, each once; Oslo is among the first."""

    def pool(organisations: Sequence[Organisation], rnd: random.Random) -> list[Organisation]:
        all_of_them = _of_kind(organisations, "municipality")
        oslo = [one for one in all_of_them if one.municipality_number == OSLO]
        return [*oslo, *rnd.sample([one for one in all_of_them if one.municipality_number != OSLO], wanted - 1)]

    return pool


def _jobbsjansen_b(organisations: Sequence[Organisation], rnd: random.Random) -> list[Organisation]:
    """All 19 counties are granted, one of them twice; Oslo is a county too, and its grant stands first."""
    counties = _of_kind(organisations, "county")
    oslo = next(one for one in organisations if one.municipality_number == OSLO and one.parent_id is None)
    again = rnd.sample(counties, 4)
    return [oslo, *counties, again[0], *again[1:]]


def _kum(organisations: Sequence[Organisation], rnd: random.Random) -> list[Organisation]:
    """79 grants to 58 municipalities, six districts of Oslo and its education authority; 44 others are refused."""
    districts = [one for one in organisations if one.parent_id is not None]
    education = [one for one in districts if "Utdanning" in one.name]
    six = [one for one in districts if one not in education][:6]
    several = rnd.sample(
        [one for one in _of_kind(organisations, "municipality") if one.municipality_number != OSLO], 58 + 44
    )
    granted, refused = several[:58], several[58:]
    return [*granted, *six, *education, *granted[: 79 - 58 - len(six) - len(education)], *refused]


def _entrepreneurship(organisations: Sequence[Organisation], rnd: random.Random) -> list[Organisation]:
    """The national centre in Buskerud stands first, then two enterprises; the rest are municipalities."""
    buskerud = next(one for one in _of_kind(organisations, "county") if one.name.startswith("Buskerud"))
    firms = _of_kind(organisations, "enterprise")[:2]
    return [buskerud, *firms, *rnd.sample(_of_kind(organisations, "municipality"), 26 - 3)]


def _voluntary(wanted: int, *, each_at_most: int = 1) -> Pool:
    """Voluntary organisations, some of them with several projects."""

    def pool(organisations: Sequence[Organisation], rnd: random.Random) -> list[Organisation]:
        places = [one for one in _of_kind(organisations, "ngo") for _ in range(each_at_most)]
        return rnd.sample(places, wanted)

    return pool


def _named(first: int, number: int) -> Pool:
    """Voluntary organisations that the budget names: in the demo, so many of the invented ones."""

    def pool(organisations: Sequence[Organisation], rnd: random.Random) -> list[Organisation]:
        return _of_kind(organisations, "ngo")[first : first + number]

    return pool


def _enterprises(wanted: int) -> Pool:
    """Enterprises, some with several projects; the first ten are different ones."""

    def pool(organisations: Sequence[Organisation], rnd: random.Random) -> list[Organisation]:
        firms = _of_kind(organisations, "enterprise")
        return [firms[place % len(firms)] for place in range(wanted)]

    return pool


JANUARY, DECISIONS = date(2017, 1, 9), date(2017, 3, 15)
# Deadlines: 26 January (information) and 9 February (Jobbsjansen D) are known; the others are assumptions near them.
LAST_DAY = date(2017, 2, 10)
ROUNDS = (
    Round("jobbsjansen", "jobbsjansen_a", JANUARY, LAST_DAY, DECISIONS, 42, 36, 97_700_000, 56_800_000, _municipalities(42)),
    Round("jobbsjansen", "jobbsjansen_b", JANUARY, LAST_DAY, DECISIONS, 23, 20, 43_000_000, 26_250_000, _jobbsjansen_b, ((0, OSLO_B),)),
    Round("jobbsjansen", "jobbsjansen_c", JANUARY, LAST_DAY, DECISIONS, 14, 12, 18_300_000, 10_821_000, _municipalities(14)),
    Round("jobbsjansen", "jobbsjansen_d", JANUARY, date(2017, 2, 9), date(2017, 2, 28), 4, 4, 1_100_000, 1_082_500, _municipalities(4)),
    Round("kum", "", JANUARY, LAST_DAY, DECISIONS, 123, 79, 82_000_000, 35_286_000, _kum),
    Round(
        "entrepreneurship", "", JANUARY, LAST_DAY, DECISIONS, 26, 13, 14_715_200, 6_370_000, _entrepreneurship,
        ((0, NSFV), (1, FIRMS[0]), (2, FIRMS[1])),
    ),
    Round("attitudes", "", JANUARY, LAST_DAY, DECISIONS, 53, 33, 21_514_105, 9_430_000, _voluntary(53)),
    # The report has one line for both parts; 3.2 million to the eight with an agreement is from its text.
    Round("information", "information_1", date(2016, 12, 20), date(2017, 1, 26), DECISIONS, 32, 13, 14_392_585, 4_250_000, _voluntary(32)),
    Round("information", "information_2", date(2016, 12, 20), date(2017, 1, 26), DECISIONS, 8, 8, 4_200_000, 3_200_000, _voluntary(8)),
    Round(
        "reception_projects", "", JANUARY, LAST_DAY, DECISIONS, 170, 111, 63_562_287, 28_649_374,
        _voluntary(170, each_at_most=5),
    ),
    Round("resource_centres", "", JANUARY, LAST_DAY, date(2017, 2, 28), 16, 16, 24_045_000, 24_045_000, _named(0, 16)),
    Round(
        "vulnerable_groups", "", JANUARY, LAST_DAY, date(2017, 2, 28), 3, 3, 2_000_000, 2_000_000, _named(20, 3),
        ((0, 500_000), (1, 1_000_000), (2, 500_000)),
    ),
    Round("mentor_trainee", "", JANUARY, LAST_DAY, DECISIONS, 51, 10, 24_700_000, 4_085_000, _enterprises(51)),
)  # fmt: skip

"""The notes on method: what the figures rest on, what was rounded, and what is not known. Bokmål, for the report."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from grants.shared.money import kr
from reporting.figures.carry_over import Rule
from reporting.reports.gather import YearEnd


@dataclass(frozen=True, slots=True)
class Note:
    """A heading and its sentences."""

    title: str
    sentences: tuple[str, ...]


def notes(report: YearEnd) -> list[Note]:
    """Every note that this year's figures call for."""
    written = [
        Note("Prinsipper", _principles()),
        Note("Regnskapstallene", _accounts(report)),
        Note("Avrunding", _rounding(report)),
        Note("Samlet tildeling", _appropriations(report)),
        Note("Overføring til neste år", _carry_over(report)),
        Note("Mottakergrupper", _recipients(report)),
        Note("Søknadsbaserte og øremerkede tilskudd", _schemes(report)),
    ]
    return [note for note in written if note.sentences]


def _principles() -> tuple[str, ...]:
    return (
        "Oppstillingen følger bestemmelser om økonomistyring i staten punkt 3.4.2 og Finansdepartementets rundskriv "
        "R-115.",
        "Regnskapet følger kalenderåret, inneholder alle rapporterte utgifter og inntekter, er ført brutto og er "
        "utarbeidet etter kontantprinsippet: et tilskudd er utgift det året det er utbetalt.",
    )


def _accounts(report: YearEnd) -> tuple[str, ...]:
    paid = sum(figures.paid_ore for figures in report.posts if not figures.is_income)
    outside = sum(figures.outside_ore for figures in report.posts if not figures.is_income)
    return (
        f"Regnskap er utbetalinger i dette systemets hovedbok ({kr(paid)} kroner) og innleste regnskapstall for det som "
        f"er ført utenfor systemet ({kr(outside)} kroner).",
        "Tilbakebetalt tilskudd er trukket fra på posten det ble utbetalt fra.",
    )


def _rounding(report: YearEnd) -> tuple[str, ...]:
    expenses = [figures for figures in report.posts if not figures.is_income]
    exact = sum(figures.spent_ore for figures in expenses)
    distance = sum(line.spent_kroner for line in report.expenses) * 100 - exact
    rule = (
        "Beløp er i hele kroner. Regnskapet på hver post er avrundet til nærmeste krone, halve kroner oppover; "
        "differanser er regnet av de avrundede tallene, og summer er summen av linjene slik de står."
    )
    if not distance:
        return (rule, "Summen av utgiftslinjene er lik summen til øret.")
    way = "høyere" if distance > 0 else "lavere"
    return (
        rule,
        f"Summen til øret er {kr(exact)} kroner; summen av utgiftslinjene er {kr(abs(distance))} kroner {way}.",
    )


def _appropriations(report: YearEnd) -> tuple[str, ...]:
    revised = [f for f in report.posts if f.decisions > 1]
    lent = [f for f in report.posts if not f.is_appropriated and not f.is_income and f.keyword]
    above = [line for line in report.expenses if (line.unused_kroner or 0) < 0]
    found = []
    if revised:
        found.append(
            f"Bevilgningen er endret i løpet av året (nysaldering) på {_posts(revised)}; siste vedtak gjelder, og de "
            "tidligere står i systemet."
        )
    if lent:
        found.append(
            f"Belastningsfullmakt: {_posts(lent)} disponeres etter fullmakt fra en annen virksomhet. Slike poster har "
            "ingen egen tildeling og ingen mer- eller mindreutgift her."
        )
    found += [
        f"{line.chapter}/{line.post} har en merutgift på {kr(-(line.unused_kroner or 0) * 100)} kroner"
        + (", som stikkordet «overslagsbevilgning» gir adgang til." if line.keyword == "overslagsbevilgning" else ".")
        for line in above
    ]
    return tuple(found)


def _carry_over(report: YearEnd) -> tuple[str, ...]:
    lines = report.carry_overs
    found = [
        "Bevilgningsreglementet § 5 og rundskriv R-2: på postene 01–29, unntatt 24, kan inntil 5 prosent av årets "
        "bevilgning overføres; med stikkordet «kan overføres» inntil summen av de to siste års bevilgninger; med "
        "«overslagsbevilgning» ingenting. Uten stikkord på andre poster faller ubrukt bevilgning bort.",
        "5-prosentgrensen er avrundet ned til hele kroner.",
    ]
    found += [
        f"Merinntekter på 3495/01 ({kr(line.extra_income_kroner * 100)} kroner) er lagt til grunnlaget på "
        f"{line.chapter}/{line.post} etter merinntektsfullmakten i Prop. 1 S."
        for line in lines
        if line.extra_income_kroner
    ]
    unknown = [line for line in lines if line.result.last_year_is_unknown and line.result.limit_kroner]
    if unknown:
        found.append(
            f"For {_posts(unknown)} er fjorårets bevilgning ikke kjent; grensen er derfor årets egen bevilgning alene."
        )
    found += [
        f"På {line.chapter}/{line.post} er overføringen begrenset til {kr(line.result.may_carry_kroner * 100)} kroner av "
        f"et grunnlag på {kr(line.result.basis_kroner * 100)} kroner."
        for line in lines
        if line.result.limit_bites
    ]
    lapsed = [
        line for line in report.expenses
        if (line.unused_kroner or 0) > 0
        and (line.chapter, line.post) not in {(row.chapter, row.post) for row in lines if row.result.rule is not Rule.ESTIMATE}
    ]  # fmt: skip
    if lapsed:
        total = sum(line.unused_kroner or 0 for line in lapsed)
        found.append(f"Ubrukt bevilgning som faller bort, er {kr(total * 100)} kroner ({_posts(lapsed)}).")
    return tuple(found)


def _recipients(report: YearEnd) -> tuple[str, ...]:
    found = ["Mottakergruppene omfatter tilskudd på post 60–85, utbetalt fra systemet og innlest med oppgitt sektor."]
    if report.without_sector_ore:
        found.append(
            f"{kr(report.without_sector_ore)} kroner er ført på disse postene uten oppgitt mottakersektor og står ikke i "
            "noten."
        )
    if all(line.last_year_kroner is None for line in report.recipients):
        found.append(f"Tall for {report.year - 1} er ikke kjent i systemet; kolonnen er derfor tom.")
    return tuple(found)


def _schemes(report: YearEnd) -> tuple[str, ...]:
    found = ["Innvilget beløp er det hovedboken viser som tilsagn i året, etter fratrekk for tilsagn som er trukket."]
    if any(line.applications is None for line in report.application_schemes):
        found.append(
            "Antall søknader, antall innvilgede og omsøkt beløp er tomme for ordninger som ikke har saker i systemet; "
            "tomt felt betyr ukjent, ikke null."
        )
    return tuple(found)


class _OnAPost(Protocol):
    @property
    def chapter(self) -> str: ...
    @property
    def post(self) -> str: ...


def _posts(of: Iterable[_OnAPost]) -> str:
    """«0496/21, 0496/45 og 0497/21»."""
    names = [f"{one.chapter}/{one.post}" for one in of]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} og {names[-1]}"

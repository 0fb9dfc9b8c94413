"""What the letters about a claim say, in bokmål and nynorsk."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import override

from grants.models import RecoveryEvent

Kind = RecoveryEvent.Kind


@dataclass(frozen=True)
class Said:
    """The words of one kind of letter. `sections` are a heading with its paragraphs; `why` and `answer` are headings."""

    subject: str
    opening: tuple[str, ...]
    closing: tuple[str, ...]
    sections: tuple[tuple[str, ...], ...] = ()
    why: str = ""
    rests_on: str = ""
    answer: str = ""
    parts: str = ""
    head: tuple[str, ...] = ()


_GREETING_NB = ("Med hilsen", "Integrerings- og mangfoldsdirektoratet, økonomi")
_GREETING_NN = ("Med helsing", "Integrerings- og mangfaldsdirektoratet, økonomi")
_PAY_NB = (
    "Slik betaler dere",
    "Betal til konto {account}, og bruk KID {kid}. Da ser vi med en gang hva pengene gjelder.",
)
_PAY_NN = (
    "Slik betaler de",
    "Betal til konto {account}, og bruk KID {kid}. Då ser vi med ein gong kva pengane gjeld.",
)

BOKMAAL: Mapping[RecoveryEvent.Kind, Said] = {
    Kind.NOTICED: Said(
        "Varsel om krav {reference}: {scheme} {year}",
        (
            "Vi vurderer å kreve tilbake {amount} kroner av tilskuddet. Dette er et forhåndsvarsel etter forvaltningsloven "
            "§ 16. Ingenting er bestemt ennå, og dere skal ikke betale noe nå.",
        ),
        _GREETING_NB,
        (
            (
                "Si hva dere mener",
                "Dere kan uttale dere til og med {due}. Logg inn og åpne kravet {reference} under «Krav om tilbakebetaling». "
                "Vi avgjør saken når dere har svart, eller når fristen er ute. Dere har rett til å se sakens dokumenter, "
                "jf. forvaltningsloven §§ 18 og 19.",
            ),
        ),
        why="Hvorfor vi vurderer det",
        rests_on="Grunnlag: {citation}.",
    ),
    Kind.DECIDED: Said(
        "Krav {reference} om tilbakebetaling: {scheme} {year}",
        ("Dere skal betale tilbake {left} kroner innen {due}.",),
        _GREETING_NB,
        (
            _PAY_NB,
            (
                "Hvis dere ikke kan betale alt på en gang",
                "Ta kontakt med oss før fristen. Vi kan avtale avdrag. Betaler dere ikke, sender vi en purring, og vi kan "
                "trekke beløpet fra senere utbetalinger. Det får dere i så fall varsel om først.",
            ),
        ),
        why="Hvorfor dere skal betale tilbake",
        rests_on="Grunnlag: {citation}.",
        answer="Det dere har skrevet til oss",
    ),
    Kind.REMINDED: Said(
        "Purring på krav {reference}: {scheme} {year}",
        ("Vi har ikke fått pengene etter kravet {reference}. {missing} Betal så snart dere kan{by}.",),
        _GREETING_NB,
        (
            _PAY_NB,
            ("Hvis dere har betalt", "Har dere betalt de siste dagene, kan dere se bort fra dette brevet."),
        ),
    ),
    Kind.PLANNED: Said(
        "Avdrag på krav {reference}: {scheme} {year}",
        ("Vi har avtalt at {left} kroner betales tilbake i avdrag.",),
        _GREETING_NB,
        (_PAY_NB,),
        parts="Avdragene",
        head=("Betales innen", "Beløp"),
    ),
    Kind.OFFSET_TOLD: Said(
        "Varsel om motregning av krav {reference}: {scheme} {year}",
        (
            "Kravet {reference} er forfalt, og {left} kroner er ikke betalt. Fra {due} trekker vi det som gjenstår, fra "
            "utbetalinger til dere, til kravet er dekket.",
        ),
        _GREETING_NB,
        (
            (
                "Slik unngår dere det",
                "Betal før {due} til konto {account}, og bruk KID {kid}. Da trekker vi ingenting. Det som trekkes, står i "
                "spesifikasjonen til hver utbetaling og på siden for kravet.",
            ),
        ),
    ),
}
NYNORSK: Mapping[RecoveryEvent.Kind, Said] = {
    Kind.NOTICED: Said(
        "Varsel om krav {reference}: {scheme} {year}",
        (
            "Vi vurderer å krevje tilbake {amount} kroner av tilskotet. Dette er eit førehandsvarsel etter forvaltingslova "
            "§ 16. Ingenting er bestemt enno, og de skal ikkje betale noko no.",
        ),
        _GREETING_NN,
        (
            (
                "Sei kva de meiner",
                "De kan uttale dykk til og med {due}. Logg inn og opne kravet {reference} under «Krav om tilbakebetaling». "
                "Vi avgjer saka når de har svart, eller når fristen er ute. De har rett til å sjå dokumenta i saka, "
                "jf. forvaltingslova §§ 18 og 19.",
            ),
        ),
        why="Kvifor vi vurderer det",
        rests_on="Grunnlag: {citation}.",
    ),
    Kind.DECIDED: Said(
        "Krav {reference} om tilbakebetaling: {scheme} {year}",
        ("De skal betale tilbake {left} kroner innan {due}.",),
        _GREETING_NN,
        (
            _PAY_NN,
            (
                "Dersom de ikkje kan betale alt på éin gong",
                "Ta kontakt med oss før fristen. Vi kan avtale avdrag. Betaler de ikkje, sender vi ei purring, og vi kan "
                "trekkje beløpet frå seinare utbetalingar. Det får de i så fall varsel om først.",
            ),
        ),
        why="Kvifor de skal betale tilbake",
        rests_on="Grunnlag: {citation}.",
        answer="Det de har skrive til oss",
    ),
    Kind.REMINDED: Said(
        "Purring på krav {reference}: {scheme} {year}",
        ("Vi har ikkje fått pengane etter kravet {reference}. {missing} Betal så snart de kan{by}.",),
        _GREETING_NN,
        (
            _PAY_NN,
            ("Dersom de har betalt", "Har de betalt dei siste dagane, kan de sjå bort frå dette brevet."),
        ),
    ),
    Kind.PLANNED: Said(
        "Avdrag på krav {reference}: {scheme} {year}",
        ("Vi har avtalt at {left} kroner blir betalte tilbake i avdrag.",),
        _GREETING_NN,
        (_PAY_NN,),
        parts="Avdraga",
        head=("Betalast innan", "Beløp"),
    ),
    Kind.OFFSET_TOLD: Said(
        "Varsel om motrekning av krav {reference}: {scheme} {year}",
        (
            "Kravet {reference} er forfalle, og {left} kroner er ikkje betalte. Frå {due} trekkjer vi det som står att, frå "
            "utbetalingar til dykk, til kravet er dekt.",
        ),
        _GREETING_NN,
        (
            (
                "Slik unngår de det",
                "Betal før {due} til konto {account}, og bruk KID {kid}. Då trekkjer vi ingenting. Det som blir trekt, står i "
                "spesifikasjonen til kvar utbetaling og på sida for kravet.",
            ),
        ),
    ),
}
WORDS = {"nb": BOKMAAL, "nn": NYNORSK}
BY = {"nb": ", og senest {due}", "nn": ", og seinast {due}"}


def day_in(value: date, language: str) -> str:
    """A day as it is read in a letter."""
    with override(language):
        return str(date_format(value, "j. F Y"))

"""The terms of a grant in words, bokmål and nynorsk: purpose, amount, period, changes, report, control, repayment."""

from collections.abc import Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import override

from grants.shared.money import kr

VERSION = 1  # of the words below; it stands in every snapshot

# Heading and paragraph, in the order in which they are read. A paragraph is left out where its fact is empty.
Words = tuple[tuple[str, str, str], ...]
BOKMAAL: Words = (
    ("", "Formålet", "{purpose}"),
    ("named", "Formålet", "Pengene skal brukes til det dere har søkt om: «{project}»."),
    ("frame", "Formålet", "Rammen skal kunngjøres og deles ut til lokale organisasjoner og frivillige lag i kommunen."),
    ("", "Beløpet", "Dere får {granted} kroner for {year}. Pengene er bevilget på kapittel {chapter} post {post} i "
     "statsbudsjettet. Grunnlag: {legal_basis}."),
    ("in_part", "Beløpet", "Dere søkte om {applied} kroner. Passer ikke budsjettet lenger, kan dere be om å endre det."),
    ("period", "Perioden", "Pengene gjelder tiltak fra {starts} til {ends}."),
    ("no_period", "Perioden", "Pengene gjelder tiltak i {year}."),
    ("activity", "Endret aktivitet", "{activity}"),
    ("", "Endringer", "Vil dere bruke pengene på noe annet, i en annen periode eller etter et annet budsjett, må dere be "
     "om det og ha fått ja før dere gjør det. Beløpet kan ikke økes."),
    ("frame", "Rapport og regnskap", "Dere skal rapportere senest {report_due}: hva som kom ut av pengene, hver organisasjon "
     "som har fått noe, til hva og hvor mye, og hva administrasjonen har kostet. Summen kan aldri være større enn rammen."),
    ("project", "Rapport og regnskap", "Dere skal rapportere senest {report_due}: hva som kom ut av hvert mål, hvor mange som "
     "deltok, og regnskapet linje for linje mot budsjettet. Avvik på mer enn {percent} prosent skal forklares."),
    ("audit", "Rapport og regnskap", "Regnskapet skal være godkjent av revisor."),
    ("", "Kontroll", "Integrerings- og mangfoldsdirektoratet og Riksrevisjonen kan kontrollere at pengene brukes etter "
     "forutsetningene, jf. bevilgningsreglementet § 10 annet ledd og riksrevisjonsloven § 12 tredje ledd."),
    ("frame", "Tilbakebetaling", "Det som verken er delt ut eller brukt til administrasjon, skal betales tilbake."),
    ("project", "Tilbakebetaling", "Penger som ikke er brukt, skal betales tilbake. Tilskuddet dekker like stor andel av de "
     "faktiske kostnadene som av de budsjetterte, og aldri mer enn beløpet over."),
    ("", "Tilbakebetaling", "Brukes pengene til noe annet, eller kommer ikke rapporten, kan vi stanse utbetalinger og kreve "
     "pengene tilbake."),
)  # fmt: skip
NYNORSK: Words = (
    ("", "Føremålet", "{purpose}"),
    ("named", "Føremålet", "Pengane skal brukast til det de har søkt om: «{project}»."),
    ("frame", "Føremålet", "Ramma skal kunngjerast og delast ut til lokale organisasjonar og frivillige lag i kommunen."),
    ("", "Beløpet", "De får {granted} kroner for {year}. Pengane er løyvde på kapittel {chapter} post {post} i "
     "statsbudsjettet. Grunnlag: {legal_basis}."),
    ("in_part", "Beløpet", "De søkte om {applied} kroner. Passar ikkje budsjettet lenger, kan de be om å endre det."),
    ("period", "Perioden", "Pengane gjeld tiltak frå {starts} til {ends}."),
    ("no_period", "Perioden", "Pengane gjeld tiltak i {year}."),
    ("activity", "Endra aktivitet", "{activity}"),
    ("", "Endringar", "Vil de bruke pengane på noko anna, i ein annan periode eller etter eit anna budsjett, må de be om "
     "det og ha fått ja før de gjer det. Beløpet kan ikkje aukast."),
    ("frame", "Rapport og rekneskap", "De skal rapportere seinast {report_due}: kva som kom ut av pengane, kvar organisasjon "
     "som har fått noko, til kva og kor mykje, og kva administrasjonen har kosta. Summen kan aldri vere større enn ramma."),
    ("project", "Rapport og rekneskap", "De skal rapportere seinast {report_due}: kva som kom ut av kvart mål, kor mange som "
     "deltok, og rekneskapen linje for linje mot budsjettet. Avvik på meir enn {percent} prosent skal forklarast."),
    ("audit", "Rapport og rekneskap", "Rekneskapen skal vere godkjend av revisor."),
    ("", "Kontroll", "Integrerings- og mangfaldsdirektoratet og Riksrevisjonen kan kontrollere at pengane blir brukte etter "
     "føresetnadene, jf. bevilgningsreglementet § 10 andre ledd og riksrevisjonslova § 12 tredje ledd."),
    ("frame", "Tilbakebetaling", "Det som verken er delt ut eller brukt til administrasjon, skal betalast tilbake."),
    ("project", "Tilbakebetaling", "Pengar som ikkje er brukte, skal betalast tilbake. Tilskotet dekkjer like stor del av dei "
     "faktiske kostnadene som av dei budsjetterte, og aldri meir enn beløpet over."),
    ("", "Tilbakebetaling", "Blir pengane brukte til noko anna, eller kjem ikkje rapporten, kan vi stanse utbetalingar og "
     "krevje pengane tilbake."),
)  # fmt: skip


def sections_of(facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The text of the terms, heading by heading, in the language of the facts (services/terms.py gathers them)."""
    language = facts["language"]
    starts, ends = facts["starts_on"], facts["ends_on"]
    with override(language):
        words = {
            **{
                name: facts[name]
                for name in ("year", "chapter", "post", "legal_basis", "purpose", "project", "activity")
            },
            "granted": kr(facts["granted_ore"]),
            "applied": kr(facts["applied_ore"]),
            "starts": date_format(starts, "j. F Y") if starts else "",
            "ends": date_format(ends, "j. F Y") if ends else "",
            "report_due": date_format(facts["report_due_on"], "j. F Y"),
            "percent": facts["deviation_percent"],
        }
    said = {
        "": True,
        "named": facts["project"],
        "project": not facts.get("is_frame"),
        "frame": facts.get("is_frame"),
        "in_part": facts["granted_ore"] < facts["applied_ore"],
        "period": starts and ends,
        "no_period": not (starts and ends),
        "activity": facts["activity"],
        "audit": facts["auditors_statement"],
    }
    sections: list[dict[str, Any]] = []
    for when, heading, paragraph in NYNORSK if language == "nn" else BOKMAAL:
        if not said[when]:
            continue
        if not sections or sections[-1]["heading"] != heading:
            sections.append({"heading": heading, "paragraphs": []})
        sections[-1]["paragraphs"].append(paragraph.format(**words))
    return sections

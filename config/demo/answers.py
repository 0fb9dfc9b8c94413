"""What the invented applicants of the demo write: plain, varied, and such that the conditions come out as planned."""

import random
from collections.abc import Mapping
from functools import cache
from typing import Any

from applications.intake.completeness import themes_of
from applications.models import Call
from config.demo.rounds import Planned
from grants.documents.render import render_pdf
from grants.law.question import Answer, Contents, Question

PROJECTS = (
    ("Språk på jobben", "Norskopplæring i ordinære bedrifter, med mentor fra første uke."),
    ("Raskere i arbeid", "Et samlet løp fra introduksjonsprogram til fast stilling, sammen med Nav og næringslivet."),
    ("Sammen om skolen", "Foreldre og lærere møtes jevnlig, med tolk og tema de velger selv."),
    ("Åpen møteplass", "Ukentlige treff der frivillige og nyankomne lager mat, trener språk og blir kjent."),
    ("Fagbrev på norsk", "Fagopplæring og norsk i samme klasserom, med praksis i lokale bedrifter."),
    ("Trygg oppvekst", "Samtalegrupper for foreldre og ungdom om kontroll, frihet og rettigheter."),
    ("Kvinner i jobb", "Kvalifisering og arbeidstrening for hjemmeværende kvinner, med barnepass."),
    ("Nettverk som virker", "Deltakerne får en fadder i arbeidslivet og møter arbeidsgivere i bransjer med behov."),
)
GROUPS = ("Nyankomne flyktninger", "Hjemmeværende kvinner", "Ungdom mellom 16 og 24 år", "Beboere i asylmottak")
COST_LINES = ("Lønn til prosjektleder", "Kurs og materiell", "Lokaler, reise og møter")
WHY_LESS = "Prosjektlederen begynte senere enn planlagt."
# What decides the conditions: the answer that meets them, and the one that does not.
FACTS = {
    "share_of_immigrants": ("7,5", "3,1"),
    "refugees": ("160", "45"),
    "participants": ("24", "6"),
    "has_agreement": ("yes", "no"),
    "runs_a_centre": ("no", "yes"),
    "declared_economic_activity": ("yes", "no"),
}


def answers(call: Call, planned: Planned, rnd: random.Random) -> dict[str, dict[str, Any]]:
    """A whole application, theme by theme, as it would be typed."""
    name, summary = rnd.choice(PROJECTS)
    known = {
        "contact_name": rnd.choice(("Hanne Sæther", "Mohamed Aden", "Siri Løken", "Fatima Yusuf", "Jon Brekke")),
        "contact_email": "post@soker.example",
        "contact_phone": "",
        "project_name": f"{name}, {planned.applicant.name}",
        "summary": summary,
        "target_group": rnd.choice(GROUPS),
        "starts_on": f"{call.year}-04-01",
        "ends_on": f"{call.year}-12-31",
        "goals": f"Minst {rnd.randint(50, 80)} prosent av deltakerne er i arbeid eller utdanning ett år etter.",
        "plan": "Oppstart i april, samling hver måned, evaluering i november og erfaringsdeling i desember.",
        "cooperation": "Nav, voksenopplæringen og lokale arbeidsgivere.",
    }
    return {
        theme.code: _budget(call, planned)
        if theme.contents is Contents.BUDGET
        else {question.code: _typed(question, known, planned) for question in theme.asked_in(call.part)}
        for theme in themes_of(call)
        if theme.contents is not Contents.ATTACHMENTS
    }


def _typed(question: Question, known: dict[str, str], planned: Planned) -> str:
    if question.code in FACTS:
        return FACTS[question.code][planned.misses_a_condition]
    if question.code in known:
        return known[question.code]
    if question.answer is Answer.CHOICE:
        return question.choices[0].code
    usual = {Answer.NUMBER: "12", Answer.KRONER: "100 000", Answer.PERCENT: "10", Answer.YES_NO: "yes"}
    return usual.get(question.answer, "Som beskrevet i prosjektplanen." if question.required else "")


def _budget(call: Call, planned: Planned) -> dict[str, Any]:
    """Costs in three lines; own money is a fifth, or as much as is applied for where the scheme asks it (1:1)."""
    applied = planned.applied_kroner
    own = applied if call.scheme == "entrepreneurship" and not planned.misses_a_condition else applied // 5
    wages, courses = applied * 6 // 10, applied * 3 // 10
    costs = (wages, courses, applied + own - wages - courses)
    return {
        "costs": [{"text": text, "kroner": str(kroner)} for text, kroner in zip(COST_LINES, costs, strict=True)],
        "financing": [],
        "own": str(own),
        "applied": str(applied),
    }


def report_answers(terms: Mapping[str, Any], *, used: int) -> dict[str, dict[str, Any]]:
    """A whole report, theme by theme, with so many per cent of every cost used; own money pays what the grant does not."""
    costs = [ore // 100 * used // 100 for _, ore in terms["budget"]["costs"]]
    results: dict[str, str] = {"came_of": "Deltakerne kom nærmere arbeid, og samarbeidet fortsetter."}
    for number, _ in enumerate(terms["goals"], start=1):
        results |= {
            f"goal_{number}_result": "De fleste deltakerne er i arbeid eller utdanning.",
            f"goal_{number}_indicator": "Deltakere i arbeid eller utdanning etter tiltaket",
            f"goal_{number}_number": "17",
        }
    accounts: dict[str, Any] = {
        "lines": [{"kroner": str(kroner), "why": "" if used == 100 else WHY_LESS} for kroner in costs],
        "more": [],
        "financing": [{"kroner": str(ore // 100)} for _, ore in terms["budget"]["financing"]],
        "own": str(max(0, sum(costs) - terms["granted_ore"] // 100)),
        "total": str(sum(costs)),
    }
    return {"results": results, "participants": {"reached": "24", "why_reached": ""}, "accounts": accounts}


@cache
def auditors_statement() -> bytes:
    """The statement that goes with a report, as a PDF."""
    return render_pdf(
        "<h1>Revisors uttalelse</h1><p>Oppdiktet, til demoåret: regnskapet er revidert uten forbehold.</p>",
        stylesheet="",
    )

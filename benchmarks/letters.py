"""Decision letters: ours against WeasyPrint as its manual shows it, and two workers against one.

Both make the same pages from the same contents. The peer gets the HTML with the stylesheet in it and sets each letter
from nothing: no tags, no fixed bytes, nothing archived or recorded.
"""

import json
import subprocess
import sys
from time import monotonic, perf_counter, sleep
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from applications.letters.decision import decision_letter
from applications.letters.templates import html_of
from applications.models import CaseDocument, Decision
from applications.services.case_letters import STYLESHEET
from applications.services.decision_letter import make_letter
from grants.documents.render import render_pdf
from grants.jobs.queue import drain
from grants.models import Job

WARM_UP = 2
READY_SECONDS = 20  # to start, and to make one letter


def lay_out(number: int) -> None:
    """So many decided cases whose letters wait."""
    # The factories of the tests make the cases, through the same services as the pages.
    from applications.services.assess import take_case
    from applications.services.decide import decide, propose
    from applications.services.submit import submit
    from grants.models import Organisation
    from tests.factories.cases import (
        APPLIED_ORE,
        caseworker,
        decision_maker,
        impartial,
        make_call,
        make_draft,
    )
    from tests.factories.register import appropriate

    appropriate(post="62", year=timezone.localdate().year)
    call = make_call(envelope_ore=number * APPLIED_ORE)
    sara, david = impartial(caseworker(), call), impartial(decision_maker(), call)
    organisations = list(Organisation.objects.municipalities().order_by("municipality_number"))
    for place in range(number):
        case = make_draft(call, organisations[place % len(organisations)])
        submit(case, by=case.created_by)
        take_case(case, by=sara)
        reason = "Prosjektet er godt forankret, og målene kan etterprøves. " * 4
        decide(propose(case, amount_ore=APPLIED_ORE, reason=reason, by=sara), by=david)


def contents() -> list[dict[str, Any]]:
    decisions = Decision.objects.standing().select_related("application__organisation", "call", "prepared_by")
    return [decision_letter(decision) for decision in decisions.order_by("pk")]


def ours() -> dict[str, Any]:
    """Set every letter the way the worker does, from its contents to the bytes."""
    letters = contents()
    for letter in letters[:WARM_UP]:
        render_pdf(html_of("decision", letter), stylesheet=render_to_string(STYLESHEET))
    began = perf_counter()
    for letter in letters:
        render_pdf(html_of("decision", letter), stylesheet=render_to_string(STYLESHEET))
    return {"seconds": perf_counter() - began, "letters": len(letters)}


def naive() -> dict[str, Any]:
    """The same letters by `HTML(string=...).write_pdf()`, with the stylesheet in the page, fresh each time."""
    from weasyprint import HTML

    def set_letter(letter: dict[str, Any]) -> bytes:
        style = f"<style>{render_to_string(STYLESHEET)}</style></head>"
        return bytes(HTML(string=html_of("decision", letter).replace("</head>", style)).write_pdf())

    letters = contents()
    for letter in letters[:WARM_UP]:
        set_letter(letter)
    began = perf_counter()
    for letter in letters:
        set_letter(letter)
    return {"seconds": perf_counter() - began, "letters": len(letters)}


def worker(start_at: float) -> dict[str, Any]:
    """A warm worker that begins at a moment and does jobs until none is left: when it ended, by the machine's clock."""
    make_letter(Decision.objects.standing().select_related("application__organisation", "call").order_by("pk")[0])
    sleep(max(0, start_at - monotonic()))
    done = drain()
    return {"ended": monotonic(), "done": done}


def workers(number: int) -> dict[str, Any]:
    """So many workers over all the letters, from one starting signal to the last letter."""
    start_at = monotonic() + READY_SECONDS
    command = [sys.executable, "-m", "benchmarks.measure", "letter_worker", str(round(start_at * 1000))]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(number)]
    answers = [json.loads(process.communicate()[0].splitlines()[-1]) for process in started]
    if Job.objects.exclude(state=Job.State.DONE).exists():
        raise SystemExit("Some letters were not made.")
    return {
        "seconds": max(answer["ended"] for answer in answers) - start_at,
        "letters": CaseDocument.objects.count(),
        "done": [answer["done"] for answer in answers],
    }

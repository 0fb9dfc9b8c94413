"""The letters of a run: one to each municipality, its sums with an annex of person-lines, made once and archived."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string

from grants.documents import archive
from grants.documents.render import render_pdf
from grants.jobs.queue import hand_over, hand_over_all
from grants.jobs.registry import job
from grants.models import EntitlementRun, Letter, RunPayable, User
from grants.services.letter_content import letter_content, letter_number
from grants.services.look_at_person import log_look
from grants.shared.errors import Refused

WORKER = "worker"
BOOKED = (EntitlementRun.State.APPROVED, EntitlementRun.State.PAID)


@job("run_letters")
def hand_over_letters(payload: Mapping[str, Any]) -> None:
    """Hand over one letter per municipality of the run. Doing it again finds the same jobs."""
    run = booked_run(payload["run"])
    with transaction.atomic():
        hand_over_all(
            "run_letter",
            {f"run_letter:{run.pk}:{number}": {"run": run.pk, "municipality": number} for number in recipients(run)},
        )


@job("run_letter")
def make_run_letter(payload: Mapping[str, Any]) -> None:
    """Make the letter of a run to a municipality. Safe to run twice: an archived letter is left alone."""
    make_letter(booked_run(payload["run"]), payload["municipality"])


def make_letter(run: EntitlementRun, number: str, *, by: User | None = None, actor: str = WORKER) -> Letter:
    """The letter of a run to a municipality: the archived one, or a new one with the sums of the run and the ledger."""
    require_booked(run)
    made = Letter.objects.filter(number=letter_number(run, number)).first()
    if made is not None:
        return made
    content = letter_content(run, number)
    # No transaction is open while the page is set and the file is written.
    pdf = render_pdf(
        render_to_string(f"letters/{content['language']}/run_letter.html", content),
        stylesheet=render_to_string("letters/letter.css"),
    )
    sha256, path = archive.store(pdf)
    with transaction.atomic():
        letter, is_new = Letter.objects.get_or_create(
            run=run,
            recipient=content["recipient"],
            defaults={
                "number": content["number"],
                "language": content["language"],
                "paid_ore": content["paid_ore"],
                "sha256": sha256,
                "path": path,
            },
        )
        if is_new:
            _log_look(letter, by=by, actor=actor, did="made", persons=content["persons"])
            hand_over("deliver_run_letter", f"deliver_run_letter:{letter.pk}", {"letter": letter.pk})
    return letter


def read_letter(letter: Letter, *, by: User | None, actor: str) -> bytes:
    """The letter as it was sent, proved by its hash. The look at its persons is logged before it is shown."""
    pdf = archive.read(letter.path, sha256=letter.sha256)
    number = letter.recipient.municipality_number
    persons = letter.run.lines.filter(municipality_number=number).values("person_id").distinct().count()
    _log_look(letter, by=by, actor=actor, did="read", persons=persons)
    return pdf


def recipients(run: EntitlementRun) -> list[str]:
    """The municipalities that the run writes to: those in it, and those that carry a sum through it."""
    payables = RunPayable.objects.filter(run=run).order_by("municipality_number")
    return list(payables.values_list("municipality_number", flat=True))


def booked_run(run_id: int) -> EntitlementRun:
    """The run of this number, or a refusal: letters follow approved runs only."""
    run = EntitlementRun.objects.filter(pk=run_id).first()
    if run is None:
        raise Refused(f"There is no run {run_id}.")
    require_booked(run)
    return run


def require_booked(run: EntitlementRun) -> None:
    """No letter leaves before the run is approved."""
    if run.state not in BOOKED:
        raise Refused(f"Run {run.pk} is {run.state}: letters are made when a run is approved, never before.")


def _log_look(letter: Letter, *, by: User | None, actor: str, did: str, persons: int) -> None:
    if persons:
        log_look(None, by=by, actor=actor, what=f"letter {letter.number} {did}", persons=persons)

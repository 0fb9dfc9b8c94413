"""The letters about a claim: notice, claim, plan, reminder and offset, each made once from the event that it tells of."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string

from grants.documents import archive
from grants.documents.delivery import Outgoing
from grants.documents.render import render_pdf
from grants.jobs.queue import hand_over
from grants.jobs.registry import job
from grants.law.registry import SCHEMES
from grants.models import RecoveryClaim, RecoveryEvent, RecoveryLetter
from grants.recoveries.plan import plan_of
from grants.recoveries.story import holder_of
from grants.services.deliver import deliver
from grants.services.recovery_words import BY, WORDS, Said, day_in
from grants.shared.money import kr

VERSION = 1  # of the words in recovery_words.py


@job("recovery_letter")
def make_recovery_letter(payload: Mapping[str, Any]) -> None:
    """Make the letter of an event, and hand it over for delivery. Safe to run twice: a letter that is made stands."""
    event = RecoveryEvent.objects.select_related("claim__recipient").get(pk=payload["event"])
    if RecoveryLetter.objects.filter(event=event).exists():
        return
    content = letter_content(event)
    # No transaction is open while the page is set and the file is written.
    pdf = render_pdf(
        render_to_string(f"letters/{content['language']}/notice.html", content),
        stylesheet=render_to_string("letters/letter.css"),
    )
    sha256, path = archive.store(pdf)
    with transaction.atomic():
        letter, _ = RecoveryLetter.objects.get_or_create(
            event=event,
            defaults={
                "number": content["number"],
                "title": content["subject"][:200],
                "language": content["language"],
                "sha256": sha256,
                "path": path,
            },
        )
        hand_over("deliver_recovery_letter", f"deliver_recovery_letter:{letter.pk}", {"letter": letter.pk})


@job("deliver_recovery_letter")
def deliver_recovery_letter(payload: Mapping[str, Any]) -> None:
    """Deliver a letter about a claim to the recipient."""
    letter = RecoveryLetter.objects.select_related("event__claim__recipient").get(pk=payload["letter"])
    recipient = holder_of(letter.event.claim.recipient, letter.event.on)
    deliver(
        Outgoing(
            key=f"recovery_letter:{letter.pk}",
            title=letter.title,
            reference=letter.number,
            recipient=str(recipient),
            orgnr=recipient.orgnr or "",
            language=letter.language,
            dated=str(letter.event.on),
            sha256=letter.sha256,
            pdf=read_letter(letter),
        )
    )


def read_letter(letter: RecoveryLetter) -> bytes:
    """The letter as it was sent, proved by its hash."""
    return archive.read(letter.path, sha256=letter.sha256)


def letter_content(event: RecoveryEvent) -> dict[str, Any]:
    """The contents of letters/{nb,nn}/notice.html for an event, from the claim as it stands."""
    claim = RecoveryClaim.objects.with_standing().select_related("recipient").get(pk=event.claim_id)
    holder = holder_of(claim.recipient, event.on)  # a municipality that was merged has nobody to read it
    language = "nn" if holder.language == "nn" else "nb"
    said = WORDS[language][RecoveryEvent.Kind(event.kind)]
    scheme = SCHEMES.get(claim.scheme)
    facts = {
        "reference": claim.reference,
        "amount": kr(claim.amount_ore),
        "left": kr(claim.left_ore),
        "sum": kr(event.amount_ore),
        "scheme": scheme.name.on(language) if scheme else claim.code,
        "year": claim.origin_year,
        "due": _day(event.due_on, language),
        "kid": claim.kid,
        "account": settings.PAYER_ACCOUNT or "–",
        "missing": _missing(event, language),
        "by": BY[language].format(due=_day(event.due_on, language)) if event.due_on else "",
    }
    return {
        "version": VERSION,
        "language": language,
        "recipient": holder,
        "number": f"{claim.reference}-{event.number}",
        "dated": day_in(event.on, language),
        "dated_iso": event.on.isoformat(),
        "chapter": claim.chapter.lstrip("0"),
        "post": claim.post,
        "subject": said.subject.format(**facts),
        "opening": [text.format(**facts) for text in said.opening],
        "sections": _sections(said, claim, event, facts, language),
        "closing": [text.format(**facts) for text in said.closing],
    }


def _sections(
    said: Said, claim: RecoveryClaim, event: RecoveryEvent, facts: Mapping[str, Any], language: str
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if said.why:
        rests_on = said.rests_on.format(citation=claim.citation)
        found.append({"heading": said.why, "paragraphs": [claim.ground, rests_on], "rows": []})
    if said.answer and event.words:
        found.append({"heading": said.answer, "paragraphs": [event.words], "rows": []})
    for heading, *paragraphs in said.sections:
        found.append({"heading": heading, "paragraphs": [text.format(**facts) for text in paragraphs], "rows": []})
    if event.kind == RecoveryEvent.Kind.PLANNED:
        rows = [[day_in(part.due_on, language), f"{kr(part.amount_ore)} kr"] for part in plan_of(claim)]
        found.append({"heading": said.parts, "paragraphs": [], "head": said.head, "rows": rows})
    return found


def _missing(event: RecoveryEvent, language: str) -> str:
    """What a reminder reminds of, in the language of the letter."""
    if event.kind != RecoveryEvent.Kind.REMINDED:
        return ""
    ore = kr(int(event.plan[0]["missing_ore"]))
    return f"{ore} kroner er ikkje betalte." if language == "nn" else f"{ore} kroner er ikke betalt."


def _day(value: date | None, language: str) -> str:
    return day_in(value, language) if value else ""

"""Short letters to a recipient outside a case: made and delivered by job, through the port that all letters leave by."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import override

from grants.documents import archive
from grants.documents.delivery import Outgoing
from grants.documents.render import render_pdf
from grants.jobs.queue import hand_over
from grants.jobs.registry import job
from grants.models import Organisation
from grants.services.deliver import deliver
from grants.services.letter_words import Words
from grants.shared.dates import today


def tell(key: str, organisation: Organisation, *, about: Words, text: Sequence[Words], to: str = "") -> None:
    """Leave a letter in the caller's transaction. `key` names it for ever; `to` is a person there, empty for the house."""
    language = organisation.language
    hand_over(
        "tell_recipient",
        key,
        {
            "key": key,
            "organisation": str(organisation.pk),
            "to": to,
            "about": about.in_language(language),
            "text": [one.in_language(language) for one in text],
            "dated": today().isoformat(),
        },
    )


@job("tell_recipient")
def carry(payload: Mapping[str, Any]) -> None:
    """Make the letter, keep it, and deliver it. Run twice it is the same letter, delivered once."""
    organisation = Organisation.objects.get(pk=payload["organisation"])
    to = f"{payload['to']}, {organisation}" if payload["to"] else str(organisation)
    pdf = render_pdf(
        render_to_string("letters/told.html", _content(payload, organisation, to)),
        stylesheet=render_to_string("letters/letter.css"),
    )
    sha256, _ = archive.store(pdf)
    deliver(
        Outgoing(
            key=payload["key"],
            title=payload["about"],
            reference=payload["key"],
            recipient=to,
            orgnr=organisation.orgnr or "",
            language=organisation.language,
            dated=payload["dated"],
            sha256=sha256,
            pdf=pdf,
        )
    )


def _content(payload: Mapping[str, Any], organisation: Organisation, to: str) -> dict[str, Any]:
    with override(organisation.language):
        dated = date_format(date.fromisoformat(payload["dated"]), "j. F Y")
    return {
        "language": organisation.language,
        "is_nynorsk": organisation.language == "nn",
        "recipient": {"name": to, "orgnr": organisation.orgnr},
        "number": payload["key"].replace("_", " "),
        "dated": dated,
        "dated_iso": payload["dated"],
        "subject": payload["about"],
        "text": payload["text"],
    }

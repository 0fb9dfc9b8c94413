"""Record an internal note as an internal document of its case (offentleglova § 14)."""

from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from applications.models import Note
from applications.records import DIRECTORATE
from applications.services.case_letters import STYLESHEET
from applications.services.records import Direction, record, recorded
from grants.documents.render import render_pdf
from grants.jobs.registry import job


@job("record_note")
def record_note(payload: Mapping[str, Any]) -> None:
    """Make and record the note as a document. Safe to run twice."""
    note = Note.objects.select_related("application__organisation", "application__call", "by").get(pk=payload["note"])
    case = note.application
    if recorded(case, "note", note.pk) is not None:
        return
    contents = {
        "language": case.language,
        "title": case.call.title(case.language),
        "application": case,
        "organisation": case.organisation,
        "sender": DIRECTORATE,
        "addressee": DIRECTORATE,
        "note": note,
    }
    with override(case.language):
        html = render_to_string("documents/note.html", contents)
    record(
        case,
        "note",
        of=note.pk,
        content=render_pdf(html, stylesheet=render_to_string(STYLESHEET)),
        about=case.call.title(case.language),
        language=case.language,
        direction=Direction.INTERNAL,
        dated=timezone.localdate(note.at),
    )

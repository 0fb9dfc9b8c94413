"""Letters of a case: set once from their contents, archived with their hash, and recorded in the case."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.template.loader import render_to_string

from applications.letters.templates import html_of, version_of
from applications.models import Application, CaseDocument
from applications.services.records import Direction, record
from grants.documents.render import render_pdf

STYLESHEET = "letters/letter.css"


def write_letter(
    case: Application,
    kind: str,
    *,
    of: object,
    content: Mapping[str, Any],
    dated: date,
    counterpart: str = "",
    template: str = "",
) -> CaseDocument:
    """Set, archive and record a letter to the applicant, or to `counterpart`.

    `content` has `language` and `title` beside its own. `template` is the letter's, where it has not the kind's name.
    """
    pdf = render_pdf(html_of(template or kind, content), stylesheet=render_to_string(STYLESHEET))
    return record(
        case,
        kind,
        of=of,
        content=pdf,
        about=content["title"],
        language=content["language"],
        direction=Direction.OUTGOING,
        dated=dated,
        counterpart=counterpart,
        template_version=version_of(content),
    )

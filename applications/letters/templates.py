"""Where the templates of letters lie, version by version: a letter that was sent can be set again as it was.

Version 1 of a kind is `letters/<language>/<kind>.html`. A later one lies beside it with its number in the name, for
example `letters/nb/decision_2.html`, and is used for new letters when its number is made the one of the kind (`VERSION`
in `applications/letters/<kind>.py`). A version that has been used is never edited and never removed.
"""

import re
from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

FIRST = 1
_BODY = re.compile(r"<body>(.*)</body>", re.DOTALL)
# On a page the letter stands below the page's own headings and inside its main part.
_ON_A_PAGE = (
    ("<h2", "<h4"), ("</h2>", "</h4>"), ("<h1", "<h3"), ("</h1>", "</h3>"),
    ("<main>", "<div>"), ("</main>", "</div>"), ("<header", "<div"), ("</header>", "</div>"),
)  # fmt: skip


def version_of(content: Mapping[str, Any]) -> int:
    """The version of the template that a letter's contents are written for."""
    return int(content.get("version", FIRST))


def template_of(kind: str, language: str, version: int = FIRST) -> str:
    """The template of a kind of letter, in a form of Norwegian and a version."""
    return f"letters/{language}/{kind}.html" if version == FIRST else f"letters/{language}/{kind}_{version}.html"


def html_of(kind: str, content: Mapping[str, Any]) -> str:
    """The letter as HTML, before it is a PDF: its template filled with its contents."""
    return render_to_string(template_of(kind, content["language"], version_of(content)), dict(content))


def preview_of(kind: str, content: Mapping[str, Any]) -> SafeString:
    """The same letter as a part of a page. What people wrote is escaped already, so no tag in it is theirs."""
    found = _BODY.search(html_of(kind, content))
    body = found.group(1) if found else ""
    for tag, instead in _ON_A_PAGE:
        body = body.replace(tag, instead)
    return mark_safe(body)  # noqa: S308

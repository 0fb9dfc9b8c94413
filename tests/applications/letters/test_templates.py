"""Letters have versioned templates, and a preview is the very same letter."""

import re
from pathlib import Path
from typing import Any

import pytest

from applications.letters import decision as letter
from applications.letters.templates import html_of, preview_of, template_of
from applications.models import CaseDocument, Decision, State
from applications.services.decision_letter import make_letter
from tests.factories.cases import make_case, proposal_of

pytestmark = pytest.mark.django_db
SECOND = '{% extends "letters/nb/decision.html" %}{% block opening %}<p>Dette er mal to.</p>{% endblock %}'


@pytest.fixture
def second_version(settings: Any, tmp_path: Path) -> None:
    """A second version of the decision letter, lying beside the first."""
    folder = tmp_path / "letters" / "nb"
    folder.mkdir(parents=True)
    (folder / "decision_2.html").write_text(SECOND, encoding="utf-8")
    templates = settings.TEMPLATES[0]
    settings.TEMPLATES = [templates | {"DIRS": [tmp_path, *templates["DIRS"]]}]


def decided() -> Decision:
    return make_case(State.GRANTED).decisions.get()


def test_the_document_says_which_version_of_the_template_it_was_made_from():
    make_letter(decided())

    assert CaseDocument.objects.get().template_version == letter.VERSION == 1


def test_a_later_version_is_used_for_new_letters_and_the_old_one_can_still_be_set(second_version: None):
    decision = decided()

    new = html_of("decision", letter.contents_of(decision, decided_by="david", version=2))
    old = html_of("decision", letter.contents_of(decision, decided_by="david", version=1))

    assert "Dette er mal to." in new and "Mal 2." in new
    assert "Dette er mal to." not in old and "Mal 1." in old
    assert old == html_of("decision", letter.decision_letter(decision))


def test_every_version_has_both_forms_of_norwegian():
    root = Path(__file__).resolve().parents[3] / "templates"

    for version in range(1, letter.VERSION + 1):
        for language in ("nb", "nn"):
            assert (root / template_of("decision", language, version)).is_file()


def test_the_preview_says_word_for_word_what_the_letter_says():
    decision = decided()
    contents = letter.decision_letter(decision)

    def words(html: str) -> list[str]:
        return re.sub(r"<[^>]+>", " ", html).split()

    whole = html_of("decision", contents)
    assert words(preview_of("decision", contents)) == words(whole[whole.index("<body>") :])


def test_the_preview_of_a_proposal_is_dated_when_it_is_decided():
    proposal = proposal_of(make_case(State.PROPOSED))

    contents = letter.contents_of(proposal, decided_by="…")

    assert contents["dated"] == "dagen vedtaket fattes"
    assert "500\N{NO-BREAK SPACE}000" in contents["granted"]

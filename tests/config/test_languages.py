"""Every text of the pages has its nynorsk, and what is compiled is what is written."""

import gettext
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

FOLDER = settings.BASE_DIR / "locale" / "nn" / "LC_MESSAGES"
TEXT = re.compile(r'\{% translate "([^"]+)"|(?:_|gettext_lazy)\("([^"]+)"\)')
CODE = ("config", "grants/pages", "applications/pages", "applications/templatetags", "reporting/pages")


def compiled() -> tuple[set[str], set[str]]:
    """The texts that have a translation, and the translations."""
    with (FOLDER / "django.mo").open("rb") as file:
        catalogue = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    # A text with a context stands as "context\x04text", a plural as (text, number).
    texts = {(key[0] if isinstance(key, tuple) else key).split("\x04")[-1] for key in catalogue}
    return texts, set(catalogue.values())


def test_every_text_has_its_nynorsk():
    base: Path = settings.BASE_DIR
    sources = [
        path
        for path in (base / "templates").rglob("*.html")
        if "letters" not in path.parts and "reports" not in path.parts
    ]
    sources += [path for folder in CODE for path in (base / folder).rglob("*.py")]
    used = {one or other for path in sources for one, other in TEXT.findall(path.read_text(encoding="utf-8"))}

    assert len(used) > 200
    assert used - compiled()[0] == set()


def test_what_is_compiled_is_what_is_written():
    written = (FOLDER / "django.po").read_text(encoding="utf-8")
    translations = re.findall(r'^msgstr(?:\[\d\])? "(.+)"$', written, re.MULTILINE)

    assert set(translations) <= compiled()[1]
    assert "#, fuzzy" not in written


@pytest.mark.django_db
def test_a_reader_of_nynorsk_gets_the_law_in_nynorsk_too():
    page = Client(headers={"Accept-Language": "nn"}).get(reverse("scheme", args=["integration"])).content.decode()

    assert '<html lang="nn"' in page
    assert "Integreringstilskot" in page

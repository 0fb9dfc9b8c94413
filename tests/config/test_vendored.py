"""The files that browsers get from others are those that were fetched, unchanged, each with its licence."""

import hashlib
import json
from pathlib import Path

import pytest
from django.conf import settings

LISTED = json.loads((settings.BASE_DIR / "static/vendor/VENDOR.json").read_text(encoding="utf-8"))
FOLDERS = ("static/vendor", "static/fonts", "static/theme", "tests/browser")
OURS = {".py", ".json"}


@pytest.mark.parametrize("name", sorted(LISTED))
def test_a_vendored_file_is_the_one_that_was_fetched(name: str):
    content = (settings.BASE_DIR / name).read_bytes()

    assert hashlib.sha256(content).hexdigest() == LISTED[name]["sha256"]


def test_nothing_lies_among_the_vendored_files_that_is_not_listed():
    found = {
        path.relative_to(settings.BASE_DIR).as_posix()
        for folder in FOLDERS
        for path in (settings.BASE_DIR / folder).rglob("*")
        if path.is_file() and path.suffix not in OURS and not path.name.endswith(".pyc")
    }

    assert {name for name in found if "LICENSE" not in name} <= set(LISTED)


@pytest.mark.parametrize("folder", ["vendor/designsystemet", "vendor/htmx", "fonts", "theme", "icons"])
def test_every_folder_has_its_licence(folder: str):
    assert list((settings.BASE_DIR / "static" / folder).glob("LICENSE*"))


def test_pages_load_nothing_from_elsewhere():
    for sheet in Path(settings.BASE_DIR / "static").rglob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        assert "@import" not in text.replace("@import url()", ""), sheet
        assert "url(http" not in text.replace('"', "").replace("'", ""), sheet

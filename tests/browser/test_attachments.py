"""Attachments in a real browser: chosen, uploaded, removed, refused and told, with and without JavaScript."""

from typing import Any

import pytest
from django.urls import reverse

from applications.models import Attachment
from tests.browser.conftest import Open, faults, sideways, sign_in
from tests.factories.attachments import make_attachment, make_clean, uploaded
from tests.grants.documents.gate.makers import pdf_with, png

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_page_of_attachments_is_accessible_with_files_and_with_faults(
    width: int, open_page: Open, demo: dict[str, Any]
):
    make_clean(make_attachment(demo["draft"], file=uploaded("Avtale om samarbeid med frivillige i Halden.pdf")))
    make_attachment(demo["draft"], file=uploaded("prosjektplan.png", png()))
    page = sign_in(open_page(reverse("sign_in"), width=width), "ola.nes")
    open_page(reverse("application_theme", args=[demo["draft"].pk, "attachments"]), page=page)
    assert faults(page) == [] and sideways(page) == 0

    page.locator("#file-other").set_input_files({"name": "makro.docm", "mimeType": "x/x", "buffer": b"MZ"})
    page.get_by_role("button", name="Last opp").click()
    page.wait_for_load_state()

    assert page.title().startswith("Feil: Vedlegg")
    assert "filer av denne typen" in page.locator(".ds-error-summary").inner_text()
    assert faults(page) == [] and sideways(page) == 0
    assert [text for text in page.complaints if "422" not in text] == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("javascript", [True, False])
def test_a_file_is_uploaded_and_removed(javascript: bool, open_page: Open, demo: dict[str, Any]):
    page = sign_in(open_page(reverse("sign_in"), javascript=javascript), "ola.nes")
    open_page(reverse("application_theme", args=[demo["draft"].pk, "attachments"]), page=page, javascript=javascript)
    chosen = {"name": "Årsregnskap.pdf", "mimeType": "application/pdf", "buffer": pdf_with()}
    page.locator("#file-other").set_input_files(chosen)
    page.get_by_role("button", name="Last opp").click()
    page.locator(".app-files__list").wait_for()

    assert "Årsregnskap.pdf" in page.locator(".app-files__list").inner_text()
    assert Attachment.objects.of(demo["draft"]).present().count() == 1
    page.get_by_role("button", name="Fjern Årsregnskap.pdf").click()
    page.get_by_text("Årsregnskap.pdf er fjernet.").wait_for()
    assert Attachment.objects.of(demo["draft"]).present().count() == 0


def test_a_clean_file_is_saved_and_not_shown(open_page: Open, demo: dict[str, Any]):
    make_clean(make_attachment(demo["draft"], file=uploaded("Årsregnskap.pdf")))
    page = sign_in(open_page(reverse("sign_in")), "ola.nes")
    open_page(reverse("application_theme", args=[demo["draft"].pk, "attachments"]), page=page)

    with page.expect_download() as saved:
        page.get_by_role("link", name="Årsregnskap.pdf").click()

    assert saved.value.suggested_filename == "Årsregnskap.pdf"

"""Applying in a real browser: autosave tells when it saved, a second window is told, and all of it goes without JavaScript."""

from typing import Any

import pytest
from django.urls import reverse

from applications.models import Application, State
from tests.browser.conftest import Open, faults, sideways, sign_in
from tests.factories.cases import make_case

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [1280, 390, 320])
@pytest.mark.parametrize("theme", ["contact", "project", "goals", "municipality"])
def test_every_theme_is_accessible_also_with_faults(theme: str, width: int, open_page: Open, demo: dict[str, Any]):
    page = sign_in(open_page(reverse("sign_in"), width=width), "ola.nes")
    open_page(reverse("application_theme", args=[demo["draft"].pk, theme]), page=page)
    assert faults(page) == []

    for box in page.locator("form#theme input.ds-input[type=text], form#theme textarea").all():
        box.fill("")
    page.get_by_role("button", name="Neste steg").click()
    page.wait_for_load_state()
    assert faults(page) == []
    assert sideways(page) == 0
    complaints = [text for text in page.complaints if "422" not in text]  # type: ignore[attr-defined]
    assert complaints == []


def test_what_is_typed_is_saved_while_it_is_typed(open_page: Open, demo: dict[str, Any]):
    page = sign_in(open_page(reverse("sign_in")), "ola.nes")
    open_page(reverse("application_theme", args=[demo["draft"].pk, "goals"]), page=page)
    page.locator("#plan").fill("Et helt nytt opplegg")
    page.locator("#plan").blur()
    page.wait_for_function(
        "version => document.querySelector('#saved input').value !== version", arg=str(demo["draft"].version)
    )

    assert Application.objects.get(pk=demo["draft"].pk).answers["goals"]["plan"] == "Et helt nytt opplegg"
    page.locator("#goals").fill("Enda mer")
    page.locator("#goals").blur()
    page.wait_for_timeout(1500)
    assert Application.objects.get(pk=demo["draft"].pk).answers["goals"]["goals"] == "Enda mer"
    assert page.complaints == []  # type: ignore[attr-defined]


def test_the_sums_follow_while_one_types(open_page: Open, demo: dict[str, Any]):
    page = sign_in(open_page(reverse("sign_in")), "ola.nes")
    open_page(reverse("application_theme", args=[demo["draft"].pk, "budget"]), page=page)
    page.locator("#applied").fill("400 000")
    page.locator("#applied").blur()

    page.locator("#saved", has_text="100\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}kr").wait_for()


def test_a_case_is_accessible_to_its_applicant(open_page: Open, demo: dict[str, Any]):
    case = make_case(State.GRANTED, call=demo["call"])
    page = sign_in(open_page(reverse("sign_in"), width=390), "ola.nes")
    open_page(reverse("application", args=[case.pk]), page=page)

    assert "Innvilget" in page.locator("main").inner_text()
    assert faults(page) == []
    assert sideways(page) == 0


def test_it_goes_without_javascript(open_page: Open, demo: dict[str, Any]):
    page = sign_in(open_page(reverse("sign_in"), javascript=False), "ola.nes")
    open_page(reverse("application_theme", args=[demo["draft"].pk, "goals"]), page=page, javascript=False)
    page.locator("#participants").fill("mange")
    page.get_by_role("button", name="Neste steg").click()
    assert "Skriv et helt tall" in page.locator("main").inner_text()

    page.locator("#participants").fill("12")
    page.get_by_role("button", name="Neste steg").click()
    assert "Budsjett" in page.locator("h1").inner_text()

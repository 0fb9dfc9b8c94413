"""A real browser against a real server: Chromium, a new empty profile each time, and every console error kept."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, sync_playwright

from applications.models import Appeal, State
from applications.services.announce import prepare_call
from grants.models import EntitlementRun, Role
from grants.services.invite import invite
from tests.factories.appeals import make_appeal, make_decided, make_reversal
from tests.factories.attachments import sent_attachment
from tests.factories.cases import call_contents, caseworker, make_call, make_case, make_draft, municipality
from tests.factories.follow_up import make_accepted
from tests.factories.register import appropriate, finance, make_user
from tests.factories.runs import make_member, make_run

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--lang=nb-NO", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
AXE = (Path(__file__).parent / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
Open = Callable[..., Page]


@pytest.fixture(scope="session", autouse=True)
def _sync_browser_beside_the_database() -> Iterator[None]:
    """Playwright's event loop makes Django think that the test is asynchronous; it is not."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    yield
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.skip(f"There is no Chromium at {CHROMIUM}; CHROMIUM names another place.")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path=CHROMIUM, headless=True, args=ARGUMENTS, env={**os.environ, "LANGUAGE": "nb"}
        )
        yield found
        found.close()


@pytest.fixture
def open_page(browser: Browser, live_server: Any) -> Iterator[Open]:
    """Open an address in a window of a given width; what the console complains of stands in `page.complaints`."""
    contexts = []

    def opened(address: str = "/", *, width: int = 1280, javascript: bool = True, page: Page | None = None) -> Page:
        if page is None:
            context = browser.new_context(
                locale="nb-NO", timezone_id="Europe/Oslo", viewport={"width": width, "height": 900},
                java_script_enabled=javascript,
            )  # fmt: skip
            contexts.append(context)
            page = context.new_page()
            complaints: list[str] = []
            page.complaints = complaints  # type: ignore[attr-defined]
            page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
            page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(live_server.url + address, wait_until="networkidle" if javascript else "load")
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def demo(settings: Any) -> dict[str, Any]:
    """The demo is on, with two people of finance, one of a municipality with a draft, a case in work, and runs in two states."""
    settings.DEMO = True
    kari, mona = finance("kari.berg"), finance("mona.lien")
    make_member("ola.nes", "0101")
    caseworker("amir.haugen")
    appropriate()
    paid = make_run(EntitlementRun.State.PAID, by=kari, approved_by=mona)
    waiting = make_run(EntitlementRun.State.PREPARED, by=kari, term=2)
    draft = make_draft()
    reversal = make_reversal(100_000_00)
    caseworker()
    sent = make_case(call=draft.call)
    samira = make_user("samira.ali", Role.SCHEME_OWNER)
    # People: the administrator, somebody to look at, one who signs, and an invitation that waits.
    make_user("liv.strand", Role.ADMINISTRATOR)
    signs = make_member("anne.vik", "0101", Role.SIGNATORY)
    invite(signs.memberships.get().organisation, Role.EDITOR, name="Nora Ek", by=signs)
    # A file that no scanner has seen, and somebody who may open it.
    attachment = sent_attachment()
    make_user("amir.haugen", Role.CASEWORKER)
    return {
        "shown": kari,
        "paid": paid,
        "waiting": waiting,
        "draft": draft,
        "decided_case": reversal.application,
        "appeal": make_appeal(Appeal.State.IN_PROGRESS, decision=make_decided(call=draft.call)),
        "attachment": attachment,
        "call": draft.call,
        "grant": make_accepted(call=draft.call),
        "sent": sent,
        "case": make_case(State.IN_PROGRESS, call=draft.call, organisation=municipality("0104")),
        "draft_of_a_call": prepare_call("kum", "", 2026, by=samira, **call_contents()),
        "named_call": make_call(scheme="resource_centres"),
    }


def sign_in(page: Page, username: str) -> Page:
    """Choose a demo person."""
    page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2] + reverse("sign_in"))
    page.locator(f"button[value='{username}']").click()
    page.wait_for_load_state()
    return page


def faults(page: Page) -> list[str]:
    """What axe finds; it is put in past the page's own policy, as a browser extension would be."""
    page.evaluate(AXE)
    found = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", TAGS)
    return [f"{one['id']}: {one['nodes'][0]['html'][:140]}" for one in found["violations"]]


def sideways(page: Page) -> int:
    """How many points the page can be scrolled sideways."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))

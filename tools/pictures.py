"""Walk the pages of a served demo as people of every role: full-page pictures, and what axe, the console and the widths say.

    make demo &
    make pictures                                    or: tools/pictures.py http://127.0.0.1:8000 var/pictures anne.vik

One page of each address is taken for each person: /cases/<a case>/ once, however many cases there are. Look at them beside
each other after every change of a page.
"""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import BrowserContext, Page, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
AXE = Path(__file__).resolve().parent.parent / "tests" / "browser" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
PEOPLE = ("", "anne.vik", "nora.ek", "hilde.rud", "tor.lund", "siri.holt", "amir.haugen", "ingrid.dahl", "kari.berg",
          "samira.ali", "per.moe", "liv.strand")  # fmt: skip
WIDTHS = (1280, 390, 320)
TAKEN_AT = (1280, 390)
NOT_PAGES = (".pdf", ".csv", ".xlsx", ".json", "/api/v1/schema/")
# One page of each kind: what stands for a case, a run, a municipality or a scheme in an address.
NUMBERS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)\d+(?=[/.]|$)|(?<=/schemes/)[a-z_]+")
OF_ALL = ("/schemes/", "/schemes/-/", "/accessibility/")
OPEN_TO_ALL = ("/calls/", "/schemes/", "/accessibility/", "/sign-in/")


def main(server: str, folder: Path, people: list[str]) -> int:
    """How many pages had a fault."""
    faulty = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--lang=nb-NO", "--no-sandbox"])
        for person in people:
            context = browser.new_context(locale="nb-NO", timezone_id="Europe/Oslo")
            into = folder / (person or "nobody")
            into.mkdir(parents=True, exist_ok=True)
            for address, said in _walk(context, server, person, into):
                print(f"{person or '-':12} {address}", *(f"\n    {one}" for one in said), sep="", flush=True)
                faulty += bool(said)
            context.close()
        browser.close()
    return faulty


def _walk(context: BrowserContext, server: str, person: str, into: Path) -> Iterator[tuple[str, list[str]]]:
    page = context.new_page()
    heard: list[str] = []
    page.on("console", lambda said: heard.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.goto(f"{server}/sign-in/")
    if person:
        page.locator(f"button[value='{person}']").click()
        page.wait_for_load_state()
    seen: set[str] = set()
    waiting = [page.url] if person else [f"{server}{path}" for path in OPEN_TO_ALL]
    while waiting:
        address = waiting.pop(0)
        kind = NUMBERS.sub("-", urlsplit(address).path)
        if kind in seen or kind.endswith(NOT_PAGES) or (person and kind in OF_ALL):
            continue
        seen.add(kind)
        heard.clear()
        page.set_viewport_size({"width": WIDTHS[0], "height": 900})
        page.goto(address, wait_until="networkidle")
        yield kind, [*_looked_at(page, into, kind), *heard]
        links = page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
        waiting += [
            urljoin(page.url, link).split("#")[0] for link in links if urljoin(page.url, link).startswith(server)
        ]


def _looked_at(page: Page, into: Path, kind: str) -> Iterator[str]:
    name = kind.strip("/").replace("/", "_") or "front"
    page.evaluate(AXE.read_text(encoding="utf-8"))
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if width in TAKEN_AT:
            page.screenshot(path=into / f"{name}-{width}.png", full_page=True)
        found = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", TAGS)
        for one in found["violations"]:
            yield f"{width}: {one['id']}: {one['nodes'][0]['html'][:160]}"
        if too_wide := page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"):
            yield f"{width}: {too_wide} points too wide"


if __name__ == "__main__":
    sys.exit(bool(main(sys.argv[1].rstrip("/"), Path(sys.argv[2]), sys.argv[3:] or list(PEOPLE))))

"""A document fetches nothing, reads aloud, and has the same bytes every time."""

import hashlib
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from pathlib import Path

import pytest
import weasyprint
from pypdf import PdfReader

from grants.documents import press as the_press
from grants.documents.render import render_pdf
from grants.shared.errors import Refused
from tests.grants.jobs.processes import PROJECT, PYTHON, environment

CSS = "@page { size: A4 } body { font: 10pt 'Liberation Sans', 'DejaVu Sans' }"
PAGE = '<!doctype html><html lang="nn"><head><title>Brev</title></head><body><h1>Hei</h1><p>Tekst.</p></body></html>'
RED_DOT = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ"
    "AAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)


class Listener:
    """A web server on this machine that counts who comes, and a file that must not be read."""

    def __init__(self, folder: Path) -> None:
        self.visits: list[str] = []
        self.canary = folder / "canary.txt"
        self.canary.write_text("the canary sings")
        visits = self.visits

        class Note(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                visits.append(self.path)
                self.send_response(302)
                self.send_header("Location", f"file://{folder / 'canary.txt'}")
                self.end_headers()

            def log_message(self, *args: object) -> None:
                """Not a word."""

        self.server = HTTPServer(("127.0.0.1", 0), Note)
        self.address = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def listener(tmp_path: Path) -> Iterator[Listener]:
    listener = Listener(tmp_path)
    thread = threading.Thread(target=listener.server.serve_forever, daemon=True)
    thread.start()
    yield listener
    listener.server.shutdown()
    listener.server.server_close()
    thread.join()


def hostile(listener: Listener) -> str:
    """All the ways we know in which a page asks for something outside itself."""
    web, file = listener.address, listener.canary.as_uri()
    return f"""<!doctype html><html lang="nb"><head><title>x</title>
    <base href="{web}/base/">
    <link rel="stylesheet" href="{web}/style.css"><link rel="stylesheet" href="{file}">
    <link rel="attachment" href="{file}"><link rel="attachment" href="{web}/attach">
    <link rel="icon" href="{web}/icon.ico">
    <style>@import url({web}/import.css); @font-face {{ font-family: f; src: url({web}/f.woff), url({file}) }}
    p {{ font-family: f; background: url({web}/bg.png); list-style-image: url(relative.png) }}
    h1::before {{ content: url({file}) }} @page {{ background: url({web}/page.png) }}</style></head>
    <body><h1>x</h1><p>y <a rel="attachment" href="{file}">z</a></p>
    <img src="{web}/i.png"><img src="{file}"><img src="FILE:///etc/hostname"><img src="//127.0.0.1/x.png">
    <img src="ftp://127.0.0.1/x.png"><object data="{file}"></object><embed src="{web}/e.svg">
    <img src="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink'%3E
    %3Cimage xlink:href='{web}/svg.png'/%3E%3Cuse xlink:href='{file}#a'/%3E%3C/svg%3E">
    <svg xmlns="http://www.w3.org/2000/svg"><image href="{web}/inline.png"/><image href="{file}"/></svg>
    </body></html>"""


def test_a_hostile_page_reaches_nothing(listener, caplog):
    pdf = render_pdf(hostile(listener), stylesheet=f"@import url({listener.address}/ours.css); {CSS}")

    assert listener.visits == []
    assert list(PdfReader(BytesIO(pdf)).attachments) == []
    assert "refused" in caplog.text
    assert "canary" not in caplog.text, "the log names no address"


def test_the_same_page_reaches_out_without_our_fetcher(listener):
    """The control: the traps work, so that nothing caught above means that nothing was asked."""
    pdf = weasyprint.HTML(string=hostile(listener)).write_pdf()

    assert len(listener.visits) >= 5
    attached = PdfReader(BytesIO(pdf)).attachments
    assert any(b"the canary sings" in content for contents in attached.values() for content in contents)


def test_a_picture_inside_the_document_is_shown():
    page = PAGE.replace("Hei", f'Hei <img alt="prikk" src="{RED_DOT}">')

    [image] = PdfReader(BytesIO(render_pdf(page, stylesheet=CSS))).pages[0].images

    assert image.image.size == (1, 1)


@pytest.mark.parametrize(
    "address", ["file:///etc/hostname", "FILE:///x", "http://127.0.0.1:1/", " file:///x", "ftp://x"]
)
def test_the_fetcher_refuses_all_but_data(address):
    with pytest.raises(ValueError, match="may not fetch"):
        the_press.FETCHER.fetch(address)


def test_a_fatal_fault_in_fetching_is_a_refusal_and_not_the_end_of_the_worker(monkeypatch):
    def fatal(self: object, url: str, headers: object = None) -> None:
        raise weasyprint.urls.FatalURLFetchingError("no")

    monkeypatch.setattr(the_press.NothingButData, "fetch", fatal)

    with pytest.raises(Refused):
        render_pdf(PAGE.replace("Hei", f'<img src="{RED_DOT}">'), stylesheet=CSS)


def test_the_document_is_tagged_and_says_its_language_and_title():
    reader = PdfReader(BytesIO(render_pdf(PAGE, stylesheet=CSS)))
    root = reader.trailer["/Root"]

    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"].value is True
    assert root["/StructTreeRoot"]["/K"]
    assert root["/Lang"] == "nn"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert reader.metadata is not None
    assert reader.metadata.title == "Brev"
    assert b"pdfuaid" in root["/Metadata"].get_data()


def test_a_fragment_becomes_a_norwegian_document_with_its_title():
    reader = PdfReader(BytesIO(render_pdf("<h1>Hei</h1>", stylesheet=CSS, title="A < B")))

    assert reader.trailer["/Root"]["/Lang"] == "nb"
    assert reader.metadata is not None
    assert reader.metadata.title == "A < B"


def test_the_same_document_has_the_same_bytes_today_and_in_another_process():
    here = [hashlib.sha256(render_pdf(PAGE, stylesheet=CSS)).hexdigest() for _ in range(2)]
    script = (
        "import hashlib, sys; from grants.documents.render import render_pdf;"
        "print(hashlib.sha256(render_pdf(sys.argv[1], stylesheet=sys.argv[2])).hexdigest())"
    )
    there = subprocess.run(
        [PYTHON, "-c", script, PAGE, CSS],
        cwd=PROJECT,
        env=environment(DJANGO_SETTINGS_MODULE="config.settings", PYTHONHASHSEED="7", TZ="Asia/Tokyo"),
        capture_output=True, text=True, check=True,
    ).stdout.strip()  # fmt: skip

    assert {*here, there} == {here[0]}


def test_without_a_font_there_is_no_document(monkeypatch):
    monkeypatch.setattr(the_press, "number_of_fonts", lambda: 0)

    with pytest.raises(Refused, match="apt-get install fonts"):
        render_pdf(PAGE, stylesheet=CSS)


def test_a_process_that_serves_pages_does_not_load_the_press():
    script = (
        "import sys, config.wsgi, config.urls; sys.exit(any(name in sys.modules for name in ('weasyprint', 'kombu')))"
    )

    subprocess.run(
        [PYTHON, "-c", script], cwd=PROJECT, env=environment(DJANGO_SETTINGS_MODULE="config.settings"), check=True
    )

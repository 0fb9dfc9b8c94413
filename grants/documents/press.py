"""The press: WeasyPrint set up once, so that a letter fetches nothing, is tagged, and has the same bytes every time.

Only `grants.documents.render` imports this file, and only when there is a document to make: WeasyPrint takes a second
to import, which the web pages must not wait for.
"""

import logging
from functools import lru_cache

from weasyprint import CSS, HTML
from weasyprint.text.ffi import ffi, fontconfig
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from grants.shared.errors import Refused

ALLOWED = ("data",)
VARIANT = "pdf/ua-1"  # ISO 14289-1: a screen reader can read it

log = logging.getLogger("tilskudd.documents")


class NothingButData(URLFetcher):  # type: ignore[misc]
    """Fetches what the document carries in itself, and nothing else: no file, no network."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=ALLOWED, allow_redirects=False)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        protocol = url.partition(":")[0].strip().lower()
        if protocol not in ALLOWED:
            log.warning("A document asked for something outside itself (%r) and was refused.", protocol[:20])
            raise ValueError("a document may not fetch anything")
        return super().fetch(url, headers)


# One for the whole process: each new fetcher builds a TLS context, a third of the time of a letter.
FETCHER = NothingButData()
FONTS = FontConfiguration()


def press(html: str, *, stylesheet: str) -> bytes:
    """The document as PDF/UA-1. Whatever it asks for outside itself is left out."""
    if not number_of_fonts():
        raise Refused(
            "No font is installed, so no document can be made. Install one, for example: "
            "apt-get install fonts-dejavu-core fonts-liberation"
        )
    try:
        page = HTML(string=html, url_fetcher=FETCHER)
        return bytes(
            page.write_pdf(
                stylesheets=[_parsed(stylesheet)], font_config=FONTS, pdf_variant=VARIANT, pdf_identifier=True
            )
        )
    except FatalURLFetchingError as fault:  # not an Exception: it would walk past every handler and end the worker
        raise Refused("The document asks for something that may not be fetched.") from fault


def number_of_fonts() -> int:
    """How many fonts the machine offers. With none, every letter would be a rectangle."""
    fonts = fontconfig.FcConfigGetFonts(ffi.NULL, fontconfig.FcSetSystem)
    return 0 if fonts == ffi.NULL else int(fonts.nfont)


@lru_cache(maxsize=16)
def _parsed(stylesheet: str) -> CSS:
    return CSS(string=stylesheet, url_fetcher=FETCHER, font_config=FONTS)

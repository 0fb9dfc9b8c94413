"""From HTML to a PDF that fetches nothing from outside, is tagged (PDF/UA-1) and has the same bytes every time."""

from django.utils.html import escape


def render_pdf(html: str, *, stylesheet: str, title: str = "") -> bytes:
    """The document as PDF. `html` comes from an autoescaped template; `title` is used where the document has none.

    Nothing is fetched: pictures and fonts must be `data:` addresses. A document without `<html lang>` is Norwegian.
    """
    # WeasyPrint takes a second to import: only a process that makes documents pays for it.
    from grants.documents.press import press

    if "<html" not in html[:500].lower():
        html = f'<!doctype html><html lang="nb"><head><title>{escape(title)}</title></head><body>{html}</body></html>'
    elif title and "<title>" not in html:
        html = html.replace("</head>", f"<title>{escape(title)}</title></head>", 1)
    return press(html, stylesheet=stylesheet)

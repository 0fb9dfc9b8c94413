"""Files as applicants have them, all of which must get in: (name, content)."""

import base64
from collections.abc import Iterator
from datetime import date
from io import BytesIO

import openpyxl
import pikepdf
import xlsxwriter
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Font
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from grants.documents.render import render_pdf
from tests.grants.documents.gate.makers import (
    HEAD,
    action,
    chunk,
    docx,
    field,
    jpeg,
    new_pdf,
    opendocument,
    pdf_bytes,
    pdf_with,
    pdf_with_annotation,
    png,
    relations,
    saved,
    segment,
    xlsx,
)

RELS = "word/_rels/document.xml.rels"
SETTINGS = "word/_rels/settings.xml.rels"
TEMPLATE = "file:///C:\\Users\\kari\\AppData\\Roaming\\Microsoft\\Templates\\Halden kommune.dotx"


def ordinary_files() -> Iterator[tuple[str, str, bytes]]:
    """What it is, the name it comes with, and the file."""
    yield from _pdf()
    yield from _word()
    yield from _excel()
    yield from _opendocument()
    yield from _pictures()


def _pdf() -> Iterator[tuple[str, str, bytes]]:
    style = "@page { size: A4 } body { font-family: sans-serif }"
    yield "a letter", "brev.pdf", render_pdf("<h1>Årsrapport</h1><p>Blåbærsyltetøy.</p>", stylesheet=style)
    links = '<p><a href="https://www.imdi.no/">IMDi</a> <a href="mailto:a@b.no">e-post</a> <a href="#a">hit</a></p><h2 id="a">A</h2>'
    yield "a letter with links and an outline", "lenker.pdf", render_pdf(links * 20, stylesheet=style)
    picture = base64.b64encode(photo(300, 200, "PNG")).decode()
    yield (
        "a letter with a picture",
        "bilde.pdf",
        render_pdf(f'<img src="data:image/png;base64,{picture}" alt="">', stylesheet=style),
    )
    yield "a hundred pages", "lang.pdf", pdf_bytes(new_pdf(100))
    yield "accounts packed tightly", "Årsregnskap 2016.PDF", pdf_with(packed=True)
    fit = Array([0, Name.Fit])
    yield "opening on the first page", "start.pdf", pdf_with(OpenAction=fit)
    yield "opening on a page by an action", "start.pdf", pdf_with(OpenAction=action("GoTo", D=fit))
    yield "empty lists of names", "tom.pdf", pdf_with(Names=Dictionary(EmbeddedFiles=Dictionary(Names=Array())))
    yield "a form without script", "skjema.pdf", pdf_with(AcroForm=Dictionary(Fields=Array(), NeedAppearances=True))
    yield (
        "a link to the web",
        "lenke.pdf",
        pdf_with_annotation(Subtype=Name.Link, A=action("URI", URI=String("https://imdi.no"))),
    )
    yield "a note", "merknad.pdf", pdf_with_annotation(Subtype=Name.Text, Contents=String("Husk signatur"), F=4)
    yield "an older version of the format", "gammel.pdf", pdf_bytes(new_pdf(), force_version="1.3")
    yield "prepared for the web", "nett.pdf", pdf_bytes(new_pdf(5), linearize=True)
    scan = new_pdf()
    scan.pages[0].obj.Resources = Dictionary(XObject=Dictionary(Im0=pikepdf.Stream(
        scan, photo(1200, 1600, "JPEG"), Type=Name.XObject, Subtype=Name.Image, Width=1200, Height=1600,
        BitsPerComponent=8, ColorSpace=Name.DeviceRGB, Filter=Name.DCTDecode,
    )))  # fmt: skip
    yield "a scanned page", "skannet.pdf", pdf_bytes(scan)


def _word() -> Iterator[tuple[str, str, bytes]]:
    yield "a document", "Søknad.docx", docx()
    yield (
        "a long document",
        "lang.docx",
        docx(body="<w:p><w:r><w:t>Prosjektet hjelper mange. </w:t></w:r></w:p>" * 5_000),
    )
    yield "a document with a picture", "bilde.docx", docx(**{"word/media/image1.png": photo(200, 200, "PNG")})
    yield (
        "links to the web and to an address",
        "lenker.docx",
        docx(
            **{
                RELS: relations(
                    ("hyperlink", "https://www.imdi.no/?a=1&amp;b=2", "External"),
                    ("hyperlink", "mailto:a@b.no", "External"),
                )
            }
        ),
    )
    yield (
        "the municipality's own template",
        "mal.docx",
        docx(**{SETTINGS: relations(("attachedTemplate", TEMPLATE, "External"))}),
    )
    yield (
        "page numbers and a table of contents",
        "felt.docx",
        docx(
            body=field("PAGE")
            + field('TOC \\o "1-3" \\h \\z \\u')
            + field('HYPERLINK "https://www.imdi.no"')
            + field("DATE \\@ d.M.yyyy")
        ),
    )
    yield "a chart with its workbook", "diagram.docx", docx(**{
        "word/embeddings/Microsoft_Excel_Sheet1.xlsx": xlsx(),
        "word/charts/chart1.xml": f"{HEAD}<c:chartSpace xmlns:c='http://c'/>",
        "word/charts/_rels/chart1.xml.rels": relations(("package", "../embeddings/Microsoft_Excel_Sheet1.xlsx", "")),
    })  # fmt: skip
    yield (
        "talk of DDE and links in the text",
        "tekst.docx",
        docx(body="<w:p><w:r><w:t>DDEAUTO og LINK er ord som må gå an å skrive.</w:t></w:r></w:p>"),
    )
    yield (
        "a drawing",
        "tegning.docx",
        docx(**{"word/media/a.svg": '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>'}),
    )
    yield (
        "embedded fonts and printer settings",
        "skrift.docx",
        docx(
            **{
                "word/fonts/font1.odttf": b"\x10\x20" * 500,
                "word/printerSettings/printerSettings1.bin": b"\x01\x00" * 300,
            }
        ),
    )


def _excel() -> Iterator[tuple[str, str, bytes]]:
    yield "a budget", "Budsjett 2017.xlsx", xlsx()
    yield "many sheets", "ark.xlsx", xlsx(sheets=12)
    yield (
        "ten thousand rows",
        "rader.xlsx",
        xlsx(*(["Deltaker", number, number * 1.5, "Ja"] for number in range(10_000))),
    )
    yield "text with a line across", "strek.xlsx", xlsx(["A | B", "C|D"], ["'=cmd", "webservice er et ord"])
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["Post", "Kroner"], ["Lønn", 10], ["Leie", 20]):
        sheet.append(row)
    sheet["A1"].font = Font(bold=True)
    sheet["C1"], sheet["C2"] = date(2017, 3, 1), '=IF(B2>5,"ja","nei")'
    sheet["D1"].hyperlink = "https://www.imdi.no"
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=3), titles_from_data=True)
    sheet.add_chart(chart, "F2")
    yield "a chart, dates, a link and formulas", "diagram.xlsx", saved(book)
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as written:
        page = written.add_worksheet("Regnskap")
        page.write_row(0, 0, ["Inntekt", 1_000, "=B1*2"])
        page.insert_image(3, 0, "logo.png", {"image_data": BytesIO(photo(60, 60, "PNG"))})
        page.write_comment("A1", "Se bilag 4")
        page.data_validation("A5", {"validate": "list", "source": ["Ja", "Nei"]})
    yield "a picture, a remark and a list to choose from", "regnskap.xlsx", buffer.getvalue()


def _opendocument() -> Iterator[tuple[str, str, bytes]]:
    yield "a text document", "dok.odt", opendocument("text")
    yield (
        "a text document with picture, link and template",
        "dok.odt",
        opendocument(
            "text",
            '<text:p><text:a xlink:href="https://www.imdi.no">IMDi</text:a><draw:image xlink:href="Pictures/a.png"/></text:p>'
            '<meta:template xlink:href="../../maler/brev.ott"/>',
            **{"Pictures/a.png": photo(40, 40, "PNG"), "Configurations2/accelerator/current.xml": f"{HEAD}<a/>"},
        ),
    )
    yield "a spreadsheet", "ark.ods", opendocument("spreadsheet")
    yield (
        "a spreadsheet with formulas and a chart",
        "ark.ods",
        opendocument(
            "spreadsheet",
            '<table:table-cell table:formula="of:=SUM([.A1:.A9])"/><draw:object xlink:href="./Object 1"/>',
            **{"Object 1/content.xml": f"{HEAD}<a/>"},
        ),
    )


def _pictures() -> Iterator[tuple[str, str, bytes]]:
    yield "a photograph", "IMG_0001.JPG", photo(3000, 2000, "JPEG")
    yield "a photograph with another ending", "bilde.jpeg", photo(800, 600, "JPEG")
    yield "a photograph that loads in steps", "steg.jpg", photo(800, 600, "JPEG", progressive=True)
    yield "a grey photograph", "grå.jpg", photo(500, 500, "JPEG", mode="L")
    yield (
        "a photograph with the camera's notes",
        "kamera.jpg",
        jpeg(more=segment(0xE1, b"Exif\x00\x00MM\x00*\x00\x00\x00\x08Apple")),
    )
    yield "a photograph with a smaller one behind it", "to.jpg", jpeg() + b"\x00" * 16 + jpeg(8, 8)
    yield "a screenshot", "skjerm.png", photo(900, 600, "PNG")
    yield "a picture one can see through", "logo.png", photo(200, 100, "PNG", mode="RGBA")
    yield (
        "a picture with the program's name",
        "navn.png",
        png(more=chunk(b"tEXt", b"Software\x00Tegneprogram 3 <beta>")),
    )


def photo(width: int, height: int, kind: str, *, mode: str = "RGB", progressive: bool = False) -> bytes:
    """A picture of noise, as a program saves it."""
    buffer = BytesIO()
    picture = Image.effect_noise((width // 4 or 1, height // 4 or 1), 60).resize((width, height)).convert(mode)
    picture.save(buffer, kind, **({"progressive": True, "quality": 80} if progressive else {}))
    return buffer.getvalue()

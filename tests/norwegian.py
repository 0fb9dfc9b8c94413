"""What of a page is Norwegian without saying so: text and attributes outside elements marked with `lang="nb"` or `"nn"`."""

import re
from html.parser import HTMLParser

VOID = {"br", "hr", "img", "input", "link", "meta", "rect", "use", "path"}
READ_ALOUD = {"aria-label", "aria-description", "title", "alt", "placeholder", "data-l", "value", "content", "label"}
# Words that no English sentence has, of those that most Norwegian ones have.
WORDS = re.compile(
    r"\b(og|ikke|ikkje|dere|de søker|av|til|som|er|på|med|kan|må|vi|fra|frå|har|skal|du|jeg|eller|når|hvis|hva|hvem|hvor|"
    r"ble|blir|kl|kr|frist|fristen|svar|svaret|vedtak|vedtaket|tilskudd|tilskuddet|søknad|søknaden|klage|klagen|vilkår|"
    r"utlysning|dato|beløp|sak|saken|januar|februar|mars|mai|juni|juli|oktober|desember|ja|nei|feil|neste|forrige|lagret|"
    r"skriv|velg|navn|sum|egne|midler|hele|ett|etter|innen|uten|alle|nytt|dette|denne|disse)\b|\w*[æøåÆØÅ]\w*",
    re.IGNORECASE,
)
# An address of ours has Norwegian in it, and so has what was chosen to be called something Norwegian.
NOT_TEXT = re.compile(r"https?://\S+|[\w.+-]+@[\w.-]+")


class _Outside(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, bool]] = []
        self.said: list[str] = []

    @property
    def is_marked(self) -> bool:
        return any(marked for _tag, marked in self.open)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        marked = found.get("lang") in ("nb", "nn")
        if not (marked or self.is_marked) and found.get("type") not in ("hidden", "radio", "checkbox"):
            self.said += [value for name, value in attributes if name in READ_ALOUD and value and tag != "button"]
        if tag not in VOID:
            self.open.append((tag, marked))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self.is_marked and not (self.open and self.open[-1][0] in ("script", "style", "code")):
            self.said.append(data)


def unmarked(page: str) -> list[str]:
    """The Norwegian words of a page that a screen reader would read as English, each with what stands around it."""
    parser = _Outside()
    parser.feed(page)
    texts = (NOT_TEXT.sub("", " ".join(text.split())) for text in parser.said)
    return [f"{word.group()}: {text[:120]}" for text in texts for word in WORDS.finditer(text) if word.group() != "VI"]

"""Why a bank's file can't be used: the whole file is refused, and the refusal says what is wrong and where."""

from grants.shared.errors import BadInput


class BadMessage(BadInput):
    """The file can't be read as an answer from the bank. Nothing of it is used."""

    def __init__(self, what: str, *, line: int = 0, path: str = "") -> None:
        place = ", ".join(part for part in (f"linje {line}" if line else "", path) if part)
        super().__init__(f"Filen fra banken er avvist. {place[:1].upper()}{place[1:]}: {what}" if place else what)
        self.what = what
        self.line = line
        self.path = path


class WrongSum(BadMessage):
    """The file says one sum, and what stands in it makes another."""

    def __init__(self, what: str, said_ore: int, found_ore: int, *, line: int, path: str) -> None:
        super().__init__(what, line=line, path=path)
        self.said_ore = said_ore
        self.found_ore = found_ore

"""A file that is not let in, and why, in words for the person who chose it."""

from typing import NoReturn

from grants.shared.errors import BadInput


class FileRefused(BadInput):
    """The file cannot be taken in as it is. The message says what to do about it.

    Sentences stand in bokmål, with values apart: the gate is a process of its own and knows no other language.
    """

    def __init__(self, *sentences: str, **values: object) -> None:
        self.sentences, self.values = sentences, values
        super().__init__(" ".join(one % values for one in sentences))


def sentence(text: str) -> str:
    """A sentence for the catalogue (tools/texts.py)."""
    return text


SAVE_AGAIN = sentence("Åpne den, lagre den på nytt, og prøv igjen.")
PRINT_AGAIN = sentence("Skriv den ut til en ny PDF, og last opp den.")


def refuse(*sentences: str, **values: object) -> NoReturn:
    """Do not let the file in."""
    raise FileRefused(*sentences, **values)

"""The same sentence in the languages that the system writes."""

from typing import NamedTuple


class Text(NamedTuple):
    """The same sentence in bokmål, nynorsk and English."""

    nb: str
    nn: str
    en: str

    def on(self, language: str) -> str:
        """The sentence in a language: `nb`, `nn` or `en`."""
        return str(getattr(self, language))

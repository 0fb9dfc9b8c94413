"""The refusals of the law: what is not known, and what cannot be read."""


class LawError(Exception):
    """The law as written here cannot answer; the message says what is missing and where to add it."""


class NoRateInForce(LawError):
    """No source gives this rate for this day. `name` and `year` say which."""

    def __init__(self, message: str, *, name: str = "", year: int = 0) -> None:
        self.name, self.year = name, year
        super().__init__(message)


class BadRates(LawError):
    """A rate file breaks its own rules."""


class UnknownScheme(LawError):
    """There is no scheme of this code."""

"""Why a sign-in comes to nothing. Each is shown on a plain page; the log keeps the particulars."""

from grants.shared.errors import Refused


class SignInRefused(Refused):
    """What came back does not prove who the person is. The message is for the log, not for the page."""


class UserIsClosed(SignInRefused):
    """We know who it is, and an administrator has closed the user."""


class ProviderTrouble(Refused):
    """The identity provider does not answer, or not with anything we can use."""

"""The refusals. Each says what is wrong, why, and what to do; commands print them, pages answer with them."""


class Refused(Exception):
    """A rule of ours says no. The message is written for the person who asked."""


class BadInput(Refused):
    """A file or a value cannot be used as it stands."""


class ChangedSince(Refused):
    """The world has moved on since this was prepared."""


class NotAllowed(Refused):
    """This person may not do this."""


class OverBudget(Refused):
    """The appropriation does not cover it."""


class YearIsClosed(Refused):
    """The books of that year take no more postings."""


class ConflictingPosting(Refused):
    """The same key was already booked with other facts."""

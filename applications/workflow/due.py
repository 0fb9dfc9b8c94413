"""When an answer is due."""

from calendar import monthrange
from datetime import date


def answer_due(received_on: date) -> date:
    """One month after an application came in: by then it is answered, or a preliminary answer is given (fvl. § 11 a).

    A month that has no such day ends on its last.
    """
    year, month = (received_on.year + 1, 1) if received_on.month == 12 else (received_on.year, received_on.month + 1)
    return date(year, month, min(received_on.day, monthrange(year, month)[1]))

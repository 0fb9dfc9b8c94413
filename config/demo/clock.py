"""The clock of the demo: what happened in 2017 happens in 2017, through the ordinary services."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from unittest.mock import patch

from django.utils import timezone


@contextmanager
def it_is(day: date, at: time = time(12)) -> Iterator[datetime]:
    """For this process, until the block ends, it is this moment in Norway. Only the demo moves the clock."""
    moment = timezone.make_aware(datetime.combine(day, at))
    with patch.object(timezone, "now", lambda: moment):
        yield moment

"""The claims are of 2017, so it is 2017: a person settled in May 2016 may be claimed for until 10 June 2017."""

from collections.abc import Iterator

import pytest
import time_machine

from tests.factories.register import appropriate


@pytest.fixture(autouse=True)
def it_is_june_2017() -> Iterator[time_machine.Traveller]:
    with time_machine.travel("2017-06-01T10:00:00+02:00", tick=True) as traveller:
        yield traveller


@pytest.fixture
def money() -> None:
    """Appropriations that cover what the runs book."""
    for post in ("60", "62"):
        appropriate(post=post)


@pytest.fixture(autouse=True)
def the_gate_has_its_own_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every claim has two files; the gate that they pass is a process of its own (tests/grants/documents/gate)."""
    monkeypatch.setattr("applications.services.attach.media_type_of", lambda path, suffix: "application/pdf")

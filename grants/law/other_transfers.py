"""Transfers outside the 18 schemes: no regulation was found for them, and they can be booked and reported all the same."""

from typing import NamedTuple


class OtherTransfer(NamedTuple):
    """A transfer that is booked with its own code on its post."""

    code: str
    name: str
    chapter: str
    post: str


OTHER_TRANSFERS = (
    OtherTransfer("settlement_follow_up", "Bosettingsordningen og integreringstilskudd, oppfølging", "0496", "70"),
    OtherTransfer("interpreters", "Statsautorisasjonsordningen for tolker m.m.", "0496", "72"),
    OtherTransfer("area_toyen", "Områdesatsing Tøyen", "0496", "62"),
    OtherTransfer("area_gronland", "Områdesatsing Grønland", "0496", "62"),
)


def other_transfer(code: str) -> OtherTransfer | None:
    """The transfer of a code, or None where there is none."""
    return next((known for known in OTHER_TRANSFERS if known.code == code), None)

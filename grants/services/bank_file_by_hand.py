"""A person brings a file from the bank: it goes through the gate that fetched files go through, and is kept when refused."""

from django.utils.translation import gettext as _

from grants.models import Role, User
from grants.services.fetch_answers import keep_refused
from grants.services.take_in_bank_file import TakenIn, take_in_bank_file
from grants.shared.errors import NotAllowed, Refused
from grants.shared.text import seen


def bank_file_by_hand(content: bytes, *, name: str, by: User) -> TakenIn:
    """Take in one file. A file that can't be used is kept with the reason, and refused: nothing of it is done."""
    if not by.has_directorate_role(Role.FINANCE):
        raise NotAllowed(
            _("%(who)s kan ikke ta inn filer fra banken: det krever rollen økonomi.") % {"who": by.username}
        )
    name = seen(name).strip()[:200] or _("uten navn")
    try:
        return take_in_bank_file(content, name=name, by=by)
    except Refused as refusal:
        keep_refused(content, name, refusal)
        raise

"""A closed year takes no more lines, whoever asks and however."""

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from grants.models import Account, AuditEvent, ClosedYear, LedgerEntry, Role
from grants.services.close_year import close_year
from grants.shared.errors import NotAllowed, YearIsClosed
from tests.factories.books import book, make_organisation
from tests.factories.register import finance, make_user

pytestmark = pytest.mark.django_db


def test_closing_takes_the_role_finance_and_is_audited() -> None:
    with pytest.raises(NotAllowed, match="takes the role finance"):
        close_year(2017, by=make_user("kari", Role.CASEWORKER))

    close_year(2017, by=finance())

    assert ClosedYear.objects.get().closed_by.username == "fredrik"
    assert AuditEvent.objects.get(verb="close_year").subject == "year:2017"


def test_a_year_is_closed_once() -> None:
    close_year(2017, by=finance())

    with pytest.raises(YearIsClosed, match="closed by fredrik"):
        close_year(2017, by=finance("frida"))


def test_nothing_is_booked_in_a_closed_year_by_service_or_by_sql() -> None:
    halden = make_organisation()
    line = book(Account.APPROPRIATION, Account.OWED, 100, halden)
    close_year(2017, by=finance())

    with pytest.raises(YearIsClosed):
        book(Account.OWED, Account.PAID, 100, halden)
    columns = ", ".join(f.column for f in LedgerEntry._meta.fields if f.column not in ("id", "key"))
    with pytest.raises(IntegrityError, match="closed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO grants_ledgerentry (key, {columns}) SELECT 'again', {columns} FROM grants_ledgerentry "
            f"WHERE id = {line.pk}"
        )


def test_the_command_says_it_in_one_line() -> None:
    finance()
    call_command("close_year", 2017, by="fredrik")

    with pytest.raises(CommandError, match="2017 was closed by fredrik"):
        call_command("close_year", 2017, by="fredrik")
    with pytest.raises(CommandError, match="no user"):
        call_command("close_year", 2018, by="nobody")

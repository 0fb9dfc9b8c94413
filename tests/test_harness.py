"""The ground the tests stand on holds: guards after an emptied database, undefined variables, files apart."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.template import engines

from grants.models import AuditEvent, Organisation
from grants.shared import guards


def _event() -> AuditEvent:
    return AuditEvent.objects.create(by=None, verb="test", subject="test")


def _assert_guarded() -> None:
    assert guards.missing() == []
    with pytest.raises(IntegrityError, match="only grows"), transaction.atomic():
        AuditEvent.objects.filter(pk=_event().pk).update(verb="changed")


@pytest.mark.django_db
def test_the_guards_stand_in_the_test_database():
    _assert_guarded()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", ["first", "second", "third"])
def test_the_guards_are_back_after_a_test_that_committed(time):
    assert AuditEvent.objects.count() == 0  # what the one before committed is gone
    _assert_guarded()
    _event()


@pytest.mark.django_db(transaction=True)
def test_the_municipalities_are_back_after_a_test_that_committed():
    assert Organisation.objects.municipalities().count() > 400


@pytest.mark.django_db
def test_a_missing_guard_is_noticed():
    guard = guards.GUARDS[0]
    guards.remove(guards=[guard])
    assert guards.missing() == [guard.trigger]
    guards.install()
    assert guards.missing() == []


@pytest.mark.django_db
def test_the_test_database_is_a_file_where_it_is_embedded():
    if connection.vendor == "sqlite":
        assert str(connection.settings_dict["NAME"]).endswith("test.sqlite3")


def test_an_undefined_template_variable_fails():
    template = engines["django"].from_string("{{ nobody_gave_this }}")
    with pytest.raises(pytest.fail.Exception, match="nobody_gave_this"):
        template.render({})


def test_approval_by_command_is_off_unless_a_test_asks(settings):
    assert settings.OPERATOR_APPROVAL is False


def test_approval_by_command_is_on_where_a_test_asks(settings, operator_approval):
    assert settings.OPERATOR_APPROVAL is True

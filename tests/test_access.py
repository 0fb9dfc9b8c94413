"""Who may open what: every address of the resolver against every role, and nobody finds what is not theirs."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from config.policy import POLICY
from grants.models import EntitlementRun, Letter, Membership, Organisation, PersonLook, Role, User
from grants.models.user import DIRECTORATE_ROLES, ORGANISATION_ROLES
from reporting.models import YearEndReport
from tests.factories.cases import make_draft
from tests.factories.register import appropriate, make_user
from tests.factories.runs import make_member, make_run

State = EntitlementRun.State
D = dict.fromkeys(DIRECTORATE_ROLES, 200)
O = dict.fromkeys(ORGANISATION_ROLES, 200)  # noqa: E741
NOBODY_OF_THE_DIRECTORATE = dict.fromkeys(DIRECTORATE_ROLES, 403)
NO_ORGANISATION = dict.fromkeys(ORGANISATION_ROLES, 404)
TO_SIGN_IN = 302
WRITERS = NO_ORGANISATION | {Role.EDITOR: 200, Role.SIGNATORY: 200}
ONLY_WRITERS_POST = NO_ORGANISATION | {Role.EDITOR: 405, Role.SIGNATORY: 405}
SEES_PERSONS = {Role.FINANCE: 200, Role.CASEWORKER: 200, Role.AUDITOR: 200}

# What each role gets with GET, written out by hand: it does not follow from config/policy.py, it checks it.
# The first number is for somebody who has not signed in.
EXPECTED: dict[str, tuple[int, dict[Role, int]]] = {
    "live": (200, D | O),
    "sign_in": (200, D | O),
    "accessibility": (200, D | O),
    "schemes": (200, D | O),
    "scheme": (200, D | O),
    "calls": (200, D | O),
    "calls_json": (200, D | O),
    "call": (200, D | O),
    "our_applications": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | O),
    "application": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | O),
    "application_theme": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | WRITERS),
    "application_check": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | WRITERS),
    "set_language": (302, dict.fromkeys((*DIRECTORATE_ROLES, *ORGANISATION_ROLES), 302)),
    "front_page": (TO_SIGN_IN, D | dict.fromkeys(ORGANISATION_ROLES, 302)),
    "runs": (TO_SIGN_IN, D | NO_ORGANISATION),
    "run": (TO_SIGN_IN, D | NO_ORGANISATION),
    "run_municipality": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION | SEES_PERSONS),
    "run_letter": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | O | SEES_PERSONS),
    "our_payments": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | O),
    "year_ends": (TO_SIGN_IN, dict.fromkeys(DIRECTORATE_ROLES, 302) | NO_ORGANISATION),
    "year_end": (TO_SIGN_IN, D | NO_ORGANISATION),
    "year_end_file": (TO_SIGN_IN, D | NO_ORGANISATION),
    "year_end_pdf": (TO_SIGN_IN, D | NO_ORGANISATION),
}
# Addresses that only take POST: 405 says that the door is the right one.
ONLY_POST: dict[str, tuple[int, dict[Role, int]]] = {
    "sign_out": (TO_SIGN_IN, dict.fromkeys((*DIRECTORATE_ROLES, *ORGANISATION_ROLES), 405)),
    "application_begin": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | ONLY_WRITERS_POST),
    "application_answer": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | ONLY_WRITERS_POST),
    "application_withdraw": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION | {Role.SIGNATORY: 405}),
    "run_approve": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION | {Role.FINANCE: 405}),
    "run_pay": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION | {Role.FINANCE: 405}),
    "year_end_make": (TO_SIGN_IN, NOBODY_OF_THE_DIRECTORATE | NO_ORGANISATION | {Role.FINANCE: 405}),
}
# Probed in tests/config: their status tells of the system, not of the person.
ELSEWHERE = {"ready"}
ALL_ROLES = (None, *DIRECTORATE_ROLES, *ORGANISATION_ROLES)


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for found in resolver.url_patterns:
        if isinstance(found, URLResolver):
            yield from patterns(found)
        else:
            yield found


def test_every_address_is_in_the_table_and_in_this_test():
    names = {pattern.name for pattern in patterns(get_resolver())}
    assert names == set(POLICY)
    assert names == set(EXPECTED) | set(ONLY_POST) | ELSEWHERE


def test_what_the_table_calls_public_needs_no_sign_in_and_nothing_else_does_without():
    for pattern in patterns(get_resolver()):
        needs_sign_in = getattr(pattern.callback, "login_required", True)
        assert needs_sign_in != POLICY[pattern.name].public, pattern.name


@pytest.fixture
def world(settings: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, Any]]:
    """One of everything that an address can name."""
    run = make_run(State.APPROVED)
    recipient = Organisation.objects.municipalities().get(municipality_number="0101")
    Letter.objects.create(
        run=run, recipient=recipient, number="1-0101", language="nb", paid_ore=1, sha256="0" * 64, path="x.pdf"
    )
    monkeypatch.setattr("grants.services.run_letters.archive.read", lambda path, sha256: b"%PDF-1.7 letter")
    monkeypatch.setattr("reporting.pages.year_end.thawed", lambda report: ({}, []))
    monkeypatch.setattr("reporting.pages.year_end.compare", lambda year, tables: None)
    monkeypatch.setattr("reporting.pages.year_end.report_pdf", lambda *_: b"%PDF-1.7 report")
    appropriate()
    YearEndReport.objects.create(year=2017, version=1, figures={}, sha256="0" * 64)
    application = make_draft()
    of_application = {"pk": application.pk}
    return {
        "call": {"pk": application.call_id},
        "application": of_application,
        "application_begin": {"pk": application.call_id},
        "application_theme": of_application | {"theme": "project"},
        "application_check": of_application,
        "application_answer": of_application,
        "application_withdraw": of_application,
        "scheme": {"code": "integration"},
        "run": {"pk": run.pk},
        "run_approve": {"pk": run.pk},
        "run_pay": {"pk": run.pk},
        "run_municipality": {"pk": run.pk, "number": "0101"},
        "run_letter": {"pk": run.pk, "number": "0101"},
        "year_end": {"year": 2017},
        "year_end_file": {"year": 2017, "name": "note_a", "kind": "csv"},
        "year_end_pdf": {"year": 2017, "version": 1},
        "year_end_make": {"year": 2017},
    }


def somebody(role: Role | None) -> User | None:
    """A person with one role; those of organisations act for Halden, which is in the run."""
    if role is None:
        return None
    return make_user("somebody", role) if role in DIRECTORATE_ROLES else make_member("somebody", "0101", role)


def signed_in_as(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


@pytest.mark.django_db
@pytest.mark.parametrize("role", ALL_ROLES, ids=str)
def test_each_role_gets_what_the_table_says(role: Role | None, world: dict[str, dict[str, Any]]):
    client = signed_in_as(somebody(role))
    for name, (stranger, by_role) in {**EXPECTED, **ONLY_POST}.items():
        answer = client.get(reverse(name, kwargs=world.get(name, {})))
        assert answer.status_code == (stranger if role is None else by_role[role]), (name, role)


@pytest.mark.django_db
@pytest.mark.parametrize("role", [role for role in ALL_ROLES if role != Role.FINANCE], ids=str)
@pytest.mark.parametrize("name", ["run_approve", "run_pay", "year_end_make"])
def test_only_finance_can_post_what_changes_the_books(name: str, role: Role | None, world: dict[str, dict[str, Any]]):
    answer = signed_in_as(somebody(role)).post(reverse(name, kwargs=world[name]))

    assert answer.status_code == (TO_SIGN_IN if role is None else ONLY_POST[name][1][role])
    assert EntitlementRun.objects.get().state == State.APPROVED
    assert YearEndReport.objects.count() == 1


def without_what_always_differs(page: bytes) -> bytes:
    """A page without its one-time token and its own address."""
    return re.sub(rb'name="(csrfmiddlewaretoken|next)" value="[^"]*"', b"", page)


@pytest.mark.django_db
def test_another_municipalitys_letter_answers_like_one_that_does_not_exist(world: dict[str, dict[str, Any]]):
    stranger = signed_in_as(make_member("stranger", "0104"))

    foreign = stranger.get(reverse("run_letter", kwargs=world["run_letter"]))
    missing = stranger.get(reverse("run_letter", kwargs={"pk": 987654, "number": "0101"}))

    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert without_what_always_differs(foreign.content) == without_what_always_differs(missing.content)
    assert not PersonLook.objects.exists()


@pytest.mark.django_db
def test_somebody_who_is_deactivated_or_without_roles_gets_nothing(world: dict[str, dict[str, Any]]):
    left = make_user("left", Role.FINANCE)
    client = signed_in_as(left)
    User.objects.filter(pk=left.pk).update(is_active=False)
    assert client.get(reverse("runs")).status_code == TO_SIGN_IN

    assert signed_in_as(make_user("nobody")).get(reverse("runs")).status_code == 404


@pytest.mark.django_db
def test_a_role_that_is_taken_away_closes_the_door_at_once(world: dict[str, dict[str, Any]]):
    member = make_member("ola", "0101")
    client = signed_in_as(member)
    assert client.get(reverse("our_payments")).status_code == 200

    Membership.objects.filter(user=member).delete()

    assert client.get(reverse("our_payments")).status_code == 404


@pytest.mark.django_db
def test_what_a_signed_in_person_sees_is_kept_by_no_cache(world: dict[str, dict[str, Any]]):
    answer = signed_in_as(make_user("kari", Role.FINANCE)).get(reverse("runs"))

    assert "no-store" in answer.headers["Cache-Control"]

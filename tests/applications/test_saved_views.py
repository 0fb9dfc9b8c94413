"""Views of the queue: kept by one, seen by all where they are shared, changed by nobody else."""

import pytest
from django.db import IntegrityError, transaction

from applications.models import FirstView, SavedView
from applications.services.saved_views import (
    MOST_VIEWS,
    change_view,
    first_view_of,
    open_with,
    remove_view,
    save_view,
)
from grants.models import Role, User
from grants.shared.errors import BadInput, NotAllowed
from tests.factories.cases import caseworker, decision_maker
from tests.factories.register import make_user

pytestmark = pytest.mark.django_db


def seen_by(user: User) -> list[str]:
    return [view.name for view in SavedView.objects.visible_to(user)]


def test_a_view_keeps_the_choices_and_nothing_else():
    view = save_view(
        "  Mine   største ", "handler=me&sort=largest&after=1~2&evil=<script>&state=draft&search=Ås", by=caseworker()
    )

    assert (view.name, view.query) == ("Mine største", "search=%C3%85s&handler=me&sort=largest")


def test_ones_own_come_first_and_only_shared_ones_are_seen_by_others():
    save_view("B", "", by=caseworker())
    save_view("a", "", by=caseworker())
    save_view("Alle ser", "", by=decision_maker(), is_shared=True)
    save_view("Ingen ser", "", by=decision_maker())

    assert seen_by(caseworker()) == ["a", "B", "Alle ser"]
    assert seen_by(decision_maker()) == ["Alle ser", "Ingen ser"]


@pytest.mark.parametrize("name", ["", "   ", "\u200b", "x" * 61])
def test_a_view_has_a_name(name: str):
    with pytest.raises(BadInput, match="høyst 60 tegn"):
        save_view(name, "", by=caseworker())


def test_a_name_is_ones_own_once():
    view = save_view("Mine", "", by=caseworker())
    other = save_view("Andre", "", by=caseworker())
    save_view("Mine", "", by=decision_maker())

    with pytest.raises(BadInput, match="allerede en visning som heter «mine»"):
        save_view("mine", "", by=caseworker())
    with pytest.raises(BadInput, match="allerede en visning"):
        change_view(other, name="Mine", is_shared=False, by=caseworker())
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedView.objects.create(owner=caseworker(), name="MINE")
    change_view(view, name="Mine", is_shared=True, by=caseworker())  # its own name it may keep


def test_there_is_an_end_to_how_many():
    SavedView.objects.bulk_create(SavedView(owner=caseworker(), name=str(number)) for number in range(MOST_VIEWS))

    with pytest.raises(BadInput, match="Fjern en"):
        save_view("En til", "", by=caseworker())


def test_only_who_made_a_view_changes_and_removes_it():
    view = save_view("Delt", "", by=caseworker(), is_shared=True)

    with pytest.raises(NotAllowed, match="Bare den som har laget"):
        change_view(view, name="Min", is_shared=True, by=decision_maker())
    with pytest.raises(NotAllowed, match="Bare den som har laget"):
        remove_view(view, by=decision_maker())
    remove_view(view, by=caseworker())
    assert not SavedView.objects.exists()


def test_the_auditor_keeps_none():
    auditor = make_user("revisor", Role.AUDITOR)
    view = save_view("Delt", "", by=caseworker(), is_shared=True)

    with pytest.raises(NotAllowed):
        save_view("Min", "", by=auditor)
    with pytest.raises(NotAllowed):
        open_with(view, by=auditor)
    assert seen_by(auditor) == ["Delt"]


def test_a_queue_opens_with_the_view_one_has_chosen_as_long_as_one_sees_it():
    mine = save_view("Mine", "handler=me", by=caseworker())
    shared = save_view("Delt", "", by=decision_maker(), is_shared=True)
    assert first_view_of(caseworker()) is None

    open_with(mine, by=caseworker())
    assert first_view_of(caseworker()) == mine
    open_with(shared, by=caseworker())
    open_with(shared, by=decision_maker())
    assert first_view_of(caseworker()) == shared

    change_view(shared, name="Delt", is_shared=False, by=decision_maker())
    assert first_view_of(caseworker()) is None
    assert first_view_of(decision_maker()) == shared
    remove_view(shared, by=decision_maker())
    assert not FirstView.objects.exists()


def test_a_queue_can_open_with_everything_again():
    open_with(save_view("Mine", "handler=me", by=caseworker()), by=caseworker())

    open_with(None, by=caseworker())

    assert first_view_of(caseworker()) is None

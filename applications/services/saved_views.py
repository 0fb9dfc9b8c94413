"""Keep views of the queue: save, rename, share, remove, and choose the one that the queue opens with."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from applications.intake.reading import clean
from applications.models import FirstView, SavedView
from applications.search.choices import read_query
from grants.models import Role, User
from grants.shared.errors import BadInput, NotAllowed

# Those who read casework and may change something: the auditor changes nothing.
KEEPERS = (Role.CASEWORKER, Role.DECISION_MAKER, Role.SCHEME_OWNER, Role.FINANCE)
MOST_VIEWS = 50
LONGEST_NAME = 60


@transaction.atomic
def save_view(name: str, query: str, *, by: User, is_shared: bool = False) -> SavedView:
    """Keep the choices in an address under a name. What is no choice of the queue is left out."""
    _require_keeper(by)
    if SavedView.objects.owned_by(by).count() >= MOST_VIEWS:
        raise BadInput(_("Du har %(most)s visninger. Fjern en før du lagrer en ny.") % {"most": MOST_VIEWS})
    view = SavedView(name=_name(name), query=read_query(query).query(), owner=by, is_shared=is_shared)
    return _kept(view)


@transaction.atomic
def change_view(view: SavedView, *, name: str, is_shared: bool, by: User) -> SavedView:
    """Give a view another name, share it, or keep it to oneself."""
    _require_owner(view, by)
    if view.is_shared and not is_shared:
        FirstView.objects.filter(view=view).exclude(user=by).delete()
    view.name, view.is_shared = _name(name), is_shared
    return _kept(view)


@transaction.atomic
def remove_view(view: SavedView, *, by: User) -> None:
    """Remove a view; a queue that opened with it opens with all that is in hand."""
    _require_owner(view, by)
    view.delete()


@transaction.atomic
def open_with(view: SavedView | None, *, by: User) -> None:
    """Let one's queue open with a view that one sees; None: with all that is in hand."""
    _require_keeper(by)
    FirstView.objects.filter(user=by).delete()
    if view is not None:
        FirstView.objects.create(user=by, view=view)


def first_view_of(user: User) -> SavedView | None:
    """The view that a person's queue opens with, as long as they see it."""
    return SavedView.objects.visible_to(user).opened_first_by(user).first()


def _name(typed: str) -> str:
    name = " ".join(clean(typed).split())
    if not name or len(name) > LONGEST_NAME:
        raise BadInput(_("Gi visningen et navn på høyst %(most)s tegn.") % {"most": LONGEST_NAME})
    return name


def _kept(view: SavedView) -> SavedView:
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError:
        raise BadInput(
            _("Du har allerede en visning som heter «%(name)s». Velg et annet navn.") % {"name": view.name}
        ) from None
    return view


def _require_keeper(by: User) -> None:
    if not by.has_directorate_role(*KEEPERS):
        raise NotAllowed(_("%(who)s kan ikke lagre visninger.") % {"who": by})


def _require_owner(view: SavedView, by: User) -> None:
    _require_keeper(by)
    if view.owner_id != by.pk:
        raise NotAllowed(_("Bare den som har laget visningen, kan endre den."))

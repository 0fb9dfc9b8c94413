"""What a person may do on a page of casework: a table of actions, each with its form, its verb and who may."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from grants.models import User
from grants.pages.asking import signed_in
from grants.pages.forms import PlainForm
from grants.shared.errors import BadInput, Refused


def choose_among(form: forms.Form, name: str, choices: Iterable[tuple[str, Any]]) -> None:
    """What a field of the form may be; it begins as not chosen."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = [("", _("Velg")), *choices]


class Nothing(PlainForm):
    """Only a button."""


@dataclass(frozen=True)
class Action:
    """One thing to do with a subject. `door` is the URL name that takes it, `form` makes its form for the subject."""

    verb: str
    door: str
    title: Any
    button: Any
    done: Any
    may: Callable[[User, Any], bool]
    act: Callable[[Any, dict[str, Any], User], Any]
    form: Callable[..., forms.Form] = Nothing
    about: Any = ""
    is_quiet: bool = False


@dataclass(frozen=True)
class Offered:
    """An action as the page shows it: with its form, filled in as it was sent, and the address it goes to."""

    action: Action
    form: forms.Form
    address: str


def offered(
    actions: Iterable[Action], user: User, subject: Any, failed: tuple[Action, forms.Form] | None
) -> list[Offered]:
    """The actions that this person may take now; one that was just refused keeps what was typed."""
    return [
        Offered(
            action,
            failed[1] if failed and failed[0] is action else form_of(action, subject),
            reverse(action.door, kwargs={"pk": subject.pk, "verb": action.verb}),
        )
        for action in actions
        if action.may(user, subject) or (failed and failed[0] is action)
    ]


def form_of(action: Action, subject: Any, data: Any = None) -> forms.Form:
    """The action's form; ids begin with the verb, since there are several forms on the page."""
    if action.form is Nothing:
        return Nothing(data, auto_id=f"{action.verb}_%s")
    return action.form(subject, data, auto_id=f"{action.verb}_%s")


def take(
    request: HttpRequest,
    actions: Iterable[Action],
    door: str,
    verb: str,
    subject: Any,
    again: Callable[[tuple[Action, forms.Form], int], HttpResponse],
    then: Callable[[], HttpResponse],
) -> HttpResponse:
    """Take an action, and go on; what is refused is shown on the page again, with all that was typed."""
    action = next((one for one in actions if (one.door, one.verb) == (door, verb)), None)
    if action is None:
        raise Http404
    form = form_of(action, subject, request.POST)
    if not form.is_valid():
        return again((action, form), 422)
    try:
        action.act(subject, form.cleaned_data, signed_in(request))
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return again((action, form), 422 if isinstance(refusal, BadInput) else 409)
    messages.success(request, action.done)
    return then()


def version_of(request: HttpRequest) -> int:
    """The version that the page was made from; 0 where none is told."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def back_to(name: str, **of: Any) -> Callable[[], HttpResponse]:
    """Go to a page when it is done."""
    return lambda: redirect(name, **of)

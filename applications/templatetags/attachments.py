"""`{% attachments application "answer" %}`: the files at a place of a case, and a form to add one. A builtin of all templates."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from applications.models import Application, Attachment, AttachmentState
from applications.services.attach import MOST_AT_OTHER_PLACES
from applications.workflow.attaching import document_at, may_attach, may_open_file
from grants.documents.gate.kinds import ALIASES, KINDS
from grants.models import User
from grants.shared.shown import point
from grants.templatetags.ui import in_norwegian, tag

register = template.Library()

STATES = {
    AttachmentState.QUARANTINED: (_("Venter på kontroll"), "info", "Hourglass"),
    AttachmentState.CLEAN: (_("Kontrollert"), "success", "Checkmark"),
    AttachmentState.UNSCANNED: (_("Ikke viruskontrollert"), "neutral", "InformationSquare"),
    AttachmentState.REFUSED: (pgettext_lazy("file", "Avvist"), "danger", "XMarkOctagonFill"),
}
ACCEPTED = ",".join(f".{suffix}" for suffix in (*KINDS, *ALIASES))


@register.simple_tag
def attachment_state(attachment: Attachment) -> SafeString:
    """How far the control of a file has come, as a tag."""
    text, color, symbol = STATES[AttachmentState(attachment.state)]
    return tag(str(text), color, symbol)


@register.filter
def may_open(user: User, attachment: Attachment) -> bool:
    """May this person open the file?"""
    return may_open_file(user, attachment)


@register.filter
def called(attachment: Attachment, application: Application) -> Any:
    """A file's name. Where it may tell of a person's health, the name is ours, in the language of the case."""
    if application.call.law.on_health:
        return in_norwegian(attachment.name, application.language)
    return attachment.name


@register.filter
def megabytes(size: int) -> str:
    """A size as people read it: «340 kB», «2,1 MB», «20 MB»."""
    if size < 1024 * 1024:
        return f"{max(1, size // 1024)}\N{NO-BREAK SPACE}kB"
    tenths = size * 10 // (1024 * 1024)
    return f"{tenths // 10}{point()}{tenths % 10}".removesuffix(f"{point()}0") + "\N{NO-BREAK SPACE}MB"


@register.inclusion_tag("components/attachments.html", takes_context=True)
def attachments(
    context: dict[str, Any],
    application: Application,
    place: str,
    label: str = "",
    fault: str = "",
    inside: bool = False,
) -> dict[str, Any]:
    """The files at a place, each with what this person may do with it, and room for another where there is.

    Where each sending is a thing of its own (an answer, an appeal), what was sent before is not there any more.
    `inside`: it stands within a form that takes files beside its own fields.
    """
    request, user = context["request"], context["user"]
    may_change = may_attach(user, application, place)
    document = document_at(application, place)
    most = document.most if document else MOST_AT_OTHER_PLACES
    here = Attachment.objects.visible_to(user).of(application).at(place)
    files: list[Any] = list((here if document else here.not_sent()).with_is_sent().select_related("application__call"))
    taken = sum(not file.is_sent and file.state != AttachmentState.REFUSED for file in files)
    return _component(context, application, place, files, may_change=may_change) | {
        "label": label,
        "fault": fault,
        "inside": inside,
        "may_add": may_change and taken < most,
        "here": request.path if request.method == "GET" else "",
    }


@register.inclusion_tag("components/attachments.html", takes_context=True)
def sent_files(context: dict[str, Any], application: Application, sent_with: str) -> dict[str, Any]:
    """The files that were sent in with a thing, for example «report:3», to be read."""
    files = Attachment.objects.sent_with(sent_with).of(application).with_is_sent()
    return _component(context, application, sent_with.partition(":")[0], files, may_change=False)


@register.inclusion_tag("components/attachments.html", takes_context=True)
def listed_files(
    context: dict[str, Any], application: Application, place: str, files: Iterable[Attachment]
) -> dict[str, Any]:
    """These files of a case, to be read."""
    return _component(context, application, place, files, may_change=False)


def _component(
    context: dict[str, Any], application: Application, place: str, files: Iterable[Any], *, may_change: bool
) -> dict[str, Any]:
    user = context["user"]
    return {
        "application": application,
        "place": place,
        "label": "",
        "fault": "",
        "inside": False,
        "files": [
            {"file": file, "opens": may_open_file(user, file), "may_remove": may_change and not file.is_sent}
            for file in files
        ],
        "may_add": False,
        "accepted": ACCEPTED,
        "here": "",
        "csrf_token": context.get("csrf_token"),
    }

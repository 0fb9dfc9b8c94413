"""Who may attach a file to a case and where, and who may open one. Pages, endpoints and services ask here."""

from collections.abc import Callable

from applications.models import Appeal, Application, Attachment, AttachmentState, Decision, Report, Reversal, State
from applications.workflow.health import may_look
from applications.workflow.machine import has_role
from grants.law.question import Document, themes_for
from grants.law.themes import REPORT_DOCUMENTS
from grants.models import Role, User

REPORT_PLACES = tuple(document.code for document in REPORT_DOCUMENTS)
# A file that no scanner has seen is opened by a caseworker alone, after a warning.
OPENS_UNSCANNED = (Role.CASEWORKER,)


def _report_is_written(application: Application) -> bool:
    return Report.objects.with_recipient().filter(application=application).exists()


def _appeal_is_written(application: Application) -> bool:
    """There is a decision to appeal, and the appeal of it is not sent, or waits for an answer."""
    decision = Decision.objects.standing().filter(application=application).first()
    if decision is None:
        return False
    appeal = decision.appeals.exclude(state=Appeal.State.WITHDRAWN).first()
    return appeal is None or appeal.state in (Appeal.State.DRAFT, Appeal.State.AWAITING_APPELLANT)


def _notice_is_unanswered(application: Application) -> bool:
    return Reversal.objects.noticed(application).filter(answered_at=None).exists()


# Places beside the documents of the application itself, and whether the case takes files there as it stands.
PLACES: dict[str, Callable[[Application], bool]] = {
    "answer": lambda application: application.state == State.AWAITING_APPLICANT,
    **dict.fromkeys(REPORT_PLACES, _report_is_written),
    "appeal": _appeal_is_written,
    "notice": _notice_is_unanswered,
}


def documents_of(application: Application) -> tuple[Document, ...]:
    """The documents that the application has room for."""
    call = application.call
    return tuple(
        document for theme in themes_for(call.law.themes, call.part) for document in theme.documents_in(call.part)
    )


def document_at(application: Application, place: str) -> Document | None:
    """The document that a place of the application or its report stands for, if it is one."""
    known = (*documents_of(application), *REPORT_DOCUMENTS)
    return next((document for document in known if document.code == place), None)


def takes_files(application: Application, place: str) -> bool:
    """Does the case take files at this place as it stands?"""
    if place in PLACES:
        return PLACES[place](application)
    return application.state == State.DRAFT and document_at(application, place) is not None


def may_attach(user: User, application: Application, place: str) -> bool:
    """May this person add and remove files here? An accountant may, for the report."""
    roles = (Role.EDITOR, Role.ACCOUNTANT) if place in REPORT_PLACES else (Role.EDITOR,)
    return takes_files(application, place) and any(has_role(user, role, application) for role in roles)


def may_open_file(user: User, attachment: Attachment) -> bool:
    """May this person, who sees that the file is there, open it?"""
    if attachment.application.call.law.on_health and not may_look(user, attachment.application):
        return False
    if attachment.state == AttachmentState.UNSCANNED:
        return user.has_directorate_role(*OPENS_UNSCANNED)
    return attachment.state == AttachmentState.CLEAN

"""What is told of a person's health: kept apart from the case, and shown only after the look is on record."""

from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from applications.intake.answers import Answered, answers_of
from applications.intake.apart import apart_in_draft
from applications.intake.claims import person_in
from applications.intake.completeness import themes_of
from applications.intake.reading import clean
from applications.models import (
    Application,
    CaseEvent,
    HealthAccess,
    HealthAnswer,
    HealthLook,
    HealthRecord,
    HealthSubmission,
    Submission,
)
from applications.workflow.health import may_look, reason_is_known
from grants.law.question import Theme
from grants.models import AuditEvent, ProtectedPerson, Role, User
from grants.shared.errors import BadInput, ChangedSince, NotAllowed

LONGEST_REASON = 500
PROTECTED = gettext_lazy("Skjermet: personen har adressesperre.")
# Kept in the history of a case in bokmål.
ANSWERED = gettext_noop("Kommunen har svart. Svaret ligger blant opplysningene om personen.")
_REFERENCE = "person_ref"


# --- Writing ----------------------------------------------------------------------------------------------------------


def keep_health(application: Application, theme: str, typed: dict[str, Any]) -> None:
    """Keep what is typed in a theme of a draft, in the caller's transaction and under its version check."""
    _write(application, {**apart_in_draft(application), theme: typed})


def send_health(application: Application, submission: Submission) -> None:
    """Keep what is sent in with a submission, as it is now."""
    record = HealthRecord.objects.filter(application=application).first()
    if record is None or record.person_id is None:
        return  # the application has no such part: a complete one that has, names its person
    sent = HealthSubmission(submission=submission, person_id=record.person_id)
    sent.seal(record.opened())
    sent.save(force_insert=True)


def restore_health(application: Application, submission: Submission) -> None:
    """What was sent in counts again, and takes the place of what was written since."""
    sent = HealthSubmission.objects.filter(submission=submission).first()
    if sent is not None:
        _write(application, sent.opened())


def drop_health(application: Application) -> None:
    """A draft that never became a case was put away: nothing of it is needed."""
    HealthRecord.objects.filter(application=application, application__submitted_at=None).delete()


def keep_answer(event: CaseEvent, text: str) -> None:
    """Keep what the applicant answered about the person."""
    record = HealthRecord.objects.get(application=event.application_id)
    assert record.person_id is not None  # what was sent in names its person
    answer = HealthAnswer(event=event, person_id=record.person_id)
    answer.seal(text)
    answer.save(force_insert=True)


def _write(application: Application, answers: dict[str, Any]) -> None:
    record = HealthRecord(application=application, person_id=person_in(application, answers))
    record.seal(answers)
    record.save(force_insert=not HealthRecord.objects.filter(application=application).exists())


# --- Looking ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """What is told of the person: theme by theme, and what was answered later, the newest first."""

    themes: list[tuple[Theme, list[Answered]]]
    answers: list[tuple[CaseEvent, str]]


def look(application: Application, what: str, *, by: User, why: str = "") -> HealthLook:
    """Put a look on record, before anything is shown. Who handles the case, or wrote it, need not say why."""
    if not may_look(by, application):
        raise NotAllowed(_("%(who)s har ikke tilgang til opplysningene om personen.") % {"who": by})
    why = reason_is_known(by, application) or clean(why)
    if not why:
        raise BadInput(_("Skriv hvorfor du må se opplysningene. Det blir stående i loggen."))
    if len(why) > LONGEST_REASON:
        raise BadInput(
            _("Begrunnelsen er %(number)s tegn for lang. Kort den ned.") % {"number": len(why) - LONGEST_REASON}
        )
    return HealthLook.objects.create(application=application, by=by, what=what, why=why)


@transaction.atomic
def look_at_details(application: Application, *, by: User, why: str = "") -> Shown:
    """What is told of the person in the case, as it was sent in last."""
    look(application, "details", by=by, why=why)
    sent = HealthSubmission.objects.filter(submission__application=application).order_by("submission__number").last()
    typed = sent.opened() if sent else {}
    answers = HealthAnswer.objects.filter(event__application=application).select_related("event__by")
    return Shown(
        [(theme, answers_shown(application, theme, typed)) for theme in themes_of(application.call) if theme.apart],
        [(answer.event, answer.opened()) for answer in answers.order_by("-pk")],
    )


def answers_shown(application: Application, theme: Theme, typed: dict[str, Any]) -> list[Answered]:
    """The answers of a theme in words; the reference of a person who has come under protection is not among them."""
    answers = answers_of(theme, application.call.part, typed.get(theme.code, {}))
    if not _is_protected(application):
        return answers
    return [Answered(one.question, str(PROTECTED)) if one.question.code == _REFERENCE else one for one in answers]


def _is_protected(application: Application) -> bool:
    record = HealthRecord.objects.filter(application=application).first()
    return record is not None and ProtectedPerson.objects.filter(person=record.person_id).exists()


# --- Who may look -----------------------------------------------------------------------------------------------------


def user_named(username: str) -> User:
    """Somebody who has signed in, by the user name."""
    found = User.objects.filter(username=clean(username)).first()
    if found is None:
        raise BadInput(_("Ingen har dette brukernavnet. Brukernavnet står på siden for brukere."))
    return found


@transaction.atomic
def give_access(user: User, *, reason: str, by: User) -> HealthAccess:
    """Let somebody who works on cases look at what is told of health."""
    _require_administrator(by)
    reason = clean(reason)
    if not reason or len(reason) > LONGEST_REASON:
        raise BadInput(_("Skriv hvorfor personen trenger tilgangen, med høyst 500 tegn."))
    if user.pk == by.pk:
        raise NotAllowed(_("Ingen gir seg selv tilgang. Be en annen administrator om det."))
    if not user.is_active or not user.has_directorate_role(Role.CASEWORKER, Role.DECISION_MAKER):
        raise BadInput(_("%(who)s er verken saksbehandler eller beslutter, og kan ikke få tilgangen.") % {"who": user})
    try:
        with transaction.atomic():
            access = HealthAccess.objects.create(user=user, reason=reason, given_by=by)
    except IntegrityError:
        raise ChangedSince(_("%(who)s har tilgangen allerede.") % {"who": user}) from None
    AuditEvent.objects.create(by=by, verb="give_health_access", subject=f"user:{user.pk}")
    return access


@transaction.atomic
def end_access(access: HealthAccess, *, by: User) -> HealthAccess:
    """Take the access away, from now on."""
    _require_administrator(by)
    if not HealthAccess.objects.in_force().filter(pk=access.pk).update(ended_by=by, ended_at=timezone.now()):
        raise ChangedSince(_("Tilgangen er avsluttet allerede."))
    AuditEvent.objects.create(by=by, verb="end_health_access", subject=f"user:{access.user_id}")
    access.refresh_from_db()
    return access


def _require_administrator(by: User) -> None:
    if not by.has_directorate_role(Role.ADMINISTRATOR):
        raise NotAllowed(
            _("%(who)s kan ikke gi tilgang til helseopplysninger: det krever rollen administrator.") % {"who": by}
        )

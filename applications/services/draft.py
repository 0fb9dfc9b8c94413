"""Write an application: begin, save what is typed, and never lose a word when two people write at once."""

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from applications.intake.completeness import themes_of
from applications.models import Application, Call, CaseEvent, State
from grants.models import Membership, Organisation, Role, User
from grants.shared.errors import BadInput, ChangedSince, NotAllowed, Refused

WRITERS = (Role.EDITOR, Role.SIGNATORY)
MOST_CHARACTERS = 200_000


class SomebodyElseSaved(ChangedSince):
    """The draft has changed since it was read. `now` is what is stored, so that both texts can be shown."""

    def __init__(self, now: Application) -> None:
        self.now = now
        super().__init__(
            f"{now.saved_by} lagret kl. {timezone.localtime(now.saved_at):%H.%M} mens du skrev. "
            "Det du har skrevet, er ikke borte: se begge tekstene og velg."
        )


@transaction.atomic
def begin_application(call: Call, organisation: Organisation, *, by: User, language: str = "nb") -> Application:
    """A new draft of an organisation, in an open call."""
    _require_writer(by, organisation)
    if not call.is_open():
        raise Refused("Utlysningen er ikke åpen for søknader.")
    allowed = call.terms["recipients"]
    if organisation.kind not in allowed:
        raise Refused(f"{organisation} kan ikke søke her: søkere er {', '.join(WORDS[kind] for kind in allowed)}.")
    application = Application.objects.create(
        call=call, organisation=organisation, language=language, created_by=by, saved_by=by, saved_at=timezone.now()
    )
    CaseEvent.objects.create(application=application, by=by, verb="begin", open_to_applicant=True)
    return application


def may_begin_for(user: User, call: Call) -> list[Organisation]:
    """The organisations that this person may write an application for in the call."""
    acting = Organisation.objects.filter(memberships__user=user, memberships__role__in=WRITERS)
    return list(acting.filter(kind__in=call.terms["recipients"]).distinct().order_by("name"))


@transaction.atomic
def save_answers(application: Application, theme: str, typed: dict[str, Any], *, version: int, by: User) -> Application:
    """Store what is typed in a theme, whole or half, right or wrong. `version` is the one that was read.

    Raises `SomebodyElseSaved` when the draft has changed since, and stores nothing then.
    """
    _require_writer(by, application.organisation)
    if theme not in {known.code for known in themes_of(application.call)}:
        raise BadInput(f"Søknaden har ingen del som heter «{theme}».")
    if len(str(typed)) > MOST_CHARACTERS:
        raise BadInput("Dette er mer enn søknaden har plass til. Kort ned teksten.")
    now = Application.objects.select_for_update().select_related("saved_by").get(pk=application.pk)
    if now.state != State.DRAFT:
        raise ChangedSince(f"Søknaden er {now.get_state_display().lower()} og kan ikke endres.")
    if now.version != version:
        raise SomebodyElseSaved(now)
    changed = Application.objects.filter(pk=now.pk, version=version, state=State.DRAFT).update(
        answers={**now.answers, theme: _storable(typed)},
        version=F("version") + 1,
        saved_by=by,
        saved_at=timezone.now(),
    )
    if not changed:
        raise SomebodyElseSaved(Application.objects.select_related("saved_by").get(pk=now.pk))
    application.refresh_from_db()
    return application


def _storable(typed: Any) -> Any:
    """As typed, but for the null character, which no database stores."""
    if isinstance(typed, str):
        return typed.replace("\x00", "")
    if isinstance(typed, dict):
        return {str(key).replace("\x00", ""): _storable(value) for key, value in typed.items()}
    if isinstance(typed, list):
        return [_storable(value) for value in typed]
    return typed


def _require_writer(by: User, organisation: Organisation) -> None:
    if not Membership.objects.filter(user=by, organisation=organisation, role__in=WRITERS).exists():
        raise NotAllowed(f"{by} kan ikke skrive søknader for {organisation}.")


WORDS = {
    "municipality": "kommuner",
    "county": "fylkeskommuner",
    "ngo": "frivillige organisasjoner",
    "enterprise": "foretak",
    "directorate": "direktorater",
}

"""Write an application: begin, save what is typed, and never lose a word when two people write at once."""

import hashlib
import json
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.intake.apart import draft_answers
from applications.intake.completeness import themes_of
from applications.models import Application, Call, CaseEvent, State
from applications.services.health import keep_health
from grants.models import Membership, Organisation, Role, User
from grants.shared.errors import BadInput, ChangedSince, NotAllowed, Refused
from grants.shared.shown import clock

WRITERS = (Role.EDITOR, Role.SIGNATORY)
MOST_CHARACTERS = 200_000


class SomebodyElseSaved(ChangedSince):
    """The draft has changed since it was read. `now` is what is stored, so that both texts can be shown."""

    def __init__(self, now: Application) -> None:
        self.now = now
        super().__init__(
            _("%(who)s lagret %(when)s mens du skrev. Det du har skrevet, er ikke borte: se begge tekstene og velg.")
            % {"who": now.saved_by, "when": clock(now.saved_at)}
        )


@transaction.atomic
def begin_application(call: Call, organisation: Organisation, *, by: User, language: str = "nb") -> Application:
    """A new draft of an organisation, in an open call."""
    _require_writer(by, organisation)
    if not call.is_open():
        raise Refused(_("Utlysningen er ikke åpen for søknader."))
    if call.by_invitation:
        raise Refused(_("Bare de som er invitert, søker her. Søknaden deres står klar i «Søknadene våre»."))
    if call.law.is_claimed and organisation.parent_id is not None:
        raise Refused(
            _("Kravet sendes av %(municipality)s, som får pengene, og ikke av %(part)s.")
            % {"municipality": organisation.parent, "part": organisation}
        )
    allowed = call.terms["recipients"]
    if organisation.kind not in allowed:
        raise Refused(
            _("%(who)s kan ikke søke her: søkere er %(kinds)s.")
            % {"who": organisation, "kinds": ", ".join(str(WORDS[kind]) for kind in allowed)}
        )
    application = Application.objects.create(
        call=call, organisation=organisation, language=language, created_by=by, saved_by=by, saved_at=timezone.now()
    )
    CaseEvent.objects.create(application=application, by=by, verb="begin", open_to_applicant=True)
    return application


def may_begin_for(user: User, call: Call) -> list[Organisation]:
    """The organisations that this person may begin an application for in the call."""
    if call.by_invitation:
        return []
    acting = Organisation.objects.filter(memberships__user=user, memberships__role__in=WRITERS)
    if call.law.is_claimed:
        acting = acting.filter(parent=None)
    return list(acting.filter(kind__in=call.terms["recipients"]).distinct().order_by("name"))


@transaction.atomic
def save_answers(
    application: Application,
    theme: str,
    typed: dict[str, Any],
    *,
    version: int,
    by: User,
    seen: str = "",
    looked_over: bool = True,
) -> Application:
    """Store what is typed in a theme, whole or half, right or wrong. `version` is the one that was read.

    Raises `SomebodyElseSaved` when the draft has changed since, and stores nothing then. It is no conflict when others
    have written in other themes only (`seen` is the fingerprint of this theme as it was read), or exactly the same.
    A theme copied from an earlier application counts as looked over, unless the caller says that nobody has.
    """
    _require_writer(by, application.organisation)
    of = next((known for known in themes_of(application.call) if known.code == theme), None)
    if of is None:
        raise BadInput(_("Søknaden har ingen del som heter «%(theme)s».") % {"theme": theme})
    if len(str(typed)) > MOST_CHARACTERS:
        raise BadInput(_("Dette er mer enn søknaden har plass til. Kort ned teksten."))
    now = Application.objects.select_for_update().select_related("saved_by").get(pk=application.pk)
    if now.state != State.DRAFT:
        raise ChangedSince(_("Søknaden er %(state)s og kan ikke endres.") % {"state": now.get_state_display().lower()})
    stored, wanted = draft_answers(now).get(theme, {}), storable(typed)
    if now.version != version and fingerprint(stored) != seen and stored != wanted:
        raise SomebodyElseSaved(now)
    changed = Application.objects.filter(pk=now.pk, version=now.version, state=State.DRAFT).update(
        answers=now.answers if of.apart else {**now.answers, theme: wanted},
        copied=without_theme(now.copied, theme) if looked_over else now.copied,
        version=F("version") + 1,
        saved_by=by,
        saved_at=timezone.now(),
    )
    if not changed:
        raise SomebodyElseSaved(Application.objects.select_related("saved_by").get(pk=now.pk))
    if of.apart:
        keep_health(now, theme, wanted)
    application.refresh_from_db()
    return application


def fingerprint(answers: Any) -> str:
    """A short name for what stands in a theme, to tell whether it has changed."""
    return hashlib.sha256(json.dumps(answers, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:20]


def without_theme(copied: dict[str, Any], theme: str) -> dict[str, Any]:
    """What is left to look over when a theme has been."""
    return {**copied, "themes": [code for code in copied["themes"] if code != theme]} if copied else copied


def storable(typed: Any) -> Any:
    """As typed, but for the null character, which no database stores."""
    if isinstance(typed, str):
        return typed.replace("\x00", "")
    if isinstance(typed, dict):
        return {str(key).replace("\x00", ""): storable(value) for key, value in typed.items()}
    if isinstance(typed, list):
        return [storable(value) for value in typed]
    return typed


def _require_writer(by: User, organisation: Organisation) -> None:
    if not Membership.objects.filter(user=by, organisation=organisation, role__in=WRITERS).exists():
        raise NotAllowed(
            _("%(who)s kan ikke skrive søknader for %(organisation)s.") % {"who": by, "organisation": organisation}
        )


WORDS = {
    "municipality": gettext_lazy("kommuner"),
    "county": gettext_lazy("fylkeskommuner"),
    "ngo": gettext_lazy("frivillige organisasjoner"),
    "enterprise": gettext_lazy("foretak"),
    "directorate": gettext_lazy("direktorater"),
}

"""Invite a named recipient: its draft stands ready, and a letter tells it."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from applications.models import Application, Call, CaseEvent, Invitation
from applications.services.announce import require_owner
from applications.services.case_letters import write_letter
from grants.jobs.queue import hand_over
from grants.jobs.registry import job
from grants.law.scheme import Kind
from grants.models import Organisation, User
from grants.shared.errors import BadInput, ChangedSince, Refused
from grants.shared.money import kr


@transaction.atomic
def invite(
    call: Call, organisation: Organisation, *, ground: str, by: User, amount_ore: int | None = None
) -> Invitation:
    """Invite an organisation to a published call by invitation. It gets a draft to fill in, and a letter."""
    require_owner(by)
    if not call.by_invitation:
        raise Refused(_("Alle kan søke i denne utlysningen: ingen inviteres."))
    if not call.is_open():
        raise Refused(_("Utlysningen er ikke åpen. Publiser den før noen inviteres."))
    if organisation.kind not in call.terms["recipients"]:
        raise Refused(
            _("%(organisation)s er ikke en slik mottaker som ordningen er for.") % {"organisation": organisation}
        )
    if not ground.strip():
        raise BadInput(_("Skriv hvor mottakeren er navngitt, for eksempel Prop. 1 S."))
    if amount_ore is None and call.law.kind is Kind.DELEGATED:
        raise BadInput(_("Skriv rammen som mottakeren får å dele ut."))
    if amount_ore is not None and amount_ore <= 0:
        raise BadInput(_("Beløpet må være over null."))
    now = timezone.now()
    application = Application.objects.create(
        call=call, organisation=organisation, language=organisation.language, created_by=by, saved_by=by, saved_at=now
    )
    try:
        with transaction.atomic():
            invitation = Invitation.objects.create(
                call=call, organisation=organisation, application=application, amount_ore=amount_ore,
                ground=ground.strip(), invited_by=by,
            )  # fmt: skip
    except IntegrityError:
        raise ChangedSince(_("%(organisation)s er invitert allerede.") % {"organisation": organisation}) from None
    CaseEvent.objects.create(
        application=application, by=by, verb="invite", text=invitation.ground, open_to_applicant=True
    )
    hand_over("invitation_letter", f"invitation_letter:{invitation.pk}", {"invitation": invitation.pk})
    return invitation


@job("invitation_letter")
def make_invitation_letter(payload: Mapping[str, Any]) -> None:
    """Write the letter of an invitation. Safe to run twice: a letter is recorded once."""
    invitation = Invitation.objects.select_related("call", "application__organisation").get(pk=payload["invitation"])
    day = timezone.localdate(invitation.invited_at)
    write_letter(
        invitation.application, "invitation", of=invitation.pk, content=invitation_content(invitation), dated=day
    )


def invitation_content(invitation: Invitation) -> dict[str, Any]:
    """What the letter says, in the recipient's form of Norwegian."""
    call, application = invitation.call, invitation.application
    language = application.language
    with override(language):
        return {
            "language": language,
            "title": call.title(language),
            "recipient": application.organisation,
            "number": f"{call.year} · {application.organisation.orgnr or ''}".strip(" ·"),
            "dated": date_format(timezone.localdate(invitation.invited_at), "j. F Y"),
            "dated_iso": timezone.localdate(invitation.invited_at).isoformat(),
            "closes": date_format(timezone.localtime(call.closes_at), "j. F Y \\k\\l. H.i"),
            "chapter": call.law.chapter.lstrip("0"),
            "post": call.law.post,
            "year": call.year,
            "ground": invitation.ground,
            "amount": "" if invitation.amount_ore is None else kr(invitation.amount_ore),
            "legal_basis": call.terms["legal_basis"].removesuffix("."),
        }

"""Announce a call: prepare it as a draft, and publish it with everything that was asked, tried and scored."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.intake.answers import said
from applications.intake.completeness import themes_of
from applications.models import Call
from applications.workflow.numbers import faults, unknown, weight
from grants.law.registry import scheme as scheme_of
from grants.models import AuditEvent, Role, User
from grants.shared.errors import BadInput, ChangedSince, NotAllowed, Refused

OWNED = ("title_nb", "title_nn", "about_nb", "about_nn", "envelope_ore", "opens_at", "closes_at", "numbers")


@transaction.atomic
def prepare_call(scheme: str, part: str, year: int, *, by: User, **contents: Any) -> Call:
    """A draft of a call, which only the directorate sees."""
    require_owner(by)
    law = scheme_of(scheme)
    if not law.themes:
        raise Refused(_("%(scheme)s lyses ikke ut: ordningen har ingen søknad.") % {"scheme": said(law.name)})
    parts = [sub.code for sub in law.sub_schemes]
    if part not in (parts or [""]):
        raise BadInput(
            _("%(scheme)s har disse delene: %(parts)s. «%(part)s» er ingen av dem.")
            % {"scheme": said(law.name), "parts": ", ".join(parts) or _("ingen"), "part": part}
        )
    call = Call(scheme=scheme, part=part, year=year, by_invitation=law.by_invitation, created_by=by, **contents)
    _check(call)
    call.save()
    AuditEvent.objects.create(by=by, verb="prepare_call", subject=f"call:{call.pk}")
    return call


@transaction.atomic
def change_call(call: Call, *, by: User, **contents: Any) -> Call:
    """Change a draft. What is published never changes."""
    require_owner(by)
    if call.published_at is not None:
        raise ChangedSince(_("Utlysningen er publisert og kan ikke endres. Lag en ny utlysning."))
    for name, value in contents.items():
        if name not in OWNED:
            raise BadInput(_("%(name)s kan ikke endres i en utlysning.") % {"name": name})
        setattr(call, name, value)
    _check(call)
    call.save()
    return call


@transaction.atomic
def publish_call(call: Call, *, by: User) -> Call:
    """Publish a draft. From now on it stands as it is, with its questions, rules and criteria."""
    require_owner(by)
    now = timezone.now()
    if call.closes_at <= now:
        raise Refused(_("Fristen er passert. Sett en frist som ligger framover."))
    missing = unknown(call.law, call.year, call.numbers)
    if missing:
        raise Refused(
            _("Ingen kilde gir «%(number)s» for %(year)s. Sett tallet i utlysningen før den publiseres.")
            % {"number": said(missing[0].text), "year": call.year}
        )
    changed = Call.objects.filter(pk=call.pk, published_at=None).update(
        terms=terms_of(call), published_by=by, published_at=now
    )
    if not changed:
        raise ChangedSince(_("Utlysningen er publisert allerede."))
    AuditEvent.objects.create(by=by, verb="publish_call", subject=f"call:{call.pk}")
    call.refresh_from_db()
    return call


def terms_of(call: Call) -> dict[str, Any]:
    """What is asked, tried and scored in the call, from the scheme's file as it stands now."""
    law = call.law
    return {
        "questions": [
            {"theme": theme.code, "code": question.code, "text": question.text._asdict(), "required": question.required}
            for theme in themes_of(call)
            for question in theme.asked_in(call.part)
        ],
        "documents": [
            {
                "theme": theme.code,
                "code": document.code,
                "text": document.text._asdict(),
                "help": document.help._asdict() if document.help else None,
                "required": document.required,
                "most": document.most,
                "citation": document.citation,
                "certainty": document.certainty,
            }
            for theme in themes_of(call)
            for document in theme.documents_in(call.part)
        ],
        "rules": [{"name": rule.name, "sentence": rule.sentence, "citation": rule.citation} for rule in law.rules],
        "criteria": [
            {
                "code": criterion.code,
                "text": criterion.text._asdict(),
                "weight": weight(call.numbers, criterion.code, criterion.weight),
            }
            for criterion in law.criteria
        ],
        "recipients": list(law.recipients),
        "legal_basis": law.legal_basis,
    }


def _check(call: Call) -> None:
    if isinstance(call.opens_at, datetime) and timezone.is_naive(call.opens_at):
        raise BadInput(_("Åpning og frist må ha tidssone."))
    for name in ("title_nb", "title_nn", "about_nb", "about_nn"):
        if not str(getattr(call, name)).strip():
            raise BadInput(_("Utlysningen må ha tittel og tekst på bokmål og nynorsk."))
    wrong = faults(call.law, call.year, call.numbers)
    if wrong:
        code, fault = next(iter(wrong.items()))
        raise BadInput(f"{code}: {fault}")
    try:
        call.validate_constraints()
    except ValidationError as broken:
        raise BadInput(" ".join(broken.messages)) from broken


def require_owner(by: User) -> None:
    """Announcing and inviting take the role scheme owner."""
    if not by.has_directorate_role(Role.SCHEME_OWNER):
        raise NotAllowed(_("%(who)s kan ikke lyse ut midler: det krever rollen ordningseier.") % {"who": by})

"""Begin with what the organisation wrote last time: answers whose questions still are asked, each to be looked over."""

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.intake.completeness import themes_of
from applications.models import Application, Call
from applications.services.draft import begin_application
from grants.law.question import Contents, Theme
from grants.models import Organisation, User
from grants.shared.errors import Refused

BUDGET_FIELDS = ("costs", "financing", "own", "applied")


def to_copy_from(call: Call, organisation: Organisation) -> Application | None:
    """The organisation's newest application to an earlier call of the scheme, when it has sent in one."""
    return Application.objects.earlier_than(call, organisation).select_related("call").first()


@transaction.atomic
def begin_from_earlier(call: Call, earlier: Application, *, by: User, language: str = "nb") -> Application:
    """A new draft with the answers of an earlier application. Nothing copied is done before somebody has looked at it."""
    if earlier not in Application.objects.earlier_than(call, earlier.organisation):
        raise Refused(_("Det går bare å kopiere fra en tidligere søknad på samme ordning."))
    application = begin_application(call, earlier.organisation, by=by, language=language)
    last = earlier.submissions.order_by("number").last()
    answers = kept_answers(call, last.answers if last else earlier.answers)
    Application.objects.filter(pk=application.pk).update(
        answers=answers,
        copied={"from": str(earlier.pk), "reference": earlier.reference, "themes": sorted(answers)},
        version=F("version") + 1,
        saved_at=timezone.now(),
    )
    application.refresh_from_db()
    return application


def kept_answers(call: Call, earlier: dict[str, Any]) -> dict[str, Any]:
    """The answers whose questions the call still asks, theme by theme."""
    kept = {theme.code: _kept(theme, call.part, earlier.get(theme.code, {})) for theme in themes_of(call)}
    return {code: answers for code, answers in kept.items() if any(answers.values())}


def _kept(theme: Theme, part: str, earlier: dict[str, Any]) -> dict[str, Any]:
    codes = BUDGET_FIELDS if theme.contents is Contents.BUDGET else [question.code for question in theme.asked_in(part)]
    return (
        {code: earlier[code] for code in codes if code in earlier} if theme.contents is not Contents.ATTACHMENTS else {}
    )

"""What is reminded of after a decision: answering the terms, sending the report, and answering a notice of reversal.

Before the day, and on it, the reminder stands on the timeline: it is a help and has no effect. After the day it is a
letter, recorded in the case: what is overdue may lead to the money being stopped, and then it must be shown what was
said and when.
"""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from applications.models import Application, CaseEvent, Deadline, Decision, Report, Reversal
from applications.models.terms import newest_deadline
from applications.services.follow_up_letters import write_reminder
from applications.services.remind import OVERDUE, Awaited, Reminder, register
from applications.services.terms import ASSUMED
from applications.workflow.follow_up import tell
from grants.law.assumptions import assumption

# Kind, and the words in bokmål and nynorsk. {day} is the last day.
WORDS = {
    "accept_soon": (
        "Dere må godta vilkårene for tilskuddet eller takke nei innen {day}.",
        "De må godta vilkåra for tilskotet eller takke nei innan {day}.",
    ),
    "accept_today": (
        "I dag er siste dag for å godta vilkårene for tilskuddet.",
        "I dag er siste dag for å godta vilkåra for tilskotet.",
    ),
    "accept_overdue": (
        "Fristen for å godta vilkårene var {day}, og vi har ikke fått svar. Pengene blir ikke betalt ut før vilkårene er "
        "godtatt. Ta kontakt med oss hvis dere vil ha ny frist, eller takk nei på siden for saken.",
        "Fristen for å godta vilkåra var {day}, og vi har ikkje fått svar. Pengane blir ikkje betalte ut før vilkåra er "
        "godtekne. Ta kontakt med oss dersom de vil ha ny frist, eller takk nei på sida for saka.",
    ),
    "report_soon": (
        "Rapporten skal være sendt inn innen {day}.",
        "Rapporten skal vere send inn innan {day}.",
    ),
    "report_today": (
        "I dag er siste dag for å sende inn rapporten.",
        "I dag er siste dag for å sende inn rapporten.",
    ),
    "report_overdue": (
        "Rapporten skulle vært sendt inn innen {day}, og vi har ikke fått den. Send den så snart dere kan. Uten rapport kan "
        "vi stanse utbetalinger og kreve pengene tilbake, og det har betydning når dere søker igjen.",
        "Rapporten skulle vore send inn innan {day}, og vi har ikkje fått han. Send han så snart de kan. Utan rapport kan "
        "vi stanse utbetalingar og krevje pengane tilbake, og det har noko å seie når de søkjer igjen.",
    ),
    "notice_soon": (
        "Dere kan svare på varselet om omgjøring til og med {day}. Etter det avgjør vi saken med det vi har.",
        "De kan svare på varselet om omgjering til og med {day}. Etter det avgjer vi saka med det vi har.",
    ),
}
# How long before the last day one is reminded of a notice (our own choice, as for questions).
NOTICE_DAYS = 3


def answers_to_terms(case: Application | None) -> Iterable[Awaited]:
    """Grants whose terms nobody has answered."""
    waiting = Decision.objects.standing().filter(terms__number=1, acceptance=None)
    waiting = waiting.filter(application=case) if case else waiting
    waiting = waiting.annotate(due_on=newest_deadline(Deadline.What.ACCEPT, "pk"))
    for decision in waiting.select_related("application__call", "application__organisation"):
        yield Awaited(decision.application, decision.due_on)


def reports(case: Application | None) -> Iterable[Awaited]:
    """Reports that are with the recipient."""
    waiting = Report.objects.with_recipient().with_due_on()
    waiting = waiting.filter(application=case) if case else waiting
    for report in waiting.select_related("application__call", "application__organisation"):
        yield Awaited(report.application, report.due_on)


def notices(case: Application | None) -> Iterable[Awaited]:
    """Notices of a reversal that nobody has answered."""
    waiting = Reversal.objects.unanswered()
    waiting = waiting.filter(application=case) if case else waiting
    for reversal in waiting.select_related("application__call", "application__organisation"):
        assert reversal.answer_by is not None  # it is a notice
        yield Awaited(reversal.application, reversal.answer_by, str(reversal.pk), timezone.localdate(reversal.begun_at))


def say(awaited: Awaited, what: str, when: str) -> None:
    """On the timeline, and what is overdue as a letter. Safe to run twice."""
    application, kind = awaited.application, f"{what}_{when}"
    text = words_of(kind, awaited)
    if when == OVERDUE:
        write_reminder(application, kind, day=awaited.day, text=text)
        return
    about = f"{kind}:{awaited.day.isoformat()}"
    with transaction.atomic():
        Application.objects.select_for_update().get(pk=application.pk)
        if not CaseEvent.objects.filter(application=application, verb="remind", details__about=about).exists():
            tell(application, "remind", by=None, text=text, about=about)


def words_of(kind: str, awaited: Awaited) -> str:
    """What a reminder says, in the language of the case."""
    bokmaal, nynorsk = WORDS[kind]
    language = awaited.application.language
    with override(language):
        return (nynorsk if language == "nn" else bokmaal).format(day=date_format(awaited.day, "j. F Y"))


def _days(name: str) -> int:
    return int(assumption(ASSUMED, name))


register(Reminder("accept", answers_to_terms, say, lambda: _days("accept_remind_days")))
register(Reminder("report", reports, say, lambda: _days("report_remind_days")))
register(Reminder("notice", notices, say, lambda: NOTICE_DAYS, on_the_day=False, when_overdue=False))

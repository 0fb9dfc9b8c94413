"""What the letters and forms after a decision say, from the rows themselves, in the language that the applicant chose."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from applications.models import Acceptance, Application, ChangeRequest, Deadline, ReportReview, ReportSubmission, Terms
from grants.shared.money import kr

VERSION = 1  # of the words below and of letters/{nb,nn}/notice.html


class Words:
    """Picks between bokmål and nynorsk, and writes days as they are read."""

    def __init__(self, language: str) -> None:
        self.language = "nn" if language == "nn" else "nb"

    def __call__(self, nb: str, nn: str) -> str:
        return nn if self.language == "nn" else nb

    def day(self, value: date | str) -> str:
        with override(self.language):
            return date_format(date.fromisoformat(value) if isinstance(value, str) else value, "j. F Y")

    @property
    def directorate(self) -> str:
        return self("Integrerings- og mangfoldsdirektoratet", "Integrerings- og mangfaldsdirektoratet")


def section(
    heading: str, *paragraphs: str, head: Iterable[str] = (), rows: Iterable[Iterable[str]] = ()
) -> dict[str, Any]:
    """A heading with what stands under it."""
    return {"heading": heading, "paragraphs": list(paragraphs), "head": list(head), "rows": [list(row) for row in rows]}


def notice(
    application: Application,
    subject: str,
    *,
    dated: date,
    opening: Iterable[str],
    sections: Iterable[Mapping[str, Any]] = (),
    closing: Iterable[str],
) -> dict[str, Any]:
    """The contents of letters/{nb,nn}/notice.html."""
    call, words = application.call, Words(application.language)
    title = f"{call.title(words.language)} {call.year}"
    return {
        "version": VERSION,
        "language": words.language,
        "recipient": application.organisation,
        "number": application.reference,
        "dated": words.day(dated),
        "dated_iso": dated.isoformat(),
        "chapter": call.law.chapter.lstrip("0"),
        "post": call.law.post,
        "title": title,
        "subject": f"{subject}: {title}",
        "opening": list(opening),
        "sections": list(sections),
        "closing": list(closing),
    }


def acceptance_form(answer: Acceptance) -> dict[str, Any]:
    """What the signatory answered, with the whole text that was answered."""
    terms, words = answer.terms, Words(answer.application.language)
    accepted = answer.answer == Acceptance.Answer.ACCEPTED
    who, on, recipient = str(answer.by), words.day(answer.answered_on), answer.application.organisation
    if accepted:
        opening = [
            words(
                f"{who} har godtatt vilkårene for {recipient}, {on}.",
                f"{who} har godteke vilkåra for {recipient}, {on}.",
            )
        ]
    else:
        opening = [
            words(
                f"{who} har takket nei til tilskuddet for {recipient}, {on}.",
                f"{who} har takka nei til tilskotet for {recipient}, {on}.",
            ),
            answer.reason,
        ]
    subject = words("Godtar vilkårene", "Godtek vilkåra") if accepted else words("Takker nei", "Takkar nei")
    return notice(
        answer.application,
        subject,
        dated=answer.answered_on,
        opening=opening,
        sections=[section(part["heading"], *part["paragraphs"]) for part in terms.content["sections"]],
        closing=[
            words(f"Vilkår nummer {terms.number}", f"Vilkår nummer {terms.number}"),
            f"SHA-256: {answer.sha256[:32]} {answer.sha256[32:]}",
        ],
    )


def change_form(request: ChangeRequest) -> dict[str, Any]:
    """What the recipient asked for."""
    words = Words(request.application.language)
    return notice(
        request.application,
        words("Søknad om endring", "Søknad om endring"),
        dated=request.asked_on,
        opening=[request.text],
        sections=wanted_sections(request.wanted, words),
        closing=[str(request.asked_by), str(request.application.organisation)],
    )


def wanted_sections(wanted: Mapping[str, Any], words: Words) -> list[dict[str, Any]]:
    """What is to be otherwise, part by part."""
    found = []
    if "activity" in wanted:
        found.append(section(words("Aktivitet", "Aktivitet"), wanted["activity"]))
    days = [words.day(wanted[name]) if name in wanted else "" for name in ("starts_on", "ends_on")]
    if any(days):
        said = [words(f"Begynner {days[0]}.", f"Startar {days[0]}.")] if days[0] else []
        said += [words(f"Slutter {days[1]}.", f"Sluttar {days[1]}.")] if days[1] else []
        found.append(section(words("Periode", "Periode"), " ".join(said)))
    if "budget" in wanted:
        budget = wanted["budget"]
        rows = [(text, kr(ore)) for text, ore in [*budget["costs"], *budget["financing"]]]
        own = (words("Egne midler", "Eigne midlar"), kr(budget["own_ore"]))
        found.append(
            section(words("Budsjett", "Budsjett"), head=(words("Linje", "Linje"), "Kroner"), rows=[*rows, own])
        )
    return found


def change_letter(request: ChangeRequest, terms: Terms | None) -> dict[str, Any]:
    """The answer to a change request; `terms` are those that came of a yes."""
    words = Words(request.application.language)
    assert request.decided_on is not None  # what has a letter is decided
    if terms is not None:
        opening = words(
            f"Vi godkjenner endringen dere ba om {words.day(request.asked_on)}. Vilkår nummer {terms.number} gjelder nå.",
            f"Vi godkjenner endringa de bad om {words.day(request.asked_on)}. Vilkår nummer {terms.number} gjeld no.",
        )
    else:
        opening = words(
            f"Vi godkjenner ikke endringen dere ba om {words.day(request.asked_on)}. Vilkårene gjelder som før.",
            f"Vi godkjenner ikkje endringa de bad om {words.day(request.asked_on)}. Vilkåra gjeld som før.",
        )
    sections = [section(words("Begrunnelse", "Grunngiving"), request.answer)]
    if terms is not None:
        sections += [section(part["heading"], *part["paragraphs"]) for part in terms.content["sections"]]
    return notice(
        request.application,
        words("Svar på søknad om endring", "Svar på søknad om endring"),
        dated=request.decided_on,
        opening=[opening],
        sections=sections,
        closing=[words("Med hilsen", "Med helsing"), words.directorate],
    )


def report_form(submission: ReportSubmission, answered: list[tuple[str, list[tuple[str, str]]]]) -> dict[str, Any]:
    """The report as it was sent; `answered` is its text, theme by theme."""
    application = submission.report.application
    words = Words(application.language)
    return notice(
        application,
        words("Rapport", "Rapport"),
        dated=timezone.localdate(submission.submitted_at),
        opening=[
            words(
                f"Sendt inn av {submission.submitted_by} for {application.organisation}. Innsending nummer {submission.number}.",
                f"Send inn av {submission.submitted_by} for {application.organisation}. Innsending nummer {submission.number}.",
            )
        ],
        sections=[
            section(title, *(f"{text}\n{answer or '–'}" for text, answer in answers)) for title, answers in answered
        ],
        closing=[f"SHA-256: {submission.sha256[:32]} {submission.sha256[32:]}"],
    )


def report_letter(review: ReportReview, last_day: date | None) -> dict[str, Any]:
    """The answer to a report: right, to be mended, or with money left unspent."""
    application = review.submission.report.application
    words = Words(application.language)
    if review.verdict == ReportReview.Verdict.APPROVE:
        opening = words("Vi har godkjent rapporten deres.", "Vi har godkjent rapporten dykkar.")
    elif review.verdict == ReportReview.Verdict.RETURN:
        by_when = words.day(last_day) if last_day else ""
        opening = words(
            f"Vi sender rapporten tilbake. Rett det som står under, og send den inn på nytt innen {by_when}.",
            f"Vi sender rapporten tilbake. Rett det som står under, og send han inn på nytt innan {by_when}.",
        )
    else:
        amount = kr(review.amount_ore)
        opening = words(
            f"Vi har godkjent rapporten, og funnet at {amount} kroner av tilskuddet ikke er brukt. "
            "Dere får et eget brev om hvordan pengene betales tilbake.",
            f"Vi har godkjent rapporten, og funne at {amount} kroner av tilskotet ikkje er brukte. "
            "De får eit eige brev om korleis pengane blir betalte tilbake.",
        )
    because = [section(words("Begrunnelse", "Grunngiving"), review.reason)] if review.reason else []
    return notice(
        application,
        words("Svar på rapporten", "Svar på rapporten"),
        dated=timezone.localdate(review.at),
        opening=[opening],
        sections=because,
        closing=[words("Med hilsen", "Med helsing"), words.directorate],
    )


def deadline_letter(deadline: Deadline) -> dict[str, Any]:
    """A caseworker has moved the last day to answer the terms, or to send the report."""
    application = deadline.decision.application
    words = Words(application.language)
    day = words.day(deadline.due_on)
    if deadline.what == Deadline.What.ACCEPT:
        opening = words(
            f"Dere har fått ny frist for å godta vilkårene for tilskuddet eller takke nei: {day}.",
            f"De har fått ny frist for å godta vilkåra for tilskotet eller takke nei: {day}.",
        )
    else:
        opening = words(
            f"Dere har fått ny frist for å sende inn rapporten: {day}.",
            f"De har fått ny frist for å sende inn rapporten: {day}.",
        )
    return notice(
        application,
        words("Ny frist", "Ny frist"),
        dated=timezone.localdate(deadline.at),
        opening=[opening],
        sections=[section(words("Begrunnelse", "Grunngiving"), deadline.reason)],
        closing=[words("Med hilsen", "Med helsing"), words.directorate],
    )


def reminder_letter(application: Application, text: str, *, dated: date) -> dict[str, Any]:
    """A reminder of something that is overdue."""
    words = Words(application.language)
    return notice(
        application,
        words("Påminnelse", "Påminning"),
        dated=dated,
        opening=[text],
        closing=[words("Med hilsen", "Med helsing"), words.directorate],
    )

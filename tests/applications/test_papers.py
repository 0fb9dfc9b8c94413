"""What is sent is recorded with its files, what is written inside is recorded as internal, and what leaves says how it went."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from applications.models import Appeal, Application, Attachment, CaseDocument, State, SubmittedAttachment
from applications.services.appeal import answer_about_appeal, save_appeal, send_appeal, withdraw_appeal
from applications.services.appeal_letters import documents_of
from applications.services.appeal_outcome import decide_appeal
from applications.services.appeal_work import ask_appellant, forward_appeal
from applications.services.assess import add_note, answer_directorate
from applications.services.attach import attach, detach
from applications.services.case_papers import recorded_in
from applications.services.record_incoming import record_submission
from applications.services.reports import IncompleteReport, submit_report
from applications.services.reverse import answer_notice
from applications.services.review_report import return_report
from applications.services.submit import submit
from grants.documents import delivery
from grants.jobs.queue import drain
from grants.law.registry import SCHEMES
from grants.models import Job, Organisation, Role
from grants.shared.dates import today
from grants.shared.errors import BadInput, ChangedSince, NotAllowed
from tests.factories.appeals import (
    TEXTS,
    handler,
    make_appeal,
    make_decided,
    make_outcome,
    make_reversal,
    second_decider,
)
from tests.factories.attachments import make_attachment, uploaded
from tests.factories.cases import (
    caseworker,
    handler_of,
    make_call,
    make_case,
    make_draft,
    make_question,
    member,
    municipality,
    signatory,
)
from tests.factories.follow_up import make_accepted, make_report
from tests.grants.documents.gate.makers import pdf_with, png

pytestmark = pytest.mark.django_db


def papers(application: Application) -> list[tuple[int, str, int | None]]:
    """The documents of a case: number, title before its colon, and the number of the one it came with."""
    rows = application.documents.select_related("attached_to").order_by("number")
    return [(one.number, one.title, one.attached_to.number if one.attached_to else None) for one in rows]


def attach_to(application: Application, place: str, name: str = "bilag.pdf", more: bytes = b"") -> Attachment:
    return attach(application, place, uploaded(name, pdf_with() + more), by=application.created_by)


# --- What came in -------------------------------------------------------------------------------------------------------


def test_an_application_is_recorded_with_its_files_and_each_has_its_number():
    application = make_draft()
    make_attachment(application, file=uploaded("plan.pdf"))
    make_attachment(application, file=uploaded("kart.png", png()))
    submission = submit(application, by=application.created_by)
    drain()
    record_submission({"submission": submission.pk})  # once more changes nothing

    title = "Søknad: Kommunale utviklingsmidler"
    assert papers(application) == [(1, title, None), (2, "Vedlegg: plan.pdf", 1), (3, "Vedlegg: kart.png", 1)]
    main, plan, _kart = application.documents.order_by("number")
    assert (plan.direction, plan.sender, plan.recipient, plan.dated) == (
        main.direction, main.sender, main.recipient, main.dated,
    )  # fmt: skip
    assert (plan.access_code, plan.retention, plan.sha256) == ("", main.retention, plan.attachment.sha256)


def test_answers_take_the_files_of_their_own_and_no_others():
    application = make_question(make_case(State.IN_PROGRESS))
    first = attach_to(application, "answer", "avtale.pdf")
    answer_directorate(application, "Se vedlegget.", by=application.created_by)
    make_question(application, "Og budsjettet?")
    second = attach_to(application, "answer", "budsjett.pdf", b"\n")
    answer_directorate(application, "Her.", by=application.created_by)
    drain()

    answers = application.documents.filter(kind__startswith="answer:").order_by("number")
    assert [[one.attachment for one in answer.attached.all()] for answer in answers] == [[first], [second]]


def test_a_report_takes_its_files_and_takes_them_again_when_it_is_mended():
    application = make_accepted()
    report = make_report(application)
    attach_to(application, "report_accounts", "regnskap.pdf")
    submit_report(report, by=application.created_by)
    with pytest.raises(ChangedSince, match="tar ikke imot"):
        attach_to(application, "report", "for-sent.pdf", b"\n")
    return_report(report, reason="Legg ved kvitteringer.", last_day=today(), by=handler_of(application))
    attach_to(application, "report", "kvittering.pdf", b"\n\n")
    submit_report(report, by=application.created_by)
    drain()

    first, second = application.documents.filter(kind__startswith="report:").order_by("number")
    assert [one.title for one in first.attached.order_by("number")] == ["Vedlegg: regnskap.pdf"]
    assert [one.title for one in second.attached.order_by("number")] == [
        "Vedlegg: regnskap.pdf", "Vedlegg: kvittering.pdf",
    ]  # fmt: skip


def test_a_report_that_asks_for_an_auditors_statement_is_not_sent_without_it(monkeypatch: pytest.MonkeyPatch):
    call = make_call()
    monkeypatch.setitem(SCHEMES, call.scheme, replace(call.law, auditors_statement=True))
    application = make_accepted(call=call)
    report = make_report(application)
    with pytest.raises(IncompleteReport, match="Vedlegg til rapporten"):
        submit_report(report, by=application.created_by)
    attach_to(application, "report_statement", "revisor.pdf")

    submission = submit_report(report, by=application.created_by)

    assert SubmittedAttachment.objects.get().sent_with == f"report:{submission.pk}"


def test_the_accountant_attaches_to_the_report_and_to_nothing_else():
    application = make_accepted()
    accountant = member(Role.ACCOUNTANT, application.organisation, "regnskap")

    assert attach(application, "report_accounts", uploaded(), by=accountant).place == "report_accounts"
    with pytest.raises(NotAllowed):
        attach(application, "appeal", uploaded(), by=accountant)
    with pytest.raises(NotAllowed):
        attach(application, "report", uploaded(), by=signatory(municipality("0104"), "fremmed"))


def test_an_appeal_is_recorded_with_its_files_and_takes_none_afterwards():
    decision = make_decided()
    application = decision.application
    attached = attach_to(application, "appeal", "uttalelse.pdf")
    appeal = make_appeal(decision=decision)
    drain()

    [one] = documents_of(appeal, for_applicant=True)
    assert one.document.kind == f"appeal:{appeal.pk}"
    assert [paper.attachment for paper in one.attached] == [attached]
    with pytest.raises(ChangedSince):
        attach_to(application, "appeal", "mer.pdf", b"\n")
    with pytest.raises(ChangedSince):
        detach(attached, by=application.created_by)


def test_a_draft_of_an_appeal_that_is_put_away_takes_its_files_with_it():
    decision = make_decided()
    by = signatory(decision.application.organisation)
    appeal = save_appeal(decision, version=0, by=by, **TEXTS)
    attach(decision.application, "appeal", uploaded(), by=by)
    withdraw_appeal(appeal, by=by)
    again = save_appeal(decision, version=0, by=by, **TEXTS)
    send_appeal(again, by=by)

    assert not Attachment.objects.present().exists() and not SubmittedAttachment.objects.exists()


def test_a_question_about_an_appeal_is_a_letter_with_a_last_day_and_the_answer_is_recorded_with_its_files():
    appeal = make_appeal(Appeal.State.IN_PROGRESS)
    application, by = appeal.application, handler(appeal.application)
    with pytest.raises(BadInput, match="framover"):
        ask_appellant(appeal, "Når kom brevet?", due_on=today(), by=by)
    ask_appellant(appeal, "Når kom brevet?", by=by)
    attached = attach_to(application, "appeal", "konvolutt.pdf")
    answer_about_appeal(appeal, "I går.", by=application.created_by)
    drain()

    question = application.documents.get(kind__startswith="appeal_question:")
    assert (question.direction, question.title) == ("out", "Spørsmål til klagen: Kommunale utviklingsmidler")
    answer = application.documents.get(kind__startswith="appeal_answer:")
    assert answer.direction == "in" and [one.attachment for one in answer.attached.all()] == [attached]
    titles = [one.document.title for one in documents_of(appeal, for_applicant=True)]
    assert question.title in titles and answer.title in titles


def test_the_answer_to_a_notice_takes_its_files():
    reversal = make_reversal(100_000_00)
    application = reversal.application
    attached = attach_to(application, "notice", "forklaring.pdf")
    answer_notice(reversal, "Vi er uenige.", by=application.created_by)
    drain()

    answer = application.documents.get(kind__startswith="reversal_answer:")
    assert [one.attachment for one in answer.attached.all()] == [attached]
    with pytest.raises(ChangedSince):
        attach_to(application, "notice", "mer.pdf", b"\n")


def test_the_directorate_sees_no_file_before_it_is_sent():
    application = make_accepted()
    attached = attach_to(application, "report")

    assert list(Attachment.objects.visible_to(application.created_by)) == [attached]
    assert not Attachment.objects.visible_to(caseworker()).exists()


# --- Inside -------------------------------------------------------------------------------------------------------------


def test_an_internal_note_is_an_internal_document_that_the_applicant_never_sees():
    application = make_case(State.IN_PROGRESS)
    add_note(application, "Ring kommunen.", by=handler_of(application))
    drain()
    Job.objects.filter(kind="record_note").update(state="waiting", lease_until=None)
    drain()

    note = application.documents.get(kind__startswith="note:")
    assert (note.direction, note.access_code, note.legal_ground) == (
        "internal", "UO", "offentleglova § 14 første ledd",
    )  # fmt: skip
    mine = CaseDocument.objects.visible_to(application.created_by)
    assert note not in mine and mine.filter(kind__startswith="submission").exists()


# --- What leaves --------------------------------------------------------------------------------------------------------


def test_each_letter_says_whether_it_has_left(monkeypatch: pytest.MonkeyPatch):
    application = make_question(make_case(State.IN_PROGRESS))

    def broken(self: Any, letter: Any) -> str:
        raise OSError("Mappen er full.")

    with monkeypatch.context() as patched:
        patched.setattr(delivery.Outbox, "deliver", broken)
        drain()
    states = {one.document.kind.partition(":")[0]: one.delivery for one in recorded_in(application.documents.all())}
    assert states["submission"] is None
    assert states["question"].state == "failed" and "Mappen er full" in states["question"].last.error

    Job.objects.filter(kind="deliver_document").update(lease_until=None)
    drain()
    [letter] = [one for one in recorded_in(application.documents.all()) if one.delivery]
    assert letter.delivery.state == "delivered" and letter.delivery.last.channel == "outbox"


def test_the_letter_to_the_ministry_leaves_too_and_not_under_the_applicants_number(
    monkeypatch: pytest.MonkeyPatch, forwarded: Appeal
):
    sent: dict[str, Any] = {}
    keep: Callable[[Any, Any], str] = delivery.Outbox.deliver

    def seen(self: Any, letter: Any) -> str:
        sent[letter.recipient] = letter.orgnr
        return keep(self, letter)

    halden = forwarded.application.organisation
    Organisation.objects.filter(pk=halden.pk).update(orgnr="959159092")
    monkeypatch.setattr(delivery.Outbox, "deliver", seen)
    drain()

    assert sent["Kunnskapsdepartementet"] == ""
    assert sent[str(halden)] == "959159092"


@pytest.fixture
def forwarded() -> Appeal:
    """An upheld appeal that is sent to the ministry."""
    outcome = make_outcome("uphold")
    appeal = decide_appeal(outcome, by=second_decider(outcome.appeal.application))
    return forward_appeal(appeal, ministry="Kunnskapsdepartementet", by=handler(appeal.application))


# --- The database -------------------------------------------------------------------------------------------------------

COLUMNS = (
    "number, kind, title, direction, sender, recipient, dated, access_code, legal_ground, retention, sha256, path, "
    "created_at, application_id, attached_to_id, attachment_id"
)
SAME = COLUMNS.replace("number, kind", "99, 'attachment:x'")


@pytest.mark.parametrize(
    "instead",
    [
        ("sha256", "'x'"),  # another file
        ("attached_to_id", "id"),  # of what is itself an attachment
        ("application_id", "(SELECT id FROM applications_application WHERE id <> application_id LIMIT 1)"),
    ],
)
def test_the_database_records_a_file_only_as_it_was_sent_and_in_its_own_case(instead: tuple[str, str]):
    make_case(organisation=municipality("0104"))
    application = make_draft()
    make_attachment(application)
    submit(application, by=application.created_by)
    drain()
    column, value = instead
    values = ", ".join(value if name == column else name for name in SAME.split(", "))

    with pytest.raises(DatabaseError, match="its own case"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO applications_casedocument ({COLUMNS}) SELECT {values} FROM applications_casedocument "
            "WHERE attachment_id IS NOT NULL"
        )

"""An attachment from the moment it is chosen until it is opened: taken in, scanned, sent, and what must not happen."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from applications.intake.completeness import Progress, states_of
from applications.models import Application, Attachment, AttachmentState, CaseEvent, State, SubmittedAttachment
from applications.services.assess import answer_directorate, ask_applicant
from applications.services.attach import attach, clean_name, detach
from applications.services.open_attachment import open_attachment
from applications.services.scan_attachment import scan
from applications.services.submit import Incomplete, submit
from grants.documents import quarantine
from grants.documents.scanner import ScannerUnavailable
from grants.jobs.queue import drain
from grants.law.question import Contents
from grants.models import AuditEvent, Job, Role
from grants.shared.errors import BadInput, ChangedSince, NotAllowed, Refused
from tests.factories.attachments import (
    EICAR,
    fake_clamd,
    infected,
    make_attachment,
    make_clean,
    nobody_at_home,
    sent_attachment,
    uploaded,
)
from tests.factories.cases import (
    caseworker,
    decision_maker,
    impartial,
    make_case,
    make_draft,
    member,
    municipality,
    signatory,
)
from tests.factories.register import make_user
from tests.grants.documents.gate.makers import docx, pdf_with, png

pytestmark = pytest.mark.django_db


def files_in(folder: Path) -> list[Path]:
    return [one for one in Path(folder).rglob("*") if one.is_file()]


# --- Taken in ---------------------------------------------------------------------------------------------------------


def test_a_file_is_kept_under_a_random_name_with_its_fingerprint_and_waits_for_the_scanner(settings: Any):
    attachment = make_attachment(file=uploaded("Årsregnskap 2016.pdf"))

    assert (attachment.name, attachment.media_type) == ("Årsregnskap 2016.pdf", "application/pdf")
    assert (attachment.state, attachment.place) == (AttachmentState.QUARANTINED, "other")
    [file] = files_in(settings.ATTACHMENT_FOLDER)
    assert "regnskap" not in str(file) and file.suffix == ""
    assert file.read_bytes() == pdf_with() and attachment.size == len(pdf_with())
    assert Job.objects.get().kind == "scan_attachment"


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("faktura.pdf.exe", b"MZ", "filer av denne typen"),
        ("faktura.pdf", b"MZ" + b"\x00" * 900, "innholdet er noe annet"),
        ("tom.pdf", b"", "tom"),
        ("makro.docx", docx(**{"word/vbaProject.bin": b"x"}), "makroer"),
    ],
)
def test_a_file_that_does_not_pass_the_gate_leaves_nothing_behind(name: str, content: bytes, says: str, settings: Any):
    application = make_draft()

    with pytest.raises(BadInput, match=says):
        attach(application, "other", uploaded(name, content), by=application.created_by)

    assert files_in(settings.ATTACHMENT_FOLDER) == []
    assert not Attachment.objects.exists() and not Job.objects.exists()


class Endless:
    """An upload that never ends, and says nothing of its size."""

    name, size, given = "stor.pdf", 0, 0

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        while True:
            self.given += 1
            yield b"x" * 1024 * 1024


def test_an_upload_that_never_ends_is_cut_off_at_the_limit(settings: Any):
    settings.ATTACHMENT_MOST_BYTES = 3 * 1024 * 1024
    application, endless = make_draft(), Endless()

    with pytest.raises(BadInput, match="høyst 3 MB"):
        attach(application, "other", endless, by=application.created_by)

    assert endless.given == 4
    assert files_in(settings.ATTACHMENT_FOLDER) == []


def test_an_application_has_room_for_so_many_files_and_so_much(settings: Any):
    application = make_draft()
    make_attachment(application)
    settings.ATTACHMENTS_MOST = 1
    with pytest.raises(BadInput, match="plass til 1 vedlegg"):
        make_attachment(application, file=uploaded("a.png", png()))
    settings.ATTACHMENTS_MOST, settings.ATTACHMENTS_MOST_BYTES = 9, len(pdf_with()) + 5
    with pytest.raises(BadInput, match="til sammen"):
        make_attachment(application, file=uploaded("a.png", png()))

    assert len(files_in(settings.ATTACHMENT_FOLDER)) == 1


def test_the_same_file_twice_is_one(settings: Any):
    first = make_attachment()

    again = make_attachment(first.application, file=uploaded("Samme.pdf"))

    assert again == first and Attachment.objects.count() == 1
    assert len(files_in(settings.ATTACHMENT_FOLDER)) == 1


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"), ("C:\\Users\\kari\\Søknad.docx", "Søknad.docx"),
        ("a\r\nSet-Cookie: b.pdf", "aSet-Cookie b.pdf"), ("regning\u202efdp.exe", "regningfdp.exe"),
        ('<img src=x onerror="a">.png', "img src=x onerror=a.png"), (".pdf", "vedlegg.pdf"), ("   ", ""),
        ("a" * 400 + ".pdf", "a" * 130 + ".pdf"),
    ],
)  # fmt: skip
def test_a_name_is_cleaned(given: str, kept: str):
    assert clean_name(given) == kept


def test_only_those_who_write_for_the_organisation_attach_and_only_where_the_case_takes_files():
    application = make_draft()

    for other in (signatory(municipality("0104"), "fremmed"), member(Role.ACCOUNTANT), caseworker()):
        with pytest.raises(NotAllowed):
            attach(application, "other", uploaded(), by=other)
    for place in ("answer", "report", "appeal", "hemmelig"):
        with pytest.raises(ChangedSince, match="tar ikke imot"):
            attach(application, place, uploaded(), by=application.created_by)
    assert attach(application, "other", uploaded(), by=member(Role.EDITOR)).place == "other"


def test_a_draft_with_another_file_is_another_draft():
    application = make_draft()
    seen = Application.objects.get(pk=application.pk)
    make_attachment(application)

    with pytest.raises(ChangedSince):
        submit(seen, by=seen.created_by)


# --- Taken away -------------------------------------------------------------------------------------------------------


def test_a_file_of_a_draft_is_taken_away_and_the_row_tells_who_did_it(settings: Any):
    attachment = make_attachment()

    detach(attachment, by=attachment.application.created_by)
    drain()

    assert files_in(settings.ATTACHMENT_FOLDER) == []
    assert attachment.removed_by == attachment.application.created_by
    assert not Attachment.objects.visible_to(attachment.uploaded_by).exists()
    with pytest.raises(ChangedSince, match="allerede"):
        detach(attachment, by=attachment.uploaded_by)


def test_nobody_else_takes_it_away():
    attachment = make_attachment()

    with pytest.raises(NotAllowed):
        detach(attachment, by=signatory(municipality("0104"), "fremmed"))
    assert Attachment.objects.present().exists()


# --- Scanned ----------------------------------------------------------------------------------------------------------


def test_a_file_that_the_scanner_finds_clean_may_be_opened(settings: Any):
    attachment = make_attachment()
    with fake_clamd() as settings.CLAMD:
        drain()

    attachment.refresh_from_db()
    assert attachment.state == AttachmentState.CLEAN and attachment.scanned_at
    with open_attachment(attachment, by=attachment.uploaded_by) as file:
        assert file.read() == pdf_with()


def test_a_virus_is_refused_and_told_plainly(settings: Any):
    attachment = make_attachment(file=infected())
    with fake_clamd() as settings.CLAMD:
        drain()

    attachment.refresh_from_db()
    assert attachment.state == AttachmentState.REFUSED
    assert "Eicar-Signature" in attachment.reason
    with pytest.raises(Refused, match="avvist"):
        open_attachment(attachment, by=caseworker())
    [state] = [one for one in states_of(attachment.application) if one.documents]
    assert state.progress is Progress.FAULTY and "Fjern bilde.jpg" in state.faults["other"]


def test_with_the_scanner_down_a_file_waits_in_quarantine_and_is_tried_again(settings: Any):
    attachment = make_attachment()
    settings.CLAMD = nobody_at_home()
    drain()

    job = Job.objects.get()
    assert (job.state, job.attempts) == ("waiting", 1) and "clamd" in job.last_error
    attachment.refresh_from_db()
    assert attachment.state == AttachmentState.QUARANTINED
    with pytest.raises(Refused, match="venter på viruskontroll"):
        open_attachment(attachment, by=caseworker())
    with pytest.raises(ScannerUnavailable):
        scan(attachment)

    Job.objects.update(lease_until=None)
    with fake_clamd() as settings.CLAMD:
        drain()
    attachment.refresh_from_db()
    assert attachment.state == AttachmentState.CLEAN


def test_without_a_scanner_a_file_is_marked_and_opened_by_caseworkers_alone():
    attachment = sent_attachment()
    assert attachment.state == AttachmentState.UNSCANNED

    others = (attachment.uploaded_by, make_user("arne", Role.AUDITOR), make_user("fia", Role.FINANCE), decision_maker())
    for other in others:
        with pytest.raises(NotAllowed, match="Bare saksbehandlere"):
            open_attachment(attachment, by=other)
    open_attachment(attachment, by=caseworker()).close()
    assert AuditEvent.objects.filter(verb="open_unscanned").count() == 1


def test_a_new_scanner_looks_at_what_none_has_seen(settings: Any, capsys: pytest.CaptureFixture[str]):
    attachment = sent_attachment()
    with fake_clamd(lambda _content: b"stream: Trojan FOUND\n") as settings.CLAMD:
        call_command("scan_attachments")

    attachment.refresh_from_db()
    assert attachment.state == AttachmentState.REFUSED
    event = CaseEvent.objects.get(verb="attachment_refused")
    assert event.open_to_applicant and "logo.png" in event.text
    assert "refused" in capsys.readouterr().out


def test_a_file_that_was_changed_on_the_disk_is_not_handed_out():
    attachment = make_clean(make_attachment())
    quarantine.place_of(attachment.path).write_bytes(EICAR)

    with pytest.raises(Refused, match="er ikke filen som ble tatt imot"):
        open_attachment(attachment, by=attachment.uploaded_by)
    quarantine.erase(attachment.path)
    with pytest.raises(Refused, match="mangler i vedleggsmappen"):
        open_attachment(attachment, by=attachment.uploaded_by)


# --- Asked for and sent -----------------------------------------------------------------------------------------------


def test_a_document_that_is_asked_for_must_be_there(accounts_are_asked_for: None):
    application = make_draft()
    [state] = [one for one in states_of(application) if one.theme.contents is Contents.ATTACHMENTS]
    assert state.progress is Progress.NOT_STARTED
    with pytest.raises(Incomplete, match="Vedlegg"):
        submit(application, by=application.created_by)

    make_attachment(application, place="annual_accounts")

    assert submit(application, by=application.created_by).number == 1


def test_a_document_takes_one_file_and_a_refused_one_is_none(accounts_are_asked_for: None, settings: Any):
    application = make_draft()
    refused = make_attachment(application, place="annual_accounts", file=infected())
    with pytest.raises(BadInput, match="plass til én fil"):
        make_attachment(application, place="annual_accounts")
    with fake_clamd() as settings.CLAMD:
        scan(refused)

    make_attachment(application, place="annual_accounts")
    [state] = [one for one in states_of(application) if one.documents]
    assert state.progress is Progress.FAULTY
    detach(refused, by=application.created_by)
    [state] = [one for one in states_of(application) if one.documents]
    assert state.progress is Progress.DONE


def test_what_is_sent_in_is_noted_with_its_fingerprint_and_stays():
    attachment = make_attachment()
    application = Application.objects.get(pk=attachment.application_id)
    submission = submit(application, by=application.created_by)

    sent = SubmittedAttachment.objects.get()
    assert (sent.attachment, sent.sha256, sent.sent_with) == (
        attachment, attachment.sha256, f"submission:{submission.pk}",
    )  # fmt: skip
    with pytest.raises(ChangedSince):
        detach(attachment, by=attachment.uploaded_by)


def test_the_call_keeps_which_documents_it_asked_for():
    [document] = make_draft().call.terms["documents"]

    assert (document["code"], document["required"], document["most"]) == ("other", False, 10)


def test_an_answer_takes_files_with_it():
    application = make_case(State.IN_PROGRESS)
    ask_applicant(application, "Har dere en avtale?", by=impartial(caseworker(), application.call))
    attachment = attach(application, "answer", uploaded("avtale.png", png()), by=application.created_by)
    application.refresh_from_db()

    answer_directorate(application, "Ja, den er lagt ved.", by=application.created_by)

    assert SubmittedAttachment.objects.get().attachment == attachment
    with pytest.raises(ChangedSince):
        detach(attachment, by=application.created_by)


def test_who_sees_a_file_is_who_sees_its_case():
    draft, sent = make_attachment(make_draft(organisation=municipality("0104"))), sent_attachment()

    def seen_by(user: Any) -> set[Attachment]:
        return set(Attachment.objects.visible_to(user))

    assert seen_by(caseworker()) == {sent}
    assert seen_by(draft.uploaded_by) == {draft}
    assert seen_by(make_user("nobody")) == set()


# --- The database -----------------------------------------------------------------------------------------------------

ATTACKS = {
    "another file": "UPDATE applications_attachment SET sha256 = 'x'",
    "another name": "UPDATE applications_attachment SET name = 'x.pdf'",
    "another case": "UPDATE applications_attachment SET place = 'report'",
    "removed after it was sent": "UPDATE applications_attachment SET removed_at = uploaded_at, removed_by_id = uploaded_by_id",
    "back in quarantine": "UPDATE applications_attachment SET state = 'quarantined'",
    "clean without a scan": "UPDATE applications_attachment SET state = 'clean'",
    "refused without a reason": "UPDATE applications_attachment SET state = 'refused', scanned_at = uploaded_at",
    "the row gone": "DELETE FROM applications_attachment",
    "what was sent changed": "UPDATE applications_submittedattachment SET sha256 = 'x'",
    "what was sent gone": "DELETE FROM applications_submittedattachment",
    "sent what was not": "INSERT INTO applications_submittedattachment (attachment_id, sent_with, sha256, sent_at) "
    "SELECT id, 'answer:1', 'x', uploaded_at FROM applications_attachment",
    "born clean": "INSERT INTO applications_attachment (id, application_id, place, name, media_type, size, sha256, path, "
    "state, reason, scanned_at, uploaded_by_id, uploaded_at) SELECT application_id, application_id, place, name, media_type, "
    "size, sha256, 'y', 'clean', '', uploaded_at, uploaded_by_id, uploaded_at FROM applications_attachment",
}  # fmt: skip


@pytest.mark.parametrize("sql", ATTACKS.values(), ids=ATTACKS.keys())
def test_the_database_keeps_what_came_in_and_what_was_sent(sql: str):
    attachment = sent_attachment()

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)

    attachment.refresh_from_db()
    assert (attachment.state, attachment.removed_at) == (AttachmentState.UNSCANNED, None)
    assert Attachment.objects.count() == SubmittedAttachment.objects.count() == 1


def test_what_was_removed_does_not_come_back():
    attachment = make_attachment()
    detach(attachment, by=attachment.uploaded_by)

    with pytest.raises(DatabaseError, match="does not come back"), transaction.atomic():
        Attachment.objects.filter(pk=attachment.pk).update(removed_at=None, removed_by=None)

"""Attachments through the pages, without JavaScript: upload, be told, remove, send in, open; and who gets nothing."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from applications.models import Application, Attachment, AttachmentState
from applications.services.attach import detach
from applications.services.scan_attachment import scan
from grants.documents.uploads import FORM_BYTES, PATIENCE
from grants.models import AuditEvent, Role
from tests.applications.pages.test_applicant import signed_in
from tests.applications.test_attachments import files_in
from tests.factories.attachments import (
    fake_clamd,
    infected,
    make_attachment,
    make_clean,
    sent_attachment,
    uploaded,
)
from tests.factories.cases import caseworker, make_draft, member, municipality, signatory
from tests.factories.register import make_user
from tests.grants.documents.gate.makers import pdf_with

pytestmark = pytest.mark.django_db


def page_of(application: Application) -> str:
    return reverse("application_theme", args=[application.pk, "attachments"])


def saved(answer: Any) -> bytes:
    """The file that an answer carries."""
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def upload(client: Client, application: Application, file: Any = None, place: str = "other", **more: Any) -> Any:
    url = reverse("application_attach", args=[application.pk, place])
    return client.post(url, ({"file": file} if file else {}) | more)


def test_a_file_is_uploaded_seen_and_removed():
    application = make_draft()
    client = signed_in(application.created_by)
    assert "Andre vedlegg" in client.get(page_of(application)).content.decode()

    sent = upload(client, application, uploaded("Årsregnskap 2016.pdf"))
    assert sent["Location"] == page_of(application)
    page = client.get(page_of(application)).content.decode()
    assert "Årsregnskap 2016.pdf" in page and "Venter på kontroll" in page and "Filen er lastet opp." in page
    assert "Årsregnskap 2016.pdf" in client.get(reverse("application_check", args=[application.pk])).content.decode()

    attachment = Attachment.objects.get()
    gone = client.post(reverse("application_detach", args=[application.pk, attachment.pk]), follow=True)
    assert "Årsregnskap 2016.pdf er fjernet." in gone.content.decode()
    assert not Attachment.objects.present().exists()


@pytest.mark.parametrize(
    ("file", "says"),
    [
        (SimpleUploadedFile("regning.pdf.exe", b"MZ"), "filer av denne typen"),
        (SimpleUploadedFile("regning.pdf", b"MZ"), "innholdet er noe annet"),
        (None, "Velg en fil først"),
    ],
)
def test_what_is_not_taken_in_is_told_where_it_was_chosen(file: Any, says: str):
    application = make_draft()

    answer = upload(signed_in(application.created_by), application, file)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert says in page and "<title>Feil: Vedlegg" in page and 'aria-invalid="true"' in page
    assert 'href="#file-other"' in page
    assert not Attachment.objects.exists()


def test_a_large_file_is_cut_off_and_told_and_the_disk_is_as_before(settings: Any):
    settings.ATTACHMENT_MOST_BYTES = 1024 * 1024
    application = make_draft()

    answer = upload(
        signed_in(application.created_by), application, SimpleUploadedFile("stor.pdf", b"x" * 2 * 1024 * 1024)
    )

    assert answer.status_code == 422 and "Filen er for stor. Den kan være på høyst 1 MB." in answer.content.decode()
    assert files_in(settings.ATTACHMENT_FOLDER) == []


def test_ten_gigabytes_are_not_read_at_all(settings: Any):
    settings.ATTACHMENT_MOST_BYTES = 1024
    application = make_draft()
    far_too_large = b"x" * (PATIENCE * 1024 + FORM_BYTES + 1)

    answer = upload(signed_in(application.created_by), application, SimpleUploadedFile("stor.pdf", far_too_large))

    assert answer.status_code == 400
    assert files_in(settings.ATTACHMENT_FOLDER) == []


def test_an_upload_by_somebody_who_has_not_signed_in_leaves_nothing(settings: Any):
    answer = Client().post(reverse("sign_in"), {"file": uploaded()})

    assert answer.status_code < 500
    assert files_in(settings.ATTACHMENT_FOLDER) == []


def test_the_next_step_says_what_is_missing(accounts_are_asked_for: None):
    application = make_draft()
    client = signed_in(application.created_by)

    answer = client.post(page_of(application), {"next": ""})
    page = answer.content.decode()
    assert answer.status_code == 422 and "Årsregnskap: Last opp dokumentet." in page and "Må legges ved" in page
    assert client.post(page_of(application), {"later": ""}).status_code == 302
    assert "Ikke startet" in client.get(reverse("application", args=[application.pk])).content.decode()

    upload(client, application, uploaded(), "annual_accounts")
    assert client.post(page_of(application), {"next": ""}).status_code == 302


def test_a_virus_is_told_on_the_page(settings: Any):
    attachment = make_attachment(file=infected())
    with fake_clamd() as settings.CLAMD:
        scan(attachment)

    page = signed_in(attachment.uploaded_by).get(page_of(attachment.application)).content.decode()
    assert "Avvist" in page and "Eicar-Signature" in page
    assert f'href="{reverse("attachment", args=[attachment.pk])}"' not in page


def test_a_clean_file_comes_as_a_file_and_never_in_the_page():
    attachment = make_clean(make_attachment(file=uploaded("Årsregnskap.pdf")))
    client = signed_in(attachment.uploaded_by)
    assert reverse("attachment", args=[attachment.pk]) in client.get(page_of(attachment.application)).content.decode()

    answer = client.get(reverse("attachment", args=[attachment.pk]))

    assert saved(answer) == pdf_with()
    assert (
        answer["Content-Disposition"].startswith("attachment;")
        and "%C3%85rsregnskap.pdf" in answer["Content-Disposition"]
    )
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff" and answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]


def test_a_file_that_waits_is_not_handed_out():
    attachment = make_attachment()

    answer = signed_in(attachment.uploaded_by).get(reverse("attachment", args=[attachment.pk]))

    assert answer.status_code == 409 and "venter på viruskontroll" in answer.content.decode()


def test_an_unscanned_file_takes_a_warning_and_a_caseworker():
    attachment = sent_attachment()
    url = reverse("attachment", args=[attachment.pk])
    client = signed_in(caseworker())

    warned = client.get(url)
    assert "ikke viruskontrollert" in warned.content.decode() and "Last ned likevel" in warned.content.decode()
    assert saved(client.post(url)).startswith(b"\x89PNG")
    assert AuditEvent.objects.get(verb="open_unscanned").subject == f"attachment:{attachment.pk}"

    for other in (attachment.uploaded_by, make_user("arne", Role.AUDITOR)):
        page = signed_in(other)
        assert "Last ned likevel" not in page.get(url).content.decode()
        assert page.post(url).status_code == 409
    assert AuditEvent.objects.filter(verb="open_unscanned").count() == 1


@pytest.mark.parametrize("verb", ["get", "post"])
def test_another_organisations_file_is_not_there(verb: str):
    attachment = make_clean(make_attachment())
    stranger = signed_in(signatory(municipality("0104"), "fremmed"))
    of = attachment.application_id

    assert getattr(stranger, verb)(reverse("attachment", args=[attachment.pk])).status_code == 404
    assert stranger.post(reverse("application_detach", args=[of, attachment.pk])).status_code == 404
    assert stranger.post(reverse("application_attach", args=[of, "other"]), {"file": uploaded()}).status_code == 404
    assert Attachment.objects.present().count() == 1
    # The control: its own people find it, a draft is not the directorate's, and a file belongs to its own case.
    assert saved(signed_in(attachment.uploaded_by).get(reverse("attachment", args=[attachment.pk])))
    assert signed_in(caseworker()).get(reverse("attachment", args=[attachment.pk])).status_code == 404
    other = make_draft(organisation=municipality("0104"))
    mine = signed_in(other.created_by)
    assert mine.post(reverse("application_detach", args=[other.pk, attachment.pk])).status_code == 404


def test_an_accountant_reads_and_does_not_attach():
    attachment = make_clean(make_attachment())
    client = signed_in(member(Role.ACCOUNTANT))

    assert saved(client.get(reverse("attachment", args=[attachment.pk])))
    assert upload(client, attachment.application, uploaded()).status_code == 404


def test_a_removed_file_is_gone_for_everybody():
    attachment = make_clean(make_attachment())
    detach(attachment, by=attachment.uploaded_by)

    assert signed_in(attachment.uploaded_by).get(reverse("attachment", args=[attachment.pk])).status_code == 404


def test_the_way_back_stays_on_this_site():
    application = make_draft()
    client = signed_in(application.created_by)
    here = reverse("application", args=[application.pk])

    assert upload(client, application, uploaded(), next=here)["Location"] == here
    for elsewhere in ("https://ond.example/", "//ond.example", "/\\ond.example", "javascript:alert(1)"):
        assert upload(client, application, uploaded(), next=elsewhere)["Location"] == page_of(application)


def test_what_was_sent_in_is_not_removed():
    attachment = sent_attachment()
    client = signed_in(attachment.uploaded_by)

    url = reverse("application_detach", args=[attachment.application_id, attachment.pk])
    assert client.post(url).status_code == 409
    assert Attachment.objects.get().state == AttachmentState.UNSCANNED


def test_the_page_asks_the_database_no_more_for_many_files(django_assert_max_num_queries: Any):
    application = make_draft()
    for number in range(5):
        make_attachment(application, file=uploaded(f"{number}.pdf", pdf_with() + b"\n" * number))
    client = signed_in(application.created_by)

    with django_assert_max_num_queries(16):
        client.get(page_of(application))

"""Files through the API: the same gate and scanner as on the pages, each upload once, foreign files not there."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import override_settings
from django.urls import reverse

from applications.models import Application, Attachment, AttachmentState, State
from applications.services.scan_attachment import scan
from applications.services.submit import submit
from grants.documents import quarantine
from grants.models import AuditEvent, Role
from tests.applications.api.client import Api
from tests.factories.attachments import fake_clamd, make_attachment, make_clean, sent_attachment, uploaded
from tests.factories.cases import caseworker, make_draft, member, municipality, signatory
from tests.grants.documents.gate.makers import pdf_with

pytestmark = pytest.mark.django_db


def files_on_disk() -> int:
    return sum(path.is_file() for path in quarantine.folder().rglob("*"))


def test_a_file_is_sent_listed_fetched_and_taken_away():
    application = make_draft()
    api = Api(application.created_by)
    sent = api.upload("api_attachments", application.pk, place="other", file=uploaded("Plan.pdf"))
    assert sent.status_code == 201, sent.content
    told = sent.json()
    assert (told["name"], told["state"], told["case_version"]) == ("Plan.pdf", "quarantined", application.version + 1)
    with override_settings(CLAMD=""):
        waiting = api.get("api_attachment", told["id"])
    assert (waiting.status_code, "venter på viruskontroll" in waiting.json()["message"]) == (409, True)
    make_clean(Attachment.objects.get())

    assert [one["id"] for one in api.get("api_attachments", application.pk).json()] == [told["id"]]
    fetched = api.get("api_attachment", told["id"])
    assert b"".join(fetched.streaming_content) == uploaded().read()
    assert fetched.headers["Content-Disposition"] == 'attachment; filename="Plan.pdf"'
    gone = api.delete("api_attachment", told["id"])
    assert (gone.status_code, gone.json()["removed_at"] is not None) == (200, True)
    assert api.get("api_attachment", told["id"]).status_code == 404


def test_the_same_upload_twice_is_one_file_and_another_file_with_the_key_is_refused():
    application = make_draft()
    api = Api(application.created_by)
    first = api.upload("api_attachments", application.pk, key="key-0001", place="other", file=uploaded("Plan.pdf"))
    again = api.upload("api_attachments", application.pk, key="key-0001", place="other", file=uploaded("Plan.pdf"))
    other = api.upload(
        "api_attachments", application.pk, key="key-0001", place="other", file=uploaded("Plan.pdf", pdf_with() + b"\n")
    )

    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 409)
    assert first.content == again.content and again.headers["Idempotency-Replayed"] == "true"
    assert (Attachment.objects.count(), files_on_disk()) == (1, 1)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("vedlegg.exe", b"MZ"),
        ("vedlegg.pdf", b"<html>"),
        ("tom.pdf", b""),
        ("makro.docm", b"PK\x03\x04"),
        ("", b"%PDF-1.7"),
    ],
)
def test_what_does_not_pass_the_gate_is_told_and_leaves_nothing(name: str, content: bytes):
    application = make_draft()
    answer = Api(application.created_by).upload(
        "api_attachments", application.pk, place="other", file=uploaded(name or "x", content)
    )

    assert (answer.status_code, answer.json()["error"]) == (422, "bad_input")
    assert (Attachment.objects.count(), files_on_disk()) == (0, 0)
    assert Application.objects.get().version == application.version


def test_a_file_that_is_too_large_is_told_so(settings: Any):
    settings.ATTACHMENT_MOST_BYTES = 200_000
    application = make_draft()
    api = Api(application.created_by)
    large = api.upload(
        "api_attachments", application.pk, place="other", file=uploaded(content=b"%PDF" + b"x" * 300_000)
    )
    endless = api.upload("api_attachments", application.pk, place="other", file=uploaded(content=b"x" * 3_000_000))

    assert (large.status_code, "for stor" in large.json()["message"]) == (422, True)
    assert (endless.status_code, endless.json()["error"]) == (413, "too_large")
    assert files_on_disk() == 0


def test_an_upload_without_a_file_or_with_json_is_told_what_to_send():
    application = make_draft()
    api = Api(application.created_by)

    assert "multipart" in api.upload("api_attachments", application.pk, place="other").json()["message"]
    assert "multipart" in api.post("api_attachments", application.pk, place="other", file="x").json()["message"]
    refused = api.upload("api_attachments", application.pk, place="../etc", file=uploaded())
    assert (refused.status_code, list(refused.json()["fields"])) == (422, ["place"])


def test_a_file_to_a_case_that_takes_none_is_refused_and_the_accountant_adds_none():
    application = make_draft()
    accountant = Api(member(Role.ACCOUNTANT, application.organisation, "revisor"))
    assert accountant.upload("api_attachments", application.pk, place="other", file=uploaded()).status_code == 403
    submit(application, by=application.created_by)

    late = Api(application.created_by).upload("api_attachments", application.pk, place="other", file=uploaded())

    assert (late.status_code, late.json()["error"]) == (409, "changed_since")
    assert files_on_disk() == 0


def test_what_no_scanner_has_seen_is_fetched_by_a_caseworker_who_says_so():
    attachment = sent_attachment()
    api = Api(caseworker())
    assert api.get("api_attachment", attachment.pk).status_code == 409
    assert not AuditEvent.objects.filter(verb="open_unscanned").exists()

    fetched = api.get("api_attachment", attachment.pk, unscanned="true")

    assert fetched.status_code == 200 and b"".join(fetched.streaming_content)
    assert AuditEvent.objects.filter(verb="open_unscanned").count() == 1
    assert Api(attachment.uploaded_by).get("api_attachment", attachment.pk, unscanned="true").status_code == 403


def _unhurried(answer: Any) -> dict[str, str]:
    """The headers of an answer, but for the one that turns over with the second."""
    return {name: value for name, value in answer.headers.items() if name != "Expires"}


def test_another_organisations_file_is_neither_fetched_nor_taken_away():
    attachment = make_clean(make_attachment())
    stranger = Api(signatory(municipality("0104"), "stranger"))
    for foreign, missing in (
        (stranger.get("api_attachment", attachment.pk), stranger.get("api_attachment", uuid4())),
        (stranger.delete("api_attachment", attachment.pk), stranger.delete("api_attachment", uuid4())),
        (
            stranger.upload("api_attachments", attachment.application_id, place="other", file=uploaded()),
            stranger.upload("api_attachments", uuid4(), place="other", file=uploaded()),
        ),
    ):
        assert foreign.status_code == 404
        assert (foreign.content, _unhurried(foreign)) == (missing.content, _unhurried(missing))
    control = Api(attachment.uploaded_by).get("api_attachment", attachment.pk)
    assert (control.status_code, b"".join(control.streaming_content)) == (200, uploaded().read())


def test_a_scanner_that_finds_something_refuses_the_file_through_the_api_too():
    application = make_draft()
    api = Api(application.created_by)
    api.upload("api_attachments", application.pk, place="other", file=uploaded())
    with fake_clamd(lambda content: b"stream: Found FOUND\n") as address, override_settings(CLAMD=address):
        scan(Attachment.objects.get())

    [told] = api.get("api_attachments", application.pk).json()
    assert told["state"] == AttachmentState.REFUSED and told["reason"]
    assert api.client.get(reverse("api_attachment", args=[told["id"]])).status_code == 409
    assert application.state == State.DRAFT

"""The papers of a case on its pages, without JavaScript: files beside what is typed, documents with what came with them."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from applications.models import Appeal, Application, Attachment, State, SubmittedAttachment
from applications.services.appeal_work import ask_appellant
from applications.services.attach import attach
from applications.services.reverse import propose_reversal
from applications.services.scan_attachment import scan
from grants.documents import delivery
from grants.jobs.queue import drain
from grants.models import Role, User
from tests.factories.appeals import (
    TEXTS,
    handler,
    make_appeal,
    make_decided,
    make_outcome,
    make_reversal,
    second_decider,
)
from tests.factories.attachments import make_clean, uploaded
from tests.factories.cases import caseworker, decision_maker, make_case, make_proposal, make_question, member
from tests.factories.follow_up import make_accepted, make_grant, make_report, make_submitted
from tests.factories.register import make_user

pytestmark = pytest.mark.django_db


def not_a_pdf() -> SimpleUploadedFile:
    return SimpleUploadedFile("regning.pdf", b"MZ")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode().replace("\N{NO-BREAK SPACE}", " "))


def opened(user: User, name: str, *of: Any) -> str:
    answer = signed_in(user).get(reverse(name, args=of))
    assert answer.status_code == 200
    return text(answer)


# --- Files beside what is typed -------------------------------------------------------------------------------------------


def test_an_answer_is_not_lost_while_files_come_and_go():
    application = make_question(make_case(State.IN_PROGRESS))
    client, url = signed_in(application.created_by), reverse("application_answer", args=[application.pk])
    typed = {"version": application.version, "answer": "Kurset koster 5 000."}

    answer = client.post(url, typed | {"file": not_a_pdf(), "attach": ""})
    assert answer.status_code == 422 and "<title>Feil:" in text(answer).replace("<title> ", "<title>")
    assert "innholdet er noe annet" in text(answer) and "Kurset koster 5 000." in text(answer)
    assert 'href="#file-answer"' in text(answer) and 'id="file-answer"' in text(answer)
    answer = client.post(url, typed | {"file": uploaded("avtale.pdf"), "attach": ""})
    assert answer.status_code == 200 and "avtale.pdf" in text(answer) and "Kurset koster 5 000." in text(answer)
    [attachment] = Attachment.objects.all()
    answer = client.post(url, typed | {"detach": str(attachment.pk)})
    assert "avtale.pdf" not in text(answer) and "Kurset koster 5 000." in text(answer)
    assert client.post(url, typed | {"detach": "x"}).status_code == 404

    # A file that was chosen goes along with the answer itself.
    assert client.post(url, typed | {"file": uploaded("avtale.pdf")}).status_code == 302
    assert SubmittedAttachment.objects.get().attachment.name == "avtale.pdf"
    application.refresh_from_db()
    assert application.state == State.IN_PROGRESS


def test_an_answer_with_a_file_that_is_not_taken_in_is_not_sent():
    application = make_question(make_case(State.IN_PROGRESS))
    typed = {"version": application.version, "answer": "Se vedlegget.", "file": not_a_pdf()}

    answer = signed_in(application.created_by).post(reverse("application_answer", args=[application.pk]), typed)

    assert answer.status_code == 422
    application.refresh_from_db()
    assert application.state == State.AWAITING_APPLICANT


def test_an_appeal_keeps_its_text_and_takes_its_files():
    decision = make_decided()
    application = decision.application
    client, url = signed_in(application.created_by), reverse("application_appeal", args=[application.pk])

    refused = client.post(url, TEXTS | {"version": 0, "file": not_a_pdf(), "attach": ""})
    assert refused.status_code == 422 and TEXTS["grounds"] in text(refused)
    assert "innholdet er noe annet" in text(refused) and "Må fylles ut" not in text(refused)
    appeal = Appeal.objects.get()
    assert (
        client.post(url, TEXTS | {"version": appeal.version, "file": uploaded("bevis.pdf"), "attach": ""}).status_code
        == 302
    )
    assert "bevis.pdf" in text(client.get(url))
    appeal.refresh_from_db()
    client.post(url, TEXTS | {"version": appeal.version, "send": ""})
    drain()

    page = text(client.get(url))
    assert "bevis.pdf" in page and "Ikke viruskontrollert" in page and "Vedlegg: bevis.pdf" in page
    # Nobody but the caseworker opens what no scanner has seen.
    address = reverse("attachment", args=[Attachment.objects.get().pk])
    appeal.refresh_from_db()
    assert address not in page
    assert address in opened(caseworker(), "appeal", appeal.pk)
    for role in (Role.DECISION_MAKER, Role.AUDITOR):
        seen = opened(make_user(f"leser-{role}", role), "appeal", appeal.pk)
        assert "bevis.pdf" in seen and address not in seen


def test_an_answer_about_an_appeal_and_to_a_notice_take_files():
    appeal = make_appeal(Appeal.State.IN_PROGRESS)
    application = appeal.application
    ask_appellant(appeal, "Når kom brevet?", by=handler(application))
    client = signed_in(application.created_by)
    assert "Svar senest" in text(client.get(reverse("application_appeal", args=[application.pk])))
    url = reverse("application_appeal_answer", args=[application.pk])
    typed = {"version": appeal.version, "answer": "I går."}
    answer = client.post(url, typed | {"file": not_a_pdf()})
    assert answer.status_code == 422 and "I går." in text(answer) and 'href="#file-appeal"' in text(answer)
    client.post(url, typed | {"file": uploaded("konvolutt.pdf")})
    assert SubmittedAttachment.objects.get().sent_with.startswith("appeal_answer:")

    reversal = make_reversal(100_000_00, decision=make_decided(call=application.call))
    client = signed_in(reversal.application.created_by)
    url = reverse("application_notice", args=[reversal.application_id])
    typed = {"version": reversal.version, "answer": "Vi er uenige."}
    answer = client.post(url, typed | {"file": uploaded("forklaring.pdf"), "attach": ""})
    assert answer.status_code == 200 and "Vi er uenige." in text(answer) and "forklaring.pdf" in text(answer)
    client.post(url, typed)
    assert "forklaring.pdf" in text(client.get(url))
    assert "forklaring.pdf" in opened(caseworker(), "case_reverse", reversal.application_id)


# --- The report -----------------------------------------------------------------------------------------------------------


def test_the_attachments_of_a_report_have_a_page_and_the_caseworker_sees_them_with_their_control():
    application = make_accepted()
    make_report(application)
    client, here = signed_in(application.created_by), [application.pk, "attachments"]
    page = reverse("application_report_theme", args=here)
    assert "Regnskapet" in text(client.get(page)) and "Revisors uttalelse" not in text(client.get(page))
    upload = reverse("application_attach", args=[application.pk, "report_accounts"])

    refused = client.post(upload, {"file": not_a_pdf(), "next": page})
    assert refused.status_code == 422 and "innholdet er noe annet" in text(refused)
    assert client.post(upload, {"file": uploaded("regnskap.pdf"), "next": page})["Location"] == page
    assert client.post(page, {"next": ""})["Location"] == reverse("application_report", args=[application.pk])
    make_submitted(application)
    scan(Attachment.objects.get())

    seen = opened(caseworker(), "case_follow_up", application.pk)
    assert "regnskap.pdf" in seen and "Ikke viruskontrollert" in seen
    assert reverse("attachment", args=[Attachment.objects.get().pk]) in seen
    mine = text(client.get(reverse("application_report", args=[application.pk])))
    assert "regnskap.pdf" in mine and reverse("attachment", args=[Attachment.objects.get().pk]) not in mine


def test_an_accountant_finds_the_page_and_others_find_nothing():
    application = make_accepted()
    accountant = signed_in(member(Role.ACCOUNTANT, application.organisation, "regnskap"))
    upload = reverse("application_attach", args=[application.pk, "report_accounts"])

    assert accountant.post(upload, {"file": uploaded()}).status_code == 302
    attachment = Attachment.objects.get()
    remove = reverse("application_detach", args=[application.pk, attachment.pk])
    assert signed_in(make_user("arne", Role.AUDITOR)).post(remove).status_code == 403
    assert accountant.post(remove).status_code == 302
    assert accountant.post(reverse("application_attach", args=[application.pk, "appeal"])).status_code == 404


# --- The documents --------------------------------------------------------------------------------------------------------


def test_documents_stand_with_what_came_with_them_and_how_they_left(monkeypatch: pytest.MonkeyPatch):
    application = make_question(make_case(State.IN_PROGRESS))
    attachment = attach(application, "answer", uploaded("avtale.pdf"), by=application.created_by)
    signed_in(application.created_by).post(
        reverse("application_answer", args=[application.pk]), {"version": application.version, "answer": "Se her."}
    )

    def broken(self: Any, letter: Any) -> str:
        raise OSError("Mappen er full.")

    with monkeypatch.context() as patched:
        patched.setattr(delivery.Outbox, "deliver", broken)
        drain()
    seen = opened(caseworker(), "case_documents", application.pk)
    assert "Vedlegg: avtale.pdf" in seen and "Ikke sendt ennå, prøves igjen" in seen and "Mappen er full." in seen
    mine = opened(application.created_by, "application", application.pk)
    assert "ikke sendt ut ennå, men dere kan lese det her" in mine and "Mappen" not in mine

    # The file's own number leads to the file's own door.
    paper = application.documents.get(attachment=attachment)
    door = reverse("case_document", args=[application.pk, paper.number])
    make_clean(attachment)
    client = signed_in(application.created_by)
    assert client.get(door)["Location"] == reverse("attachment", args=[attachment.pk])
    assert b"".join(client.get(door, follow=True).streaming_content) == uploaded().read()
    stranger = signed_in(member(Role.SIGNATORY, make_case(call=application.call).organisation, "ingen"))
    assert signed_in(make_user("nobody")).get(door).status_code == 404 and stranger.get(door).status_code == 302


def test_the_documents_ask_the_database_no_more_for_many(django_assert_max_num_queries: Any):
    application = make_question(make_case(State.IN_PROGRESS))
    for number in range(4):
        attach(
            application,
            "answer",
            uploaded(f"{number}.pdf", uploaded().read() + b"\n" * number),
            by=application.created_by,
        )
    url = reverse("application_answer", args=[application.pk])
    signed_in(application.created_by).post(url, {"version": application.version, "answer": "Se her."})
    drain()
    assert application.documents.count() == 7

    client = signed_in(application.created_by)
    with django_assert_max_num_queries(40):
        client.get(reverse("application", args=[application.pk]))


# --- The case -------------------------------------------------------------------------------------------------------------


def test_the_follow_up_and_the_reversal_stand_in_the_frame_of_the_case():
    application = make_grant()
    for name in ("case_follow_up", "case_reverse"):
        page = opened(caseworker(), name, application.pk)
        assert "Framdrift i saken" in page and "Deler av saken" in page
    assert 'aria-current="page">Oppfølging' in opened(caseworker(), "case_follow_up", application.pk)


def test_the_case_says_what_will_be_reminded_of():
    application = make_question(make_case(State.IN_PROGRESS))

    page = opened(caseworker(), "case", application.pk)

    assert "Påminnelser som kommer" in page and page.count("svar på spørsmålet") == 2


def test_what_takes_anothers_place_stands_among_appeals_and_reversals_and_not_among_the_proposals():
    proposal = make_proposal(make_case(State.IN_PROGRESS))
    outcome = make_outcome("reverse_in_part", amount_ore=400_000_00, appeal=make_appeal(
        Appeal.State.IN_PROGRESS, decision=make_decided(call=proposal.call)
    ))  # fmt: skip
    reversal = make_reversal(500_000_00, decision=make_decided(call=proposal.call))
    propose_reversal(reversal, reason="Vi hadde regnet feil.", by=handler(reversal.application))
    application: Application = outcome.appeal.application

    page = opened(decision_maker(), "proposals")

    first, rest = page.split("Klager og omgjøringer", 1)
    theirs, new = rest.split("Sak for sak", 1)
    assert reverse("appeal", args=[outcome.appeal_id]) in theirs and "Vedtaket omgjøres delvis" in theirs
    assert reverse("case_reverse", args=[reversal.application_id]) in theirs
    assert reverse("case_decide", args=[proposal.application_id]) in new
    assert reverse("case_decide", args=[application.pk]) not in new
    assert "1 innstilling på til sammen" in first
    # Behind the menu entry stands all that waits for this person.
    assert re.search(r"Til vedtak.{0,200}\b3\b", opened(second_decider(application), "proposals"))
    # The case's own page of decisions shows the one that stands.
    assert "Fatt vedtaket" not in opened(decision_maker(), "case_decide", application.pk)

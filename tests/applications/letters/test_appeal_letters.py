"""What the letters of appeals and reversals say, in both forms of Norwegian, and where each is recorded."""

import re
from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from applications.letters.appeal import forwarding_letter, notice_letter, outcome_letter, reversal_letter
from applications.models import Appeal, Application, CaseDocument, Decision, Reversal
from applications.services.appeal_letters import documents_of, write_outcome
from applications.services.appeal_outcome import decide_appeal
from applications.services.appeal_work import forward_appeal, record_answer
from applications.services.case_letters import html_of
from applications.services.deadline import may_be_appealed, reached_on
from applications.services.reverse import answer_notice, decide_reversal, propose_reversal
from grants.documents import archive
from grants.jobs.queue import drain
from grants.models import Account, Job
from grants.shared.errors import Refused
from tests.factories.appeals import (
    handler,
    letter_to,
    make_appeal,
    make_decided,
    make_outcome,
    make_reversal,
    second_decider,
)
from tests.factories.books import book
from tests.factories.cases import APPLIED_ORE, decision_maker, impartial, moment, signatory

pytestmark = pytest.mark.django_db
S = Appeal.State
ON = date(2017, 7, 3)


def words(html: str) -> str:
    """The text of a letter on one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.replace("&nbsp;", " "))).replace("\N{NO-BREAK SPACE}", " ")


def pdf_of(document: CaseDocument) -> str:
    pages = PdfReader(BytesIO(archive.read(document.path, sha256=document.sha256))).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages)).replace("\N{NO-BREAK SPACE}", " ")


def in_nynorsk(decision: Decision) -> Decision:
    Application.objects.filter(pk=decision.application_id).update(language="nn")
    return Decision.objects.select_related("application__organisation", "call").get(pk=decision.pk)


def reversed_appeal(decision: Decision | None = None) -> Appeal:
    appeal = make_appeal(S.IN_PROGRESS, decision=decision)
    outcome = make_outcome("reverse", appeal=appeal, amount_ore=APPLIED_ORE)
    decide_appeal(outcome, by=second_decider(appeal.application), on=ON)
    appeal.refresh_from_db()
    return appeal


def test_a_reversal_after_an_appeal_tells_the_new_amount_beside_the_old_and_begins_a_new_deadline():
    appeal = reversed_appeal()
    drain()

    new = Decision.objects.standing().get()
    letter = CaseDocument.objects.get(kind=f"appeal_reversed:{new.pk}")
    text = pdf_of(letter)
    assert "500 000 kr" in text and "300 000 kroner" in text and "200 000 kroner" in text
    assert "Klagen er vurdert." in text and "§ 29" in text
    assert "dina" in text and "hanne" in text and appeal.reference in text
    assert (reached_on(new), may_be_appealed(new)) == (ON, True)
    assert [one.document.kind.partition(":")[0] for one in documents_of(appeal)] == [
        "appeal", "appeal_proposal", "appeal_reversed",
    ]  # fmt: skip
    assert not Job.objects.exclude(kind="decision_letter").exclude(state="done").exists()


def test_what_was_sent_in_is_kept_word_for_word_and_the_proposal_is_kept_inside():
    appeal = make_appeal(grounds="Første avsnitt.\n\n<b>Andre</b> avsnitt.")
    drain()

    receipt = documents_of(appeal)[0].document
    assert (receipt.direction, receipt.sender, receipt.access_code) == ("in", "Halden kommune", "")
    text = pdf_of(receipt)
    assert "Første avsnitt." in text and "<b>Andre</b> avsnitt." in text and "kl. 12.00.00" in text


def test_the_proposal_is_internal_and_its_ground_is_named():
    appeal = reversed_appeal()
    drain()
    note = CaseDocument.objects.get(kind__startswith="appeal_proposal:")
    assert (note.direction, note.access_code, note.legal_ground) == ("internal", "UO", "offentleglova § 14")
    assert note not in [one.document for one in documents_of(appeal, for_applicant=True)]


def test_letters_are_made_once_however_often_the_jobs_run():
    reversed_appeal()
    drain()
    number = CaseDocument.objects.count()
    Job.objects.update(state="waiting")
    drain()
    assert CaseDocument.objects.count() == number


def test_no_letter_of_an_appeal_leaves_when_the_ledger_says_something_else():
    reversed_appeal()
    new = Decision.objects.standing().get()
    stray = {"post": "62", "scheme": "kum", "code": "kum", "key": f"decision:{new.pk}:decreased"}
    book(Account.COMMITTED, Account.APPROPRIATION, 1, new.application.organisation, **stray)

    with pytest.raises(Refused, match="Regnskapet sier noe annet"):
        write_outcome(new.appeal_outcome)
    assert not CaseDocument.objects.filter(kind__startswith="appeal_reversed:").exists()


def test_an_upheld_appeal_goes_to_the_ministry_with_a_copy():
    appeal = make_appeal(S.IN_PROGRESS)
    decide_appeal(make_outcome("uphold", appeal=appeal), by=second_decider(appeal.application))
    appeal.refresh_from_db()
    forward_appeal(appeal, ministry="Kunnskapsdepartementet", by=handler(appeal.application), on=ON)
    drain()

    letter = CaseDocument.objects.get(kind__startswith="appeal_forwarded:")
    copy = CaseDocument.objects.get(kind__startswith="appeal_forwarded_copy:")
    assert (letter.recipient, copy.recipient) == ("Kunnskapsdepartementet", "Halden kommune")
    text = pdf_of(letter)
    assert "opprettholder vedtaket" in text and "Dere har oversett at planen er vedtatt." in text
    assert "Klagen kom i rett tid" in text and "Prosjektet er godt forankret." in text
    shown = [one.document for one in documents_of(appeal, for_applicant=True)]
    assert letter not in shown and copy in shown


def test_a_late_appeal_that_was_taken_in_says_so_and_a_dismissal_says_how_to_go_on():
    appeal = make_appeal(S.IN_PROGRESS, at=moment("2017-06-30 09:00"))
    decide_appeal(make_outcome("dismiss", appeal=appeal), by=second_decider(appeal.application))
    outcome = appeal.outcomes.get()

    for language, wanted in (("nb", "avviser klagen fordi den kom for sent"), ("nn", "fordi han kom for seint")):
        Application.objects.update(language=language)
        outcome.appeal.application.refresh_from_db()
        text = words(html_of("appeal_dismissed", outcome_letter(outcome)))
        assert wanted in text and "22. juni 2017" in text and "§ 31" in text and "§ 29" in text


def test_what_the_ministry_came_to_is_carried_out_and_ends_there():
    appeal = make_appeal(S.IN_PROGRESS)
    dina, hanne = second_decider(appeal.application), handler(appeal.application)
    decide_appeal(make_outcome("uphold", appeal=appeal), by=dina)
    appeal.refresh_from_db()
    forward_appeal(appeal, ministry="Kunnskapsdepartementet", by=hanne, on=ON)
    record_answer(
        appeal, "reversed", reason="Enig.", reference="1", dated=date(2017, 8, 1), amount_ore=450_000_00, by=hanne
    )
    decide_appeal(make_outcome("reverse_in_part", appeal=appeal, amount_ore=450_000_00), by=dina, on=date(2017, 9, 1))

    new = Decision.objects.standing().get()
    text = words(html_of("appeal_reversed", outcome_letter(new.appeal_outcome)))
    assert "Departementet har behandlet klagen" in text and "kan klage" not in text
    assert not may_be_appealed(new)


def test_they_are_written_in_nynorsk_to_who_chose_it():
    appeal = reversed_appeal(in_nynorsk(make_decided()))
    outcome = appeal.outcomes.get()
    assert "gjer om vedtaket vårt" in words(html_of("appeal_reversed", outcome_letter(outcome)))
    assert "vedtaket blir gjort om" in words(
        html_of("appeal_proposal", outcome_letter(outcome) | {"granted_before": "1"})
    )
    appeal.ministry, appeal.forwarded_on = "Kunnskapsdepartementet", ON
    assert "held fast ved vedtaket" not in words(html_of("appeal_kept", outcome_letter(outcome)))
    assert "Klagaren får kopi" in words(html_of("appeal_forwarded", forwarding_letter(appeal, outcome)))


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_a_notice_and_a_reversal_say_why_until_when_and_what_is_to_be_paid_back(language):
    decision = make_decided()
    Application.objects.update(language=language)
    decision.refresh_from_db()
    facts = {"post": "62", "scheme": "kum", "code": "kum"}
    who = decision.application.organisation
    book(Account.COMMITTED, Account.OWED, 250_000_00, who, key=f"decision:{decision.pk}:owed", **facts)
    book(Account.OWED, Account.PAID, 250_000_00, who, key=f"decision:{decision.pk}:paid", **facts)
    reversal = make_reversal(100_000_00, decision=decision, ground="breach", reason="Rapporten manglar.")

    notice = words(html_of("reversal_notice", notice_letter(reversal)))
    assert "§ 16" in notice and "100 000" in notice and "Rapporten manglar." in notice
    answer_notice(reversal, "Vi er usamde.", by=signatory())
    propose_reversal(reversal, reason="Rapporten er ikkje komen.", by=handler(reversal.application))
    decide_reversal(reversal, by=impartial(decision_maker(), decision.call), on=ON)
    reversal = Reversal.objects.get()
    text = words(html_of("reversal", reversal_letter(reversal)))
    assert "150 000 kroner er utbetalt ut over" in text and "§ 35" in text and "§ 16" in text
    drain()
    kinds = {document.kind.partition(":")[0] for document in CaseDocument.objects.all()}
    assert kinds >= {"reversal_notice", "reversal_answer", "reversal"}


def test_the_letter_of_the_decision_before_is_what_a_reversal_waits_for():
    decision = make_decided(letter=False)
    with pytest.raises(Refused, match="Brevet"):
        make_reversal(APPLIED_ORE, decision=decision)
    letter_to(decision)
    assert make_reversal(APPLIED_ORE, decision=decision).state == "begun"

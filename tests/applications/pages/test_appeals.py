"""Appeals and reversals through the pages, without JavaScript: nothing typed is lost, and nobody does what is not theirs."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from applications.models import Appeal, Decision, Reversal
from applications.services.appeal import save_appeal
from applications.services.appeal_outcome import decide_appeal
from applications.services.appeal_work import ask_appellant, forward_appeal
from applications.services.assess import declare
from grants.jobs.queue import drain
from grants.models import Role, User
from tests.factories.appeals import (
    LAST_DAY,
    handler,
    letter_to,
    make_appeal,
    make_decided,
    make_outcome,
    make_reversal,
    second_decider,
)
from tests.factories.cases import (
    APPLIED_ORE,
    caseworker,
    decision_maker,
    impartial,
    make_case,
    member,
    municipality,
    signatory,
)
from tests.factories.register import make_user

pytestmark = pytest.mark.django_db
S = Appeal.State


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode())


def to_appeal(decision: Decision) -> str:
    return reverse("application_appeal", args=[decision.application_id])


# --- The applicant ----------------------------------------------------------------------------------------------------


def test_the_case_says_until_when_one_may_appeal():
    decision = make_decided(letter=False)
    case = reverse("application", args=[decision.application_id])
    client = signed_in(signatory())
    assert "Fristen er tre uker fra dere får brevet" in text(client.get(case))
    letter_to(decision)

    with time_machine.travel(LAST_DAY):
        assert "til og med 22.\N{NO-BREAK SPACE}juni\N{NO-BREAK SPACE}2017" in text(client.get(case))
    assert "Dere kan likevel sende en klage" in text(client.get(case))


def test_a_signatory_writes_keeps_and_sends_an_appeal():
    decision = make_decided()
    client, address = signed_in(signatory()), to_appeal(decision)

    kept = client.post(address, {"version": "0", "grounds": "Planen er vedtatt.", "wanted": "", "save": ""})
    assert kept.status_code == 302 and "Planen er vedtatt." in text(client.get(address))
    missing = client.post(address, {"version": "1", "grounds": "Planen er vedtatt.", "wanted": " ", "send": ""})
    assert missing.status_code == 422
    assert "<title>Feil" in text(missing) and "Må fylles ut." in text(missing) and "Planen er vedtatt." in text(missing)
    version = Appeal.objects.get().version
    sent = client.post(
        address,
        {"version": version, "grounds": "Planen er vedtatt.", "wanted": "Alt.", "late_reason": "Ferie.", "send": ""},
        follow=True,
    )

    appeal = Appeal.objects.get()
    assert (appeal.state, appeal.is_late) == (S.RECEIVED, True)
    assert "Klagen er sendt." in text(sent) and appeal.reference in text(sent) and "Ferie." in text(sent)


def test_two_windows_show_both_texts():
    appeal = make_appeal(S.DRAFT)
    save_appeal(appeal.decision, version=1, by=signatory(), grounds="den andres tekst", wanted="deres")

    answer = signed_in(signatory()).post(
        to_appeal(appeal.decision), {"version": "1", "grounds": "min tekst", "wanted": "mitt", "save": ""}
    )

    assert answer.status_code == 409
    assert "min tekst" in text(answer) and "den andres tekst" in text(answer)
    assert 'name="version" value="2"' in text(answer)


def test_an_editor_sees_who_signs_and_an_accountant_only_reads():
    decision = make_decided()
    signatory()
    editor = text(signed_in(member(Role.EDITOR)).get(to_appeal(decision)))
    assert "En med signaturrett sender klagen" in editor and 'name="send"' not in editor

    accountant = signed_in(member(Role.ACCOUNTANT, username="anne"))
    assert "Du kan lese, men ikke skrive" in text(accountant.get(to_appeal(decision)))
    assert accountant.post(to_appeal(decision), {"version": "0", "grounds": "x"}).status_code == 409
    assert not Appeal.objects.exists()


def test_an_appellant_answers_and_withdraws():
    appeal = make_appeal(S.IN_PROGRESS)
    ask_appellant(appeal, "Når ble planen vedtatt?", by=handler(appeal.application))
    client, case = signed_in(signatory()), appeal.application_id
    assert "Når ble planen vedtatt?" in text(client.get(to_appeal(appeal.decision)))

    empty = client.post(reverse("application_appeal_answer", args=[case]), {"version": appeal.version, "answer": " "})
    assert empty.status_code == 422 and "Skriv svaret" in text(empty)
    client.post(reverse("application_appeal_answer", args=[case]), {"version": appeal.version, "answer": "I mai."})
    appeal.refresh_from_db()
    assert appeal.state == S.IN_PROGRESS
    client.post(reverse("application_appeal_withdraw", args=[case]), {"version": appeal.version})
    appeal.refresh_from_db()
    assert appeal.state == S.WITHDRAWN


def test_another_organisations_appeal_answers_like_one_that_does_not_exist():
    appeal = make_appeal()
    stranger = signed_in(signatory(municipality("0104"), "fremmed"))
    for name in ("application_appeal", "application_notice"):
        assert stranger.get(reverse(name, args=[appeal.application_id])).status_code == 404
    for name in (
        "application_appeal",
        "application_appeal_withdraw",
        "application_appeal_answer",
        "application_notice",
    ):
        answer = stranger.post(reverse(name, args=[appeal.application_id]), {"version": "2", "answer": "x"})
        assert answer.status_code == 404
    appeal.refresh_from_db()
    assert appeal.state == S.RECEIVED


def test_a_case_without_a_decision_has_nothing_to_appeal():
    case = make_case()
    client = signed_in(case.created_by)
    assert client.get(reverse("application_appeal", args=[case.pk])).status_code == 404
    assert "Klag på vedtaket" not in text(client.get(reverse("application", args=[case.pk])))


def test_what_is_typed_is_shown_as_text():
    appeal = make_appeal(grounds="<script>alert(1)</script>")
    for client, address in (
        (signed_in(signatory()), to_appeal(appeal.decision)),
        (signed_in(caseworker()), reverse("appeal", args=[appeal.pk])),
    ):
        page = text(client.get(address))
        assert "<script>alert" not in page and "&lt;script&gt;alert" in page


def test_a_recipient_answers_a_notice():
    reversal = make_reversal(100_000_00)
    client, address = signed_in(signatory()), reverse("application_notice", args=[reversal.application_id])
    assert "Les varselet og svar" in text(client.get(reverse("application", args=[reversal.application_id])))

    assert client.post(address, {"version": "1", "answer": ""}).status_code == 422
    client.post(address, {"version": "1", "answer": "Vi er uenige."})

    assert Reversal.objects.get().answer == "Vi er uenige."
    assert "Vi er uenige." in text(client.get(address))


# --- The directorate --------------------------------------------------------------------------------------------------


def act(user: User, appeal: Appeal, door: str, verb: str, **typed: Any) -> Any:
    appeal.refresh_from_db()
    address = reverse(door, args=[appeal.pk, verb])
    return signed_in(user).post(address, {"version": appeal.version, **typed}, follow=True)


def test_an_appeal_goes_through_the_pages_to_a_new_decision_and_its_letter():
    appeal = make_appeal()
    hanne, dina = caseworker("hanne"), decision_maker("dina")
    assert "Ingen klager her" not in text(signed_in(hanne).get(reverse("appeals")))

    act(hanne, appeal, "appeal_declare", "declare", answer="no")
    act(hanne, appeal, "appeal_work", "take")
    answer = act(
        hanne, appeal, "appeal_work", "propose", outcome="reverse", amount_ore="500 000", reason="De har rett."
    )
    assert "Innstillingen er sendt." in text(answer)
    act(dina, appeal, "appeal_declare", "declare", answer="no")
    assert "De har rett." in text(signed_in(dina).get(reverse("appeal", args=[appeal.pk])))
    with time_machine.travel(date(2017, 7, 3)):
        answer = act(dina, appeal, "appeal_decide", "decide")
    assert "Klagen er avgjort." in text(answer)
    drain()

    appeal.refresh_from_db()
    assert appeal.state == S.REVERSED
    assert Decision.objects.standing().get().amount_ore == APPLIED_ORE
    page = text(signed_in(hanne).get(reverse("appeal", args=[appeal.pk])))
    assert "Omgjøring etter klage" in page and "offentleglova § 14" in page
    mine = text(signed_in(signatory()).get(reverse("application", args=[appeal.application_id])))
    assert "Tidligere klage" in mine and "Vedtaket er omgjort" in mine


def test_what_is_refused_keeps_what_was_typed():
    appeal = make_appeal(S.IN_PROGRESS)
    hanne = caseworker("hanne")

    less = act(hanne, appeal, "appeal_work", "propose", outcome="reverse", amount_ore="100 000", reason="Lang tekst.")
    assert less.status_code == 409 and "Lang tekst." in text(less) and "<title>Feil" in text(less)
    empty = act(hanne, appeal, "appeal_work", "propose", outcome="uphold", amount_ore="", reason="")
    assert empty.status_code == 422 and "Må fylles ut." in text(empty)
    wrong = act(hanne, appeal, "appeal_work", "propose", outcome="reverse", amount_ore="mange", reason="x")
    assert wrong.status_code == 422 and "hele kroner" in text(wrong)


def test_a_page_that_is_out_of_date_is_told():
    appeal = make_appeal(S.IN_PROGRESS)
    hanne = signed_in(caseworker("hanne"))
    answer = hanne.post(reverse("appeal_work", args=[appeal.pk, "ask"]), {"version": "1", "text": "Hva?"})

    assert answer.status_code == 409 and "Hva?" in text(answer) and "Last siden på nytt" in text(answer)


def test_those_who_made_the_decision_read_and_do_nothing():
    appeal = make_appeal()
    for username in ("sara", "david"):
        page = text(signed_in(make_user(username)).get(reverse("appeal", args=[appeal.pk])))
        assert "Du var med på vedtaket" in page and "Ta klagen" not in page
    assert act(make_user("sara"), appeal, "appeal_work", "take").status_code == 409
    appeal.refresh_from_db()
    assert appeal.state == S.RECEIVED


def test_doors_are_for_their_own_verbs_and_roles():
    appeal = make_outcome("uphold").appeal
    hanne, dina = handler(appeal.application), second_decider(appeal.application)

    assert act(hanne, appeal, "appeal_work", "decide").status_code == 404
    assert act(hanne, appeal, "appeal_decide", "decide").status_code == 403
    assert act(dina, appeal, "appeal_work", "propose").status_code == 403
    assert act(make_user("revisor", Role.AUDITOR), appeal, "appeal_decide", "decide").status_code == 403
    assert act(dina, appeal, "appeal_decide", "nonsense").status_code == 404


def test_an_interest_hides_the_appeal_also_from_the_one_who_just_said_so():
    appeal = make_appeal()
    inger = caseworker("inger")

    answer = act(inger, appeal, "appeal_declare", "declare", answer="yes", reason="Søsteren min leder prosjektet.")

    assert answer.redirect_chain == [(reverse("appeals"), 302)]
    assert signed_in(inger).get(reverse("appeal", args=[appeal.pk])).status_code == 404
    assert "Ingen klager her" in text(signed_in(inger).get(reverse("appeals")))
    declare(appeal.application.call, by=caseworker("hanne"), has_interest=False)


def test_a_draft_is_not_seen_by_the_directorate():
    appeal = make_appeal(S.DRAFT)
    assert signed_in(caseworker()).get(reverse("appeal", args=[appeal.pk])).status_code == 404


def test_an_appeal_goes_to_the_ministry_and_back_through_the_pages():
    appeal = make_appeal(S.IN_PROGRESS)
    hanne = handler(appeal.application)
    decide_appeal(make_outcome("uphold", appeal=appeal), by=second_decider(appeal.application))

    act(hanne, appeal, "appeal_work", "forward", ministry="Kunnskapsdepartementet")
    today = timezone.localdate().isoformat()
    act(
        hanne, appeal, "appeal_work", "ministry", outcome="reversed", amount_ore="450 000", reason="Enig med klageren.",
        reference="26/1", dated=today,
    )  # fmt: skip

    appeal.refresh_from_db()
    assert appeal.state == S.TO_CARRY_OUT
    page = text(signed_in(hanne).get(reverse("appeal", args=[appeal.pk])))
    assert "Kunnskapsdepartementet" in page and 'value="450' in page


def test_the_list_does_not_ask_more_of_the_database_for_more_appeals(django_assert_max_num_queries):
    first = make_appeal()
    for number in ("0104", "0105"):
        decision = make_decided(call=first.application.call, organisation=municipality(number))
        make_appeal(decision=decision)
    client = signed_in(caseworker())
    with django_assert_max_num_queries(16):
        assert text(client.get(reverse("appeals"))).count("<tr") == 4


def test_a_reversal_goes_through_the_pages():
    decision = make_decided()
    case, hanne = decision.application_id, handler(decision.application)
    david = impartial(decision_maker(), decision.call)

    def do(user: User, door: str, verb: str, **typed: Any) -> Any:
        current = Reversal.objects.first()
        version = current.version if current else 1
        return signed_in(user).post(reverse(door, args=[case, verb]), {"version": version, **typed}, follow=True)

    begun = {"to_ore": "100 000", "ground": "breach", "reason": "Rapporten mangler."}
    assert do(hanne, "case_reverse_work", "begin", **begun).status_code == 422  # no day to answer by
    last = (timezone.localdate() + timedelta(days=14)).isoformat()
    assert "påbegynt" in text(do(hanne, "case_reverse_work", "begin", **begun, answer_by=last))
    assert "Venter på svar fra mottakeren" in text(signed_in(hanne).get(reverse("case_reverse", args=[case])))
    assert do(hanne, "case_reverse_work", "propose", text="Rapporten mangler.").status_code == 409
    signed_in(signatory()).post(reverse("application_notice", args=[case]), {"version": "1", "answer": "Beklager."})
    assert "Innstillingen er sendt." in text(do(hanne, "case_reverse_work", "propose", text="Rapporten mangler."))
    assert do(hanne, "case_reverse_decide", "decide").status_code == 403
    with time_machine.travel(date(2017, 9, 1)):
        assert "Vedtaket er omgjort." in text(do(david, "case_reverse_decide", "decide"))

    assert Decision.objects.standing().get().amount_ore == 100_000_00
    drain()
    page = text(signed_in(hanne).get(reverse("case_reverse", args=[case])))
    assert "Tidligere omgjøringer" in page


def test_nothing_is_reversed_in_a_case_without_a_decision_or_one_that_is_hidden():
    case = make_case()
    assert signed_in(caseworker()).get(reverse("case_reverse", args=[case.pk])).status_code == 404
    decision = make_decided(call=case.call, organisation=municipality("0104"))
    inger = caseworker("inger")
    assert signed_in(inger).get(reverse("case_reverse", args=[decision.application_id])).status_code == 200
    declare(case.call, by=inger, has_interest=True, reason="Søsteren min.")
    assert signed_in(inger).get(reverse("case_reverse", args=[decision.application_id])).status_code == 404


def test_an_appeal_that_is_forwarded_is_seen_by_its_appellant():
    appeal = make_appeal(S.IN_PROGRESS)
    decide_appeal(make_outcome("uphold", appeal=appeal), by=second_decider(appeal.application))
    appeal.refresh_from_db()
    forward_appeal(appeal, ministry="Kunnskapsdepartementet", by=handler(appeal.application))
    drain()

    page = text(signed_in(signatory()).get(to_appeal(appeal.decision)))

    assert "Hos departementet" in page and "Kopi av oversendelse av klage" in page
    assert "Innstilling i klagesak" not in page  # what is kept inside the directorate

"""The finance pages of payments: the road of a batch by two people, refusals where they belong, the bank's answers, and holds."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grants.models import (
    AuditEvent,
    BankMessage,
    BankResolution,
    ClosedYear,
    Hold,
    Job,
    Membership,
    Organisation,
    Outlier,
    PaymentBatch,
    RefusedBankFile,
    Role,
    User,
)
from grants.services.make_orders import Line
from grants.services.send_batch import carry_to_bank
from grants.services.take_in_bank_file import take_in_bank_file
from tests.factories.batches import (
    ON,
    attester,
    day_after,
    entry,
    make_batch,
    make_order,
    notification,
    recipient,
    status_report,
)
from tests.factories.payments import ACCOUNT
from tests.factories.register import appropriate, finance, make_user

pytestmark = pytest.mark.django_db
State = PaymentBatch.State
NEXT = day_after(92)


@pytest.fixture(autouse=True)
def payer(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.PAYER_ACCOUNT, settings.PAYER_BIC = ACCOUNT, "DNBANOKK"
    settings.BANK, settings.BANK_FOLDER, settings.LETTER_ARCHIVE = "folder", tmp_path / "bank", tmp_path / "archive"
    monkeypatch.setattr("grants.pages.finance.batches.today", lambda: ON)
    appropriate()


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def act(client: Client, batch: PaymentBatch, verb: str, **typed: str) -> Any:
    return client.post(reverse("payment_batch_do", args=[batch.number, verb]), typed)


def page(client: Client, name: str, *args: Any) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    return str(answer.content.decode())


def strange_batch() -> PaymentBatch:
    """Halden was paid 57 500 kr the term before, and is now to have more than a million; Moss what it had."""
    make_order()
    make_order("run:1:0104", to=recipient("0104"), amount_ore=80_000_00)
    first = make_batch(State.SENT)
    take_in_bank_file(notification(*(entry(one) for one in first.payments.all())), name="paid.xml")
    make_order("run:2:0101", amount_ore=1_200_000_00, due_on=NEXT)
    make_order("run:2:0104", to=recipient("0104"), amount_ore=80_000_00, due_on=NEXT)
    answer = client_of(finance("kari")).post(reverse("payment_batch_prepare"), {"pay_on": NEXT.isoformat()})
    assert answer.status_code == 302
    return PaymentBatch.objects.get(state=State.OPEN)


# --- The road ---------------------------------------------------------------------------------------------------------


def test_two_people_take_a_batch_from_preparing_to_the_bank_and_back():
    batch = strange_batch()
    kari, mona = client_of(finance("kari")), client_of(attester())
    shown = page(kari, "payment_batch", batch.number)
    assert "Langt fra det forrige" in shown and "+1\xa0142\xa0500\xa0kr" in shown
    assert shown.index("Halden") < shown.index("Moss")  # the strange one first
    [outlier] = Outlier.objects.filter(payment__batch=batch)

    act(kari, batch, "seal")
    early = act(mona, batch, "attest", digest="", compared="yes")
    assert early.status_code == 409 and "1 avvik" in early.content.decode()
    act(kari, batch, "explain", **{f"outlier-{outlier.pk}": "Nytt mottak åpnet i mai."})
    batch.refresh_from_db()
    own = act(kari, batch, "attest", digest=batch.digest, compared="yes")
    assert own.status_code == 409 and "En annen person må attestere" in own.content.decode()
    to_attest = page(mona, "payment_batch", batch.number)
    assert batch.digest in to_attest and "Nytt mottak åpnet i mai." in to_attest
    act(mona, batch, "attest", digest=batch.digest, compared="yes")
    act(kari, batch, "send")

    batch.refresh_from_db()
    assert batch.state == State.SENT
    assert "Filen sendes nå" in page(kari, "payment_batch", batch.number)
    carry_to_bank(Job.objects.get(key=f"send_batch:{batch.pk}").payload)
    halden, moss = batch.payments.order_by("-amount_ore")
    take_in_bank_file(status_report(batch, halden), name="status.xml")
    take_in_bank_file(notification(entry(moss, on=NEXT)), name="paid.xml")
    answered = page(mona, "payment_batch", batch.number)
    assert "Banken har tatt imot filen" in answered and "Avvist" in answered and "avsluttet" in answered


def test_attesting_asks_that_one_has_looked_and_keeps_the_page():
    make_order()
    batch = make_batch(State.SEALED)
    answer = act(client_of(attester()), batch, "attest", digest=batch.digest)
    assert answer.status_code == 422 and "Kryss av" in answer.content.decode()
    batch.refresh_from_db()
    assert batch.state == State.SEALED


def test_what_was_shown_is_what_is_attested():
    make_order()
    batch = make_batch(State.SEALED)
    answer = act(client_of(attester()), batch, "attest", digest="f" * 64, compared="yes")
    assert answer.status_code == 409 and "ikke den som ble forseglet" in answer.content.decode()


@pytest.mark.parametrize(("at", "verb"), [("sealed", "seal"), ("attested", "attest"), ("sent", "send")])
def test_a_button_pressed_twice_does_nothing_and_says_how_it_stands(at: str, verb: str):
    make_order()
    batch = make_batch(State(at))
    who = attester() if verb == "attest" else finance()
    answer = act(client_of(who), batch, verb, digest=batch.digest, compared="yes")
    text = answer.content.decode()
    assert answer.status_code == 409 and "Noe har skjedd siden du åpnet siden" in text
    batch.refresh_from_db()
    assert batch.state == at
    assert AuditEvent.objects.filter(subject=f"batch:{batch.number}", verb=f"{verb}_batch").count() == 1


def test_an_explanation_is_kept_when_another_on_the_page_was_explained_meanwhile():
    make_order()
    make_order("run:1:0104", to=recipient("0104"), amount_ore=80_000_00)
    first = make_batch(State.SENT)
    take_in_bank_file(notification(*(entry(one) for one in first.payments.all())), name="paid.xml")
    make_order("run:2:0101", amount_ore=1_200_000_00, due_on=NEXT)
    make_order("run:2:0104", to=recipient("0104"), amount_ore=900_000_00, due_on=NEXT)
    kari = client_of(finance("kari"))
    kari.post(reverse("payment_batch_prepare"), {"pay_on": NEXT.isoformat()})
    batch = PaymentBatch.objects.get(state=State.OPEN)
    one, two = Outlier.objects.filter(payment__batch=batch).order_by("pk")
    Outlier.objects.filter(pk=one.pk).update(explanation="Mona skrev det.", explained_by=attester())

    answer = act(kari, batch, "explain", **{f"outlier-{one.pk}": "Kari skrev.", f"outlier-{two.pk}": "To."})

    text = answer.content.decode()
    assert answer.status_code == 409 and "forklart allerede" in text
    assert "Mona skrev det." in text and ">To.</textarea>" in text


def test_an_explanation_that_is_too_long_is_refused_and_stays_in_its_field():
    batch = strange_batch()
    [outlier] = Outlier.objects.filter(payment__batch=batch)
    long = "ordet " * 100
    answer = act(client_of(finance("kari")), batch, "explain", **{f"outlier-{outlier.pk}": long})
    assert answer.status_code == 422 and long.strip() in answer.content.decode()
    assert not Outlier.objects.exclude(explanation="").exists()


def test_another_batchs_outlier_is_not_explained_here():
    batch = strange_batch()
    other = Outlier.objects.filter(payment__batch=batch).get()
    first = PaymentBatch.objects.exclude(pk=batch.pk).get()
    kari = client_of(finance("kari"))
    assert act(kari, first, "explain", **{f"outlier-{other.pk}": "Feil bunt."}).status_code == 404
    assert act(kari, first, "explain", **{"outlier-x": "Tull."}).status_code == 404


def test_who_acts_for_a_recipient_is_told_and_cannot_attest():
    make_order()
    batch = make_batch(State.SEALED)
    mona = attester()
    Membership.objects.create(
        user=mona, organisation=Organisation.objects.get(municipality_number="0101"), role="editor"
    )
    assert "Du kan ikke attestere denne" in page(client_of(mona), "payment_batch", batch.number)
    answer = act(client_of(mona), batch, "attest", digest=batch.digest, compared="yes")
    assert answer.status_code == 409 and "handler for" in answer.content.decode()


def test_a_batch_is_discarded_with_a_reason_and_stays_to_be_seen():
    make_order()
    batch = make_batch(State.SEALED)
    kari = client_of(finance())
    assert act(kari, batch, "discard", why=" ").status_code == 422
    act(kari, batch, "discard", why="Feil dag.")
    shown = page(kari, "payment_batch", batch.number)
    assert "Forkastet" in shown and "Feil dag." in shown


def test_nothing_to_pay_and_nonsense_are_refused_on_the_list():
    kari = client_of(finance())
    prepare = reverse("payment_batch_prepare")
    nothing = kari.post(prepare, {"pay_on": "2017-03-15"})
    assert nothing.status_code == 409 and "Ingenting kan betales" in nothing.content.decode()
    assert kari.post(prepare, {"pay_on": "15. mars"}).status_code == 422
    assert kari.post(prepare, {"pay_on": "2017-03-15", "scheme": "nope"}).status_code == 422


def test_a_day_on_which_banks_do_not_settle_or_that_is_over_is_refused_with_what_to_do():
    make_order()
    kari, prepare = client_of(finance()), reverse("payment_batch_prepare")
    over = kari.post(prepare, {"pay_on": "2017-03-14"})
    assert over.status_code == 422 and "er passert" in over.content.decode()
    easter = kari.post(prepare, {"pay_on": "2017-04-14"})  # Good Friday
    assert easter.status_code == 422 and "18.\xa0april\xa02017" in easter.content.decode()
    assert 'value="2017-04-14"' in easter.content.decode()
    assert not PaymentBatch.objects.exists()


def test_the_pages_are_in_nynorsk_too_down_to_the_banks_reasons():
    make_order()
    batch = make_batch(State.SENT)
    take_in_bank_file(status_report(batch, batch.payments.get()), name="status.xml")
    kari = client_of(finance())
    kari.cookies["django_language"] = "nn"
    text = page(kari, "payment_batch", batch.number)
    assert '<html lang="nn"' in text and "Avvist av banken: Kontoen er avslutta" in text
    assert "Betalingane" in text and "Mottaker" not in text
    refused = act(kari, batch, "send")
    assert "Bunt 1 er svart på. Berre ein attestert bunt blir send." in refused.content.decode()


def test_the_file_is_the_same_bytes_and_who_fetched_it_is_kept():
    make_order()
    batch = make_batch(State.SENT)
    client = client_of(make_user("per", Role.AUDITOR))
    first, second = (client.get(reverse("payment_batch_file", args=[batch.number])) for _ in range(2))
    assert first.content == second.content
    batch.refresh_from_db()
    assert first.headers["X-Content-SHA256"] == batch.file_sha256
    assert AuditEvent.objects.filter(verb="download_batch", by__username="per").count() == 2
    make_order("run:3:0101")
    still_open = make_batch()
    refused = client.get(reverse("payment_batch_file", args=[still_open.number]))
    assert refused.status_code == 409 and "ikke forseglet" in refused.content.decode()


def test_a_file_that_did_not_arrive_is_sent_again_only_when_a_person_says_how_they_know():
    make_order()
    batch = make_batch(State.SENT)
    PaymentBatch.objects.filter(pk=batch.pk).update(trouble="Banken svarte ikke.")
    kari = client_of(finance())
    assert "Send den samme filen igjen" in page(kari, "payment_batch", batch.number)
    empty = act(kari, batch, "send-again", words="")
    assert empty.status_code == 422 and "Skriv hvordan du vet" in empty.content.decode()
    act(kari, batch, "send-again", words="Banken bekreftet på telefon.")
    assert Job.objects.filter(key=f"send_batch:{batch.pk}:again:1").count() == 1
    assert act(kari, batch, "send-again", words="En gang til.").status_code == 409


def test_the_auditor_reads_all_and_has_no_buttons():
    make_order()
    batch = make_batch(State.SEALED)
    client = client_of(make_user("per", Role.AUDITOR))
    text = page(client, "payment_batch", batch.number)
    assert "<form" in text and 'action="/payments/' not in text
    assert act(client, batch, "discard", why="x").status_code == 403


def test_a_payment_shows_its_specification_and_hides_the_account():
    make_order(lines=[Line("AR-1", 2017, 1, 185_000_00), Line("AR-2", 2016, 4, -57_500_00)])
    payment = make_batch(State.SEALED).payments.get()
    text = page(client_of(finance()), "payment", payment.batch.number, payment.pk)
    assert "185\xa0000\xa0kr" in text and "−57\xa0500\xa0kr" in text and "127\xa0500\xa0kr" in text
    assert "86011117947" not in text and "7947" in text


def test_the_pages_ask_as_many_questions_however_many_payments():
    for number in ("0101", "0104", "0105"):
        make_order(f"run:1:{number}", to=recipient(number))
    client = client_of(finance())
    few = make_batch(State.SEALED)

    def questions(name: str, *args: Any) -> int:
        with CaptureQueriesContext(connection) as asked:
            page(client, name, *args)
        return len(asked)

    page(client, "payment_batch", few.number)
    before = questions("payment_batch", few.number), questions("payment_batches"), questions("payment_orders")
    for number in ("0118", "0106", "0111"):
        make_order(f"run:2:{number}", to=recipient(number, account="15030012345"))
    for number in ("0101", "0104", "0105"):
        make_order(f"run:2:{number}", to=recipient(number))
    many = make_batch(State.SEALED)
    assert many.payments_count == 6
    assert (
        questions("payment_batch", many.number),
        questions("payment_batches"),
        questions("payment_orders"),
    ) == before


# --- Orders -----------------------------------------------------------------------------------------------------------


def test_orders_are_found_by_what_holds_them_and_where_they_are():
    held = make_order("run:9:0104", to=recipient("0104"))
    make_order()
    kari = client_of(finance())
    kari.post(reverse("payment_order_do", args=[held.pk, "hold"]), {"reason": "Konkurs."})
    make_batch()

    def found(**query: str) -> str:
        return str(kari.get(reverse("payment_orders"), query).content.decode())

    assert f"Ordre {held.pk}" in found(state="held") and "Halden" not in found(state="held").split("<tbody")[1]
    assert "Halden" in found(state="in_batch") and "Moss" not in found(state="in_batch").split("<tbody")[1]
    assert "Ingen ordrer passer" in found(state="paid")
    assert "Ingen ordrer passer" in found(recipient="Bergen") and "Halden" in found(recipient="hald")
    assert "Ingen ordrer passer" in found(year="2018") and "Ingen ordrer passer" in found(scheme="kum")


def test_a_hold_by_hand_needs_a_reason_stands_once_and_is_released_with_another():
    order = make_order()
    kari = client_of(finance())
    hold, release = (reverse("payment_order_do", args=[order.pk, verb]) for verb in ("hold", "release"))
    assert kari.post(hold, {"reason": " "}).status_code == 422
    kari.post(hold, {"reason": "Mottakeren er under konkursbehandling."})
    again = kari.post(hold, {"reason": "Igjen."})
    assert again.status_code == 409 and "allerede" in again.content.decode()
    assert Hold.objects.open().get(order=order).kind == Hold.Kind.BY_HAND
    text = page(kari, "payment_order", order.pk)
    assert "Mottakeren er under konkursbehandling." in text and "Økonomi opphever det." in text
    kari.post(release, {"reason": "Avklart med bostyrer."})
    assert not Hold.objects.open().exists()
    assert kari.post(release, {"reason": "Igjen."}).status_code == 409
    assert kari.post(hold, {"reason": "x" * 301}).status_code == 422
    assert AuditEvent.objects.filter(subject=order.subject, verb="hold_order").count() == 1


def test_what_lies_in_a_batch_is_not_held_back_in_vain():
    order = make_order()
    batch = make_batch(State.SEALED)
    answer = client_of(finance()).post(reverse("payment_order_do", args=[order.pk, "hold"]), {"reason": "Stopp."})
    assert answer.status_code == 409 and f"bunt {batch.number}" in answer.content.decode()
    assert not Hold.objects.exists()


# --- The bank ---------------------------------------------------------------------------------------------------------


def upload(client: Client, *files: tuple[str, bytes]) -> Any:
    sent = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post(reverse("bank_file_take_in"), {"file": sent})


def test_a_bank_file_by_hand_goes_through_the_same_gate_as_one_that_is_fetched():
    make_order()
    payment = make_batch(State.SENT).payments.get()
    kari = client_of(finance("kari"))
    content = notification(entry(payment))
    assert upload(kari, ("camt.xml", content)).status_code == 302
    payment.refresh_from_db()
    assert payment.state == "paid" and BankMessage.objects.get().taken_in_by == finance("kari")
    again = upload(kari, ("camt.xml", content))
    assert "er tatt inn før" in kari.get(again.headers["Location"]).content.decode()
    assert BankMessage.objects.count() == 1


@pytest.mark.parametrize(
    "content",
    [
        b"", b"not xml", b"<Document/>", b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><Document>&a;</Document>',
        notification(account="12345678903"),
    ],
)  # fmt: skip
def test_a_bank_file_that_cannot_be_used_is_kept_with_its_reason_and_nothing_is_done(content: bytes):
    make_order()
    payment = make_batch(State.SENT).payments.get()
    kari = client_of(finance())
    answer = upload(kari, ("bad.xml", content), ("good.xml", notification(entry(payment))))
    assert answer.status_code == 422 and "bad.xml" in answer.content.decode()
    assert "good.xml er tatt inn" in answer.content.decode()
    refused = RefusedBankFile.objects.get()
    assert refused.name == "bad.xml" and refused.refusal
    upload(kari, ("bad.xml", content))
    assert RefusedBankFile.objects.count() == 1
    payment.refresh_from_db()
    assert payment.state == "paid"


def test_no_file_and_one_that_is_too_large_are_refused_kindly(settings: Any):
    kari = client_of(finance())
    assert kari.post(reverse("bank_file_take_in")).status_code == 422
    settings.ATTACHMENT_MOST_BYTES = 1000
    answer = upload(kari, ("large.xml", b"<x>" + b" " * 2000))
    assert answer.status_code == 422 and "import_bank" in answer.content.decode()
    assert not RefusedBankFile.objects.exists()


def test_a_rejected_payment_waits_until_a_person_decides_once_in_words():
    make_order()
    batch = make_batch(State.SENT)
    payment = batch.payments.get()
    take_in_bank_file(status_report(batch, payment), name="status.xml")
    event = payment.events.get(trouble="rejected")
    kari = client_of(finance())
    assert "Avvist av banken" in page(kari, "bank_answers")
    resolve = reverse("bank_event_resolve", args=[event.pk])
    assert kari.post(resolve, {"words": "Ny konto."}).status_code == 422  # nothing chosen
    silent = kari.post(resolve, {"action": "pay_again", "words": ""})
    assert silent.status_code == 422 and "checked" in silent.content.decode()
    wrong = kari.post(resolve, {"action": "book", "words": "Før det."})
    assert (
        wrong.status_code == 409 and "ikke et valg" in wrong.content.decode() and "Før det." in wrong.content.decode()
    )
    assert not BankResolution.objects.exists()
    assert kari.post(resolve, {"action": "pay_again", "words": "Ny konto er bekreftet."}).status_code == 302
    twice = kari.post(resolve, {"action": "keep_back", "words": "Nei."})
    assert twice.status_code == 409 and "avklart allerede" in twice.content.decode()
    assert BankResolution.objects.get().action == "pay_again" and not Hold.objects.exists()
    assert PaymentBatch.objects.count() == 1  # nothing is sent again by itself
    assert "Ny konto er bekreftet." in page(kari, "bank_event", event.pk)


def test_what_a_person_does_not_have_to_look_at_has_no_page():
    make_order()
    payment = make_batch(State.SENT).payments.get()
    take_in_bank_file(notification(entry(payment)), name="paid.xml")
    event = payment.events.get()
    assert client_of(finance()).get(reverse("bank_event", args=[event.pk])).status_code == 404


def test_a_booking_of_a_closed_year_is_not_dated_in_the_future():
    make_order()
    payment = make_batch(State.SENT).payments.get()
    ClosedYear.objects.create(year=2017, closed_by=finance())
    take_in_bank_file(notification(entry(payment)), name="paid.xml")
    event = payment.events.get(trouble="year_closed")
    resolve = reverse("bank_event_resolve", args=[event.pk])
    kari = client_of(finance())
    typed = {"action": "book", "words": "Føres i år.", "on": "2099-01-01"}
    assert kari.post(resolve, typed).status_code == 422
    again = kari.post(resolve, typed | {"on": ON.isoformat()})
    assert again.status_code == 409  # that year is closed, too
    assert kari.post(resolve, typed | {"on": ""}).status_code == 302
    payment.refresh_from_db()
    assert payment.state == "paid"

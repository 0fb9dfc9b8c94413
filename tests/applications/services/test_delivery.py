"""Letters leave once, with a receipt; what fails is kept, tried again, and shown when it has stopped."""

import json
from datetime import date
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from applications.models import CaseDocument, State
from applications.services.deliver import deliver_document, deliveries_of
from applications.services.records import Direction, record
from grants.documents.delivery import Outbox, Outgoing, SvarUt
from grants.jobs.queue import MOST_ATTEMPTS, drain
from grants.models import Delivery, Job
from grants.shared.errors import Refused
from tests.factories.cases import make_case


def outgoing(**changes):
    usual = {
        "key": "case_document:1", "title": "Vedtak", "reference": "2017/1-1", "recipient": "Halden kommune",
        "orgnr": "", "language": "nb", "dated": "2017-06-01", "sha256": "a" * 64, "pdf": b"%PDF-1.7",
    }  # fmt: skip
    return Outgoing(**usual | changes)


def letter(case=None, of=1):
    return record(
        case or make_case(), "open_again", of=of, content=b"%PDF-1.7 letter", about="KUM", language="nb",
        direction=Direction.OUTGOING, dated=date(2017, 6, 1),
    )  # fmt: skip


def state_of(document):
    return deliveries_of([document])[document.pk].state


def time_passes():
    Job.objects.filter(state="waiting").update(lease_until=None)


def test_the_outbox_holds_the_letter_and_says_whom_it_is_for(tmp_path: Path):
    receipt = Outbox(tmp_path / "out").deliver(outgoing())

    card = json.loads((tmp_path / "out" / receipt).read_text())
    assert (card["recipient"], card["sha256"]) == ("Halden kommune", "a" * 64)
    assert (tmp_path / "out" / card["file"]).read_bytes() == b"%PDF-1.7"
    assert len(list((tmp_path / "out").iterdir())) == 2


def test_the_outbox_takes_a_letter_once_and_no_other_in_its_name(tmp_path: Path):
    box = Outbox(tmp_path)
    assert box.deliver(outgoing()) == box.deliver(outgoing())
    with pytest.raises(Refused, match="Another letter"):
        box.deliver(outgoing(sha256="b" * 64))


def test_a_letter_half_written_when_the_power_went_is_written_whole(tmp_path: Path):
    (tmp_path / "case_document-1.pdf").write_bytes(b"%P")
    Outbox(tmp_path).deliver(outgoing())
    assert (tmp_path / "case_document-1.pdf").read_bytes() == b"%PDF-1.7"


def test_the_channel_that_is_not_built_says_what_it_needs():
    with pytest.raises(Refused, match="not built"):
        SvarUt().deliver(outgoing())


@pytest.mark.django_db
def test_a_decision_letter_is_delivered_and_what_came_in_is_not(settings):
    case = make_case(State.GRANTED)
    drain()

    [card] = Path(settings.OUTBOX).glob("*.json")
    told = json.loads(card.read_text())
    document = CaseDocument.objects.get(direction="out")
    assert (told["key"], told["sha256"]) == (f"case_document:{document.pk}", document.sha256)
    assert told["reference"] == f"{case.reference}-{document.number}"
    assert Delivery.objects.get().receipt == card.name


@pytest.mark.django_db
def test_delivering_again_delivers_nothing():
    document = letter()
    assert state_of(document) == "waiting"
    drain()
    deliver_document({"document": document.pk})

    assert Delivery.objects.count() == 1
    assert state_of(document) == "delivered"


@pytest.mark.django_db
def test_what_fails_is_kept_and_tried_again(settings):
    document = letter()
    settings.DELIVERY_CHANNEL = "svarut"
    drain()
    assert state_of(document) == "failed"
    assert "not built" in Delivery.objects.get().error

    settings.DELIVERY_CHANNEL = "outbox"
    time_passes()
    drain()

    assert [bool(one.receipt) for one in Delivery.objects.order_by("pk")] == [False, True]
    assert state_of(document) == "delivered"


@pytest.mark.django_db
def test_what_never_succeeds_is_shown_as_stopped(settings):
    document = letter()
    settings.DELIVERY_CHANNEL = "svarut"
    for _ in range(MOST_ATTEMPTS):
        drain()
        time_passes()

    assert state_of(document) == "dead"
    assert len(deliveries_of([document])[document.pk].attempts) == MOST_ATTEMPTS


@pytest.mark.django_db
def test_a_document_that_was_tampered_with_is_not_delivered(settings):
    document = letter()
    (Path(settings.LETTER_ARCHIVE) / document.path).write_bytes(b"%PDF another letter")
    drain()
    assert not Delivery.objects.exists() and not list(Path(settings.OUTBOX).glob("*"))


@pytest.mark.django_db
def test_attempts_are_never_changed_and_a_letter_is_delivered_once_also_with_sql():
    document = letter()
    drain()
    with connection.cursor() as cursor:
        for statement in (
            "UPDATE grants_delivery SET receipt = 'x'",
            "DELETE FROM grants_delivery",
            "INSERT INTO grants_delivery (letter, channel, receipt, error, at) "
            f"VALUES ('case_document:{document.pk}', 'x', 'y', '', '2017-01-01')",
            "INSERT INTO grants_delivery (letter, channel, receipt, error, at) VALUES ('x', 'x', '', '', '2017-01-01')",
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                cursor.execute(statement)
        cursor.execute(  # the control: an attempt that failed can be added
            "INSERT INTO grants_delivery (letter, channel, receipt, error, at) VALUES ('x', 'x', '', 'no', '2017-01-01')"
        )


@pytest.mark.django_db
def test_how_it_went_with_many_is_asked_in_two_queries(django_assert_num_queries):
    case = make_case()
    documents = [letter(case, of) for of in range(5)]
    drain()
    with django_assert_num_queries(2):
        assert {one.state for one in deliveries_of(documents).values()} == {"delivered"}

"""The pages of claims as finance and the recipient use them: what they show, do, refuse and keep."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from grants.jobs.queue import drain
from grants.models import Organisation, RecoveryClaim, RecoveryLetter, Role, User
from grants.services.demand_recovery import comment_on_claim
from grants.services.recovery_letters import letter_content
from grants.services.write_off_recovery import propose_write_off
from tests.factories.batches import recipient
from tests.factories.books import pay
from tests.factories.cases import member, municipality
from tests.factories.recoveries import (
    DUE,
    RAISED,
    Standing,
    make_claim,
    now,
    on_day,
    second,
    story,
    told_of_offset,
)
from tests.factories.register import finance, make_user
from tests.factories.runs import make_run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("covered")]
LATER = DUE + timedelta(days=1)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def fredrik() -> Client:
    return client_of(finance())


@pytest.fixture
def mona() -> Client:
    return client_of(second())


def address(claim: RecoveryClaim) -> str:
    return reverse("recovery", args=[claim.number])


def act(client: Client, claim: RecoveryClaim, do: str, *, seen: int | None = None, **typed: object):
    return client.post(
        address(claim), {"do": do, "seen": now(claim).last_number if seen is None else seen} | typed, follow=True
    )


def text(answer: object) -> str:
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")  # type: ignore[attr-defined]


def test_the_list_shows_what_is_open_late_and_carried_forward(fredrik: Client):
    make_run("approved")  # carries 57 500 kroner forward for 0105
    make_claim()
    make_claim(Standing.PROPOSED, to=municipality("0104"))
    with on_day(LATER):
        page = text(fredrik.get(reverse("recoveries")))
        assert "Halden kommune" in page and "Moss kommune" in page and "Over fristen" in page
        assert "−57 500 kr" in page and "1 til 30 dager" in page
        late = text(fredrik.get(reverse("recoveries"), {"show": "overdue"}))
        assert "Halden kommune" in late and "Moss kommune" not in late
        for search, found in (("moss", "Moss"), ("TK-1", "Halden"), ("finnes ikke", "Ingen krav her")):
            assert found in text(fredrik.get(reverse("recoveries"), {"search": search}))
        nonsense = {"show": "x", "kind": "'; --", "search": "\0%", "page": "9"}
        assert fredrik.get(reverse("recoveries"), nonsense).status_code == 200


def test_the_list_asks_the_database_as_often_for_many_as_for_few(
    fredrik: Client, django_assert_max_num_queries: DjangoAssertNumQueries
):
    make_claim()
    fredrik.get(reverse("recoveries"))
    with django_assert_max_num_queries(25) as few:
        fredrik.get(reverse("recoveries"))
    for number in ("0104", "0105", "0106"):
        make_claim(to=municipality(number))
    with django_assert_max_num_queries(len(few)):
        fredrik.get(reverse("recoveries"))


def test_a_claim_goes_from_raised_to_settled_on_the_pages(fredrik: Client, mona: Client):
    halden = recipient()
    pay(100_000_00, halden)
    with on_day(RAISED):
        found = fredrik.get(reverse("recovery_new"), {"search": "halden"})
        assert "?recipient=0101" in text(found)
        page = fredrik.get(reverse("recovery_new"), {"recipient": "0101"})
        [of] = page.context["paid"]
        typed = {"paid": of.key, "kind": "wrong", "amount": "200 000", "ground": "Betalt to ganger.", "key": "k1"}
        raise_at = reverse("recovery_new") + "?recipient=0101"
        refused = fredrik.post(raise_at, typed)
        assert refused.status_code == 422 and "igjen å kreve" in text(refused) and "Betalt to ganger." in text(refused)
        for _ in range(2):  # a double press is one claim
            fredrik.post(raise_at, typed | {"amount": "100 000"})
        claim = RecoveryClaim.objects.get()
        assert "Du har reist kravet" in text(fredrik.get(address(claim)))
        own = act(fredrik, claim, "approve")
        assert own.status_code == 409 and "En annen person" in text(own)
        assert "mottakeren får varsel" in text(act(mona, claim, "approve", digest=claim.digest))
    ours = reverse("our_recovery", args=[claim.number])
    with on_day(RAISED + timedelta(days=3)):  # sessions are over, and begin anew
        regnskap = client_of(member(Role.ACCOUNTANT, halden, "regnskap"))
        fredrik, mona = client_of(finance()), client_of(second())
        assert "Vi vurderer å kreve penger tilbake" in text(regnskap.get(ours))
        empty = regnskap.post(ours, {"words": " ", "seen": now(claim).last_number})
        assert empty.status_code == 422
        regnskap.post(ours, {"words": "Det stemmer ikke.", "seen": now(claim).last_number})
        kept = act(fredrik, claim, "send", words=" ")
        assert kept.status_code == 422
        assert "Kravet er sendt" in text(act(fredrik, claim, "send", words="Det stemmer."))
        page = text(regnskap.get(ours))
        assert claim.kid in page and "Dere skal betale tilbake" in page and "Det stemmer." in page
        booked = act(fredrik, claim, "book", amount="40 000", on="2017-03-04", words="Kontoutskrift 12.")
        assert "Innbetalingen er ført" in text(booked)
        number = claim.events.get(kind="paid").number
        act(mona, claim, "undo", number=number, words="Gjaldt et annet krav.")
        act(fredrik, claim, "book", amount="100 000", on="2017-03-04", words="Kontoutskrift 13.")
    assert now(claim).standing == Standing.SETTLED


def test_a_stale_page_keeps_what_was_typed_and_says_what_happened(fredrik: Client, mona: Client):
    claim = make_claim()
    seen = claim.last_number
    with on_day(DUE):
        act(fredrik, claim, "book", seen=seen, amount="10 000", on="2017-04-01", words="Første.")
        stale = act(mona, claim, "book", seen=seen, amount="10 000", on="2017-04-01", words="Fra utskriften.")
    assert stale.status_code == 409 and "Noe har hendt" in text(stale) and "Fra utskriften." in text(stale)
    assert now(claim).paid_ore == 10_000_00


def test_a_write_off_takes_two_people_on_the_page(fredrik: Client, mona: Client):
    claim = make_claim()
    with on_day(DUE):
        act(fredrik, claim, "propose", amount="100 000", words="Konkurs.")
        assert act(fredrik, claim, "write_off").status_code == 409
        assert "ta stilling til avskrivningen" in text(mona.get(address(claim)))
        assert "Beløpet er avskrevet" in text(act(mona, claim, "write_off"))
    assert now(claim).standing == Standing.WRITTEN_OFF


def test_plan_and_offset_from_the_page(fredrik: Client):
    claim = make_claim()
    with on_day(LATER):
        assert act(fredrik, claim, "plan", number="mange", first="2017-05-01", words="Avtalt.").status_code == 422
        assert act(fredrik, claim, "plan", number="3", first="i mai", words="Avtalt.").status_code == 422
        assert "varslet om motregning" in text(act(fredrik, claim, "tell"))
        assert "Planen er lagret" in text(act(fredrik, claim, "plan", number="3", first="2017-05-01", words="Avtalt."))
    assert story(claim)[-2:] == ["offset_told", "planned"]


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.CASEWORKER, Role.DECISION_MAKER])
def test_those_who_read_change_nothing(role: Role):
    claim = make_claim(Standing.PROPOSED)
    reader = client_of(make_user("leser", role))
    page = text(reader.get(address(claim)))
    assert reader.post(address(claim), {"do": "approve", "seen": 0}).status_code == 403
    assert "Godkjenn kravet" not in page and now(claim).standing == Standing.PROPOSED


def test_the_recipient_sees_its_own_claims_once_it_has_been_told_and_nothing_of_the_directorates_work():
    halden, moss = recipient(), recipient("0104")
    hidden, told, other = make_claim(Standing.PROPOSED), told_of_offset(), make_claim(to=moss)
    with on_day(LATER):
        propose_write_off(told, amount_ore=1_00, reason="Hemmelig overveielse.", by=finance())
        ours = client_of(member(Role.EDITOR, halden, "red"))
        page = text(ours.get(reverse("our_recoveries")))
        assert str(told) in page and f"{hidden}<" not in page and str(other) not in page
        page = text(ours.get(reverse("our_recovery", args=[told.number])))
        assert "Hemmelig overveielse" not in page and "fredrik" not in page and "Trekkes fra utbetalinger" in page
        for claim in (hidden, other):
            assert ours.get(reverse("our_recovery", args=[claim.number])).status_code == 404


def test_the_successor_of_a_merged_municipality_sees_comments_on_and_reads_the_letters_of_its_claims():
    andebu, sandefjord = (Organisation.objects.get(municipality_number=number) for number in ("0719", "0710"))
    claim = make_claim(Standing.NOTICED, to=andebu)
    drain()
    ours = client_of(member(Role.EDITOR, sandefjord, "red"))
    with on_day(RAISED + timedelta(days=1)):
        assert "Andebu" in text(ours.get(reverse("our_recovery", args=[claim.number])))
        comment_on_claim(claim, "Vi ser på det.", by=User.objects.get(username="red"))
        letter = RecoveryLetter.objects.select_related("event").get()
        assert letter_content(letter.event)["recipient"] == sandefjord
        got = ours.get(reverse("recovery_letter", args=[claim.number, letter.event.number]))
        assert got.status_code == 200 and got.content.startswith(b"%PDF")
        stranger = client_of(member(Role.EDITOR, municipality("0104"), "moss"))
        assert stranger.get(reverse("recovery_letter", args=[claim.number, letter.event.number])).status_code == 404

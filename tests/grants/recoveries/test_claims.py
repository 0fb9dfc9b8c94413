"""A claim from the day it is raised to the day it is settled, as finance and the recipient live it."""

from datetime import date, timedelta

import pytest

from grants.jobs.daily import DAILY
from grants.jobs.queue import drain
from grants.models import Account, ClosedYear, Delivery, LedgerEntry, RecoveryClaim, RecoveryLetter, Role
from grants.recoveries.paid import paid_to
from grants.recoveries.plan import plan_of
from grants.services.demand_recovery import agree_on_plan, comment_on_claim, even_parts, remind_of_claims, send_claim
from grants.services.raise_recovery import approve_claim, raise_by_hand, raise_claim, reject_claim
from grants.services.receive_recovery import book_by_hand, undo_booking
from grants.services.recovery_letters import letter_content
from grants.services.write_off_recovery import approve_write_off, propose_write_off, refuse_write_off
from grants.shared.errors import BadInput, ChangedSince, NotAllowed, Refused, YearIsClosed
from tests.factories.batches import recipient
from tests.factories.books import pay
from tests.factories.cases import caseworker, member, municipality
from tests.factories.recoveries import (
    DECIDED,
    DUE,
    RAISED,
    Kind,
    Standing,
    balance,
    books_balance,
    make_claim,
    now,
    on_day,
    second,
    story,
    wanted,
)
from tests.factories.register import finance

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("covered")]


def test_a_claim_is_raised_by_one_and_approved_by_another_who_gives_notice():
    claim = make_claim(Standing.PROPOSED)
    with pytest.raises(NotAllowed, match="En annen person"):
        approve_claim(claim, by=finance())
    with pytest.raises(NotAllowed, match="økonomi"):
        approve_claim(claim, by=caseworker())
    with on_day(RAISED):
        noticed = approve_claim(claim, by=second(), digest=claim.digest)
    assert story(claim) == [Kind.APPROVED, Kind.NOTICED]
    assert (now(claim).standing, noticed.due_on) == (Standing.NOTICED, RAISED + timedelta(days=21))
    assert not LedgerEntry.objects.filter(credit=Account.RECOVERED).exists()  # a claim is not in the books
    with pytest.raises(ChangedSince):
        approve_claim(claim, by=finance("trude"))


def test_nobody_approves_a_claim_on_those_they_act_for_nor_another_claim_than_they_read():
    claim = make_claim(Standing.PROPOSED)
    member(Role.ACCOUNTANT, claim.recipient, "mona")
    with pytest.raises(NotAllowed, match="handler for"):
        approve_claim(claim, by=second())
    with pytest.raises(ChangedSince):
        approve_claim(claim, by=finance("trude"), digest="0" * 64)


def test_the_same_source_is_claimed_once_however_often_it_is_pressed():
    asked = wanted(source="report_review:7")
    assert raise_claim(asked, by=finance()) == raise_claim(asked, by=second())
    with pytest.raises(BadInput, match="Negative summer"):
        raise_claim(wanted(-1), by=finance())


def test_by_hand_no_more_is_claimed_than_was_paid_and_not_claimed_before():
    halden = recipient()
    pay(100_000_00, halden)
    [of] = paid_to(halden)
    usual = {"kind": RecoveryClaim.Kind.WRONG, "ground": "Betalt to ganger.", "citation": "", "by": finance()}
    with pytest.raises(BadInput, match=r"100.000 kroner igjen"):
        raise_by_hand(halden, of.key, amount_ore=100_000_01, key="a", **usual)
    first = raise_by_hand(halden, of.key, amount_ore=60_000_00, key="a", **usual)
    assert raise_by_hand(halden, of.key, amount_ore=60_000_00, key="a", **usual) == first  # a double press
    with pytest.raises(BadInput, match=r"40.000 kroner igjen"):
        raise_by_hand(halden, of.key, amount_ore=40_000_01, key="b", **usual)
    with pytest.raises(NotAllowed):
        raise_by_hand(halden, of.key, amount_ore=1, key="c", **usual | {"by": caseworker()})
    reject_claim(first, reason="Det var likevel rett.", by=second())
    assert [one.left_ore for one in paid_to(halden)] == [100_000_00]


def test_the_recipient_is_heard_before_the_claim_is_sent():
    claim = make_claim(Standing.NOTICED)
    with on_day(RAISED + timedelta(days=21)), pytest.raises(Refused, match="uttale seg"):
        send_claim(claim, by=finance())
    halden = member(Role.ACCOUNTANT, claim.recipient, "regnskap")
    with on_day(RAISED + timedelta(days=2)):
        with pytest.raises(NotAllowed):
            comment_on_claim(claim, "Nei.", by=member(Role.SIGNATORY, municipality("0104"), "mossing"))
        comment_on_claim(claim, "Vi har betalt det tilbake i februar.", by=halden)
        with pytest.raises(BadInput, match="det står i brevet"):
            send_claim(claim, by=finance())
        sent = send_claim(claim, words="Vi finner ikke innbetalingen.", by=finance())
    assert sent.due_on == RAISED + timedelta(days=23)
    assert now(claim).standing == Standing.CLAIMED
    with pytest.raises(ChangedSince):
        comment_on_claim(claim, "En ting til.", by=halden)


def test_what_comes_in_is_booked_on_its_day_and_never_beyond_the_claim():
    claim = make_claim()
    with on_day(DUE):
        book_by_hand(claim, amount_ore=30_000_00, on=DUE - timedelta(days=2), words="Kontoutskrift 44.", by=finance())
    line = LedgerEntry.objects.get(credit=Account.RECOVERED)
    assert (line.debit, line.amount_ore, line.value_date, line.budget_year) == (
        Account.PAID, 30_000_00, DUE - timedelta(days=2), 2017,
    )  # fmt: skip
    assert (balance(Account.PAID), now(claim).left_ore, books_balance()) == (70_000_00, 70_000_00, True)
    with pytest.raises(BadInput, match=r"høyst 70.000 kroner"):
        book_by_hand(claim, amount_ore=70_000_01, on=DUE, words="For mye.", by=finance())
    book_by_hand(claim, amount_ore=70_000_00, on=DUE, words="Resten.", by=finance())
    assert (now(claim).standing, balance(Account.RECOVERED), books_balance()) == (Standing.SETTLED, 100_000_00, True)
    with pytest.raises(ChangedSince, match="gjort opp"):
        book_by_hand(claim, amount_ore=1, on=DUE, words="Enda mer.", by=finance())


def test_what_was_booked_on_the_wrong_claim_is_taken_back_once_with_a_line_of_its_own():
    claim = make_claim()
    event = book_by_hand(claim, amount_ore=40_000_00, on=DUE, words="Kontoutskrift 44.", by=finance())
    with on_day(DUE + timedelta(days=1)):
        undo_booking(claim, event, words="Gjaldt et annet krav.", by=second())
    assert (now(claim).left_ore, balance(Account.RECOVERED), books_balance()) == (100_000_00, 0, True)
    with pytest.raises(ChangedSince):
        undo_booking(claim, event, words="En gang til.", by=second())


def test_money_that_comes_after_the_year_is_closed_counts_in_the_year_it_came():
    claim = make_claim()
    ClosedYear.objects.create(year=2017, closed_by=finance())
    with on_day(date(2018, 1, 20)):
        with pytest.raises(YearIsClosed):
            book_by_hand(claim, amount_ore=100_000_00, on=date(2017, 12, 30), words="Kom i romjulen.", by=finance())
        book_by_hand(claim, amount_ore=100_000_00, on=date(2018, 1, 3), words="Kom i januar.", by=finance())
    assert balance(Account.PAID, budget_year=2017) == 100_000_00
    assert balance(Account.PAID, budget_year=2018) == -100_000_00  # A21: the same post, the later year
    assert books_balance()


def test_who_is_late_is_reminded_once_for_each_last_day_and_twice_in_all():
    claim = make_claim()
    assert "remind_of_recoveries" in DAILY
    assert remind_of_claims(DUE) == 0
    day = DUE + timedelta(days=1)
    assert (remind_of_claims(day), remind_of_claims(day), now(claim).due_on) == (1, 0, day + timedelta(days=14))
    later = day + timedelta(days=15)
    assert (remind_of_claims(later - timedelta(days=1)), remind_of_claims(later)) == (0, 1)
    assert remind_of_claims(later + timedelta(days=60)) == 0
    assert story(claim).count(Kind.REMINDED) == 2


def test_a_plan_comes_to_what_is_left_and_is_reminded_of_part_by_part():
    claim = make_claim(amount_ore=100_000_01)
    with on_day(DUE):
        with pytest.raises(BadInput, match="til sammen"):
            agree_on_plan(claim, [(date(2017, 5, 1), 1), (date(2017, 6, 1), 1)], words="Avtalt.", by=finance())
        parts = even_parts(100_000_01, 3, date(2017, 5, 31))
        assert parts == [(date(2017, 5, 31), 33_333_00), (date(2017, 6, 30), 33_333_00), (date(2017, 7, 31), 33_334_01)]
        agree_on_plan(claim, parts, words="Kommunen har lite på konto.", by=finance())
    with on_day(date(2017, 6, 1)):
        book_by_hand(claim, amount_ore=33_333_00 + 10_00, on=date(2017, 5, 30), words="Første.", by=finance())
    assert [part.missing_ore for part in plan_of(now(claim))] == [0, 33_323_00, 33_334_01]
    assert remind_of_claims(date(2017, 6, 30)) == 0
    assert (remind_of_claims(date(2017, 7, 1)), remind_of_claims(date(2017, 7, 2))) == (1, 0)
    assert now(claim).standing == Standing.PLAN


def test_a_write_off_takes_two_people_and_moves_nothing_in_the_books():
    claim = make_claim()
    lines = LedgerEntry.objects.count()
    propose_write_off(claim, amount_ore=100_000_00, reason="Foreningen er slått konkurs.", by=finance())
    with pytest.raises(ChangedSince):
        propose_write_off(claim, amount_ore=1, reason="Igjen.", by=second())
    with pytest.raises(NotAllowed, match="En annen person"):
        approve_write_off(claim, by=finance())
    refuse_write_off(claim, reason="Be boet om dekning først.", by=second())
    propose_write_off(claim, amount_ore=100_000_00, reason="Boet er avsluttet uten dekning.", by=finance())
    approve_write_off(claim, by=second())
    assert (now(claim).standing, now(claim).left_ore) == (Standing.WRITTEN_OFF, 0)
    assert LedgerEntry.objects.count() == lines
    with pytest.raises(ChangedSince):
        approve_write_off(claim, by=second())


def test_a_write_off_waits_when_money_came_in_meanwhile():
    claim = make_claim()
    propose_write_off(claim, amount_ore=100_000_00, reason="Konkurs.", by=finance())
    book_by_hand(claim, amount_ore=10_00, on=DUE, words="Dividende.", by=finance())
    with pytest.raises(Refused, match="kommet inn penger"):
        approve_write_off(claim, by=second())


def test_a_page_that_is_stale_is_told_so():
    claim = make_claim()
    seen = claim.last_number
    book_by_hand(claim, amount_ore=10_000_00, on=DUE, words="Første.", by=finance(), seen=seen)
    with pytest.raises(ChangedSince, match="Noe har hendt"):  # a double press, or another person
        book_by_hand(claim, amount_ore=10_000_00, on=DUE, words="Første.", by=second(), seen=seen)
    assert balance(Account.RECOVERED) == 10_000_00


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_each_letter_is_made_once_in_the_recipients_language_and_delivered(language: str):
    halden = recipient()
    halden.language = language
    halden.save()
    claim = make_claim()
    remind_of_claims(DUE + timedelta(days=1))
    drain()
    drain()
    letters = RecoveryLetter.objects.order_by("event__number")
    assert [letter.language for letter in letters] == [language] * 3
    assert Delivery.objects.filter(letter__startswith="recovery_letter:").exclude(receipt="").count() == 3
    assert letters[1].title.startswith(f"Krav {claim.reference} om tilbakebetaling")


def test_what_is_claimed_and_by_when_stands_in_the_letter():
    claim = make_claim()
    content = letter_content(claim.events.get(kind=Kind.DECIDED))
    assert content["opening"] == ["Dere skal betale tilbake 100\N{NO-BREAK SPACE}000 kroner innen 13. april 2017."]
    assert claim.kid in str(content["sections"])
    assert DECIDED.isoformat() == content["dated_iso"]

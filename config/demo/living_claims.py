"""Claims to get money back in the year that it is now, one in each main state, made through the ordinary services.

They are on the grants that the round of last year paid, and one on the municipality of the demo's people. Nothing of
2017 is changed: what comes back is booked on the day it comes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from applications.models import Application, Call
from applications.services.pay_round import pay_round
from config.demo.clock import it_is
from config.demo.living_year import ROUNDS, signs_for
from grants.models import Organisation, RecoveryClaim, User
from grants.recoveries.paid import Paid, paid_to
from grants.services.demand_recovery import (
    agree_on_plan,
    comment_on_claim,
    even_parts,
    remind_of_claims,
    send_claim,
)
from grants.services.demo_users import THEIR_MUNICIPALITY
from grants.services.offset_recovery import tell_of_offset
from grants.services.raise_recovery import approve_claim, raise_by_hand
from grants.services.receive_recovery import book_by_hand
from grants.services.write_off_recovery import approve_write_off, propose_write_off

RAISES, APPROVES = "kari.berg", "mona.lien"
WRONG, UNSPENT = RecoveryClaim.Kind.WRONG, RecoveryClaim.Kind.UNSPENT
TWICE = "Vi fant at en del av tilskuddet ble betalt to ganger."
SECOND = "En del av tilskuddet gikk til et annet formål enn det som er innvilget."


@dataclass(frozen=True)
class Story:
    """A claim on one of last year's grants: a share of what was paid, raised so many days ago, and what followed."""

    share: int
    kind: RecoveryClaim.Kind
    ground: str
    raised: int
    then: Callable[["_Stage"], None]


class _Stage:
    """A claim while its story is told: each step on the day that it would have happened, counted back from today."""

    def __init__(self, claim: RecoveryClaim, raised: int) -> None:
        self.claim, self.raised, self.today = claim, raised, timezone.localdate()
        self.kari, self.mona = (User.objects.get(username=name) for name in (RAISES, APPROVES))

    def approve(self) -> None:
        with it_is(self.today - timedelta(days=self.raised - 2)):
            approve_claim(self.claim, by=self.mona)

    def send(self) -> None:
        self.approve()
        with it_is(self.today - timedelta(days=self.raised - 30)):
            send_claim(self.claim, by=self.kari)

    def remind(self, days_ago: int) -> None:
        on = self.today - timedelta(days=days_ago)
        with it_is(on):
            remind_of_claims(on)

    def book(self, ore: int, days_ago: int) -> None:
        on = self.today - timedelta(days=days_ago)
        with it_is(on):
            book_by_hand(self.claim, amount_ore=ore, on=on, words="Kontoutskrift, uten KID.", by=self.kari)


def _waits(stage: _Stage) -> None:
    """Nobody has approved it yet."""


def _commented(stage: _Stage) -> None:
    stage.approve()
    with it_is(stage.today - timedelta(days=3)):
        words = "Vi mener at pengene gikk til det vi søkte om. Se regnskapet som fulgte rapporten."
        comment_on_claim(stage.claim, words, by=signs_for(stage.claim.recipient))


def _claimed(stage: _Stage) -> None:
    stage.send()


def _offset(stage: _Stage) -> None:
    stage.send()
    stage.remind(stage.raised - 52)
    with it_is(stage.today - timedelta(days=5)):
        tell_of_offset(stage.claim, by=stage.kari)


def _plan(stage: _Stage) -> None:
    stage.send()
    with it_is(stage.today - timedelta(days=45)):
        parts = even_parts(stage.claim.amount_ore, 5, stage.today - timedelta(days=35))
        agree_on_plan(stage.claim, parts, words="Foreningen har lite på konto fram til neste tilskudd.", by=stage.kari)
    stage.book(parts[0][1], 36)
    stage.book(parts[1][1], 6)


def _settled(stage: _Stage) -> None:
    stage.send()
    stage.book(stage.claim.amount_ore, stage.raised - 45)


def _to_write_off(stage: _Stage) -> None:
    stage.send()
    stage.remind(stage.raised - 52)
    with it_is(stage.today - timedelta(days=2)):
        words = "Foreningen er oppløst, og boet er avsluttet uten dekning. Purret, og styret er kontaktet to ganger."
        propose_write_off(stage.claim, amount_ore=stage.claim.amount_ore, reason=words, by=stage.kari)


def _written_off(stage: _Stage) -> None:
    stage.send()
    with it_is(stage.today - timedelta(days=20)):
        words = "Det ble klart at utgiften hører til tilskuddet. Kravet har ikke lenger noe grunnlag."
        propose_write_off(stage.claim, amount_ore=stage.claim.amount_ore, reason=words, by=stage.kari)
    with it_is(stage.today - timedelta(days=18)):
        approve_write_off(stage.claim, by=stage.mona)


# By place among the recipients of last year's round; the first is the one that somebody may sign in for.
STORIES: tuple[tuple[int, Story], ...] = (
    (5, Story(10, WRONG, SECOND, 170, _written_off)),
    (4, Story(15, UNSPENT, SECOND, 150, _to_write_off)),
    (3, Story(20, WRONG, TWICE, 110, _plan)),
    (2, Story(10, WRONG, TWICE, 95, _settled)),
    (0, Story(12, WRONG, SECOND, 80, _offset)),
    (1, Story(25, UNSPENT, SECOND, 38, _claimed)),
    (0, Story(8, WRONG, TWICE, 12, _commented)),
    (2, Story(5, WRONG, TWICE, 1, _waits)),
)
OF_THE_MUNICIPALITY = Story(1, WRONG, "En bosatt person ble regnet med to ganger i første termin.", 9, _Stage.approve)


def make_living_claims() -> int:
    """The claims that are not made yet; how many that was."""
    if RecoveryClaim.objects.exists():
        return 0
    recipients = _paid_last_year()
    if not recipients:
        return 0
    made = 0
    with transaction.atomic():
        for place, story in STORIES:
            made += _tell(recipients[place % len(recipients)], story)
        theirs = Organisation.objects.municipalities().filter(municipality_number=THEIR_MUNICIPALITY).first()
        made += _tell(theirs, OF_THE_MUNICIPALITY) if theirs else 0
    return made


def _paid_last_year() -> list[Organisation]:
    """The recipients of last year's round, which is paid first."""
    of = next(one for one in ROUNDS if one.years_back)
    year = timezone.localdate().year - of.years_back
    call = Call.objects.filter(scheme=of.scheme, part=of.part, year=year).first()
    if call is None:
        return []
    granted = Application.objects.filter(call=call, decisions__state="decided").select_related("organisation")
    decided = max(one.decided_on for case in granted for one in case.decisions.all() if one.decided_on)
    paid_on = min(decided + timedelta(days=10), date(year, 12, 31))
    with it_is(paid_on):
        pay_round(call, by=User.objects.get(username=RAISES), on=paid_on)
    return [case.organisation for case in granted.order_by("pk")]


def _tell(recipient: Organisation, story: Story) -> int:
    of = max(paid_to(recipient), key=_newest, default=None)
    ore = of.left_ore * story.share // 100 // 1_000_00 * 1_000_00 if of else 0
    if of is None or not ore:
        return 0
    with it_is(timezone.localdate() - timedelta(days=story.raised)):
        claim = raise_by_hand(
            recipient, of.key, kind=story.kind, amount_ore=ore, ground=story.ground, citation="",
            key=f"demo:{recipient.pk.hex[:12]}:{story.raised}", by=User.objects.get(username=RAISES),
        )  # fmt: skip
    story.then(_Stage(claim, story.raised))
    return 1


def _newest(of: Paid) -> tuple[int, int]:
    """What was paid last, and the most of it."""
    return of.origin_year, of.left_ore

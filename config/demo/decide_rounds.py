"""Run the rounds of the demo year through the ordinary services: announced, applied for, assessed, decided by two people."""

import random
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from applications.models import Application, Call
from applications.services.announce import prepare_call, publish_call
from applications.services.assess import declare
from applications.services.decide import decide
from applications.services.review_report import approve_report
from config.demo.clock import it_is
from config.demo.one_case import accept, assess, propose_as_planned, report_on, send_in
from config.demo.rounds import ROUNDS, Planned, Round, plan
from grants.law.registry import SCHEMES
from grants.models import Organisation, User
from grants.services.demo_users import signatory_of

SEED = 2017
YEAR = 2017
ACCEPTED_AFTER = timedelta(days=7)
REPORTED_ON, REVIEWED_ON = date(2018, 2, 20), date(2018, 4, 10)
ABOUT_NB = "Utlysningen slik den kunne vært i 2017. Søkerne er oppdiktet; antall og summer er fra årsrapporten."
ABOUT_NN = "Utlysinga slik ho kunne ha vore i 2017. Søkjarane er oppdikta; tal og summar er frå årsrapporten."


def decide_rounds(owner: str, worker: str, decider: str, *, done: Callable[[int], None]) -> list[Call]:
    """Every round that is not decided yet, one transaction each; the calls of all rounds."""
    calls = []
    people = [User.objects.get(username=name) for name in (owner, worker, decider)]
    organisations = list(Organisation.objects.exclude(orgnr=None).order_by("orgnr"))
    for number, of in enumerate(ROUNDS, start=1):
        call = Call.objects.filter(scheme=of.scheme, part=of.part, year=YEAR, closes_at__lt=_end_of(of)).first()
        if call is None:
            with transaction.atomic():
                call = _whole_round(of, organisations, *people)
        calls.append(call)
        done(number)
    return calls


def applications_planned() -> int:
    """How many applications the rounds are made of."""
    return sum(of.applications for of in ROUNDS)


def _whole_round(of: Round, organisations: list[Organisation], owner: User, worker: User, decider: User) -> Call:
    rnd = random.Random(f"{SEED}:{of.scheme}:{of.part}")
    planned = plan(of, organisations, rnd)
    call = _announced(of, owner)
    cases = [(_sent_in(call, of, one, rnd, place), one) for place, one in enumerate(planned)]
    with it_is(of.last_day + timedelta(days=5)):
        for person in (worker, decider):
            declare(call, by=person, has_interest=False)
        for case, one in cases:
            assess(case, one, worker, rnd)
            propose_as_planned(case, one, worker)
    with it_is(of.decided_on):
        for case, _ in cases:
            decide(case.decisions.get(state="proposed"), by=decider, on=of.decided_on)
    granted = [case for case, one in cases if one.granted_kroner]
    with it_is(of.decided_on + ACCEPTED_AFTER):
        for case in granted:
            accept(case, by=signatory_of(case.organisation))
    with it_is(REPORTED_ON):
        reports = [report_on(case, by=signatory_of(case.organisation)) for case in granted]
    with it_is(REVIEWED_ON):
        for report in reports:
            approve_report(report, by=worker)
    return call


def _announced(of: Round, owner: User) -> Call:
    law = SCHEMES[of.scheme]
    name = next((part.name for part in law.sub_schemes if part.code == of.part), law.name)
    with it_is(of.opens_on, time(8)):
        call = prepare_call(
            of.scheme, of.part, YEAR, by=owner, title_nb=name.nb, title_nn=name.nn, about_nb=ABOUT_NB, about_nn=ABOUT_NN,
            envelope_ore=of.granted_kroner * 100, opens_at=timezone.now(), closes_at=_end_of(of) - timedelta(seconds=1),
        )  # fmt: skip
        return publish_call(call, by=owner)


def _end_of(of: Round) -> datetime:
    """A second after the deadline: the call closes at midnight after its last day."""
    return timezone.make_aware(datetime.combine(of.last_day + timedelta(days=1), time(0, 0, 1)))


def _sent_in(call: Call, of: Round, one: Planned, rnd: random.Random, place: int) -> Application:
    open_for = (of.last_day - of.opens_on).days
    with it_is(of.opens_on + timedelta(days=1 + place % (open_for - 1)), time(9, place % 60, place // 60 % 60)):
        return send_in(call, one, rnd, by=signatory_of(one.applicant))

"""The year that it is now, at work: rounds whose deadline has passed, with cases at every stage, and drafts in the open calls.

All of it is made through the ordinary services on the days when it would have happened, counted back from today. It touches
nothing of 2017. The people one may sign in as in the demo have a case of their own in it, wherever they may apply.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from applications.models import Application, Call
from applications.services.announce import prepare_call, publish_call
from applications.services.appeal import save_appeal, send_appeal
from applications.services.assess import ask_applicant, declare, score, take_case
from applications.services.decide import decide
from applications.services.draft import begin_application, may_begin_for, save_answers
from applications.services.review_report import propose_unspent, return_report
from config.demo.answers import answers
from config.demo.calls import OPEN_CALLS
from config.demo.clock import it_is
from config.demo.one_case import accept, assess, propose_as_planned, report_on, send_in
from config.demo.rounds import Planned
from grants.law.registry import SCHEMES
from grants.models import BudgetPost, Organisation, User
from grants.services.demo_users import MUNICIPALITY_PEOPLE, SIGNATORIES, signatory_of
from grants.services.import_appropriations import import_appropriations

SEED = "living year"
OWNER, WORKERS, DECIDER = "samira.ali", ("siri.holt", "amir.haugen"), "ingrid.dahl"
ABOUT_NB = "En utlysning der fristen er ute. Søkerne er oppdiktet."
ABOUT_NN = "Ei utlysing der fristen er ute. Søkjarane er oppdikta."
TO_DRAFT = ("contact", "project")
QUESTION = "Hvem skal lede prosjektet, og hvor stor stilling er det snakk om? Legg gjerne ved en stillingsbeskrivelse."
WHY_UNSPENT = (
    "Regnskapet viser lavere kostnader enn budsjettert. Beløpet er tilskuddets andel av det som ikke er brukt."
)
WHY_RETURNED = "Resultatene mangler tall for hvor mange som har kommet i arbeid. Skriv tallene, og send inn på nytt."
# Per cent of the budget that a report tells of.
USED = {"underspent": 80}


@dataclass(frozen=True)
class LivingRound:
    """A call whose deadline has passed, days counted back from today, and how far each of its cases has come."""

    scheme: str
    part: str
    kind: Organisation.Kind
    opened: int
    closed: int
    worked: int
    decided: int
    envelope_kroner: int
    stages: Sequence[str]
    # Numbers that the rules ask for: those of 2017. And the last day for the report, in days from today, where it is not
    # the usual one.
    numbers: Mapping[str, str] = field(default_factory=dict)
    report_due_in: int = 0
    years_back: int = 0


ROUNDS = (
    LivingRound(
        "jobbsjansen", "jobbsjansen_a", Organisation.Kind.MUNICIPALITY, 75, 24, 9, 3, 9_000_000,
        ("asked", "new", "new", "new", "begun", "begun", "unmet", "scored", "scored", "scored less", "scored", "scored less",
         "proposed", "proposed", "granted", "refused"), {"least_participants_a": "10"},
    ),
    LivingRound(
        "information", "information_1", Organisation.Kind.NGO, 120, 70, 30, 12, 4_000_000,
        ("granted", "new", "begun", "scored", "scored less", "proposed", "accepted", "refused", "appealed"),
    ),
    LivingRound(
        "information", "information_2", Organisation.Kind.NGO, 470, 430, 410, 390, 5_000_000,
        ("to report", "to report", "reported", "reported", "underspent", "returned"), years_back=1, report_due_in=12,
    ),
)  # fmt: skip
NOT_GRANTED = ("unmet", "scored less", "refused", "appealed")
NOT_PROPOSED = ("unmet", "scored", "scored less")
REPORTS = ("reported", "underspent", "returned")


def make_living_year(appropriations: Path) -> int:
    """The rounds that are not made yet, and a draft in an open call for each who may apply; how many cases that was."""
    today = timezone.localdate()
    made = 0
    for of in ROUNDS:
        year = today.year - of.years_back
        if not BudgetPost.objects.filter(year=year).exists():
            import_appropriations(appropriations, year=year, decided_on=date(year, 1, 1))
        if not Call.objects.filter(scheme=of.scheme, part=of.part, year=year).exists():
            with transaction.atomic():
                made += _round(of, year, today)
    return made + _drafts()


def _round(of: LivingRound, year: int, today: date) -> int:
    rnd = random.Random(f"{SEED}:{of.scheme}:{of.part}")
    workers = [User.objects.get(username=name) for name in WORKERS]
    decider = User.objects.get(username=DECIDER)
    call = _announced(of, year, today)
    planned = [
        (_planned(applicant, stage, rnd), stage)
        for applicant, stage in zip(_applicants(of, rnd), of.stages, strict=True)
    ]
    cases = []
    for place, (one, stage) in enumerate(planned):
        with it_is(today - timedelta(days=of.closed + 1 + place % 5), time(9 + place % 7, 7 * place % 60)):
            cases.append((send_in(call, one, rnd, by=signs_for(one.applicant)), one, stage, workers[place % 2]))
    with it_is(today - timedelta(days=of.worked)):
        for person in (*workers, decider):
            declare(call, by=person, has_interest=False)
        for case, one, stage, worker in cases:
            _work_on(case, one, stage, worker, rnd)
    _follow([(case, stage, worker) for case, _, stage, worker in cases], of, decider, today)
    return len(cases)


def _announced(of: LivingRound, year: int, today: date) -> Call:
    owner, law = User.objects.get(username=OWNER), SCHEMES[of.scheme]
    name = next(part.name for part in law.sub_schemes if part.code == of.part)
    due = {"report_due": (today + timedelta(days=of.report_due_in)).isoformat()} if of.report_due_in else {}
    with it_is(today - timedelta(days=of.opened), time(8)) as opens_at:
        closes_at = opens_at.replace(hour=0) + timedelta(days=of.opened - of.closed + 1)
        call = prepare_call(
            of.scheme, of.part, year, by=owner, title_nb=name.nb, title_nn=name.nn, about_nb=ABOUT_NB,
            about_nn=ABOUT_NN, envelope_ore=of.envelope_kroner * 100, opens_at=opens_at, closes_at=closes_at,
            numbers={**of.numbers, **due},
        )  # fmt: skip
        return publish_call(call, by=owner)


def _applicants(of: LivingRound, rnd: random.Random) -> list[Organisation]:
    """Those whom somebody may sign in for come first; the rest are drawn."""
    able = Organisation.objects.filter(kind=of.kind, parent=None).exclude(orgnr=None).order_by("orgnr")
    ours = list(able.filter(memberships__user__username__in=_people()).distinct())
    return [*ours, *rnd.sample([one for one in able if one not in ours], len(of.stages) - len(ours))]


def _people() -> list[str]:
    return [username for username, *_ in (*MUNICIPALITY_PEOPLE, *SIGNATORIES)]


def signs_for(organisation: Organisation) -> User:
    """The one who may be signed in as, else somebody invented."""
    ours = User.objects.filter(
        username__in=_people(), memberships__organisation=organisation, memberships__role="signatory"
    )
    return ours.first() or signatory_of(organisation)


def _planned(applicant: Organisation, stage: str, rnd: random.Random) -> Planned:
    applied = rnd.randrange(300, 1_500) * 1_000
    granted = 0 if stage in NOT_GRANTED else applied if rnd.random() < 0.4 else applied * 4 // 5 // 1_000 * 1_000
    return Planned(applicant, applied, granted, misses_a_condition=stage == "unmet")


def _work_on(case: Application, one: Planned, stage: str, worker: User, rnd: random.Random) -> None:
    """What the caseworker has done: nothing, a beginning, a question, the scores, or a proposal."""
    if stage == "new":
        return
    if stage in ("begun", "asked"):
        take_case(case, by=worker)
    if stage == "begun":
        criterion = case.call.criteria()[0]["code"]
        score(case, criterion, 4, reason="Målene er konkrete og kan etterprøves.", by=worker)
    elif stage == "asked":
        ask_applicant(case, QUESTION, by=worker)
    else:
        assess(case, one, worker, rnd)
        if stage not in NOT_PROPOSED:
            propose_as_planned(case, one, worker)


def _follow(cases: list[tuple[Application, str, User]], of: LivingRound, decider: User, today: date) -> None:
    """What has happened since: decisions, an appeal, accepted terms and reports."""
    year = cases[0][0].call.year  # a decision draws on the year of its call
    decided_on = min(max(today - timedelta(days=of.decided), date(year, 1, 1)), date(year, 12, 31))
    decided = [one for one in cases if one[1] not in ("new", "begun", "asked", "proposed", *NOT_PROPOSED)]
    with it_is(decided_on):
        for case, *_ in decided:
            decide(case.decisions.get(state="proposed"), by=decider, on=decided_on)
    with it_is(min(decided_on + timedelta(days=6), today)):
        for case, stage, _ in decided:
            signatory = signs_for(case.organisation)
            if stage == "appealed":
                _appeal(case, signatory)
            elif stage in ("accepted", "to report", *REPORTS):
                accept(case, by=signatory)
    with it_is(today - timedelta(days=4)):
        reporting = [one for one in decided if one[1] in REPORTS]
        reports = [(report_on(case, by=signs_for(case.organisation), used=USED.get(stage, 100)), stage, worker)
                   for case, stage, worker in reporting]  # fmt: skip
    with it_is(today - timedelta(days=2)):
        for report, stage, worker in reports:
            if stage == "underspent":
                unspent = report.submissions.get().unspent_ore
                propose_unspent(report, amount_ore=unspent, reason=WHY_UNSPENT, by=worker)
            elif stage == "returned":
                return_report(report, reason=WHY_RETURNED, last_day=today + timedelta(days=14), by=worker)


def _appeal(case: Application, signatory: User) -> None:
    draft = save_appeal(
        case.decisions.get(), version=0, by=signatory, grounds="Vi mener at samarbeidet med skolene er vurdert for lavt.",
        wanted="Vi ber om at søknaden vurderes på nytt.",
    )  # fmt: skip
    send_appeal(draft, by=signatory)


def _drafts() -> int:
    """A draft, half written, in the first open call for each who signs and has none."""
    made = 0
    open_now = {call.scheme: call for call in Call.objects.open_at(timezone.now())}
    calls = [open_now[code] for code in OPEN_CALLS if code in open_now]  # a claim takes a person or a place, and waits
    for username in _people():
        user = User.objects.filter(username=username).first()
        able = [(user, call, one) for call in calls for one in may_begin_for(user, call)] if user else []
        if able and not Application.objects.filter(organisation=able[0][2], call__in=calls).exists():
            with transaction.atomic():
                _begin(*able[0])
            made += 1
    return made


def _begin(by: User, call: Call, organisation: Organisation) -> None:
    case = begin_application(call, organisation, by=by)
    planned = Planned(organisation, 640_000, 640_000, misses_a_condition=False)
    typed = answers(call, planned, random.Random(f"{SEED}:{organisation.orgnr}"))
    for theme in TO_DRAFT:
        save_answers(case, theme, typed[theme], version=case.version, by=by)

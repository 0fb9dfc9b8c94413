"""What the invented people of the demo do with one case, through the ordinary services: send in, assess, accept, report."""

import random

from django.conf import settings

from applications.models import Application, Call, Report, Terms
from applications.services.assess import rule_on, score, take_case
from applications.services.attach import Passed, keep
from applications.services.decide import propose
from applications.services.draft import begin_application, save_answers
from applications.services.invite import invite
from applications.services.reports import save_report, submit_report
from applications.services.submit import submit
from applications.services.terms import accept_terms
from applications.workflow.grounds import newest_findings, settled
from config.demo.answers import answers, auditors_statement, report_answers
from config.demo.rounds import Planned
from grants.documents import quarantine
from grants.law.themes import STATEMENT
from grants.models import User

WHY = {
    "granted": "Prosjektet treffer målgruppen, målene kan etterprøves, og planen er realistisk innenfor budsjettet.",
    "in part": "Prosjektet treffer målgruppen godt. Rammen rekker ikke til hele beløpet, og vi har lagt vekt på de delene som "
    "gir mest for deltakerne.",
    "refused": "Søknaden er vurdert mot de andre i utlysningen. Den nådde ikke høyt nok opp til å få plass innenfor rammen.",
    "unmet": "Et av vilkårene i regelverket er ikke oppfylt. Da kan vi ikke gi tilskudd.",
}  # fmt: skip
EXCEPTIONS = {
    "is_the_right_kind_of_applicant": "Oslo er både kommune og fylkeskommune, og søker her som fylkeskommune.",
}
NAMED_IN = {"resource_centres": "Stortingets budsjettvedtak for 2017", "vulnerable_groups": "Prop. 1 S (2016-2017)"}
NYNORSK_COUNTIES = ("12", "14", "15")


def send_in(call: Call, one: Planned, rnd: random.Random, *, by: User) -> Application:
    """Begin, write every theme and send in."""
    case = _begun(call, one, by)
    for theme, typed in answers(call, one, rnd).items():
        save_answers(case, theme, typed, version=case.version, by=by)
    submit(case, by=by)
    return case


def _begun(call: Call, one: Planned, signatory: User) -> Application:
    if call.by_invitation:
        amount_ore, ground = one.granted_kroner * 100, NAMED_IN[call.scheme]
        return invite(call, one.applicant, ground=ground, amount_ore=amount_ore, by=call.created_by).application
    county = one.applicant.municipality_number[:2]
    language = "nn" if county in NYNORSK_COUNTIES else "nb"
    return begin_application(call, one.applicant, by=signatory, language=language)


def assess(case: Application, one: Planned, worker: User, rnd: random.Random) -> None:
    """Taken, conditions settled and scored. What is granted scores higher than what is not."""
    take_case(case, by=worker)
    for finding in newest_findings(case):
        if settled(finding) is not True and finding.rule in EXCEPTIONS:
            rule_on(finding, met=True, reason=EXCEPTIONS[finding.rule], by=worker)
    for criterion in case.call.criteria():
        points = rnd.choice((4, 5, 5, 6)) if one.granted_kroner else rnd.choice((1, 2, 2, 3))
        score(case, criterion["code"], points, reason=f"{points} av 6 etter en samlet vurdering.", by=worker)


def propose_as_planned(case: Application, one: Planned, worker: User) -> None:
    """The proposal, with the reason that goes with it."""
    unmet = any(settled(finding) is False for finding in newest_findings(case))
    why = "unmet" if unmet else _outcome(one)
    propose(case, amount_ore=one.granted_kroner * 100, reason=WHY[why], by=worker)


def _outcome(one: Planned) -> str:
    if not one.granted_kroner:
        return "refused"
    return "granted" if one.granted_kroner == one.applied_kroner else "in part"


def accept(case: Application, *, by: User) -> None:
    """The one who signs for the recipient accepts the terms; an invited one did not begin the application."""
    terms = _terms_of(case)
    accept_terms(terms, sha256=terms.sha256, by=by)


def report_on(case: Application, *, by: User, used: int = 100) -> Report:
    """The recipient writes the report and sends it in, with this percentage of every cost used."""
    report, terms = case.reports.get(), _terms_of(case).content
    for theme, typed in report_answers(terms, used=used).items():
        save_report(report, theme, typed, version=report.version, by=by)
    if terms["auditors_statement"]:
        # Our own file, which we know: it need not be tried at the gate.
        received = quarantine.receive([auditors_statement()], most=settings.ATTACHMENT_MOST_BYTES)
        keep(Passed(case, STATEMENT.code, "Revisors uttalelse.pdf", "application/pdf", received), by=by)
    submit_report(report, by=by)
    return report


def _terms_of(case: Application) -> Terms:
    found = Terms.objects.in_force(case.decisions.get())
    assert found is not None  # the case is granted
    return found

"""Claims: what they come to by the scheme's own sums, what the register knows beside them, and what is wrong with them."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from applications.models import Application, Call, HealthSubmission, Invitation
from grants.law.errors import NoRateInForce
from grants.law.question import Theme
from grants.law.rates.lookup import rates_on
from grants.law.rule import Rates
from grants.law.schemes import disability, integration_reception
from grants.law.text import Text
from grants.models import ClaimFact
from grants.register.claims import newest_claim, newest_claims_of
from grants.register.reading import RegisteredPerson
from grants.register.residents import known_person, lived_in, resident
from grants.shared.errors import BadInput, Refused
from grants.shared.shown import amount, day, figure

REGISTER, CLAIMS = gettext_noop("bosettingsregisteret"), gettext_noop("kravene som er innvilget")
NOT_FOUND = gettext_lazy(
    "Vi finner ingen bosatt person med denne referansen i kommunen i %(year)s. Se etter skrivefeil. "
    "Gjelder kravet en person med adressesperre, så ring oss: da behandles kravet uten denne siden."
)
TOO_LATE = gettext_lazy(
    "Fristen for kravet gikk ut %(last_day)s: det skal komme innen 13 måneder etter bosettingen, som var "
    "%(settled_on)s, jf. %(citation)s. Kravet kan ikke sendes inn."
)
ONCE = gettext_lazy(
    "Det er allerede innvilget tilskudd for personen i %(year)s. Kravet kan ikke sendes inn en gang til."
)
COSTS = Text("Utgifter i alt", "Utgifter i alt", "Costs in all")
COMES_TO = Text("Dette gir kravet", "Dette gir kravet", "The claim comes to")
Values = Mapping[str, Any]


class Sums(NamedTuple):
    """How a scheme's claims are worked out: what the answers come to, and which facts come to an amount."""

    asked: Callable[[Call, Values, Rates], int]
    facts: Callable[[Call, Values, Rates, int, bool], dict[str, Any]]
    amount: Callable[[ClaimFact, Rates], int]


def part_of(call: Call) -> str:
    """The part of the scheme as its rates name it: `2` of `disability_2`."""
    return call.part.rpartition("_")[2]


def documented_ore(values: Values) -> int:
    """All costs of a claim."""
    return sum(values.get(question.code) or 0 for question in disability.COSTS)


def _disability_facts(call: Call, values: Values, rates: Rates, amount_ore: int, whole: bool) -> dict[str, Any]:
    """The documented costs; where a part is granted, the costs that come to that part."""
    part = part_of(call)
    if whole:
        costs = documented_ore(values)
    else:
        costs = disability.costs_behind(amount_ore, part, rates) if amount_ore else 0
    return {"kind": part, "costs_ore": costs}


def _reception_facts(call: Call, values: Values, rates: Rates, amount_ore: int, whole: bool) -> dict[str, Any]:
    """The places; where a part is granted, the places that come to that part."""
    months = values["months"]
    places = values["places"] if whole else integration_reception.places_behind(amount_ore, months, rates)
    if places is None:
        each = integration_reception.granted_ore(1, months, rates)
        raise BadInput(
            _("Beløpet må svare til et helt antall plasser: %(amount)s kroner for hver.") % {"amount": figure(each)}
        )
    return {"quantity": places, "months": months, "on": date(call.year, 1, 1)}


SUMS = {
    "disability": Sums(
        lambda call, values, rates: disability.granted_ore(documented_ore(values), part_of(call), rates),
        _disability_facts,
        lambda fact, rates: disability.granted_ore(fact.costs_ore, fact.kind, rates) if fact.costs_ore else 0,
    ),
    "integration_reception": Sums(
        lambda _call, values, rates: integration_reception.granted_ore(values["places"], values["months"], rates),
        _reception_facts,
        lambda fact, rates: integration_reception.granted_ore(fact.quantity, fact.months, rates),
    ),
}


def asked_ore(application: Application, values: Values) -> int | None:
    """What an application without a budget asks for: by the claim's sums, or the frame of the invitation.

    None where no rate is known yet: the claim is taken in, and cannot be granted before the rate is.
    """
    call = application.call
    if call.by_invitation:
        return Invitation.objects.filter(application=application).values_list("amount_ore", flat=True).first()
    if call.scheme not in SUMS:
        return None
    try:
        return SUMS[call.scheme].asked(call, values, rates_of_claims(call)) or None
    except NoRateInForce:
        return None


def sums_in(call: Call, theme: Theme, values: Values) -> list[tuple[Text, int | None]]:
    """What a theme of a claim comes to so far, for whoever writes it. None: no rate says yet."""
    if theme not in (disability.MEASURES, integration_reception.PLACES):
        return []
    comes_to: int | None = None
    if theme is disability.MEASURES or (values.get("places") and values.get("months")):
        with suppress(NoRateInForce):
            comes_to = SUMS[call.scheme].asked(call, values, rates_of_claims(call))
    costs = [(COSTS, documented_ore(values))] if theme is disability.MEASURES else []
    return [*costs, (COMES_TO, comes_to)]


def rates_of_claims(call: Call) -> Rates:
    """The dated rates that the run will use: a claim has no other."""
    return rates_on(call.scheme, date(call.year, 1, 1))


def reference_of(application: Application) -> str:
    """What a claim is called in the register of claims."""
    return f"sak-{application.case_year}-{application.case_number}"


def facts_behind(application: Application, values: Values, amount_ore: int) -> dict[str, Any]:
    """The claim that comes to an amount, as the register of claims keeps it. Refused where no rate says so."""
    call = application.call
    usual: dict[str, Any] = {
        "municipality_number": application.organisation.municipality_number, "year": call.year, "kind": "",
        "quantity": 0, "months": 0, "costs_ore": 0, "on": claimed_on(application),
    }  # fmt: skip
    whole = amount_ore == application.applied_ore
    try:
        rates = rates_of_claims(call)
        found = usual | SUMS[call.scheme].facts(call, values, rates, amount_ore, whole)
        comes_to = SUMS[call.scheme].asked(call, values, rates)
    except NoRateInForce as unknown:
        raise Refused(
            _(
                "Kravet kan ikke innvilges ennå, fordi satsen ikke er kjent: %(rate)s for %(year)s. "
                "Det kan avslås, eller vente."
            )
            % {"rate": unknown.name, "year": unknown.year}
        ) from None
    if amount_ore > comes_to:
        raise Refused(
            _("Kravet gir høyst %(amount)s kroner etter satsene som gjelder nå.") % {"amount": figure(comes_to)}
        )
    return found


def known_amount_ore(application: Application) -> int | None:
    """What the claim of a case comes to as the runs know it; None while they know none."""
    fact = newest_claim(application.call.scheme, reference_of(application))
    if fact is None:
        return None
    if (fact.municipality_number, fact.year) != (application.organisation.municipality_number, application.call.year):
        raise Refused(
            _("Kravet %(claim)s er kjent med en annen kommune eller et annet år. La økonomi se på det.")
            % {"claim": fact.claim_ref}
        )
    return SUMS[application.call.scheme].amount(fact, rates_of_claims(application.call))


# --- The person of a claim --------------------------------------------------------------------------------------------


def person_in(application: Application, typed: Mapping[str, Any]) -> int | None:
    """The person that the answers name, where the municipality may claim for them."""
    reference = str(typed.get("person", {}).get("person_ref", "")).strip()
    found = _resident(application, reference)
    return found.person_id if found else None


def person_facts(application: Application, person_id: int) -> dict[str, tuple[Any, str]]:
    """What the register and the granted claims say of the person, each with its source."""
    call = application.call
    person = known_person(person_id)
    if person is None:
        return {"lives_in_the_municipality": (False, REGISTER)}
    settled_on = date.fromisoformat(person.settled_on)
    minor = person.category == "unaccompanied_minor"
    last = disability.last_grant_year(
        part_of(call), grant_years=person.grant_years, settled_in=settled_on.year,
        minor_born_in=int(person.born_on[:4]) if minor else None,
    )  # fmt: skip
    number = application.organisation.municipality_number
    return {
        "lives_in_the_municipality": (lived_in(person, number, call.year), REGISTER),
        "grant_year": (call.year - settled_on.year + 1, REGISTER),
        "last_grant_year": (last, REGISTER),
        "months_since_settlement": (disability.months_since(settled_on, claimed_on(application, person_id)), REGISTER),
        "claimed_before": (_claimed_before(application, person_id), CLAIMS),
        "granted_already": (_granted_already(application, person_id), CLAIMS),
    }


def claimed_on(application: Application, person_id: int | None = None) -> date:
    """The day a claim first came in, about this person where there is one; today while it has not."""
    sent = application.submissions.order_by("number")
    if person_id is not None:
        same = HealthSubmission.objects.filter(submission__application=application, person=person_id)
        sent = sent.filter(pk__in=same.values("submission"))
    first = sent.first()
    return timezone.localdate(first.submitted_at) if first else timezone.localdate()


def too_late(application: Application, person: RegisteredPerson) -> str:
    """Why the claim comes too late, in words; empty where it does not."""
    settled_on = date.fromisoformat(person.settled_on)
    last_day = disability.last_day(settled_on)
    in_time = claimed_on(application, person.person_id) <= last_day
    if in_time or _claimed_before(application, person.person_id):
        return ""
    words = {"last_day": day(last_day), "settled_on": day(settled_on), "citation": disability.IN_TIME}
    return str(TOO_LATE % words)


def claim_faults(application: Application, theme: Theme, values: Values) -> dict[str, str]:
    """What is wrong in a theme of a claim beyond what each question says by itself."""
    if application.call.scheme != "disability":
        return {}
    if theme is disability.PERSON:
        return _person_faults(application, values)
    return _costs_faults(application.call, values) if theme is disability.MEASURES else {}


def _person_faults(application: Application, values: Values) -> dict[str, str]:
    reference = values.get("person_ref")
    if not reference:
        return {}
    found = _resident(application, reference)
    if found is None:
        return {"person_ref": str(NOT_FOUND % {"year": application.call.year})}
    if late := too_late(application, found):
        return {"person_ref": late}
    if _granted_already(application, found.person_id):
        return {"person_ref": str(ONCE % {"year": application.call.year})}
    return {}


def _costs_faults(call: Call, values: Values) -> dict[str, str]:
    first = disability.COSTS[0].code
    documented = documented_ore(values)
    if not documented:
        return {first: _("Skriv minst én utgift.")}
    if values.get("cost_other") and not values.get("other_costs"):
        return {"other_costs": _("Skriv hva de andre utgiftene er.")}
    try:
        threshold = int(rates_of_claims(call)(f"threshold_{part_of(call)}"))
    except NoRateInForce:
        return {}
    if documented > threshold:
        return {}
    words = {"documented": amount(documented), "threshold": amount(threshold)}
    return {
        first: _(
            "Utgiftene er til sammen %(documented)s. Tilskuddet dekker det som er over %(threshold)s, så det er "
            "ingenting å kreve."
        )
        % words
    }


def _resident(application: Application, reference: str) -> RegisteredPerson | None:
    number = application.organisation.municipality_number
    return resident(reference, number, application.call.year) if reference and number else None


def _others(application: Application, person_id: int) -> list[ClaimFact]:
    """The granted claims about the person, but for the case's own."""
    known = newest_claims_of(application.call.scheme, person_id)
    return [fact for ref, fact in known.items() if fact.costs_ore and ref != reference_of(application)]


def _claimed_before(application: Application, person_id: int) -> bool:
    return any(fact.year < application.call.year for fact in _others(application, person_id))


def _granted_already(application: Application, person_id: int) -> bool:
    """The same year in the same municipality; tilskudd 1 at any time where it is tilskudd 1 that is claimed."""
    number, year = application.organisation.municipality_number, application.call.year
    return any(
        (fact.year, fact.municipality_number) == (year, number)
        or (fact.kind == "1" and part_of(application.call) == "1")
        for fact in _others(application, person_id)
    )

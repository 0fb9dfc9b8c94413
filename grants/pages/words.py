"""What the law's short names are called on screen: roles, states of a run, line codes, rates, kinds and recipients."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grants.law.codes import How
from grants.law.scheme import Kind
from grants.models import Discrepancy, EntitlementRun, Membership, Role

State = EntitlementRun.State

ROLES = {
    Role.CASEWORKER: _("Saksbehandler"),
    Role.DECISION_MAKER: _("Beslutter"),
    Role.FINANCE: _("Økonomi"),
    Role.SCHEME_OWNER: _("Ordningseier"),
    Role.AUDITOR: _("Revisor"),
    Role.ADMINISTRATOR: _("Administrator"),
    Role.EDITOR: _("Redaktør"),
    Role.SIGNATORY: _("Signaturberettiget"),
    Role.ACCOUNTANT: _("Regnskapsfører"),
}
# Name, button, and whom it is for.
PROVIDERS = {
    "idporten": (
        "ID-porten",
        _("Logg inn med ID-porten"),
        _("For deg som er invitert til å søke eller rapportere for en organisasjon."),
    ),
    "ansattporten": (
        "Ansattporten",
        _("Logg inn med Ansattporten"),
        _("For deg som har rettigheter i Altinn til å representere en kommune eller organisasjon."),
    ),
    "staff": (
        _("direktoratets innlogging"),
        _("Logg inn som ansatt"),
        _("For ansatte i direktoratet."),
    ),
}
SOURCES = {
    Membership.Source.GIVEN: _("Gitt av direktoratet"),
    Membership.Source.INVITED: _("Invitert"),
    Membership.Source.PROVIDER: _("Hentet fra Altinn"),
}
# What was done to a user, as an administrator reads it.
DEEDS = {
    "add_user": _("Fikk en rolle ved kommando"),
    "sign_in": _("Logget inn"),
    "refresh_memberships": _("Tilganger hentet fra Altinn"),
    "give_role": _("Fikk rolle"),
    "take_role": _("Mistet rolle"),
    "give_membership": _("Fikk representere"),
    "take_membership": _("Representerer ikke lenger"),
    "close_user": _("Brukeren ble stengt"),
    "open_user": _("Brukeren ble åpnet"),
    "invite": _("Inviterte"),
    "withdraw_invitation": _("Trakk en invitasjon tilbake"),
    "redeem_invitation": _("Tok imot en invitasjon"),
    "wrong_code": _("Skrev en ugyldig kode"),
    "give_health_access": _("Fikk tilgang til helseopplysninger"),
    "end_health_access": _("Mistet tilgangen til helseopplysninger"),
    "change_own_name": _("Endret navnet sitt"),
}
# Text, colour, icon: the colour never carries the meaning alone.
RUN_STATES = {
    State.PREPARING: (pgettext_lazy("run", "Under arbeid"), "neutral", "Hourglass"),
    State.PREPARED: (pgettext_lazy("run", "Klar til godkjenning"), "warning", "PersonCheckmark"),
    State.APPROVED: (pgettext_lazy("run", "Godkjent"), "info", "Checkmark"),
    State.PAID: (pgettext_lazy("run", "Utbetalt"), "success", "BankNote"),
    State.DISCARDED: (pgettext_lazy("run", "Forkastet"), "neutral", "XMark"),
}
# How far something that a recipient gets has come: text, colour, icon.
MOVES = {
    "paid": (pgettext_lazy("payment", "Utbetalt"), "success", "BankNote"),
    "partly": (pgettext_lazy("payment", "Delvis utbetalt"), "info", "BankNote"),
    "sent": (pgettext_lazy("payment", "På vei"), "info", "ArrowRight"),
    "held": (pgettext_lazy("payment", "Holdt tilbake"), "warning", "Hourglass"),
    "expected": (pgettext_lazy("payment", "Kommer"), "neutral", "Calendar"),
    "carried": (pgettext_lazy("payment", "Trekkes neste gang"), "danger", "ArrowRightLeft"),
    "nothing": (pgettext_lazy("payment", "Ingenting å betale"), "neutral", "Minus"),
    "cancelled": (pgettext_lazy("payment", "Falt bort"), "neutral", "XMark"),
}
CODES = {
    "AR-1": _("År 1, voksen"),
    "AR-1 EV": _("År 1, enslig voksen"),
    "AR-1 B": _("År 1, barn"),
    "AR-1 EM": _("År 1, enslig mindreårig"),
    "BHT": _("Barnehagetilskudd"),
    "ELDR": _("Eldretilskudd"),
    "AR-2": _("År 2"),
    "AR-3": _("År 3"),
    "AR-4": _("År 4"),
    "AR-5": _("År 5"),
    "EMINB": _("Enslig mindreårig, høy sats"),
    "EMINU": _("Enslig mindreårig, lav sats"),
    "FHT1": _("Nedsatt funksjonsevne, tilskudd 1"),
    "FHT2": _("Nedsatt funksjonsevne, tilskudd 2"),
    "EKS50": _("Ekstratilskudd ved bosetting"),
    "EKS500": _("Ekstratilskudd fra institusjon"),
    "INTMOT": _("Plass i integreringsmottak"),
    "ASYL-N": _("Norskopplæring for asylsøker"),
    "ASYL-K": _("Norsk kultur og norske verdier"),
}
RATES = {
    "year_1_adult": _("År 1, voksen"),
    "year_1_single_adult": _("År 1, enslig voksen"),
    "year_1_child": _("År 1, barn"),
    "year_1_unaccompanied_minor": _("År 1, enslig mindreårig"),
    "year_1_high": _("År 1, høy sats"),
    "year_1_low": _("År 1, lav sats"),
    "year_2": _("År 2"),
    "year_2_high": _("År 2, høy sats"),
    "year_2_low": _("År 2, lav sats"),
    "year_3": _("År 3"),
    "year_3_high": _("År 3, høy sats"),
    "year_3_low": _("År 3, lav sats"),
    "year_4": _("År 4"),
    "year_5": _("År 5"),
    "nursery": _("Barnehagetilskudd"),
    "elderly": _("Eldretilskudd"),
    "high": _("Høy sats, til og med året man fyller 16"),
    "low": _("Lav sats, året man fyller 17 til og med 20"),
    "per_person": _("Per person"),
    "per_place_year": _("Per plass og år"),
    "per_place_month": _("Per plass og måned"),
    "threshold_1": _("Innslagspunkt, tilskudd 1"),
    "threshold_2": _("Innslagspunkt, tilskudd 2"),
    "cap_2": _("Tak, tilskudd 2"),
    "norwegian": _("Norskopplæring, per person"),
    "culture": _("Norsk kultur og norske verdier, per person"),
    "frame": _("Ramme"),
    "least_own_share": _("Minste egenandel"),
    "least_participants_a": _("Minste antall deltakere, del A"),
    "advised_participants_b": _("Anbefalt antall deltakere, del B"),
    "least_refugees": _("Minste antall flyktninger"),
    "least_share_of_immigrants": _("Minste andel innvandrere"),
    "nsfv_maximum": _("Høyeste beløp, NSFV"),
}
# What a recipient may hold to be wrong, and what came of it: text, colour, icon.
WRONG = {
    Discrepancy.What.AMOUNT: _("Beløpet er feil"),
    Discrepancy.What.PERSON: _("Personen hører ikke til oss, eller er ført feil"),
    Discrepancy.What.MISSING: _("En person mangler"),
    Discrepancy.What.RATE: _("Satsen er feil"),
    Discrepancy.What.OTHER: _("Noe annet"),
}
ANSWERS = {
    "": (_("Venter på svar"), "warning", "Hourglass"),
    "corrected": (_("Rettet"), "success", "Checkmark"),
    "kept": (_("Beløpet står"), "info", "InformationSquare"),
    "withdrawn": (_("Trukket tilbake"), "neutral", "XMark"),
}
EVENTS = {
    "written": _("skrev"),
    "pay_meanwhile": _("ba om å få betalt imens"),
    "corrected": _("svarte: rettet"),
    "kept": _("svarte: beløpet står"),
    "withdrawn": _("trakk avviket tilbake"),
}
# How an amount follows from its rate.
HOW = {
    How.WHOLE: _("hele satsen, én gang"),
    How.QUARTER: _("en fjerdedel av årssatsen; termin 4 tar resten"),
    How.HALF: _("halve årssatsen; termin 2 tar resten"),
    How.MONTHS: _("satsen for %(parts)s av 12 måneder"),
    How.HEADS: _("satsen for %(parts)s personer"),
    How.ABOVE: _("det dokumenterte kostnader er over innslagspunktet, opp til taket"),
    How.PLACES: _("per plass og måned, delt på to terminer"),
    How.DIFFERENCE: _("forskjellen mellom det som er riktig nå, og det som er ført før"),
}
KINDS = {
    Kind.AUTOMATIC_PER_PERSON: _("Automatisk per person"),
    Kind.CLAIM_PER_PERSON: _("Etter krav per person"),
    Kind.PROJECT_APPLICATION: _("Etter søknad"),
    Kind.EARMARKED: _("Øremerket i budsjettet"),
    Kind.DELEGATED: _("Videreformidles av kommuner"),
}
RECIPIENTS = {
    "municipality": _("Kommuner"),
    "county": _("Fylkeskommuner"),
    "ngo": _("Frivillige organisasjoner"),
    "enterprise": _("Virksomheter"),
    "directorate": _("Direktorater"),
}
CERTAINTIES = {
    "V": _("kontrollert mot en offentlig kilde"),
    "R": _("fra årsrapporten 2017"),
    "I": _("utledet av andre tall"),
    "G": _("antakelse, ikke kontrollert"),
}

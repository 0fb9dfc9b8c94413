"""Raise a claim to get money back: one person raises it, another approves it, and the recipient is given notice."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max

from grants.jobs.queue import hand_over
from grants.law.assumptions import assumption
from grants.models import (
    Approval,
    AuditEvent,
    Membership,
    Organisation,
    RecoveryClaim,
    RecoveryEvent,
    Role,
    User,
)
from grants.recoveries.paid import Paid, paid_to
from grants.recoveries.story import add_event, claim_now, digest_of, kid_of
from grants.shared.dates import today
from grants.shared.errors import BadInput, ChangedSince, NotAllowed, Refused
from grants.shared.money import kr

Kind = RecoveryEvent.Kind
# What a claim rests on, where the one who raises it does not say otherwise.
CITATIONS = {
    RecoveryClaim.Kind.UNSPENT: "Vilkårene for tilskuddet: det som ikke er brukt, betales tilbake",
    RecoveryClaim.Kind.WITHDRAWN: "Omgjort vedtak, jf. forvaltningsloven § 35",
    RecoveryClaim.Kind.WRONG: "Ulovfestede regler om tilbakesøking av feil utbetaling (condictio indebiti)",
    RecoveryClaim.Kind.NO_REPORT: "Vilkårene for tilskuddet: uten rapport kan tilskuddet kreves tilbake",
}


@dataclass(frozen=True)
class Claimed:
    """A claim as it is asked for: on whom, how much of what, why, and where it came from."""

    recipient: Organisation
    kind: RecoveryClaim.Kind
    amount_ore: int
    scheme: str
    chapter: str
    post: str
    code: str
    origin_year: int
    origin_term: int
    account_class: str
    ground: str
    source: str
    sprang_from: str
    citation: str = ""
    about: str = ""


@transaction.atomic
def raise_claim(wanted: Claimed, *, by: User, on: date | None = None) -> RecoveryClaim:
    """Raise a claim, for a second person to approve. The same source again gives back the claim that stands.

    It is a service of the house: who may raise one is asked by those who call it.
    """
    standing = RecoveryClaim.objects.filter(source=wanted.source).first()
    if standing is not None:
        return standing
    if wanted.amount_ore <= 0:
        raise BadInput("Et krav er på mer enn 0 kroner. Negative summer føres videre og kreves ikke inn.")
    if not wanted.ground.strip():
        raise BadInput("Skriv hvorfor pengene kreves tilbake. Mottakeren leser det.")
    number = (RecoveryClaim.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    claim = RecoveryClaim(
        number=number, kid=kid_of(number), recipient=wanted.recipient, kind=wanted.kind, amount_ore=wanted.amount_ore,
        scheme=wanted.scheme, chapter=wanted.chapter, post=wanted.post, code=wanted.code,
        origin_year=wanted.origin_year, origin_term=wanted.origin_term, account_class=wanted.account_class,
        ground=wanted.ground.strip(), citation=wanted.citation.strip() or CITATIONS[wanted.kind], source=wanted.source,
        about=wanted.about, sprang_from=wanted.sprang_from, raised_by=by, raised_on=on or today(),
    )  # fmt: skip
    claim.digest = digest_of(claim)
    try:
        with transaction.atomic():
            claim.save()
    except IntegrityError:
        standing = RecoveryClaim.objects.filter(source=wanted.source).first()
        if standing is None:
            raise ChangedSince("Et annet krav ble reist i samme øyeblikk. Prøv igjen.") from None
        return standing
    AuditEvent.objects.create(by=by, verb="raise_recovery", subject=f"recovery:{claim.pk}")
    return claim


@transaction.atomic
def raise_by_hand(
    recipient: Organisation, paid: str, *, kind: RecoveryClaim.Kind, amount_ore: int, ground: str, citation: str,
    key: str, by: User,
) -> RecoveryClaim:  # fmt: skip
    """Finance has found that something was paid wrongly or twice. `paid` names what; `key` the form, so that it is one claim."""
    require_finance(by, "reise krav")
    Organisation.objects.select_for_update().get(pk=recipient.pk)
    if (standing := RecoveryClaim.objects.filter(source=f"by_hand:{key}").first()) is not None:
        return standing
    of = next((one for one in paid_to(recipient) if one.key == paid), None)
    if of is None:
        raise BadInput("Velg utbetalingen som kravet gjelder.")
    if amount_ore > of.left_ore:
        raise BadInput(f"Av denne utbetalingen er det {kr(of.left_ore)} kroner igjen å kreve. Skriv et lavere beløp.")
    return raise_claim(_of_paid(recipient, of, kind, amount_ore, ground, citation, key), by=by)


@transaction.atomic
def approve_claim(
    claim: RecoveryClaim, *, by: User, seen: int | None = None, digest: str | None = None
) -> RecoveryEvent:
    """Another person approves a claim, and the recipient is given notice, with days to comment (forvaltningsloven § 16)."""
    claim = claim_now(claim, seen=seen)
    _require_second(claim, by)
    if digest_of(claim) != claim.digest or digest not in (None, claim.digest):
        raise ChangedSince(f"{claim} er ikke det kravet som ble reist. Det er ikke godkjent.")
    Approval.objects.create(
        subject=f"recovery:{claim.pk}", digest=claim.digest, proposed_by=claim.raised_by, approved_by=by
    )
    on = today()
    add_event(claim, Kind.APPROVED, on=on, by=by)
    noticed = add_event(
        claim, Kind.NOTICED, on=on, by=by, due_on=on + timedelta(days=assumption("recoveries", "notice_days"))
    )
    AuditEvent.objects.create(by=by, verb="approve_recovery", subject=f"recovery:{claim.pk}")
    hand_over_letter(noticed)
    return noticed


@transaction.atomic
def reject_claim(claim: RecoveryClaim, *, reason: str, by: User, seen: int | None = None) -> RecoveryEvent:
    """The claim is not approved, or taken back by the one who raised it, with a reason. The recipient hears nothing."""
    require_finance(by, "avvise krav")
    claim = claim_now(claim, seen=seen)
    if claim.standing != RecoveryClaim.Standing.PROPOSED:
        raise ChangedSince(f"{claim} er behandlet allerede.")
    if not reason.strip():
        raise BadInput("Skriv hvorfor kravet ikke godkjennes.")
    AuditEvent.objects.create(by=by, verb="reject_recovery", subject=f"recovery:{claim.pk}")
    return add_event(claim, Kind.REJECTED, on=today(), by=by, words=reason.strip())


def note_on_claims(about: str, words: str, *, by: User | None) -> int:
    """Something has happened that bears on claims which are not over: it stands in each of their stories."""
    noted = 0
    for key in RecoveryClaim.objects.filter(about=about).values_list("pk", flat=True):
        claim = claim_now(key)
        if claim.standing != RecoveryClaim.Standing.REJECTED:
            add_event(claim, Kind.NOTE, on=today(), by=by, words=words)
            noted += 1
    return noted


def hand_over_letter(event: RecoveryEvent) -> None:
    """The letter of an event is made and delivered by a job."""
    hand_over("recovery_letter", f"recovery_letter:{event.pk}", {"event": event.pk})


def require_finance(by: User, what: str) -> None:
    """Getting money back is finance's work."""
    if not by.has_directorate_role(Role.FINANCE):
        raise NotAllowed(f"{by} kan ikke {what}: det krever rollen økonomi.")


def require_no_interest(claim: RecoveryClaim, by: User) -> None:
    """Nobody stands behind a claim on an organisation that they act for."""
    if Membership.objects.filter(user=by, organisation=claim.recipient_id).exists():
        raise NotAllowed(f"{by} handler for {claim.recipient}. En annen må gjøre det.")


def _require_second(claim: RecoveryClaim, by: User) -> None:
    require_finance(by, "godkjenne krav")
    if claim.standing != RecoveryClaim.Standing.PROPOSED:
        raise ChangedSince(f"{claim} er behandlet allerede.")
    if claim.raised_by_id == by.pk:
        raise NotAllowed(f"{by} har reist {claim}. En annen person må godkjenne det.")
    require_no_interest(claim, by)


def _of_paid(
    recipient: Organisation, of: Paid, kind: RecoveryClaim.Kind, amount_ore: int, ground: str, citation: str, key: str
) -> Claimed:
    if not key:
        raise Refused("Skjemaet mangler nøkkelen sin. Åpne siden på nytt.")
    return Claimed(
        recipient=recipient, kind=kind, amount_ore=amount_ore, scheme=of.scheme, chapter=of.chapter, post=of.post,
        code=of.code, origin_year=of.origin_year, origin_term=of.origin_term, account_class=of.account_class,
        ground=ground, citation=citation, source=f"by_hand:{key}", sprang_from="Funnet av økonomi",
    )  # fmt: skip

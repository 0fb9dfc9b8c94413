"""From notice to last day: the recipient is heard, the claim is sent, a plan agreed on, and who is late is reminded."""

from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from grants.jobs.daily import daily
from grants.law.assumptions import assumption
from grants.models import AuditEvent, Membership, RecoveryClaim, RecoveryEvent, User
from grants.models.user import ORGANISATION_ROLES
from grants.recoveries.plan import late_ore
from grants.recoveries.story import add_event, answered_for_by, claim_now
from grants.services.raise_recovery import hand_over_letter, require_finance
from grants.shared.dates import read_day, today
from grants.shared.errors import BadInput, ChangedSince, NotAllowed, Refused
from grants.shared.money import kr
from grants.shared.shown import day

Kind, Standing = RecoveryEvent.Kind, RecoveryClaim.Standing
MOST_CHARACTERS, MOST_PARTS = 20_000, 36
MORNING = time(6)


@transaction.atomic
def comment_on_claim(claim: RecoveryClaim, words: str, *, by: User, seen: int | None = None) -> RecoveryEvent:
    """The recipient says what it thinks of the notice. It may do so, and more than once, until the claim is sent."""
    claim = claim_now(claim, seen=seen)
    if not acts_for(by, claim):
        raise NotAllowed(_("%(who)s handler ikke for %(organisation)s.") % {"who": by, "organisation": claim.recipient})
    if claim.standing != Standing.NOTICED:
        raise ChangedSince(_("Kravet er avgjort, og varselet kan ikke kommenteres lenger. Ta kontakt med oss."))
    text = words.replace("\x00", "").strip()
    if not text:
        raise BadInput(_("Skriv det dere vil si om kravet."))
    if len(text) > MOST_CHARACTERS:
        raise BadInput(_("Teksten er for lang. Det er plass til %(most)s tegn.") % {"most": MOST_CHARACTERS})
    return add_event(claim, Kind.COMMENTED, on=today(), by=by, words=text)


@transaction.atomic
def send_claim(claim: RecoveryClaim, *, words: str = "", by: User, seen: int | None = None) -> RecoveryEvent:
    """Decide that the claim stands, and send it with a last day to pay. `words` answer what the recipient has said."""
    require_finance(by, "sende krav")
    claim = claim_now(claim, seen=seen)
    if claim.standing != Standing.NOTICED:
        raise ChangedSince(f"{claim} er {claim.get_standing_display().lower()}, og sendes ikke nå.")
    on = today()
    has_commented = claim.events.filter(kind=Kind.COMMENTED).exists()
    if not has_commented and (claim.comment_by is None or on <= claim.comment_by):
        until = day(claim.comment_by) if claim.comment_by else ""
        raise Refused(
            f"Mottakeren kan uttale seg til og med {until}. Kravet kan sendes etter det, eller når svaret er kommet."
        )
    if has_commented and not words.strip():
        raise BadInput("Mottakeren har uttalt seg. Skriv hva dere mener om det; det står i brevet.")
    made = add_event(
        claim, Kind.DECIDED, on=on, by=by, words=words.strip(),
        due_on=on + timedelta(days=assumption("recoveries", "pay_within_days")),
    )  # fmt: skip
    AuditEvent.objects.create(by=by, verb="send_recovery", subject=f"recovery:{claim.pk}")
    hand_over_letter(made)
    return made


@transaction.atomic
def agree_on_plan(
    claim: RecoveryClaim, parts: Sequence[tuple[date, int]], *, words: str, by: User, seen: int | None = None
) -> RecoveryEvent:
    """Agree with the recipient on days and sums (øre) that come to what is left. A later plan takes this one's place."""
    require_finance(by, "avtale avdrag")
    claim = claim_now(claim, seen=seen)
    _require_owing(claim)
    days = [on for on, _ore in parts]
    if not 1 < len(parts) <= MOST_PARTS:
        raise BadInput(f"En avdragsplan har fra 2 til {MOST_PARTS} avdrag.")
    if days != sorted(set(days)) or days[0] <= today():
        raise BadInput("Avdragene må ha hver sin dag, i rekkefølge, og den første etter i dag.")
    if any(ore <= 0 for _, ore in parts) or sum(ore for _, ore in parts) != claim.left_ore:
        raise BadInput(f"Avdragene må til sammen bli {kr(claim.left_ore)} kroner, som er det som gjenstår.")
    if not words.strip():
        raise BadInput("Skriv hvorfor det avtales avdrag.")
    made = add_event(
        claim, Kind.PLANNED, on=today(), by=by, words=words.strip(), due_on=days[-1],
        plan=[{"due_on": on.isoformat(), "amount_ore": ore} for on, ore in parts],
    )  # fmt: skip
    AuditEvent.objects.create(by=by, verb="plan_recovery", subject=f"recovery:{claim.pk}")
    hand_over_letter(made)
    return made


def even_parts(left_ore: int, number: int, first: date) -> list[tuple[date, int]]:
    """A plan of equal parts in whole kroner, a month between them; the last takes the rest."""
    if not 1 < number <= MOST_PARTS:
        raise BadInput(f"En avdragsplan har fra 2 til {MOST_PARTS} avdrag.")
    each = left_ore // number // 100 * 100
    if not each:
        raise BadInput("Beløpet er for lite til så mange avdrag.")
    sums = [each] * (number - 1) + [left_ore - each * (number - 1)]
    return [(_months_on(first, place), ore) for place, ore in enumerate(sums)]


@daily("remind_of_recoveries", at=MORNING)
def remind_by_job(payload: Mapping[str, Any]) -> None:
    """The reminders of a day."""
    remind_of_claims(read_day(payload["day"]))


def remind_of_claims(on: date) -> int:
    """Remind of what is overdue on a day, once for each last day; how many reminders that was. May run twice."""
    late = on - timedelta(days=assumption("recoveries", "remind_after_days"))
    owing = RecoveryClaim.objects.owing().filter(Q(decisions__gt=0))
    return sum(_remind(claim.pk, on, late) for claim in owing)


@transaction.atomic
def _remind(key: int, on: date, late: date) -> bool:
    claim = claim_now(key)
    missing, last_day = late_ore(claim, late)
    if not missing or last_day is None:
        return False
    if claim.events.filter(kind=Kind.REMINDED, on__gt=last_day).exists():
        return False
    if claim.standing == Standing.CLAIMED and not _may_have_another_day(claim):
        return False
    due = (
        None if claim.standing == Standing.PLAN else on + timedelta(days=assumption("recoveries", "remind_gives_days"))
    )
    hand_over_letter(add_event(claim, Kind.REMINDED, on=on, by=None, due_on=due, plan=[{"missing_ore": missing}]))
    return True


def _may_have_another_day(claim: RecoveryClaim) -> bool:
    """A reminder gives a new last day, so none comes after the last one, nor where the recipient is told of an offset."""
    if claim.events.filter(kind=Kind.OFFSET_TOLD).exists():
        return False
    reminded: int = claim.events.filter(kind=Kind.REMINDED).count()
    return reminded < int(assumption("recoveries", "reminders_most"))


def acts_for(user: User, claim: RecoveryClaim) -> bool:
    """Does the person act for the recipient, or for the municipality that it was merged into?"""
    own = Membership.objects.filter(user=user, role__in=ORGANISATION_ROLES).select_related("organisation")
    found = answered_for_by({one.organisation for one in own}, today())
    return claim.recipient_id in {one.pk for one in found}


def _require_owing(claim: RecoveryClaim) -> None:
    if claim.standing not in (Standing.CLAIMED, Standing.PLAN):
        raise ChangedSince(f"{claim} er {claim.get_standing_display().lower()}. Det kan ikke gjøres nå.")


def _months_on(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    following = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(first.day, (following - timedelta(days=1)).day))

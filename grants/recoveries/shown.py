"""What the pages show of claims: questions only, each with a name. Somebody else's claim is simply not found."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from grants.models import (
    EntitlementRun,
    Organisation,
    RecoveryClaim,
    RecoveryEvent,
    RecoveryLetter,
    RunPayable,
    User,
)
from grants.recoveries.story import answered_for_by

Standing, Kind = RecoveryClaim.Standing, RecoveryEvent.Kind
OPEN = Q(standing__in=[Standing.PROPOSED, Standing.NOTICED, Standing.CLAIMED, Standing.PLAN])
TO_APPROVE = Q(standing=Standing.PROPOSED) | Q(writes_off__gt=0)
# Days beyond the last day, as finance reads its claims: from, to.
AGES = ((1, 30), (31, 90), (91, None))


def overdue(on: date) -> Q:
    """Past the last day that a letter gave."""
    return Q(standing=Standing.CLAIMED, due_on__lt=on)


def lists(on: date) -> dict[str, Q]:
    """Which lists there are of claims, and the question behind each."""
    return {
        "open": OPEN,
        "approve": TO_APPROVE,
        "send": Q(standing=Standing.NOTICED),
        "overdue": overdue(on),
        "closed": ~OPEN,
    }


def claims(*, search: str = "", kind: str = "") -> QuerySet[RecoveryClaim]:
    """All claims, the newest first; by recipient or number, and by kind."""
    found = RecoveryClaim.objects.with_standing().select_related("recipient", "raised_by").order_by("-number")
    words = search.strip()
    if words:
        number = words.upper().removeprefix("TK-")
        by_number = Q(number=int(number)) if number.isascii() and number.isdigit() and len(number) < 9 else Q()
        named = Q(recipient__search_key__contains=words.casefold()) | Q(recipient__name__icontains=words) | Q(kid=words)
        found = found.filter(by_number | named if by_number else named)
    return found.filter(kind=kind) if kind in RecoveryClaim.Kind.values else found


@dataclass(frozen=True)
class Sums:
    """How much, and in how many claims."""

    ore: int
    claims: int


def in_list(name: str, *, search: str, kind: str, on: date) -> QuerySet[RecoveryClaim]:
    """The claims of one of the lists."""
    return claims(search=search, kind=kind).filter(lists(on)[name])


def late(on: date) -> QuerySet[RecoveryClaim]:
    """The claims past the last day that a letter gave."""
    return RecoveryClaim.objects.with_standing().filter(overdue(on))


def recipients_like(search: str, most: int) -> list[Organisation]:
    """Who may be claimed of, by any part of the name."""
    words = search.strip().casefold()
    found = Organisation.objects.filter(search_key__contains=words, parent=None)
    return list(found.order_by("name")[:most]) if words else []


def recipient_numbered(number: str) -> Organisation | None:
    """A recipient by its organisation number, or a municipality by its own."""
    bare = number.replace(" ", "")
    if not bare:
        return None
    of_municipality = Organisation.objects.municipalities().filter(municipality_number=bare)
    return Organisation.objects.numbered(bare) or of_municipality.first()


def letters_for(user: User, on: date) -> QuerySet[RecoveryLetter]:
    """The letters about claims that a person may read: all of them for the directorate, one's own for a recipient."""
    letters = RecoveryLetter.objects.select_related("event__claim")
    if user.is_in_directorate:
        return letters
    own = [one.organisation for one in user.memberships.select_related("organisation").order_by("organisation__name")]
    return letters.filter(event__claim__in=claims_on(own, on).values("pk"))


def sums_of(found: QuerySet[RecoveryClaim]) -> Sums:
    """What is left of these claims together."""
    left = [claim.left_ore for claim in found]
    return Sums(sum(left), len(left))


def ages(on: date) -> list[tuple[int, int | None, Sums]]:
    """What is overdue, by how many days: from, to, and what is left."""
    overdue_now = list(late(on))
    found = []
    for first, last in AGES:
        within = [one for one in overdue_now if one.due_on and first <= (on - one.due_on).days <= (last or 10**6)]
        found.append((first, last, Sums(sum(one.left_ore for one in within), len(within))))
    return found


@dataclass(frozen=True)
class Told:
    """Something that happened to a claim, whether there is a letter about it, and whether it was answered."""

    event: RecoveryEvent
    has_letter: bool
    is_answered: bool


def story_of(claim: RecoveryClaim) -> list[Told]:
    """All that has happened to a claim, the newest first."""
    found = claim.events.select_related("by", "letter", "answer").order_by("-number")
    return [Told(one, hasattr(one, "letter"), hasattr(one, "answer")) for one in found]


def claims_on(organisations: Iterable[Organisation], on: date) -> QuerySet[RecoveryClaim]:
    """The claims that these organisations answer for and have been told of, the newest first."""
    own = answered_for_by(organisations, on)
    found = RecoveryClaim.objects.of(own).with_standing().filter(Q(approvals__gt=0, rejections=0))
    return found.select_related("recipient").order_by("-number")


@dataclass(frozen=True)
class Carried:
    """A negative sum that waits for the recipient's next run of a scheme: never paid, never claimed."""

    scheme: str
    municipality_number: str
    ore: int


def carried_forward() -> list[Carried]:
    """All negative sums that wait, the largest first."""
    booked = EntitlementRun.objects.booked()
    newest = {}
    for run in booked.order_by("approval_number"):
        newest[run.scheme] = run.pk
    waiting = RunPayable.objects.filter(run__in=newest.values(), carried_out_ore__lt=0).select_related("run")
    return [
        Carried(one.run.scheme, one.municipality_number, one.carried_out_ore)
        for one in waiting.order_by("carried_out_ore", "municipality_number")
    ]


def carried_by(recipient: Organisation) -> int:
    """What a municipality carries forward in all schemes, øre; zero or below."""
    if not recipient.municipality_number or recipient.parent_id is not None:
        return 0
    return sum(one.ore for one in carried_forward() if one.municipality_number == recipient.municipality_number)

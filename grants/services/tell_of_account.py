"""Tell of a changed account number at the old address: the organisation itself, and everybody who signed for it before.

No e-mail address is kept here, so the old address is where the organisation's number leads (A22).
"""

from grants.models import AccountChange, Membership, Role, User
from grants.register.account_changes import account_of, where_is
from grants.register.accounts import last_digits
from grants.services.letter_words import Words
from grants.services.tell_recipient import tell
from grants.shared.dates import today
from grants.shared.shown import day

ABOUT = {
    "proposed": Words("Nytt kontonummer er foreslått", "Nytt kontonummer er foreslått"),
    "approved": Words("Nytt kontonummer er godkjent", "Nytt kontonummer er godkjent"),
    "stopped": Words("Endringen av kontonummer er stoppet", "Endringa av kontonummer er stoppa"),
}
WHO_STOPS = Words(
    "Kjenner dere ikke denne endringen, så stopp den. Alle som representerer dere hos oss, kan gjøre det på siden "
    "«Kontonummer», til den dagen kontoen tas i bruk.",
    "Kjenner de ikkje denne endringa, så stopp ho. Alle som representerer dykk hos oss, kan gjere det på sida "
    "«Kontonummer», til den dagen kontoen blir teken i bruk.",
)


def tell_of(change: AccountChange, what: str, *, by: User) -> None:
    """Leave the letters of a step: proposed, approved or stopped."""
    key = f"account_change:{change.pk}:{what}"
    text = [*_text(change, what, by)] + ([] if what == "stopped" else [WHO_STOPS])
    tell(key, change.organisation, about=ABOUT[what], text=text)
    for number, name in enumerate(_persons(change), start=1):
        tell(f"{key}:{number}", change.organisation, about=ABOUT[what], text=text, to=name)


def _text(change: AccountChange, what: str, by: User) -> list[Words]:
    digits = last_digits(change)
    if what == "stopped":
        return [
            Words(
                f"{by} har stoppet endringen til kontonummeret som slutter på {digits}. Grunn: {change.stop.reason}",
                f"{by} har stoppa endringa til kontonummeret som sluttar på {digits}. Grunn: {change.stop.reason}",
            )
        ]
    old = "" if what == "approved" else _old(change)
    proposed = Words(
        f"{change.proposed_by} har foreslått at tilskudd til {change.organisation} skal utbetales til kontonummeret som "
        f"slutter på {digits}{old}. Grunn: {change.reason}",
        f"{change.proposed_by} har foreslått at tilskot til {change.organisation} skal betalast ut til kontonummeret som "
        f"sluttar på {digits}{old}. Grunn: {change.reason}",
    )
    if what == "proposed":
        return [
            proposed,
            Words(
                "Forslaget gjelder ikke før en annen person har godkjent det.",
                "Forslaget gjeld ikkje før ein annan person har godkjent det.",
            ),
        ]
    start = where_is(change, on=today()).in_use_from
    assert start is not None  # what is approved has its day
    return [
        proposed,
        Words(
            f"{by} har godkjent det. Kontonummeret tas i bruk {day(start)}. Til da holdes utbetalinger tilbake.",
            f"{by} har godkjent det. Kontonummeret blir teke i bruk {day(start)}. Til då blir utbetalingar haldne tilbake.",
        ),
    ]


def _old(change: AccountChange) -> str:
    account = account_of(change.organisation)
    return f" (i dag: {last_digits(account)})" if account is not None else ""


def _persons(change: AccountChange) -> list[str]:
    """Those who signed for the organisation when it was proposed, also when they do so no more, and those who do now."""
    now = Membership.objects.filter(organisation=change.organisation, role=Role.SIGNATORY, user__is_active=True)
    return sorted({*change.told, *(str(one.user) for one in now.select_related("user"))})

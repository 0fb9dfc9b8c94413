"""What claims and what happens to them are called on screen."""

from django.utils.translation import gettext_lazy as _

from grants.models import RecoveryClaim, RecoveryEvent

Standing, Kind = RecoveryClaim.Standing, RecoveryEvent.Kind

KINDS = {
    RecoveryClaim.Kind.UNSPENT: _("Ubrukte midler"),
    RecoveryClaim.Kind.WITHDRAWN: _("Tilskudd satt ned eller trukket tilbake"),
    RecoveryClaim.Kind.WRONG: _("Feil utbetalt"),
    RecoveryClaim.Kind.NO_REPORT: _("Rapport ikke levert"),
}
# Name, colour and icon.
STANDINGS = {
    Standing.PROPOSED: (_("Venter på godkjenning"), "warning", "Hourglass"),
    Standing.REJECTED: (_("Ikke godkjent"), "neutral", "XMark"),
    Standing.NOTICED: (_("Varslet"), "info", "Bell"),
    Standing.CLAIMED: (_("Krav sendt"), "info", "EnvelopeClosed"),
    Standing.PLAN: (_("Avdragsplan"), "info", "Calendar"),
    Standing.SETTLED: (_("Gjort opp"), "success", "Checkmark"),
    Standing.WRITTEN_OFF: (_("Avskrevet"), "neutral", "Minus"),
}
OVERDUE = (_("Over fristen"), "danger", "ExclamationmarkTriangle")
EVENTS = {
    Kind.APPROVED: (_("Kravet er godkjent"), "Checkmark"),
    Kind.REJECTED: (_("Kravet er ikke godkjent"), "XMark"),
    Kind.NOTICED: (_("Varsel er sendt"), "Bell"),
    Kind.COMMENTED: (_("Mottakeren har uttalt seg"), "PencilLine"),
    Kind.DECIDED: (_("Kravet er sendt"), "EnvelopeClosed"),
    Kind.REMINDED: (_("Purring er sendt"), "Clock"),
    Kind.PLANNED: (_("Avdrag er avtalt"), "Calendar"),
    Kind.PAID: (_("Penger er kommet inn"), "BankNote"),
    Kind.UNDONE: (_("Innbetaling er tilbakeført"), "ArrowLeft"),
    Kind.OFFSET_TOLD: (_("Motregning er varslet"), "Bell"),
    Kind.OFFSET: (_("Trukket fra en utbetaling"), "ArrowRightLeft"),
    Kind.OFFSET_UNDONE: (_("Utbetalingen kom i retur, så trekket falt bort"), "ArrowLeft"),
    Kind.WRITE_OFF_PROPOSED: (_("Avskrivning er foreslått"), "Hourglass"),
    Kind.WRITE_OFF_REFUSED: (_("Avskrivning er ikke godkjent"), "XMark"),
    Kind.WRITTEN_OFF: (_("Beløpet er avskrevet"), "Minus"),
    Kind.NOTE: (_("Merknad"), "InformationSquare"),
}
# What the recipient reads of a claim's story; the rest is the directorate's own work.
OPEN_TO_RECIPIENT = frozenset(
    {
        Kind.NOTICED, Kind.COMMENTED, Kind.DECIDED, Kind.REMINDED, Kind.PLANNED, Kind.PAID, Kind.UNDONE,
        Kind.OFFSET_TOLD, Kind.OFFSET, Kind.OFFSET_UNDONE, Kind.WRITTEN_OFF,
    }
)  # fmt: skip

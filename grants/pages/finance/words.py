"""What the states and kinds of payments are called on screen, with the colour and the icon that go with them."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grants.models import Account, BankEvent, BankResolution, Hold, Instalment, Job, Outlier, Payment, PaymentBatch

# Text, colour, icon: the colour never carries the meaning alone.
BATCH_STATES = {
    PaymentBatch.State.OPEN: (pgettext_lazy("batch", "Under arbeid"), "neutral", "PencilLine"),
    PaymentBatch.State.SEALED: (pgettext_lazy("batch", "Venter på attestering"), "warning", "PersonCheckmark"),
    PaymentBatch.State.ATTESTED: (pgettext_lazy("batch", "Attestert"), "info", "Checkmark"),
    PaymentBatch.State.SENT: (pgettext_lazy("batch", "Sendt til banken"), "info", "TasklistSend"),
    PaymentBatch.State.ANSWERED: (pgettext_lazy("batch", "Besvart"), "success", "BankNote"),
    PaymentBatch.State.DISCARDED: (pgettext_lazy("batch", "Forkastet"), "neutral", "XMark"),
}
PAYMENT_STATES = {
    Payment.State.PLANNED: (pgettext_lazy("payment", "Klar"), "neutral", "Clock"),
    Payment.State.SENT: (pgettext_lazy("payment", "Sendt"), "info", "TasklistSend"),
    Payment.State.ACCEPTED: (pgettext_lazy("payment", "Mottatt av banken"), "info", "Inbox"),
    Payment.State.PAID: (pgettext_lazy("payment", "Utbetalt"), "success", "BankNote"),
    Payment.State.REJECTED: (pgettext_lazy("payment", "Avvist"), "danger", "XMark"),
    Payment.State.RETURNED: (pgettext_lazy("payment", "Kommet i retur"), "danger", "ArrowLeft"),
}
OUTLIERS = {
    Outlier.Kind.FIRST: _("Første betaling til mottakeren"),
    Outlier.Kind.CHANGED: _("Langt fra det forrige"),
    Outlier.Kind.LARGE: _("Uvanlig stor"),
    Outlier.Kind.ACCOUNT: _("Ny konto siden sist"),
}
HOLDS = {
    Hold.Kind.TERMS: _("Vilkårene er ikke godtatt"),
    Hold.Kind.NO_ACCOUNT: _("Ingen bekreftet konto"),
    Hold.Kind.NEW_ACCOUNT: _("Kontoen er nylig endret"),
    Hold.Kind.REPORT_OVERDUE: _("Rapporten er ikke levert"),
    Hold.Kind.DISCREPANCY: _("Et avvik er ikke avklart"),
    Hold.Kind.APPROPRIATION: _("Bevilgningen er brukt opp"),
    Hold.Kind.PROTECTED: _("Gjelder en skjermet person"),
    Hold.Kind.BY_HAND: _("Holdt tilbake av økonomi"),
}
WAITS_FOR = {
    Instalment.Event.NONE: "",
    Instalment.Event.TERMS_ACCEPTED: _("vilkårene er godtatt"),
    Instalment.Event.REPORT_APPROVED: _("rapporten er godkjent"),
}
EVENTS = {
    BankEvent.Kind.ACCEPTED: _("Mottatt"),
    BankEvent.Kind.PENDING: _("Under behandling"),
    BankEvent.Kind.REJECTED: _("Avvist"),
    BankEvent.Kind.PAID: _("Belastet"),
    BankEvent.Kind.RETURNED: _("Retur"),
    BankEvent.Kind.OTHER: _("Annet"),
}
TROUBLES = {
    BankEvent.Trouble.UNKNOWN: _("Ukjent referanse"),
    BankEvent.Trouble.AMOUNT: _("Beløpet er et annet"),
    BankEvent.Trouble.TWICE: _("Betalt eller returnert to ganger"),
    BankEvent.Trouble.REJECTED: _("Avvist av banken"),
    BankEvent.Trouble.RETURNED: _("Kommet i retur"),
    BankEvent.Trouble.NOT_SENT: _("Ikke sendt herfra"),
    BankEvent.Trouble.CONTRADICTS: _("Sier noe annet enn før"),
    BankEvent.Trouble.DATE: _("Bokført en annen dag enn ventet"),
    BankEvent.Trouble.YEAR_CLOSED: _("Regnskapsåret er stengt"),
}
# What it means, and what a person must find out.
TROUBLES_MEAN = {
    BankEvent.Trouble.UNKNOWN: _("Banken forteller om penger som ingen betaling herfra svarer til. Ingenting er ført."),
    BankEvent.Trouble.AMOUNT: _("Beløpet er ikke det vi sendte. Ingenting er ført. Spør banken hva som har skjedd."),
    BankEvent.Trouble.TWICE: _("Banken sier det samme to ganger. Det er ført én gang. Spør banken om den andre."),
    BankEvent.Trouble.REJECTED: _("Pengene har ikke forlatt kontoen, og beløpet er fortsatt skyldig."),
    BankEvent.Trouble.RETURNED: _("Pengene er kommet tilbake på kontoen, og beløpet er skyldig igjen."),
    BankEvent.Trouble.NOT_SENT: _("Betalingen er ikke sendt herfra. Ingenting er ført. Spør banken hvor den kom fra."),
    BankEvent.Trouble.CONTRADICTS: _("Banken har sagt noe annet om betalingen før. Ingenting nytt er ført."),
    BankEvent.Trouble.DATE: _("Betalingen er bokført en annen dag enn vi ventet. Ingenting er ført før noen har sett på det."),
    BankEvent.Trouble.YEAR_CLOSED: _("Året det gjelder er stengt. Det føres i det året som er åpent, når noen sier det."),
}  # fmt: skip
ACTIONS = {
    BankResolution.Action.BOOK: (
        _("Før det som banken sier"),
        _("Betalingen føres på den dagen banken oppgir, eller i dag om året er stengt."),
    ),
    BankResolution.Action.PAY_AGAIN: (
        _("Betal på nytt i en senere bunt"),
        _("Beløpet blir klart til betaling. To personer ser på den nye betalingen før den sendes."),
    ),
    BankResolution.Action.KEEP_BACK: (
        _("Hold tilbake"),
        _("Beløpet er skyldig, men tas ikke med i noen bunt før økonomi opphever det."),
    ),
    BankResolution.Action.NOTED: (
        _("Sett og avklart"),
        _("Ingenting føres. Skriv hva du fant ut, og hva som er gjort."),
    ),
}
JOBS = {
    Job.State.WAITING: (pgettext_lazy("job", "Venter på tur"), "neutral", "Hourglass"),
    Job.State.TAKEN: (pgettext_lazy("job", "I arbeid"), "info", "Hourglass"),
    Job.State.DONE: (pgettext_lazy("job", "Ferdig"), "success", "Checkmark"),
    Job.State.DEAD: (pgettext_lazy("job", "Stoppet"), "danger", "ExclamationmarkTriangle"),
}
ACCOUNTS = {
    Account.APPROPRIATION: _("Bevilgning"),
    Account.COMMITTED: _("Tilsagn"),
    Account.OWED: _("Skyldig"),
    Account.PAID: _("Utbetalt"),
    Account.RECOVERED: _("Tilbakebetalt"),
}
SUBJECTS = {"decision": _("vedtak"), "transfer": _("overføring"), "run": _("kjøring")}
DEEDS = {
    "decide": _("Vedtok"),
    "prepare_batch": _("Klargjorde bunten"),
    "seal_batch": _("Forseglet bunten"),
    "attest_batch": _("Attesterte bunten"),
    "discard_batch": _("Forkastet bunten"),
    "send_batch": _("Sendte bunten til banken"),
    "send_again": _("Sendte den samme filen igjen"),
    "download_batch": _("Hentet bankfilen"),
    "hold_order": _("Holdt betalingen tilbake"),
    "end_hold": _("Opphevet tilbakeholdelsen"),
    "release_instalments": _("Utbetalingen ble frigitt"),
    "cancel_instalments": _("Det som gjensto, falt bort"),
}
# Where an instalment is.
INSTALMENT_STATES = {
    "held": (pgettext_lazy("instalment", "Holdes tilbake"), "warning", "PadlockLocked"),
    "waiting": (pgettext_lazy("instalment", "Venter"), "neutral", "Hourglass"),
    "in_batch": (pgettext_lazy("instalment", "I bunt"), "info", "TasklistSend"),
    "paid": (pgettext_lazy("instalment", "Betalt"), "success", "BankNote"),
    "cancelled": (pgettext_lazy("instalment", "Falt bort"), "neutral", "XMark"),
}
MESSAGES = {
    "pain.002": _("Svar på en bunt"),
    "camt.053": _("Kontoutskrift"),
    "camt.054": _("Varsel om bevegelser"),
    "pacs.004": _("Returnerte betalinger"),
}
# A transfer from one account to another, as people call it.
TRANSFERS = {
    "appropriation-committed": _("Tilsagn gitt"),
    "committed-appropriation": _("Tilsagn falt bort"),
    "appropriation-owed": _("Blitt skyldig"),
    "owed-appropriation": _("Ikke lenger skyldig"),
    "committed-owed": _("Tilsagn forfalt"),
    "owed-committed": _("Bundet igjen som tilsagn"),
    "owed-paid": _("Utbetalt"),
    "paid-owed": _("Kommet i retur"),
    "paid-recovered": _("Betalt tilbake"),
    "recovered-paid": _("Tilbakebetaling omgjort"),
}

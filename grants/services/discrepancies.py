"""A recipient says that something is wrong, and the directorate answers: corrected, or kept with a reason.

While it is open, what is not yet paid of its order is held back, unless the recipient asks to be paid meanwhile (A24).
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grants.models import (
    AuditEvent,
    Discrepancy,
    DiscrepancyEvent,
    EntitlementLine,
    EntitlementRun,
    Hold,
    Instalment,
    Membership,
    Organisation,
    PaymentBatch,
    PaymentOrder,
    Role,
    User,
)
from grants.models.discrepancy import ENDS
from grants.payments.recipients import with_successors
from grants.services.hold_orders import end_holds, place_hold
from grants.services.letter_words import Words
from grants.services.tell_recipient import tell
from grants.shared.dates import today
from grants.shared.errors import BadInput, ChangedSince, NotAllowed

Kind = DiscrepancyEvent.Kind
MAY_ANSWER = (Role.CASEWORKER, Role.FINANCE)
LONGEST = 4_000


@transaction.atomic
def open_discrepancy(
    organisation: Organisation,
    *,
    what: str,
    explanation: str,
    by: User,
    order: PaymentOrder | None = None,
    line: EntitlementLine | None = None,
    pay_meanwhile: bool | None = None,
) -> Discrepancy:
    """Say that an order, one line of it, or something of the whole statement is wrong."""
    _require_acts_for(organisation, by)
    if what not in Discrepancy.What.values:
        raise BadInput(_("Velg hva som ikke stemmer."))
    explanation = _words(explanation, _("Forklar hva som ikke stemmer, og hva dere mener er riktig."))
    if order is not None and order.recipient_id != organisation.pk:
        raise NotAllowed(_("Betalingen gjelder ikke denne organisasjonen."))
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    same = Discrepancy.objects.open().filter(organisation=organisation, order=order, line=line).first()
    if same is not None and (order is not None or line is not None):
        raise ChangedSince(_("Dere har meldt dette allerede, som avvik %s. Skriv mer der.") % same.pk)
    waits = order is not None and is_unpaid(order)
    if waits and pay_meanwhile is None:
        raise BadInput(_("Velg om utbetalingen skal vente til dette er avklart."))
    opened = Discrepancy.objects.create(
        organisation=organisation, order=order, line=line, what=what, explanation=explanation, opened_by=by,
        opened_at=timezone.now(),
    )  # fmt: skip
    if waits and order is not None:
        if pay_meanwhile:
            _add(opened, Kind.PAY_MEANWHILE, by)
        else:
            _hold(opened, order)
    _written("open_discrepancy", opened, by)
    return opened


@transaction.atomic
def write_to(discrepancy: Discrepancy, text: str, *, by: User) -> DiscrepancyEvent:
    """Add words to an open discrepancy, from either side; the recipient is told of the directorate's."""
    _open_one(discrepancy)
    if not _acts_for(discrepancy.organisation, by):
        _require_may_answer(discrepancy, by)
    event = _add(discrepancy, Kind.WRITTEN, by, _words(text, _("Skriv hva du vil si.")))
    if not _acts_for(discrepancy.organisation, by):
        _tell(event)
    return event


@transaction.atomic
def ask_to_be_paid(discrepancy: Discrepancy, *, by: User) -> None:
    """The recipient asks to be paid as worked out, while the discrepancy is looked at."""
    _require_acts_for(discrepancy.organisation, by)
    _open_one(discrepancy)
    if discrepancy.events.filter(kind=Kind.PAY_MEANWHILE).exists():
        raise ChangedSince(_("Dere har bedt om det allerede."))
    _add(discrepancy, Kind.PAY_MEANWHILE, by)
    _written("pay_meanwhile", discrepancy, by)
    _let_go(discrepancy, "Mottakeren vil ha betalingen imens.", by)


@transaction.atomic
def withdraw_discrepancy(discrepancy: Discrepancy, *, by: User) -> None:
    """The recipient takes it back."""
    _require_acts_for(discrepancy.organisation, by)
    _open_one(discrepancy)
    _add(discrepancy, Kind.WITHDRAWN, by)
    _written("withdraw_discrepancy", discrepancy, by)
    _let_go(discrepancy, "Mottakeren trakk avviket tilbake.", by)


@transaction.atomic
def answer_discrepancy(
    discrepancy: Discrepancy,
    *,
    corrected: bool,
    text: str,
    by: User,
    run: EntitlementRun | None = None,
    reference: str = "",
) -> None:
    """Answer: corrected by a run or something else that is named, or kept with a reason. The hold is over either way."""
    _require_may_answer(discrepancy, by)
    _open_one(discrepancy)
    text = _words(text, _("Skriv svaret til mottakeren: hva som er rettet, eller hvorfor beløpet står."))
    reference = reference.strip()[:200]
    if corrected and run is None and not reference:
        raise BadInput(_("Oppgi kjøringen som rettet det, eller skriv hva som er rettet."))
    if run is not None:
        _require_corrects(discrepancy, run)
    event = _add(
        discrepancy, Kind.CORRECTED if corrected else Kind.KEPT, by, text, run=run if corrected else None,
        reference=reference if corrected else "",
    )  # fmt: skip
    _written("answer_discrepancy", discrepancy, by)
    _let_go(discrepancy, "Avviket er besvart.", by)
    _tell(event)


def is_unpaid(order: PaymentOrder) -> bool:
    """Is something of the order neither paid nor on its way from the bank?"""
    left = Instalment.objects.outstanding().filter(order=order)
    sent = PaymentBatch.State.SENT, PaymentBatch.State.ANSWERED
    return left.exclude(parts__is_alive=True, parts__payment__batch__state__in=sent).exists()


def may_answer(discrepancy: Discrepancy, by: User) -> bool:
    """Does the person answer for the directorate, with no part in the recipient?"""
    return by.has_directorate_role(*MAY_ANSWER) and not _acts_for(discrepancy.organisation, by)


def _hold(discrepancy: Discrepancy, order: PaymentOrder) -> None:
    place_hold(
        order,
        Hold.Kind.DISCREPANCY,
        reason=f"Mottakeren har meldt at noe ikke stemmer (avvik {discrepancy.pk}).",
        way_out="Direktoratet svarer på avviket, eller mottakeren ber om å få betalt imens.",
        on=today(),
        by=discrepancy.opened_by,
    )


def _let_go(discrepancy: Discrepancy, reason: str, by: User) -> None:
    """End the hold, unless another open discrepancy of the order still wants it."""
    if discrepancy.order is None:
        return
    others = Discrepancy.objects.open().filter(order=discrepancy.order).exclude(pk=discrepancy.pk)
    if not others.exclude(events__kind=Kind.PAY_MEANWHILE).exists():
        end_holds([discrepancy.order], Hold.Kind.DISCREPANCY, reason=reason, on=today(), by=by)


def _open_one(discrepancy: Discrepancy) -> None:
    """One at a time changes a discrepancy, and only while it is open."""
    Discrepancy.objects.select_for_update().get(pk=discrepancy.pk)
    end = discrepancy.events.filter(kind__in=ENDS).select_related("by").first()
    if end is not None:
        raise ChangedSince(_("Avviket er avsluttet av %s. Meld et nytt hvis noe fortsatt er galt.") % end.by)


def _add(
    discrepancy: Discrepancy,
    kind: Kind,
    by: User,
    text: str = "",
    *,
    run: EntitlementRun | None = None,
    reference: str = "",
) -> DiscrepancyEvent:
    return DiscrepancyEvent.objects.create(
        discrepancy=discrepancy, kind=kind, text=text, run=run, reference=reference, by=by, at=timezone.now()
    )


def _require_corrects(discrepancy: Discrepancy, run: EntitlementRun) -> None:
    order = discrepancy.order
    if run.state not in (EntitlementRun.State.APPROVED, EntitlementRun.State.PAID):
        raise BadInput(_("Kjøring %s er ikke godkjent, og har ikke rettet noe ennå.") % run.pk)
    if order is not None and (run.scheme != order.scheme or run.pk == order.run_id):
        raise BadInput(
            _("Kjøring %s kan ikke ha rettet dette: den gjelder en annen ordning, eller er den samme.") % run.pk
        )


def _words(text: str, fault: str) -> str:
    text = text.strip().replace("\x00", "")
    if not text:
        raise BadInput(fault)
    if len(text) > LONGEST:
        raise BadInput(_("Teksten er for lang: høyst %s tegn.") % LONGEST)
    return text


def _acts_for(organisation: Organisation, by: User) -> bool:
    """Also those of the one that has taken it over."""
    return Membership.objects.filter(user=by, organisation__in=with_successors(organisation)).exists()


def _require_acts_for(organisation: Organisation, by: User) -> None:
    if not by.is_active or not _acts_for(organisation, by):
        raise NotAllowed(_("Bare de som representerer mottakeren, kan gjøre dette."))


def _require_may_answer(discrepancy: Discrepancy, by: User) -> None:
    if not may_answer(discrepancy, by):
        raise NotAllowed(_("Avvik besvares av en saksbehandler eller økonomi som ikke handler for mottakeren."))


def _written(verb: str, discrepancy: Discrepancy, by: User) -> None:
    details = {"organisation": str(discrepancy.organisation_id), "name": str(discrepancy.organisation)}
    AuditEvent.objects.create(by=by, verb=verb, subject=f"discrepancy:{discrepancy.pk}", details=details)


def _tell(event: DiscrepancyEvent) -> None:
    number = event.discrepancy_id
    about = {
        Kind.CORRECTED: Words(f"Avvik {number} er rettet", f"Avvik {number} er retta"),
        Kind.KEPT: Words(f"Svar på avvik {number}", f"Svar på avvik {number}"),
    }.get(Kind(event.kind), Words(f"Melding i avvik {number}", f"Melding i avvik {number}"))
    text = [Words(event.text, event.text)]
    if event.run is not None:
        text.append(Words(f"Det er rettet i kjøring {event.run.pk}.", f"Det er retta i køyring {event.run.pk}."))
    elif event.reference:
        text.append(Words(f"Rettet: {event.reference}", f"Retta: {event.reference}"))
    tell(f"discrepancy:{number}:{event.pk}", event.discrepancy.organisation, about=about, text=text)

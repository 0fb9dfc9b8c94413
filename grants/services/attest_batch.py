"""Attest a batch: a second person, who acts for none of the recipients, says that it is right, by its seal."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from grants.models import Approval, AuditEvent, Membership, Outlier, PaymentBatch, Role, User
from grants.payments.seal import digest_of
from grants.payments.states import state_in_words
from grants.payments.still_payable import require_still_payable
from grants.shared.errors import ChangedSince, NotAllowed, Refused


@transaction.atomic
def attest_batch(batch: PaymentBatch, *, by: User, digest: str | None = None) -> PaymentBatch:
    """Attest a sealed batch. `digest` is the seal that the person was shown, where a page showed one.

    Refused to who prepared it or explained what is strange in it, to who acts for a recipient, while an outlier is not
    explained, and where the lines are not those that were sealed (bestemmelser om økonomistyring i staten 2.5.2.1:
    nobody does both, nor pays himself).
    """
    if not by.has_directorate_role(Role.FINANCE):
        raise NotAllowed(_("%(who)s kan ikke attestere: det krever rollen økonomi.") % {"who": by.username})
    batch = PaymentBatch.objects.select_for_update().select_related("prepared_by").get(pk=batch.pk)
    if batch.state != PaymentBatch.State.SEALED:
        raise ChangedSince(
            _("Bunt %(number)s er %(state)s, og attesteres ikke nå.")
            % {"number": batch.number, "state": state_in_words(batch)}
        )
    if batch.prepared_by_id == by.pk:
        raise NotAllowed(
            _("%(who)s har forberedt bunt %(number)s. En annen person må attestere den.")
            % {"who": by.username, "number": batch.number}
        )
    recipients = batch.payments.values("recipient")
    own = Membership.objects.filter(user=by, organisation__in=recipients).select_related("organisation").first()
    if own is not None:
        raise NotAllowed(
            _("%(who)s handler for %(organisation)s, som får penger i bunten. En annen må attestere.")
            % {"who": by.username, "organisation": own.organisation}
        )
    require_still_payable(batch)
    unexplained = Outlier.objects.filter(payment__batch=batch, explanation="").count()
    if unexplained:
        raise Refused(
            ngettext(
                "%(count)s avvik i bunt %(number)s er ikke forklart. Det må forklares før noen attesterer.",
                "%(count)s avvik i bunt %(number)s er ikke forklart. De må forklares før noen attesterer.",
                unexplained,
            )
            % {"count": unexplained, "number": batch.number}
        )
    if Outlier.objects.filter(payment__batch=batch, explained_by=by).exists():
        raise NotAllowed(
            _("%(who)s har forklart avvik i bunt %(number)s. En annen person må attestere den.")
            % {"who": by.username, "number": batch.number}
        )
    if digest_of(batch) != batch.digest or digest not in (None, batch.digest):
        raise ChangedSince(
            _("Bunt %(number)s er ikke den som ble forseglet. La økonomi se på den; den er ikke attestert.")
            % {"number": batch.number}
        )
    Approval.objects.create(
        subject=f"batch:{batch.number}", digest=batch.digest, proposed_by=batch.prepared_by, approved_by=by
    )
    batch.state = PaymentBatch.State.ATTESTED
    batch.save(update_fields=["state"])
    AuditEvent.objects.create(
        by=by, verb="attest_batch", subject=f"batch:{batch.number}", details={"digest": batch.digest}
    )
    return batch

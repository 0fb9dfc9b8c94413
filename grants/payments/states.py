"""The states of a batch as they stand inside a sentence."""

from django.utils.translation import pgettext_lazy

from grants.models import PaymentBatch

State = PaymentBatch.State
IN_A_SENTENCE = {
    State.OPEN: pgettext_lazy("a batch that is", "under arbeid"),
    State.SEALED: pgettext_lazy("a batch that is", "forseglet"),
    State.ATTESTED: pgettext_lazy("a batch that is", "attestert"),
    State.SENT: pgettext_lazy("a batch that is", "sendt"),
    State.ANSWERED: pgettext_lazy("a batch that is", "besvart"),
    State.DISCARDED: pgettext_lazy("a batch that is", "forkastet"),
}


def state_in_words(batch: PaymentBatch) -> str:
    """«forseglet», as in «Bunt 7 er forseglet allerede»."""
    return str(IN_A_SENTENCE[State(batch.state)])

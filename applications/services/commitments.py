"""What a case's decisions commit: booked, corrected by the difference, and compared with the standing decision.

The keys of the lines name the decision: `decision:<pk>:committed`, `:increased`, `:decreased` or `:declined`. What later leaves the
commitment (owed, paid) is to be booked under keys that begin in the same way, so that it can be found from the case.
"""

from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Q
from django.utils.translation import gettext as _

from applications.models import Acceptance, Application, Decision, Overpaid
from applications.services.enter_claim import require_claim_agrees
from grants.budget import cover
from grants.ledger.posting import Transfer, post
from grants.models import Account, LedgerEntry, User
from grants.shared.errors import Refused

GRANTS = "tilskudd"
COMMITTED, INCREASED, DECREASED, DECLINED = "committed", "increased", "decreased", "declined"


def commit(decision: Decision, *, on: date, by: User) -> None:
    """Bind the state: from the appropriation to what is committed, on the call's post and budget year."""
    _bind(decision, COMMITTED, decision.amount_ore, on=on, by=by)


def correct(decision: Decision, *, on: date, by: User) -> None:
    """Book the difference between a decision and the one it took the place of, and nothing else.

    An increase asks the appropriation for cover. A decrease gives back what still stands as committed; what has left the
    commitment beyond the new amount is kept as to be recovered, never booked as negative.
    """
    assert decision.replaces is not None
    standing = committed_ore(decision.application)
    if standing != _to_stand(decision.replaces):
        raise Refused(
            _("Regnskapet sier noe annet enn vedtak %(decision)s. La økonomi se på det.")
            % {"decision": decision.replaces_id}
        )
    if decision.amount_ore > standing:
        return _bind(decision, INCREASED, decision.amount_ore - standing, on=on, by=by)
    used = used_ore(decision.application)
    give_back = min(standing - decision.amount_ore, standing - used)
    if give_back > 0:
        post(line_of(decision, DECREASED, Account.COMMITTED, Account.APPROPRIATION, give_back, on), by=by)
    if used > decision.amount_ore:
        Overpaid.objects.create(
            decision=decision,
            paid_ore=used,
            granted_ore=decision.amount_ore,
            to_recover_ore=used - decision.amount_ore,
        )
    return None


def release(decision: Decision, *, on: date, by: User) -> None:
    """What a declined grant bound is free again: from what is committed back to the appropriation."""
    if used_ore(decision.application):
        raise Refused(_("Pengene er betalt ut. Ta kontakt med oss om å betale dem tilbake."))
    bound = committed_ore(decision.application)
    post(line_of(decision, DECLINED, Account.COMMITTED, Account.APPROPRIATION, bound, on), by=by)


def committed_ore(application: Application) -> int:
    """What the lines of the case's decisions commit in all: given minus given back, whatever has left it since."""
    into, out_of = Account.COMMITTED, Account.APPROPRIATION
    lines = _commitment_lines(application)
    return sum(
        line.amount_ore if line.credit == into else -line.amount_ore
        for line in lines
        if {line.debit, line.credit} == {into, out_of}
    )


def used_ore(application: Application) -> int:
    """What has left the case's commitment: owed or paid."""
    decisions = list(application.decisions.values_list("pk", flat=True))
    if not decisions:
        return 0
    of_case = reduce(or_, (Q(key__startswith=f"decision:{pk}:") for pk in decisions))
    lines = LedgerEntry.objects.filter(of_case, recipient=application.organisation_id)
    return committed_ore(application) - lines.balance_ore(Account.COMMITTED)


def require_ledger_agrees(decision: Decision) -> None:
    """Refuse unless the lines of the case say what its standing decision says of amount, year, code and recipient.

    A claim has no lines of its own: the register of claims says the same, and the runs pay by it.
    """
    if decision.call.law.is_claimed:
        require_claim_agrees(decision)
        return
    application, call = decision.application, decision.call
    facts = (application.organisation_id, call.scheme, call.code, call.year)
    strange = [
        line
        for line in _commitment_lines(application)
        if (line.recipient_id, line.scheme, line.code, line.origin_year) != facts
    ]
    if decision.state != Decision.State.DECIDED or strange or committed_ore(application) != _to_stand(decision):
        raise Refused(
            _(
                "Regnskapet sier noe annet enn vedtak %(decision)s om beløp, år, ordning eller mottaker. "
                "Brevet er ikke laget. La økonomi se på det."
            )
            % {"decision": decision.pk}
        )


def _to_stand(decision: Decision) -> int:
    """What the commitment lines come to under a decision: its amount, and what is still to be recovered beyond it.

    Nothing where the recipient has declined the grant.
    """
    if Acceptance.objects.filter(decision=decision, answer=Acceptance.Answer.DECLINED).exists():
        return 0
    overpaid = Overpaid.objects.filter(decision=decision).first()
    return decision.amount_ore + (overpaid.to_recover_ore if overpaid else 0)


def _commitment_lines(application: Application) -> list[LedgerEntry]:
    keys = [
        f"decision:{pk}:{what}"
        for pk in application.decisions.values_list("pk", flat=True)
        for what in (COMMITTED, INCREASED, DECREASED, DECLINED)
    ]
    return list(LedgerEntry.objects.filter(key__in=keys))


def _bind(decision: Decision, what: str, amount_ore: int, *, on: date, by: User) -> None:
    law = decision.call.law
    cover.require(on.year, law.chapter, law.post, amount_ore)
    post(line_of(decision, what, Account.APPROPRIATION, Account.COMMITTED, amount_ore, on), by=by)


def line_of(decision: Decision, what: str, debit: Account, credit: Account, amount_ore: int, on: date) -> Transfer:
    """One line of a decision, `decision:<pk>:<what>`, with all the facts that the ledger asks for."""
    law, call, recipient = decision.call.law, decision.call, decision.application.organisation
    return Transfer(
        key=f"decision:{decision.pk}:{what}",
        debit=debit,
        credit=credit,
        amount_ore=amount_ore,
        value_date=on,
        chapter=law.chapter,
        post=law.post,
        scheme=call.scheme,
        code=call.code,
        origin_year=call.year,
        origin_term=1,
        recipient_id=recipient.pk,
        recipient_sector=recipient.sector,
        account_class=GRANTS,
    )

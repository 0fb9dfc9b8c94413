"""Which days the bank can be asked to pay on."""

from datetime import date

from django.utils.translation import gettext as _

from grants.shared.banking_days import banking_days_after, is_banking_day
from grants.shared.errors import BadInput
from grants.shared.shown import day as shown_day


def next_pay_day(today: date) -> date:
    """Today, or the first banking day after it."""
    return today if is_banking_day(today) else banking_days_after(today, 1)


def require_pay_day(day: date, *, today: date) -> date:
    """Refuse a day that is over, or on which banks do not settle: the bank would reject the file, or choose for us."""
    if day < today:
        raise BadInput(_("%(day)s er passert. Velg en bankdag fra og med i dag.") % {"day": shown_day(day)})
    if not is_banking_day(day):
        raise BadInput(
            _("%(day)s er ikke en bankdag. Den neste er %(next)s.")
            % {"day": shown_day(day), "next": shown_day(banking_days_after(day, 1))}
        )
    return day

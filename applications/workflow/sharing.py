"""Share an envelope among applications, in whole kroner. One amount per application, in and out in the same order."""

from collections.abc import Sequence

from grants.shared.money import Ore, from_kroner

ORE_IN_A_KRONE = 100


def by_rank(applied: Sequence[Ore], *, envelope: Ore) -> list[Ore]:
    """Each gets what it applied for, the best first, until the envelope is used; the last one gets what is left.

    Øre that do not make a whole krone are given to nobody.
    """
    left = max(0, envelope) // ORE_IN_A_KRONE
    shares = []
    for amount in applied:
        share = min(max(0, amount) // ORE_IN_A_KRONE, left)
        left -= share
        shares.append(from_kroner(share))
    return shares


def same_share(applied: Sequence[Ore], *, envelope: Ore) -> list[Ore]:
    """All get the same share of what they applied for, so that the envelope is used; never more than they applied for.

    Rounds down to whole kroner, then hands out the kroner left over to the largest remainders; equal remainders are
    served in the order of the rows. Not a krone is lost or invented.
    """
    wanted = [max(0, amount) // ORE_IN_A_KRONE for amount in applied]
    whole, budget = sum(wanted), max(0, envelope) // ORE_IN_A_KRONE
    if whole <= budget:
        return [from_kroner(kroner) for kroner in wanted]
    cut = [kroner * budget // whole for kroner in wanted]
    largest_first = sorted(range(len(wanted)), key=lambda row: wanted[row] * budget % whole, reverse=True)
    for row in largest_first[: budget - sum(cut)]:
        cut[row] += 1
    return [from_kroner(kroner) for kroner in cut]

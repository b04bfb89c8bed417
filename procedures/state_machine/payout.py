"""The order of payment of article 49 of the Law on Cooperatives 2012, in whole đồng without rounding loss."""

from collections.abc import Sequence

MEMBERS_RANK = 5  # the remainder goes to members in proportion to contributed capital


def distribute(available: int, claims: Sequence[tuple[int, int]]) -> list[int]:
    """Return the payment of each (rank, amount) out of `available` đồng, in the order given.

    Ranks are paid in order; a rank that is not fully covered is paid pro rata and later ranks get nothing.
    The fifth rank shares the remainder, weighted by contributed capital.
    """
    paid = [0] * len(claims)
    left = available
    for rank in sorted({rank for rank, _ in claims}):
        places = [place for place, claim in enumerate(claims) if claim[0] == rank]
        amounts = [claims[place][1] for place in places]
        total = sum(amounts)
        given = left if rank == MEMBERS_RANK and total > 0 else min(left, total)
        for place, share in zip(places, pro_rata(given, amounts), strict=True):
            paid[place] = share
        left -= given
    return paid


def pro_rata(total: int, weights: Sequence[int]) -> list[int]:
    """Split `total` by weight; left-over đồng go to the largest remainders, the earlier first.

    Example: `pro_rata(100, [1, 1, 1])` returns `[34, 33, 33]`.
    """
    whole = sum(weights)
    if whole <= 0:
        return [0] * len(weights)
    shares = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda place: (-(total * weights[place] % whole), place))
    for place in by_remainder[: total - sum(shares)]:
        shares[place] += 1
    return shares

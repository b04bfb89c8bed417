"""The order of payment of article 49 of the Law on Cooperatives 2012, in whole đồng that always add up."""

from collections.abc import Sequence

MEMBERS_RANK = 5  # what is left goes to members in proportion to contributed capital


def distribute(available: int, claims: Sequence[tuple[int, int]]) -> list[int]:
    """What each (rank, amount) is paid out of `available`, in the order given.

    Ranks are served in order; a rank that money does not cover is paid pro rata and nothing goes further.
    The fifth rank shares all that is left, with the contributed capital as weights.
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
    """`total` split by weight; odd đồng go to the largest remainders, the earlier first."""
    whole = sum(weights)
    if whole <= 0:
        return [0] * len(weights)
    shares = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda place: (-(total * weights[place] % whole), place))
    for place in by_remainder[: total - sum(shares)]:
        shares[place] += 1
    return shares

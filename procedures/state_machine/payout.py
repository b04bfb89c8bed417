"""Payment of claims by ranks, in whole đồng without rounding loss."""

from collections.abc import Sequence


def distribute(available: int, claims: Sequence[tuple[int, int]], remainder: int) -> list[int]:
    """Return the payment of each (rank, amount) out of `available` đồng, in the order given.

    Ranks are paid in order; a rank that is not fully covered is paid pro rata and later ranks get nothing.
    The rank `remainder` shares what is left in proportion, e.g. members by contributed capital.
    """
    paid = [0] * len(claims)
    left = available
    for rank in sorted({rank for rank, _ in claims}):
        places = [place for place, claim in enumerate(claims) if claim[0] == rank]
        amounts = [claims[place][1] for place in places]
        total = sum(amounts)
        given = left if rank == remainder and total > 0 else min(left, total)
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

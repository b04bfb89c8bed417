"""A picture of a forecast: how many were bound week by week, how many may still be by each day, the pace needed."""

from datetime import date
from typing import Any

from foresight.trials import LEVEL
from oversight.forecast import SPOKEN, Forecast

WIDTH, HEIGHT, FOOT = 360, 96, 14


def fan_picture(found: Forecast, today: date) -> dict[str, Any] | None:
    """Points for the lines and the fan of a drawing of WIDTH by HEIGHT; None where nothing is or was bound.

    The fan ends with the last day of which something may be said; `level` is its share in percent.
    """
    until, bound = found.milestone.on, found.outlook.bound
    most = max((count for _, count in found.past), default=0)
    if not most or until <= today:
        return None
    first = found.past[0][0]

    def point(day: date, count: int) -> str:
        across = (day - first).days / (until - first).days * WIDTH
        return f"{across:.1f},{(1 - count / most) * (HEIGHT - FOOT - 4) + 2:.1f}"

    now = point(today, bound)
    said = [one for one in (*found.fan, found.outlook) if one.verdict in SPOKEN and one.low is not None]
    above = [point(one.on, bound - (one.low or 0)) for one in said]
    below = [point(one.on, bound - (one.high or 0)) for one in reversed(said)]
    return {
        "width": WIDTH, "height": HEIGHT, "floor": HEIGHT - FOOT, "first": first, "most": most,
        "today": now.split(",")[0], "height_now": now.split(",")[1], "level": round(100 * LEVEL),
        "past": " ".join(point(day, count) for day, count in found.past),
        "needed": f"{now} {point(until, 0)}",
        "fan": " ".join([now, *above, *below]) if said else "",
        "middle": " ".join([now, *(point(one.on, bound - (one.median or 0)) for one in said)]) if said else "",
        "label": dict(zip("xy", above[-1].split(","), strict=True)) if said else None,
    }  # fmt: skip

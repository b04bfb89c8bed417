"""A picture of a forecast: what waited week by week, what may be left by the day, and the pace that is needed."""

from datetime import date
from typing import Any

from oversight.forecast import Forecast

WIDTH, HEIGHT, FOOT = 360, 96, 14


def pace_picture(found: Forecast, today: date) -> dict[str, Any] | None:
    """Points for the lines and the fan of a drawing of WIDTH by HEIGHT; none where nothing waits or waited."""
    until, pace = found.milestone.on, found.pace
    most = max((count for _, count in found.past), default=0)
    if not most or until <= today:
        return None
    first = found.past[0][0]

    def point(day: date, count: int) -> str:
        across = (day - first).days / (until - first).days * WIDTH
        return f"{across:.1f},{(1 - count / most) * (HEIGHT - FOOT - 4) + 2:.1f}"

    now = point(today, pace.waiting)
    ends = [point(until, pace.waiting - done) for done in (pace.low, pace.high)]
    return {
        "width": WIDTH, "height": HEIGHT, "floor": HEIGHT - FOOT, "first": first, "most": most,
        "today": now.split(",")[0], "height_now": now.split(",")[1],
        "past": " ".join(point(day, count) for day, count in found.past),
        "needed": f"{now} {point(until, 0)}",
        "fan": " ".join([now, *ends]) if pace.verdict != "unknown" else "",
    }  # fmt: skip

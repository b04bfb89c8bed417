"""What the pages of the heads foretell: of the moment, in a large office at most an hour old and with its moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from casework.lists.at_risk import MOST_READ, RiskList, risk_lists
from oversight.forecast import Forecast, forecasts
from oversight.kept_forecasts import HitRate, hit_rate
from oversight.milestones import Milestone, milestones
from oversight.remembered import AsMade, Hourly
from oversight.what_if import WhatIf, what_if
from web.request_context import Visit

HOURLY = Hourly()


@dataclass(frozen=True, slots=True)
class Foretold:
    """The forecasts of the fixed dates, and how often earlier ones were right."""

    forecasts: Sequence[Forecast]
    record: HitRate


def foretold(connection: Connection, here: Visit, district: str | None) -> AsMade[Foretold]:
    def make() -> Foretold:
        found = forecasts(connection, here.today, district=district, fan=True)
        return Foretold(found, hit_rate(connection, here.today, district=district))

    return HOURLY.of(connection, ("forecasts", here.today), district, here.clock.now(), make)


def dates_ahead(connection: Connection, here: Visit, district: str | None) -> AsMade[list[Milestone]]:
    """The fixed dates ahead that have cases to be done, the nearest first."""

    def make() -> list[Milestone]:
        return [item for item in milestones(connection, here.today, district=district) if item.waiting]

    return HOURLY.of(connection, ("dates", here.today), district, here.clock.now(), make)


def risks(
    connection: Connection, here: Visit, district: str | None, milestone: str | None = None, most: int = MOST_READ
) -> AsMade[list[RiskList]]:
    def make() -> list[RiskList]:
        return risk_lists(connection, here.today, district=district, milestone=milestone, most=most)

    return HOURLY.of(connection, ("risks", here.today, milestone, most), district, here.clock.now(), make)


def changes_of(connection: Connection, here: Visit, name: str, district: str | None) -> AsMade[WhatIf | None]:
    def make() -> WhatIf | None:
        return what_if(connection, here.today, name, district=district)

    return HOURLY.of(connection, ("changes", here.today, name), district, here.clock.now(), make)


def oldest(*found: AsMade[Any]) -> datetime | None:
    """When the oldest of several results on a page was made; None: all of them just now."""
    return min((item.made_at for item in found if item.made_at is not None), default=None)

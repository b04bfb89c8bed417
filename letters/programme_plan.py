"""Plans of the programme, which letters cite only with number, day and issuer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from letters.numbering import long_date

CITY_PLAN, DISTRICT_PLAN = "plan.seed", "plan.district"
PLANS: Mapping[str, bool] = {CITY_PLAN: True, DISTRICT_PLAN: False}  # whether it is required by letters that cite it


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan; `title`: the text after the issuer's name: `triển khai thực hiện …`."""

    number: str
    signed_on: date
    issuer: str
    title: str = ""

    def cited(self, *, again: bool = False) -> str:
        """Return `Kế hoạch số 12/KH-UBND ngày … của …`; with `again` number and day only."""
        short = f"Kế hoạch số {self.number} {long_date(self.signed_on)}"
        return short if again else f"{short} của {self.issuer} {self.title}".strip()

"""The plans by which the programme runs, as letters cite them: only with number, day and issuer, or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from letters.numbering import long_date

CITY_PLAN, DISTRICT_PLAN = "plan.seed", "plan.district"
PLANS: Mapping[str, bool] = {CITY_PLAN: True, DISTRICT_PLAN: False}  # whether a letter that cites it has to have it


@dataclass(frozen=True, slots=True)
class Plan:
    """`title` is what follows the issuer's name: `triển khai thực hiện …`."""

    number: str
    signed_on: date
    issuer: str
    title: str = ""

    def cited(self, *, again: bool = False) -> str:
        """`Kế hoạch số 12/KH-UBND ngày … của …`; number and day alone when the letter has named it before."""
        short = f"Kế hoạch số {self.number} {long_date(self.signed_on)}"
        return short if again else f"{short} của {self.issuer} {self.title}".strip()

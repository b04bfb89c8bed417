"""What tests build: facts, doers and cases with good defaults."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from procedures.definition.loader import load
from procedures.facts import Act, CaseState, Doer, FactView
from procedures.schema import Procedure
from procedures.state_machine.engine import decide, fold

SMALL = Path(__file__).parent / "procedures" / "small.yaml"
TODAY = date(2016, 3, 14)


def doer(role: str = "case_officer", login: str = "", district: str | None = "HBG") -> Doer:
    return Doer(login or f"{role}.hbg", role, district)


def opened(on: date = date(2015, 1, 5), **data: Any) -> FactView:
    """The first fact of a district case of Hồng Bàng."""
    return FactView(
        1,
        "opened",
        on,
        "clock",
        "clock",
        {"district": "HBG", "level": "district", "officer": "case_officer.hbg"} | data,
    )


class Story:
    """A case told fact by fact through `decide`, without a database."""

    def __init__(self, procedure: Procedure | None = None, **unit: Any) -> None:
        self.procedure = procedure or load(SMALL)
        self.facts = [opened(**unit)]

    @property
    def state(self) -> CaseState:
        return fold(self.procedure, self.facts)

    def act(
        self,
        verb: str,
        role: str = "case_officer",
        *,
        on: date = TODAY,
        today: date = TODAY,
        evidence: tuple[str, ...] = (),
        login: str = "",
        district: str | None = "HBG",
        data: Mapping[str, Any] | None = None,
        **fields: Any,
    ) -> "Story":
        act = Act(verb, doer(role, login, district), on, today, {**(data or {}), **fields}, evidence)
        decision = decide(self.procedure, self.state, act)
        self.facts.append(
            FactView(len(self.facts) + 1, decision.kind, on, act.doer.login, role, decision.data, evidence)
        )
        return self

    def annul(self, seq: int, on: date = TODAY) -> "Story":
        self.facts.append(FactView(len(self.facts) + 1, "annulled", on, "manager.hbg", "manager", {}, (), seq))
        return self

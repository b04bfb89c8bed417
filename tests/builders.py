"""What tests build: facts, doers and cases with good defaults."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from procedures.definition.loader import load
from procedures.facts import Act, CaseState, Decision, Doer, FactView, Paper
from procedures.schema import Procedure
from procedures.state_machine.acts_on_paper import filled_by_paper
from procedures.state_machine.engine import decide, decide_by_paper, fold

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
    """A case built fact by fact through `decide`, without a database."""

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
        issued: bool = True,
        **fields: Any,
    ) -> "Story":
        """An act; one that takes effect by a paper is prepared, and its paper `issued` on the same day."""
        spec = self.procedure.verbs.get(verb)
        typed = {**(data or {}), **fields}
        filled = {name: typed.pop(name) for name in filled_by_paper(spec) if name in typed} if spec else {}
        act = Act(verb, doer(role, login, district), on, today, typed, evidence)
        decision = decide(self.procedure, self.state, act)
        self._record(decision, act)
        if decision.letter and issued:
            paper_on = next((date.fromisoformat(str(day)) for day in filled.values()), on)
            paper = Paper(decision.letter, "01/VB", paper_on, "Người ký")
            self._record(decide_by_paper(self.procedure, self.state, verb, paper, max(today, paper_on)), act)
        return self

    def _record(self, decision: Decision, act: Act) -> None:
        who, on = act.doer, decision.occurred_on
        self.facts.append(
            FactView(len(self.facts) + 1, decision.kind, on, who.login, who.role, decision.data, act.evidence)
        )

    def annul(self, seq: int, on: date = TODAY) -> "Story":
        self.facts.append(FactView(len(self.facts) + 1, "annulled", on, "manager.hbg", "manager", {}, (), seq))
        return self

"""A clock that runs more than once, one that its own act meets, and acts only while or only after a clock."""

from datetime import date

import pytest

from models.errors import Refused
from procedures.definition.loader import ProcedureBroken, read
from procedures.facts import FactView
from procedures.schema import Procedure
from procedures.state_machine.fold import fold
from tests.builders import SMALL, TODAY, Story, opened

TEXT = SMALL.read_text(encoding="utf-8")
VERB = """
  act:
    label: {vi: Làm, en: Act}
    done: {vi: Đã làm, en: Done}
    by: [case_officer]
    from: any_open
"""


def small(lines: str, *changes: tuple[str, str]) -> Procedure:
    text = TEXT
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return read(text + VERB + "".join(f"    {line}\n" for line in lines.splitlines()), "small.yaml", None)


def acted(seq: int, on: date = TODAY, kind: str = "act", **data: object) -> FactView:
    return FactView(seq, kind, on, "case_officer.hbg", "case_officer", data)


def test_each_notice_has_a_run_of_its_own() -> None:
    procedure = small("starts: [{deadline: council_60, served: creditor_notice}]\nletters: [creditor_notice]")
    first, second = acted(2, date(2016, 1, 4)), acted(3, date(2016, 2, 1))
    proof = acted(4, date(2016, 2, 8), "letter_served", template="creditor_notice", follows=3)
    state = fold(procedure, [opened(), first, second, proof])
    assert [(run.seq, run.status, run.starts_on) for run in state.runs("council_60")] == [
        (2, "waiting", None), (3, "open", date(2016, 2, 8)),
    ]  # fmt: skip
    late = acted(5, date(2016, 2, 9), "letter_served", template="creditor_notice", follows=2)
    again = fold(procedure, [opened(), first, second, proof, late])
    assert [run.starts_on for run in again.runs("council_60")] == [date(2016, 2, 9), date(2016, 2, 8)]


def test_a_later_start_leaves_the_end_of_the_run_before() -> None:
    procedure = small("starts: [council_60]")
    state = fold(procedure, [opened(), acted(2, date(2016, 1, 4)), acted(3, date(2016, 3, 1), "finish"),
                             acted(4, date(2016, 3, 2))])  # fmt: skip
    assert [(run.status, run.ended_on) for run in state.runs("council_60")] == [
        ("met", date(2016, 3, 1)), ("open", None),
    ]  # fmt: skip
    ended = fold(procedure, [opened(), acted(2, date(2016, 1, 4)), acted(3, date(2016, 1, 5)),
                             acted(4, date(2016, 3, 1), "finish")])  # fmt: skip
    assert [run.status for run in ended.runs("council_60")] == ["met", "met"], "an act meets every run that is open"


def test_an_act_meets_the_clock_that_it_starts_where_the_file_says_so() -> None:
    fact = acted(2)
    plain = fold(small("meets: [council_60]\nstarts: [council_60]"), [opened(), fact]).clocks["council_60"]
    own = fold(small("meets_started: [council_60]\nstarts: [council_60]"), [opened(), fact]).clocks["council_60"]
    assert (plain.status, own.status, own.ended_on) == ("open", "met", TODAY)
    with pytest.raises(ProcedureBroken) as broken:
        small("meets_started: [council_60]")
    assert [item.code for item in broken.value.problems] == ["procedure_meets_started"]


@pytest.mark.parametrize("keeps", [True, False])
def test_a_clock_of_a_state_goes_on_when_the_case_returns_where_the_file_says_so(keeps: bool) -> None:
    word = ", keeps_running: [meeting_target]" if keeps else ""
    procedure = small("to: OPEN", ("clocks: [meeting_target, done_by]", f"clocks: [meeting_target, done_by]{word}"))
    held = acted(2, date(2016, 1, 4), "hold_meeting", resolved_on="2016-01-04")
    away, back = (fold(procedure, [opened(), held, *more]) for more in ([], [acted(3, date(2016, 2, 1))]))
    assert away.clocks["meeting_target"].status == ("open" if keeps else "dropped")
    assert back.clocks["meeting_target"].starts_on == (date(2015, 1, 5) if keeps else date(2016, 2, 1))
    assert len(back.runs("meeting_target")) == (1 if keeps else 2)


def running(guard: str) -> Story:
    story = Story(small(f"guards: [{{{guard}: council_60}}]"))
    return story.act("hold_meeting", data={"present": 10, "in_favour": 9, "resolved_on": "2016-03-05"})


LAST = date(2016, 5, 4)  # 60 days from 05/03/2016


@pytest.mark.parametrize(
    ("guard", "on", "code"),
    [
        ("while_clock", TODAY, ""), ("while_clock", LAST, ""), ("while_clock", date(2016, 5, 5), "clock_not_running"),
        ("after_clock", TODAY, "clock_not_over"), ("after_clock", LAST, "clock_not_over"),
        ("after_clock", date(2016, 5, 5), ""),
    ],
)  # fmt: skip
def test_an_act_only_while_or_only_after_a_clock(guard: str, on: date, code: str) -> None:
    story = running(guard)
    if not code:
        story.act("act", on=on, today=on)
        return
    with pytest.raises(Refused) as refused:
        story.act("act", on=on, today=on)
    assert refused.value.code == code


@pytest.mark.parametrize(("guard", "code"), [("while_clock", "clock_not_running"), ("after_clock", "clock_not_over")])
def test_a_clock_that_never_started_neither_runs_nor_is_over(guard: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        Story(small(f"guards: [{{{guard}: council_60}}]")).act("act")
    assert refused.value.code == code

"""The runner of scenario files: what it reports, what it refuses, and the days it understands."""

from pathlib import Path
from typing import Any

import pytest

from procedures.definition.loader import ProcedureBroken
from procedures.legal_time.calendar import load_calendars
from procedures.scenario_runs.reading import read_suite
from procedures.scenario_runs.running import Result, Runner
from procedures.scenario_runs.touched import Touched, untouched
from tests.builders import SMALL

HEAD = """\
procedure: small.yaml
day: 2015-01-05
acts:
  hold_meeting: {after: 10, data: {present: 100, in_favour: 80, resolved_on: day-1}}
lists:
  met: [hold_meeting]
scenarios:
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "small.yaml").write_text(SMALL.read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path


def written(folder: Path, *scenarios: str, head: str = HEAD) -> Path:
    path = folder / "cases.yaml"
    bodies = (f"  s{place}:\n    title: {{vi: Một, en: One}}\n{body}" for place, body in enumerate(scenarios))
    path.write_text(head + "".join(bodies), encoding="utf-8")
    return path


def run(path: Path, touched: Touched | None = None) -> list[Result]:
    return list(Runner(read_suite(path), load_calendars(), touched or Touched()).results())


def found(result: Result) -> list[tuple[str, str, str]]:
    return [(item.key, item.expected, item.actual) for item in result.findings]


def problems(path: Path) -> list[tuple[str, int, Any]]:
    with pytest.raises(ProcedureBroken) as broken:
        read_suite(path)
    return [(item.code, item.line, item.params.get("found")) for item in broken.value.problems]


def test_a_scenario_passes_when_everything_is_as_expected(folder: Path) -> None:
    body = """\
    steps:
      - {do: hold_meeting, data: {in_favour: 74}, refused: {code: vote_not_carried, params: {present: 100}}}
      - {do: hold_meeting, expect: {letters: creditor_notice}}
    expect:
      state: COUNCIL
      stage: dissolution
      outcome: none
      overlays: []
      deadlines: {meeting_target: dropped, council_60: {start: hold_meeting.resolved_on, end: 2015-03-16, status: open}}
"""
    (result,) = run(written(folder, body))
    assert result.ok and found(result) == [] and result.steps == 2


@pytest.mark.parametrize(
    ("expected", "difference"),
    [
        ("state: END", ("state", "END", "COUNCIL")),
        ("outcome: kept", ("outcome", "kept", "none")),
        ("overlays: complaint", ("overlays", "complaint", "none")),
        ("letters: []", ("letters", "", "creditor_notice")),
        ("deadlines: {council_60: 2015-03-20}", ("deadlines.council_60.end", "20/03/2015", "16/03/2015")),
        ("deadlines: {council_60: met}", ("deadlines.council_60.status", "met", "open")),
        ("deadlines: {council_60: none}", ("deadlines.council_60", "none", "open")),
        ("may_not: {hold_meeting: case_closed}", ("may_not.hold_meeting", "case_closed", "wrong_state")),
        ("may: hold_meeting", ("may.hold_meeting", "may", "wrong_state")),
    ],
)
def test_a_difference_is_reported_with_its_line(folder: Path, expected: str, difference: tuple[str, str, str]) -> None:
    (result,) = run(written(folder, f"    steps: [{{do: hold_meeting, expect: {{{expected}}}}}]\n"))
    assert not result.ok and found(result) == [difference]
    assert result.findings[0].line == 10


@pytest.mark.parametrize(
    ("step", "difference"),
    [
        ("{do: hold_meeting, data: {present: 1}}", ("hold_meeting", "done", "more_votes_than_present")),
        ("{do: hold_meeting, refused: wrong_role}", ("refused", "wrong_role", "done")),
        ("{do: hold_meeting, by: manager, refused: vote_not_carried}", ("refused", "vote_not_carried", "wrong_role")),
        ("{served: creditor_notice}", ("step", "done", "scenario_not_drafted")),
        ("{do: hold_meeting, on: council_60.end}", ("hold_meeting", "done", "scenario_no_such_day")),
    ],
)
def test_a_refusal_that_differs_is_reported(folder: Path, step: str, difference: tuple[str, str, str]) -> None:
    (result,) = run(written(folder, f"    steps: [{step}]\n"))
    assert found(result) == [difference]


def test_a_scenario_runs_once_from_each_of_its_starts(folder: Path) -> None:
    results = run(written(folder, "    steps: [hold_meeting]\n", "    from: [s0, met]\n    expect: {state: COUNCIL}\n"))
    assert [(result.scenario, result.ok) for result in results] == [("s0", True), ("s1 (s0)", True), ("s1 (met)", True)]


def test_a_scenario_that_starts_from_a_failing_one_fails_with_it(folder: Path) -> None:
    first, second = run(written(folder, "    expect: {state: END}\n", "    from: s0\n"))
    assert not first.ok and found(second) == found(first)


def test_a_pending_scenario_fails_as_soon_as_it_passes(folder: Path) -> None:
    waiting, passing = run(
        written(
            folder, "    pending: later\n    expect: {state: END}\n", "    pending: later\n    expect: {state: OPEN}\n"
        )
    )
    assert waiting.ok and not passing.ok


def test_the_clock_acts_by_itself_when_a_day_comes() -> None:
    """The shipped procedure flags a conversion that is overdue on the day after its limit."""
    shipped = Path(__file__).parents[2] / "procedures" / "scenarios" / "remediation.yaml"
    assert any(result.scenario.startswith("conversion_overdue") and result.ok for result in run(shipped))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("    steps: [no_such_act]\n", ("scenario_unknown", 10, "no_such_act")),
        ("    steps: [{do: hold_meeting, data: {presnt: 3}}]\n", ("scenario_unknown", 10, "presnt")),
        ("    steps: [{do: hold_meeting, by: nobody}]\n", ("scenario_unknown", 10, "nobody")),
        ("    steps: [{use: nothing}]\n", ("scenario_unknown", 10, "nothing")),
        ("    from: nothing\n", ("scenario_unknown", 10, "nothing")),
        ("    expect: {state: NOWHERE}\n", ("scenario_unknown", 10, "NOWHERE")),
        ("    expect: {deadlines: {council_61: open}}\n", ("scenario_unknown", 10, "council_61")),
        ("    steps: [{do: hold_meeting, expect: {letters: nothing}}]\n", ("scenario_unknown", 10, "nothing")),
        ("    steps: [{doo: hold_meeting}]\n", ("procedure_unknown_key", 10, None)),
        ("    steps: [{do: hold_meeting, use: met}]\n", ("procedure_shape", 10, None)),
    ],
)
def test_an_unknown_word_is_refused_with_its_line(folder: Path, body: str, expected: tuple[str, int, Any]) -> None:
    assert expected in problems(written(folder, body))


def test_every_problem_of_a_file_comes_at_once(folder: Path) -> None:
    assert (
        len(problems(written(folder, "    steps: [nothing, {do: hold_meeting, by: nobody}]\n", "    from: nowhere\n")))
        == 3
    )


def test_a_common_file_gives_acts_lists_and_starts(folder: Path) -> None:
    (folder / "common.yaml").write_text(HEAD + "  start: {title: {vi: Một, en: One}, steps: [hold_meeting]}\n", "utf-8")
    head = "procedure: small.yaml\ncommon: common.yaml\nscenarios:\n"
    (result,) = run(written(folder, "    from: start\n    expect: {state: COUNCIL}\n", head=head))
    assert result.ok


@pytest.mark.parametrize(
    "head", [HEAD.replace("small.yaml", "../small.yaml"), HEAD.replace("lists:", "common: no.yaml\nlists:")]
)
def test_a_file_that_is_not_beside_it_is_refused(folder: Path, head: str) -> None:
    assert [code for code, _, _ in problems(written(folder, "    steps: []\n", head=head))] == ["scenario_no_file"]


def test_a_name_in_two_files_is_refused(folder: Path) -> None:
    (folder / "common.yaml").write_text("procedure: small.yaml\nlists: {met: [], s0: []}\n", "utf-8")
    path = written(folder, "    steps: []\n", head=HEAD.replace("lists:", "common: common.yaml\nlists:"))
    assert {found for _, _, found in problems(path)} == {"met", "s0"}


def test_what_no_scenario_touches_is_listed(folder: Path) -> None:
    touched = Touched()
    path = written(
        folder, "    steps: [{do: hold_meeting, data: {in_favour: 1}, refused: vote_not_carried}, hold_meeting]\n"
    )
    assert run(path, touched)[0].ok
    left = untouched(read_suite(path).procedure, touched)
    assert not any(item.startswith(("transition hold_meeting", "guard hold_meeting")) for item in left)
    assert (
        "deadline council_60" in left and "letter creditor_notice" in left and "transition finish COUNCIL > END" in left
    )


def test_a_scenario_that_fails_touches_nothing(folder: Path) -> None:
    touched = Touched()
    run(written(folder, "    steps: [hold_meeting]\n    expect: {state: END}\n"), touched)
    assert touched.items == set()


def test_a_pending_scenario_that_fails_in_what_is_given_fails(folder: Path) -> None:
    body = "    pending: later\n    given: [{do: hold_meeting, data: {present: 1}}]\n    expect: {state: END}\n"
    (result,) = run(written(folder, body))
    assert not result.ok and not result.begun


DATED = """\
procedure: small.yaml
day: 2015-01-05
acts:
  hold_meeting: {after: 10, data: {present: 100, in_favour: 80, resolved_on: day-1}}
scenarios:
"""
RULES = "days: [{not_before: opened}, {not_after: on, kind: unlawful, article: practice, accept: leader}], "


@pytest.fixture
def dated(folder: Path) -> Path:
    """A procedure whose meeting has a day that may not precede the opening and, by law, not follow the act."""
    text = (folder / "small.yaml").read_text(encoding="utf-8")
    text = text.replace("free: {vi: Biên bản ghi, en: As minuted}, ", RULES)
    (folder / "small.yaml").write_text(text, encoding="utf-8")
    return folder


def test_days_are_refused_or_recorded_as_irregular(dated: Path) -> None:
    body = """\
    steps:
      - {do: hold_meeting, data: {resolved_on: opened-1}, refused: {code: day_not_before, field: resolved_on}}
      - {do: hold_meeting, recorded: day+5, data: {resolved_on: day+1}, refused: irregularity_needs_reason}
      - {do: hold_meeting, recorded: day+5, data: {resolved_on: day+1}, irregular: resolved_on}
      - {confirm: hold_meeting, by: manager, expect: {irregular: {hold_meeting: confirmed}}}
      - {accept: hold_meeting, by: leader, expect: {irregular: {hold_meeting: accepted}}}
"""
    touched = Touched()
    (result,) = run(written(dated, body, head=DATED), touched)
    assert found(result) == []
    left = list(untouched(read_suite(dated / "cases.yaml").procedure, touched))
    assert [item for item in left if item.startswith("day hold")] == ["day hold_meeting.resolved_on 2 not_after kept"]


@pytest.mark.parametrize(
    ("step", "difference"),
    [
        ("{do: hold_meeting, irregular: resolved_on}", ("irregular", "resolved_on", "none")),
        ("{confirm: hold_meeting, by: manager}", ("step", "done", "no_such_fact")),
    ],
)
def test_an_irregularity_that_is_not_there_is_reported(
    dated: Path, step: str, difference: tuple[str, str, str]
) -> None:
    (result,) = run(written(dated, f"    steps: [{step}]\n", head=DATED))
    assert found(result) == [difference]

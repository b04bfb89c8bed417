"""Closed cases as a test of a version: lawful once, lawful still?"""

from collections.abc import Callable
from datetime import timedelta
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from casework.evidence_store import keep
from casework.ledger import case_row
from models.clock import FrozenClock
from models.database import reading, writing
from models.typed_rows.case_shapes import CaseRow
from procedures.definition.loader import load
from procedures.legal_time.calendar import load_calendars
from procedures.schema import Procedure
from procedures.state_machine.fold import fold
from procedures.state_machine.replay import first_refusal
from rule_changes.golden_replay import Replayed, replay
from rule_changes.version_plan import Plan, plan_of
from samples.paths import PATHS
from tests.acting import apply_in
from tests.procedures.test_walk import walk
from tests.rule_changes import version_texts as made
from tests.rule_changes.version_texts import version
from tests.web.web_office import TODAY, build_office, login_of

PATH = "error"


@pytest.fixture
def closed(bind: Engine, tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> tuple[Engine, str]:
    """A case that was taken in, announced to be visited, and found to be an error."""
    monkeypatch.setenv("COOPCASE_DATA", str(tmp_path))
    from models.settings import settings as of_environment

    of_environment.cache_clear()
    office, day = build_office(bind), TODAY
    for scripted in PATHS[PATH]:
        day += timedelta(days=scripted.after)
        clock, by = FrozenClock.on(day), login_of(scripted.role)
        with writing(bind) as connection:
            row = case_row(connection, office.first)
            proof = [keep(connection, row["id"], b"x", "x.txt", by=by, now=clock.now())] if scripted.proof else []
            data = scripted.fields(day)
            apply_in(connection, office.first, scripted.verb, by=by, clock=clock, data=data, evidence=proof)
    return bind, office.first


def replayed(bind: Engine, new: Procedure) -> Replayed:
    with reading(bind) as connection:
        return replay(connection, new)


def test_under_its_own_version_everything_was_lawful(closed: tuple[Engine, str]) -> None:
    found = replayed(closed[0], load())
    assert (found.cases, found.unlawful, found.other_end) == (1, (), ())


STEP = "close_as_error"
WHERE = "from: [S0, S1, S2]\n    to: S8\n"  # of that step alone
ONE_MORE = '    needs:\n      proof_symbol: {type: text, required: true, label: {vi: "Số", en: "Number"}}\n'
UNLAWFUL: dict[str, tuple[Callable[[], Procedure], str]] = {
    "the step is gone": (lambda: version("9", base=made.without_verb(STEP)), "no_such_verb"),
    "another role does it": (
        lambda: version("9", (f"by: [manager]\n    {WHERE}", f"by: [leader]\n    {WHERE}")), "wrong_role",
    ),
    "not from that state": (lambda: version("9", (WHERE, "from: [S2]\n    to: S8\n")), "wrong_state"),
    "a field more is asked for": (
        lambda: version("9", (f"{WHERE}    needs:\n", f"{WHERE}{ONE_MORE}")), "missing_field",
    ),
    "evidence is asked for": (
        lambda: version("9", (WHERE, f"{WHERE}    evidence: required\n")), "evidence_required",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", UNLAWFUL)
def test_the_first_fact_that_would_have_been_refused_is_named(closed: tuple[Engine, str], what: str) -> None:
    new, code = UNLAWFUL[what]
    found = replayed(closed[0], new())
    (case,) = found.unlawful
    assert (case.ref, case.verb, case.reason.code) == (closed[1], STEP, code)
    assert case.label["vi"] == load().verbs[STEP].done.vi


def test_another_outcome_is_named(closed: tuple[Engine, str]) -> None:
    found = replayed(closed[0], version("9", ("outcome: error", "outcome: no_action")))
    assert found.unlawful == ()
    assert [(end.before["vi"], end.after["vi"]) for end in found.other_end] == [
        ("Ghi nhầm hoặc trùng", "Không phải xử lý")
    ]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(("district", "city")))
def test_a_version_of_other_labels_leaves_every_case_and_date_as_it_was(seed: int, level: str) -> None:
    story = walk(seed, level)
    old, new, calendars = story.procedure, LABELS, load_calendars()
    row = cast(CaseRow, {"ref": "HP-1", "unit_name": "HTX", "procedure": old.pin, "district_code": "HBG"})
    assert fold(new, story.facts) == fold(old, story.facts)
    assert first_refusal(new, story.facts) is None
    plan = plan_of(row, story.facts, old, new, calendars)
    if story.state.closed_on is None:
        assert isinstance(plan, Plan)
        assert (plan.before, plan.dates_before) == (plan.after, plan.dates_after)


def _relabelled(procedure: Procedure) -> Procedure:
    """Every state, step and deadline under another name."""
    changed = {
        section: {
            code: part.model_copy(update={"label": part.label.model_copy(update={"vi": f"{part.label.vi} mới"})})
            for code, part in getattr(procedure, section).items()
        }
        for section in ("states", "verbs", "deadlines", "overlays", "obstacles", "outcomes")
    }
    return procedure.model_copy(update={"version": "9", **changed})


LABELS = _relabelled(load())

"""The runs of the deadlines of a case: each notice starts its own, and every one of them is shown."""

from collections.abc import Iterator
from typing import NamedTuple

from procedures.facts import CaseState, ClockState
from procedures.schema import Procedure
from templates.words import pick, t


class NumberedRun(NamedTuple):
    """One run of a deadline: which of how many."""

    clock: ClockState
    number: int
    of: int


def every_run(procedure: Procedure, state: CaseState) -> Iterator[NumberedRun]:
    """Every run of every deadline, those of one deadline together, oldest first.

    A fixed date of the programme is the same day however often it was set running: its latest run is listed for all.
    """
    for key, clock in state.clocks.items():
        listed = [clock] if procedure.deadlines[key].until else state.runs(key)
        yield from (NumberedRun(item, number, len(listed)) for number, item in enumerate(listed, 1))


def run_label(procedure: Procedure, run: NumberedRun, lang: str) -> str:
    """The deadline's label; of several runs with the number of this one."""
    words = procedure.deadlines[run.clock.key].label
    label = pick({"vi": words.vi, "en": words.en}, lang)
    return label if run.of == 1 else t("time.run_label", lang, label=label, number=run.number)

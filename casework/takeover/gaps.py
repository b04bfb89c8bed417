"""The gaps of cases that were taken over: one list of an office, confirmed together by a second person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, select

from casework.acts import record
from casework.ledger import LoadedCase, NewFact, load_case, load_cases
from casework.office.people import doer_of
from models.clock import Clock
from models.database import writing
from models.errors import NotFound, Refused, WrongInput
from models.tables import case_rows, facts
from procedures.facts import TAKEN_OVER, Doer
from procedures.schema import Procedure
from rulebook.office_calendar import office_of
from templates.words import t

CONFIRMS = frozenset({"case_officer", "manager", "leader"})


@dataclass(frozen=True, slots=True)
class TakenOver:
    """A case that was taken over. `open`: gaps that nobody confirmed; `confirmed`: those that were."""

    ref: str
    unit_name: str
    district: str
    state: str
    procedure: Procedure
    by: str
    seq: int
    open: Sequence[str]
    confirmed: Sequence[str]


def taken_over(connection: Connection, district: str | None) -> list[TakenOver]:
    """The cases of a district that were taken over (None: of all), with their gaps; those with open gaps first."""
    found = select(facts.c.case_id).where(facts.c.kind == TAKEN_OVER).distinct()
    if district is not None:
        found = found.join(case_rows, case_rows.c.id == facts.c.case_id).where(case_rows.c.district_code == district)
    loaded = load_cases(connection, list(connection.scalars(found.order_by(facts.c.case_id))))
    listed = [_line(one) for one in loaded.values() if one.state.taken_over is not None]
    return sorted(listed, key=lambda one: (not one.open, one.ref))


def confirm_gaps(bind: Engine, refs: Iterable[str], *, by: str, clock: Clock) -> int:
    """Confirm that of these cases nothing more is on file, all in one commit; returns of how many.

    Cases without an open gap are left as they are. Raises NotFound, Refused, WrongInput: nothing was changed.
    """
    with writing(bind) as connection:
        return confirm_gaps_in(connection, refs, by=by, clock=clock)


def confirm_gaps_in(connection: Connection, refs: Iterable[str], *, by: str, clock: Clock) -> int:
    """`confirm_gaps` inside the caller's transaction."""
    wanted = sorted(set(refs))
    if not wanted:
        raise WrongInput("ref", "nothing_ticked")
    doer = doer_of(connection, by)
    return sum(_confirm(connection, ref, doer, clock) for ref in wanted)


def gap_label(procedure: Procedure, gap: str, lang: str) -> str:
    """A gap in words: the act, and the field or the paper of it that is not on file."""
    name, _, part = gap.partition(".")
    verb = procedure.verbs.get(name)
    if verb is None:
        return gap
    if not part:
        return verb.label[lang]
    need = verb.needs.get(part)
    return f"{verb.label[lang]}: {need.label[lang] if need else t(f'takeover.part_{part}', lang)}"


def _line(loaded: LoadedCase) -> TakenOver:
    row, state = loaded.row, loaded.state
    assert state.taken_over is not None
    by_status = {
        status: [gap for gap, found in state.gaps.items() if found == status] for status in ("open", "confirmed")
    }
    return TakenOver(
        row["ref"], row["unit_name"], row["district_code"], state.state, loaded.procedure, state.taken_over.by,
        state.taken_over.seq, by_status["open"], by_status["confirmed"],
    )  # fmt: skip


def _confirm(connection: Connection, ref: str, doer: Doer, clock: Clock) -> int:
    loaded = load_case(connection, ref, lock=True)
    if doer.district not in (None, loaded.row["district_code"]):
        raise NotFound("no_such_case", ref=ref)
    if doer.role not in CONFIRMS or doer.district != office_of(loaded.row):
        raise Refused("gaps_not_yours")
    taken = loaded.state.taken_over
    if taken is None:
        raise Refused("not_taken_over", ref=ref)
    if "open" not in loaded.state.gaps.values():
        return 0
    if taken.by == doer.login:
        raise Refused("gaps_four_eyes", ref=ref)
    data = {"seq": taken.seq, "gaps": [gap for gap, status in loaded.state.gaps.items() if status == "open"]}
    record(connection, loaded, NewFact("gaps_confirmed", clock.today(), clock.now(), doer.login, doer.role, data))
    return 1

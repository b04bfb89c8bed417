"""What contradicts in the cases of an office: acts without their paper, days out of order, data against a rule, blanks
in letters that are signed or numbered. Chains and lists may be whole all the same: `integrity` looks at those.

The rules are those of the procedure of this release, whichever version a case was recorded under.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from casework.upkeep.stored_cases import case_ids, chunks, wholes
from letters.blanks import dotted
from letters.frozen import thaw
from models.errors import CoopcaseError, WrongInput
from models.letter_links import with_cases
from models.tables import case_rows, letter_cases, letter_rows
from models.tracking import Track, silent
from models.typed_rows.case_shapes import CaseRow
from procedures.facts import TAKEN_OVER, CaseState, FactView
from procedures.former_names import names_of
from procedures.schema import Procedure, Words
from procedures.state_machine.acts_on_paper import without_paper
from procedures.state_machine.closing import UNISSUED, paper_holds
from procedures.state_machine.day_rules import contradicting_days, days_of, refusal_of
from procedures.state_machine.earlier_days import broken_earlier_days
from procedures.state_machine.fold import step, valid_facts
from procedures.state_machine.guards import check_guards, needs_data
from procedures.state_machine.resting import not_redone
from rulebook.versions import of_release
from templates.formats import date_vi
from templates.words import pick, say, t


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One thing in a case that contradicts another. `code`: a words key under `casework.`; `seq`: the fact, `letter`
    the letter that it is in, where there is one."""

    ref: str
    code: str
    params: Mapping[str, Any]
    seq: int | None = None
    letter: int | None = None


def contradictions(
    connection: Connection, ref: str | None = None, *, district: str | None = None, track: Track = silent
) -> Iterator[Contradiction]:
    """Every contradiction of one case, of a district's cases or of all, by case."""
    procedure = of_release(connection)
    ids = case_ids(connection, ref)
    if district is not None:
        own = set(connection.scalars(select(case_rows.c.id).where(case_rows.c.district_code == district)))
        ids = [number for number in ids if number in own]
    for chunk in chunks(ids, track):
        blanks: dict[str, list[Contradiction]] = {}
        for item in in_letters(connection, letter_cases.c.case_id.in_(chunk)):
            blanks.setdefault(item.ref, []).append(item)
        for row, found in in_facts(connection, procedure, chunk):
            yield from found
            yield from blanks.get(row["ref"], ())


def in_facts(
    connection: Connection, procedure: Procedure, cases: Sequence[int]
) -> Iterator[tuple[CaseRow, list[Contradiction]]]:
    """Each of the cases with what contradicts in its facts."""
    for whole in wholes(connection, cases):
        yield whole.row, list(of_facts(procedure, whole.row["ref"], whole.facts))


def contradiction_text(item: Contradiction, lang: str) -> str:
    """A contradiction in one sentence."""
    said = {name: _said(value, lang) for name, value in item.params.items()}
    return t(f"casework.{item.code}", lang, ref=item.ref, **said)


def _said(value: Any, lang: str) -> Any:
    if isinstance(value, WrongInput) and isinstance(label := value.params.get("label"), Mapping):
        params = {name: param for name, param in value.params.items() if name != "field"}
        return say(WrongInput(pick(label, lang), value.code, **params), lang)
    if isinstance(value, CoopcaseError):
        return say(value, lang)
    return pick(value, lang) if isinstance(value, Mapping) else value


def of_facts(procedure: Procedure, ref: str, facts: Sequence[FactView]) -> Iterator[Contradiction]:
    """Every contradiction in the facts of one case; blanks in its letters are found by another check."""
    state = CaseState()
    found: list[Contradiction] = []
    for fact in names_of(procedure).facts(valid_facts(facts)):
        try:
            found += (_of_take_over if fact.kind == TAKEN_OVER else _of_fact)(procedure, state, ref, fact)
            step(procedure, state, fact)
        except (KeyError, TypeError, ValueError):  # a fact of an older version that this one cannot read
            yield from found
            return
    yield from found
    for annulled, resting in not_redone(procedure, facts):
        words = (_pair(procedure.verbs[item.kind].done) for item in (resting, annulled))
        said = dict(zip(("act", "before"), words, strict=True)) | {"seq": resting.seq, "annulled": annulled.seq}
        yield Contradiction(ref, "contradiction_annulled", said, resting.seq)
    if state.closed_on:
        for hold in paper_holds(procedure, state):
            if hold.reason.code == UNISSUED:
                yield Contradiction(ref, "contradiction_closed", {"why": hold.reason}, hold.fact)
        return
    for fact in without_paper(procedure, state):
        said = {"act": _pair(procedure.verbs[fact.kind].done), "seq": fact.seq}
        yield Contradiction(ref, "contradiction_no_paper", said, fact.seq)


def _of_fact(procedure: Procedure, state: CaseState, ref: str, fact: FactView) -> Iterator[Contradiction]:
    """What the data of an act contradict: the conditions of the procedure that read them, and the rules on its days.

    An unlawful day that was recorded as an irregularity with its reason contradicts nothing.
    """
    verb = procedure.verbs.get(fact.kind)
    if verb is None:
        yield from _of_paper(procedure, state, ref, fact)
        return
    about = {"act": _pair(verb.done), "seq": fact.seq}
    guards = [guard for guard in verb.guards if needs_data(guard)]
    refusal = check_guards(procedure, state, guards, {**fact.data, "occurred_on": fact.occurred_on})
    if refusal is not None:
        yield Contradiction(ref, "contradiction_rule", about | {"why": refusal}, fact.seq)
    given = days_of(procedure, state, fact)
    for broken in contradicting_days(given, fact):
        why = refusal_of(fact.kind, broken, given)
        yield Contradiction(ref, "contradiction_days", about | {"why": why}, fact.seq)


def _of_take_over(procedure: Procedure, _state: CaseState, ref: str, fact: FactView) -> Iterator[Contradiction]:
    """What the days of the earlier acts contradict; one that is recorded as an irregularity contradicts nothing."""
    for found in broken_earlier_days(procedure, fact, fact.recorded_on):
        if not (found.broken.unlawful and found.recorded):
            why = refusal_of(found.act.kind, found.broken, found.given)
            about = {"act": _pair(procedure.verbs[found.act.kind].done), "seq": fact.seq}
            yield Contradiction(ref, "contradiction_days", about | {"why": why}, fact.seq)


def _of_paper(procedure: Procedure, state: CaseState, ref: str, fact: FactView) -> Iterator[Contradiction]:
    """The paper of an act that is later than the act was recorded for."""
    if fact.kind != "paper_entered":
        return
    acts = (item for facts in state.done.values() for item in facts if item.seq == fact.data["act"])
    act, on = next(acts, None), date.fromisoformat(fact.data["signed_on"])
    if act is not None and on > act.occurred_on:
        said = {"act": _pair(procedure.verbs[act.kind].done), "seq": act.seq, "symbol": fact.data["symbol"]}
        days = {"day": date_vi(act.occurred_on), "paper_day": date_vi(on)}
        yield Contradiction(ref, "contradiction_paper_later", said | days, act.seq)


def in_letters(connection: Connection, which: ColumnElement[bool]) -> Iterator[Contradiction]:
    """What was left blank in numbered and in signed letters, once for each case that a letter is about.

    `which`: a condition on letters and on the cases they are about.
    """
    columns = letter_rows.c
    read = (case_rows.c.ref, columns.id, columns.number, columns.symbol, columns.missing, columns.data)
    found = with_cases(select(*read).select_from(letter_rows)).join(case_rows, case_rows.c.id == letter_cases.c.case_id)
    for row in connection.execute(found.where(which, is_done()).order_by(columns.id)):
        frozen = row.data.get("frozen")
        if row.missing or (frozen and any(dotted(thaw(frozen)))):
            signed = row.number is None
            code = "contradiction_signed_blank" if signed else "contradiction_blank"
            symbol = row.symbol if signed else f"{row.number}/{row.symbol}"
            yield Contradiction(row.ref, code, {"letter": row.id, "symbol": symbol}, None, row.id)


def is_done() -> ColumnElement[bool]:
    """Letters that should have no blank: numbered ones that were not cancelled, and signed ones."""
    columns = letter_rows.c
    return or_(and_(columns.number.is_not(None), columns.status != "cancelled"), columns.status == "approved")


def _pair(words: Words) -> dict[str, str]:
    return {"vi": words.vi, "en": words.en}

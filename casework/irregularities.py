"""Irregularities of cases: listed, confirmed by a second person, accepted in writing by the deciding body."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, select

from casework.acts import record
from casework.case_documents import ShownIrregularity
from casework.ledger import LoadedCase, NewFact, load_case, load_cases
from casework.office.people import Actor, actor, require_visible
from models.clock import Clock
from models.database import writing
from models.errors import InputErrors, NotFound, Refused, WrongInput
from models.tables import case_rows
from procedures.facts import IRREGULARITIES, Irregularity
from procedures.law.rules import confidence_of, nearest_version
from procedures.schema import Procedure, Words
from procedures.state_machine.day_rules import words_of
from procedures.state_machine.field_values import clean_text, one_line, parse_day
from procedures.state_machine.irregularities import DAYS, OF, read
from templates.words import both, pick, t

HEADS = ("manager", "leader")  # who may confirm: heads of the office that carries the case, or of the city
MOST = 200  # irregularities confirmed at once


@dataclass(frozen=True, slots=True)
class IrregularDay:
    """One unlawful day in words: the rule that it breaks with both days, and the article of the rule."""

    rule: str
    field: str
    day: date
    other_day: date
    other_seq: int | None
    text: Mapping[str, str]
    article: str
    article_text: Mapping[str, str]
    confidence: str


@dataclass(frozen=True, slots=True)
class CaseIrregularity:
    """The unlawful days of one fact of a case. `accept`: roles whose body may accept them; empty: none may."""

    ref: str
    unit_name: str
    district: str
    level: str
    seq: int
    verb: str
    label: Mapping[str, str]
    occurred_on: date
    recorded_at: datetime | None
    by: str
    reason: str
    status: str
    seen_by: int | None
    settled_by: int | None
    days: tuple[IrregularDay, ...]
    accept: tuple[str, ...]


def of_case(loaded: LoadedCase) -> list[CaseIrregularity]:
    """The irregularities of a case in the order they were recorded, settled ones too."""
    return [_shown(loaded, item) for item in loaded.state.irregularities.values()]


def shown_irregularities(loaded: LoadedCase, lang: str) -> list[ShownIrregularity]:
    """`of_case` in one language, as the document of the case has it."""
    return [shown(item, lang) for item in of_case(loaded)]


def shown(item: CaseIrregularity, lang: str) -> ShownIrregularity:
    """An irregularity in one language."""
    return {
        "seq": item.seq, "verb": item.verb, "label": pick(item.label, lang), "occurred_on": item.occurred_on,
        "by": item.by, "reason": item.reason, "status": item.status, "seen_by": item.seen_by,
        "settled_by": item.settled_by, "accept": list(item.accept),
        "days": [
            {
                "rule": day.rule, "field": day.field, "day": day.day, "other_day": day.other_day,
                "other_seq": day.other_seq, "text": pick(day.text, lang), "article": day.article,
                "article_text": pick(day.article_text, lang), "confidence": day.confidence,
            }
            for day in item.days
        ],
    }  # fmt: skip


def unsettled(connection: Connection, person: Actor, district: str | None = None) -> list[CaseIrregularity]:
    """The irregularities of open cases in sight of a person that are neither cured nor accepted, oldest first."""
    columns = case_rows.c
    found = select(columns.id).where(columns.irregular > 0, columns.closed_on.is_(None))
    place = person.district or district
    if place:
        found = found.where(columns.district_code == place)
    cases = load_cases(connection, list(connection.scalars(found.order_by(columns.id))))
    listed = [item for loaded in cases.values() for item in of_case(loaded) if item.status in ("open", "confirmed")]
    return sorted(listed, key=lambda item: (item.status == "confirmed", item.occurred_on, item.ref, item.seq))


def may_confirm(item: CaseIrregularity, person: Actor) -> bool:
    """Whether a person may confirm: a head in whose office the case is, who did not record the fact."""
    return item.status == "open" and _is_head(person, item.level, item.district) and person.login != item.by


def confirm(
    bind: Engine, chosen: Sequence[tuple[str, int]], *, by: str, reason: str, clock: Clock
) -> list[tuple[str, int]]:
    """Confirm irregularities, given by case and number of the fact, with one reason: all of them or none.

    Returns the confirmations by case and number.
    Raises:
        WrongInput, Refused, NotFound: nothing was changed.
    """
    errors = InputErrors()
    with errors:
        if not chosen or len(chosen) > MOST:
            raise WrongInput("chosen", "irregularities_none_chosen" if not chosen else "too_many_rows", limit=MOST)
    with errors:
        text = _required("reason", reason)
    errors.raise_if_any()
    with writing(bind) as connection:
        person = actor(connection, by)
        done = []
        for ref, seq in sorted(dict.fromkeys(chosen)):
            loaded, item = _found(connection, person, ref, seq)
            _require_second(loaded, item, person)
            new = NewFact(
                "irregularity_confirmed",
                clock.today(),
                clock.now(),
                person.login,
                person.role,
                {OF: seq, DAYS: len(item.items), "reason": text},
            )
            done.append((ref, record(connection, loaded, new).seq))
    return done


def accept(
    bind: Engine, ref: str, seq: int, *, by: str, paper: str, paper_on: str | date, body: str, clock: Clock
) -> int:
    """Record that the deciding body accepted an irregularity in writing; returns the number of the fact.

    Args:
        paper: number and symbol of the body's paper.
        body: who accepted it, as the paper says.

    Raises:
        WrongInput, Refused, NotFound: nothing was changed.
    """
    errors = InputErrors()
    with errors:
        symbol = one_line(_required("paper", paper))
    with errors:
        name = one_line(_required("body", body))
    with errors:
        day = paper_on if isinstance(paper_on, date) else parse_day("paper_on", _required("paper_on", paper_on))
    errors.raise_if_any()
    with writing(bind) as connection:
        person = actor(connection, by)
        loaded, item = _found(connection, person, ref, seq)
        shown = _shown(loaded, item)
        if not shown.accept:
            raise Refused("irregularity_not_acceptable", seq=seq)
        _require_second(loaded, item, person)
        _check_paper_day(item, day, clock.today())
        data = {OF: seq, DAYS: len(item.items), "body": name, "symbol": symbol, "signed_on": day.isoformat()}
        new = NewFact("irregularity_accepted", day, clock.now(), person.login, person.role, data)
        return record(connection, loaded, new, [("notice", {"roles": ["case_officer"]})]).seq


def _check_paper_day(item: Irregularity, day: date, today: date) -> None:
    if day > today:
        raise WrongInput("paper_on", "date_in_future", label=both("days.paper_on"), value=day.strftime("%d/%m/%Y"))
    last = max(act.occurred_on for act in item.acts)
    if day < last:
        raise WrongInput(
            "paper_on", "day_not_before", label=both("days.paper_on"), day=day, other_day=last,
            other=both("days.irregular_act"),
        )  # fmt: skip


def _found(connection: Connection, person: Actor, ref: str, seq: int) -> tuple[LoadedCase, Irregularity]:
    loaded = load_case(connection, ref, lock=True)
    require_visible(person, loaded.row["district_code"], ref)
    item = loaded.state.irregularities.get(seq)
    if item is None:
        raise NotFound("no_such_irregularity", ref=ref, seq=seq)
    if item.settled:
        raise Refused("irregularity_settled", ref=ref, seq=seq)
    return loaded, item


def _require_second(loaded: LoadedCase, item: Irregularity, person: Actor) -> None:
    """A head of the office that carries the case, or of the city, who did not record the act."""
    if not _is_head(person, loaded.row["level"], loaded.row["district_code"]):
        raise Refused("irregularity_is_heads")
    if person.login == item.fact.by:
        raise Refused("irregularity_four_eyes", ref=loaded.row["ref"], seq=item.fact.seq)


def _is_head(person: Actor, level: str, district: str) -> bool:
    own = district if level == "district" else None
    return person.role in HEADS and person.district in (None, own)


def _required(field: str, text: str) -> str:
    found = clean_text(field, text)
    if not found:
        raise WrongInput(field, "missing_field", label=both(f"days.{field}"))
    return found


def _shown(loaded: LoadedCase, item: Irregularity) -> CaseIrregularity:
    fact, row, procedure = item.fact, loaded.row, loaded.procedure
    recorded = loaded.state.taken_over if fact.source and loaded.state.taken_over else fact
    bodies = [set(item.items[place]["accept"]) for place in item.left or range(len(item.items))]
    days = (
        irregular_day(procedure, act.kind, one, named=bool(act.source))
        for act, one in zip(item.acts, item.items, strict=True)
    )
    return CaseIrregularity(
        row["ref"], row["unit_name"], row["district_code"], row["level"], fact.seq, recorded.kind,
        _label(procedure, recorded.kind), fact.occurred_on, recorded.recorded_at, fact.by,
        str(item.items[0]["reason"]), item.status, item.seen_by, item.settled_by,
        tuple(days), tuple(sorted(set.intersection(*bodies))),
    )  # fmt: skip


def irregular_days_of(procedure: Procedure, taken_over: Mapping[str, Any]) -> list[IrregularDay]:
    """The unlawful days that the data of a take-over states."""
    return [
        irregular_day(procedure, act["verb"], item, named=True)
        for act in taken_over["acts"]
        for item in act.get(IRREGULARITIES, ())
    ]


def _label(procedure: Procedure, kind: str) -> dict[str, str]:
    verb = procedure.verbs.get(kind)
    return _pair(verb.label) if verb else both("casework.fact_taken_over")


def irregular_day(procedure: Procedure, verb: str, item: Mapping[str, Any], *, named: bool = False) -> IrregularDay:
    """An unlawful day as a fact states it. `named`: its sentence says of which act it is."""
    broken, article = read(item), str(item["article"])
    params = words_of(procedure, verb, broken)
    bound = broken.bound
    act = _label(procedure, verb)
    text = {
        lang: (f"{act[lang]}: " if named else "") + t(f"errors.day_{bound.kind}", lang, field=params["label"], **params)
        for lang in ("vi", "en")
    }
    cited = nearest_version(article, broken.day)
    return IrregularDay(
        bound.kind, bound.field, broken.day, bound.other.on, bound.other.seq, text, article,
        {"vi": cited.text_vi, "en": cited.text_en}, confidence_of(article, broken.day),
    )  # fmt: skip


def _pair(words: Words) -> dict[str, str]:
    return {"vi": words.vi, "en": words.en}

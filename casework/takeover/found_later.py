"""Days, values and papers of before a take-over that are found later: each is added with its source, and the list of
gaps gets shorter. The take-over itself stays on record as it was."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine

from casework.acts import Applied, record_looking_back, require_scope
from casework.dossier.documents import chosen_documents
from casework.ledger import LoadedCase, NewFact, load_case
from casework.office.people import doer_of
from casework.takeover.known import SOURCE, Item, Known, fact_of, items_of
from casework.takeover.listed_papers import list_papers
from casework.takeover.taking_over import TAKES_OVER
from models.clock import Clock
from models.database import writing
from models.errors import InputErrors, Refused, WrongInput
from procedures.facts import COMPLETED, FactView
from procedures.former_names import names_of, own_name
from procedures.schema import Procedure
from procedures.state_machine.earlier_acts import Step, step_named
from rulebook.office_calendar import office_of
from templates.words import both


@dataclass(frozen=True, slots=True)
class Before:
    """What is known of the time before a take-over, and the items of its step that are not."""

    step: Step
    known: Known
    missing: list[Item]


def before(loaded: LoadedCase) -> Before:
    """What is known of a case that was taken over. Raises Refused for any other case."""
    taken, procedure = loaded.state.taken_over, loaded.procedure
    if taken is None:
        raise Refused("not_taken_over", ref=loaded.row["ref"])
    step = _step(procedure, taken.data)
    items = items_of(procedure, step)
    known = Known(step.key, taken.data["source"], dict(_given(procedure, items, taken)))
    missing = [item for item in items if item.key not in known.values and item.part != SOURCE]
    return Before(step, known, missing)


def add_found(
    bind: Engine,
    ref: str,
    values: Mapping[str, Any],
    *,
    source: str,
    by: str,
    clock: Clock,
    documents: Sequence[str] = (),
) -> Applied:
    """Add what was found of the time before the take-over. `values`: by the keys of `items_of`.

    `documents`: by hash, those of the case in which it was found.

    Raises NotFound, Refused, WrongInput: nothing was changed.
    """
    with writing(bind) as connection:
        return add_found_in(connection, ref, values, source=source, by=by, clock=clock, documents=documents)


def add_found_in(
    connection: Connection,
    ref: str,
    values: Mapping[str, Any],
    *,
    source: str,
    by: str,
    clock: Clock,
    documents: Sequence[str] = (),
) -> Applied:
    """`add_found` inside the caller's transaction."""
    doer, loaded = doer_of(connection, by), load_case(connection, ref, lock=True)
    require_scope(doer, loaded)
    if doer.role not in TAKES_OVER or doer.district != office_of(loaded.row):
        raise Refused("found_later_not_yours")
    if loaded.state.closed_on is not None:
        raise Refused("case_closed")
    known = before(loaded)
    taken = loaded.state.taken_over
    assert taken is not None, "before() refuses a case that was not taken over"
    errors, added, evidence = InputErrors(), dict[str, Any](), list[str]()
    with errors:
        added = _added(known, values, source)
    with errors:
        evidence = chosen_documents(connection, loaded.row["id"], documents)
    errors.raise_if_any()
    whole = Known(known.known.step, known.known.source, {**known.known.values, **added})
    data = fact_of(loaded.procedure, whole, clock.today())
    list_papers(connection, loaded, data, doer, clock.now())
    fact = {
        "of": taken.seq, "source": " ".join(source.split()), "added": sorted(added), "acts": data["acts"],
        "gaps": data["gaps"],
    }  # fmt: skip
    new = NewFact(COMPLETED, clock.today(), clock.now(), doer.login, doer.role, fact, evidence)
    return record_looking_back(connection, loaded, new)


def _step(procedure: Procedure, data: Mapping[str, Any]) -> Step:
    state, _, verb = str(data.get("step") or data["state"]).partition(".")
    key = own_name(procedure, "states", state) + (f".{own_name(procedure, 'verbs', verb)}" if verb else "")
    found = step_named(procedure, key)
    if found is None:
        raise Refused("takeover_step_gone", step=key)
    return found


def _given(procedure: Procedure, items: list[Item], taken: FactView) -> Iterator[tuple[str, Any]]:
    """What a take-over says, by the keys of the items."""
    by_key = {item.key: item for item in items}
    times: dict[str, int] = {}
    for act in taken.data["acts"]:
        own = names_of(procedure).fact(FactView(taken.seq, act["verb"], date.min, data=act["data"]))
        times[own.kind] = times.get(own.kind, 0) + 1
        base = own.kind if times[own.kind] == 1 else f"{own.kind}#{times[own.kind]}"
        paper = act.get("paper") or {}
        said = {
            base: act["on"], f"{base}.paper": paper.get("symbol"), f"{base}.issuer": paper.get("issuer"),
            f"{base}.served": act.get("served_on"), f"{base}.source": act["on"] and act["source"],
            **{f"{base}.{name}": value for name, value in own.data.items()},
        }  # fmt: skip
        yield from ((key, value) for key, value in said.items() if value not in (None, "") and key in by_key)


def _added(known: Before, values: Mapping[str, Any], source: str) -> dict[str, Any]:
    """What is new, with its source beside that of what was known of the same act."""
    errors = InputErrors()
    given = {key: value for key, value in values.items() if str(value if value is not None else "").strip()}
    named = " ".join(source.split())
    with errors:
        if not named:
            raise WrongInput(SOURCE, "missing_field", label=both("takeover.part_source"))
    with errors:
        if not given:
            raise WrongInput(SOURCE, "nothing_found_given")
    for key in given:
        with errors:
            if key in known.known.values or key.endswith(f".{SOURCE}"):
                raise WrongInput(key, "found_already_known", value=_shown(known.known.values.get(key)))
    errors.raise_if_any()
    bases = dict.fromkeys(key.partition(".")[0] for key in given)
    return {**given, **{f"{base}.{SOURCE}": _joined(known, base, named) for base in bases}}


def _joined(known: Before, base: str, source: str) -> str:
    earlier = known.known.values.get(f"{base}.{SOURCE}")
    return source if earlier in (None, source) else f"{earlier}; {source}"


def _shown(value: Any) -> str:
    return "" if value is None else str(value)

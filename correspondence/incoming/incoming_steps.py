"""The step of the case that an incoming document is: its fields, whether the person may do it, and doing it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from casework.ledger import LoadedCase, load_case
from casework.office.people import Actor, require_visible
from correspondence.effective_papers import act_in
from models.clock import Clock
from models.errors import CoopcaseError, NotFound, Refused, WrongInput
from models.tables import case_rows
from procedures.facts import Need
from procedures.paper_steps import IncomingKind
from procedures.schema import Verb
from procedures.state_machine.asked_fields import needs_of
from procedures.state_machine.engine import why_not
from rulebook.office_papers import papers_of


@dataclass(frozen=True, slots=True)
class Step:
    """A verb as an incoming document offers it: the fields still required, the clocks it stops and starts, and
    why this person may not do it now, if so."""

    verb: str
    label: Mapping[str, str]
    needs: tuple[Need, ...]
    meets: tuple[Mapping[str, str], ...]
    starts: tuple[Mapping[str, str], ...]
    evidence: str
    reason: CoopcaseError | None


def kinds_of(connection: Connection, ref: str) -> Mapping[str, IncomingKind]:
    """The kinds of documents by the version of a case; of the one in force without a case, or with an unknown one."""
    pin = connection.scalar(select(case_rows.c.procedure).where(case_rows.c.ref == ref)) if ref else None
    return papers_of(connection, pin or "").incoming


def kind_of(connection: Connection, code: str, ref: str) -> IncomingKind | None:
    """A kind by the version of a case; None: any other document. Raises NotFound for a kind that is none."""
    if not code:
        return None
    known = kinds_of(connection, ref)
    if code not in known:
        raise NotFound("no_such_incoming_kind", kind=code, known=", ".join(known))
    return known[code]


def step_for(connection: Connection, person: Actor, code: str, ref: str, template: str = "") -> Step | None:
    """What a document of a kind is in a case; nothing for any other document. Raises NotFound."""
    kind = kind_of(connection, code, ref)
    if kind is None:
        return None
    loaded = load_case(connection, ref)
    require_visible(person, loaded.row["district_code"], ref)
    verb = loaded.procedure.verbs.get(kind.verb)
    if verb is None:  # a version of the procedure that has no such step
        return None
    known = {*kind.settled(template), *kind.takes}
    needs = needs_of(loaded.procedure, verb, loaded.state)
    reason = why_not(loaded.procedure, loaded.state, kind.verb, person.doer())
    return Step(
        kind.verb, {"vi": verb.label.vi, "en": verb.label.en}, tuple(need for need in needs if need.name not in known),
        _clocks(loaded, verb.meets), _clocks(loaded, [item.deadline for item in verb.starts]), verb.evidence, reason,
    )  # fmt: skip


def _clocks(loaded: LoadedCase, keys: Sequence[str]) -> tuple[Mapping[str, str], ...]:
    labels = (loaded.procedure.deadlines[key].label for key in keys)
    return tuple({"vi": label.vi, "en": label.en} for label in labels)


def record(
    connection: Connection,
    person: Actor,
    document: Mapping[str, Any],
    ref: str,
    template: str,
    data: Mapping[str, Any],
    *,
    clock: Clock,
) -> int:
    """Do the step that a document is; returns the fact's seq. `document` is the row of the register.

    Raises NotFound, WrongInput at the field, Refused where the person may not do it now.
    """
    kind = kind_of(connection, document["kind"], ref)
    if kind is None:
        raise Refused("incoming_is_no_step")
    if _verb(connection, ref, kind.verb).evidence == "required" and not document["evidence"]:
        raise WrongInput("evidence", "incoming_needs_scan")
    taken = {name: _plain(document[source]) for name, source in kind.takes.items()}
    done = act_in(
        connection, ref, kind.verb, by=person.login, clock=clock, on=document["received_on"],
        data={**data, **taken, **kind.settled(template)}, evidence=document["evidence"],
    )  # fmt: skip
    return done.seq


def _verb(connection: Connection, ref: str, name: str) -> Verb:
    verb = load_case(connection, ref).procedure.verbs.get(name)
    if verb is None:
        raise Refused("no_such_verb", verb=name)
    return verb


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value

"""The acts by which the money of a case is recorded, the same from a page and from the command line."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from casework.ledger import LoadedCase
from casework.money import lists
from casework.money.look import look
from casework.office.people import Actor
from correspondence.effective_papers import act_in
from models.clock import Clock
from models.errors import InputErrors, Refused, WrongInput
from procedures.facts import Need
from procedures.money.of_case import rows_of
from procedures.money.rules import Money
from procedures.state_machine.engine import available
from templates.words import LANGUAGES, pick, t

# Claims first: the collateral of an asset names one of them.
_ORDER = ("claims", *(name for name in lists.LISTS if name != "claims"))


def money_of(loaded: LoadedCase) -> Money:
    """The rules of the case's version. Raises Refused: it has no lists of assets and claims."""
    if loaded.procedure.money is None:
        raise Refused("money_other_version")
    return loaded.procedure.money


def plan_of(loaded: LoadedCase, person: Actor) -> str | None:
    """The act that this person may draft the pay-out with now."""
    plans = money_of(loaded).plans
    allowed = (item.verb for item in available(loaded.procedure, loaded.state, person.doer()) if item.allowed)
    return next((verb for verb in allowed if verb in plans), None)


def record_list(
    connection: Connection, loaded: LoadedCase, name: str, listed: lists.Listed, person: Actor, *, clock: Clock
) -> None:
    """Record a list as a whole. Raises Refused; WrongInput with every wrong cell by line and column."""
    record = lists.record_of(money_of(loaded), name)
    try:
        _act(connection, loaded, record.verb, {record.field: listed.rows}, person, clock)
    except WrongInput as error:
        gathered, need = InputErrors(), lists.need_of(loaded, name)
        for one in error.every:
            with gathered:
                raise _at_its_cell(name, need, listed, one) from None
        gathered.raise_if_any()


def record_workbook(
    connection: Connection, loaded: LoadedCase, data: bytes, filename: str, person: Actor, *, clock: Clock
) -> list[str]:
    """Record the lists of a workbook, all or none; returns their names. An empty sheet of an empty list is passed over.

    Raises as `record_list`; WrongInput for a file without any of the sheets.
    """
    money_of(loaded)
    found = lists.from_workbook(loaded, data, filename)
    recorded = [name for name in _ORDER if name in found and (found[name].rows or lists.listed_rows(loaded, name))]
    for name in recorded:
        record_list(connection, loaded, name, found[name], person, clock=clock)
    return recorded


def add_replies(connection: Connection, loaded: LoadedCase, person: Actor, *, clock: Clock) -> None:
    """Add the debts that agencies replied to the list of claims. Raises Refused, WrongInput."""
    record = money_of(loaded).claims
    view = look(connection, loaded, clock.today())
    rows = [*rows_of(loaded.state, record), *(view.replies if view else ())]
    _act(connection, loaded, record.verb, {record.field: rows}, person, clock)


def draft_payout(connection: Connection, loaded: LoadedCase, person: Actor, *, clock: Clock) -> None:
    """Draft the pay-out as it is computed. Raises Refused: not at this step, not this person's, lists with gaps."""
    at_this_step = (verb for verb in money_of(loaded).plans if loaded.state.state in loaded.procedure.verbs[verb].from_)
    verb = plan_of(loaded, person) or next(at_this_step, None)  # the second is refused with its own reason
    if verb is None:
        raise Refused("money_no_plan_here")
    _act(connection, loaded, verb, {}, person, clock)


def _act(
    connection: Connection, loaded: LoadedCase, verb: str, data: Mapping[str, Any], person: Actor, clock: Clock
) -> None:
    act_in(connection, loaded.row["ref"], verb, by=person.login, clock=clock, data=data)


def _at_its_cell(name: str, need: Need, listed: lists.Listed, error: WrongInput) -> WrongInput:
    """The error with its place, and with the name of its column instead of the key."""
    place, why = dict[str, str](), dict[str, str]()
    column = lists.column_of(need, error.field)
    for lang in LANGUAGES:
        cell = lists.place_in_words(need, listed, error.field, lang)
        title = t(f"payout.list_{name}", lang)
        called = _called(column, lang) if column is not None else {}
        place[lang] = f"{title}: {cell}" if cell else title
        why[lang] = t(f"errors.{error.code}", lang, **{**error.params, **called})
    return WrongInput(error.field, "money_row_wrong", place=place, why=why)


def _called(column: Need, lang: str) -> dict[str, str]:
    """The column, and what may be chosen in it, in words."""
    return {
        "field": pick(column.label, lang),
        "options": ", ".join(pick(label, lang) for label in column.options.values()),
    }

"""People who sign for a body in ink and do not sign in: name, post, right and days. Added and ended, never deleted."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, select, update

from casework.office.data_rights import clean_line
from casework.office.people import Actor
from correspondence.delegations import BY_WRITTEN_ACT, FIRST_YEAR, LAST_YEAR, RIGHTS, bodies_of, is_deputy
from letters.issuing_bodies import bodies
from models.clock import Clock
from models.errors import InputErrors, NotFound, Refused, WrongInput
from models.tables import communes, signatories
from models.typed_rows import all_rows, first_row
from models.typed_rows.paper_shapes import SignatoryRow
from templates.formats import date_vi
from templates.words import both

RECORDERS = frozenset({"clerk", "manager", "leader", "admin"})
_S = signatories.c


@dataclass(frozen=True, slots=True)
class Signatory:
    """A signatory as typed. `authority`: empty for the head of the body; `commune`: of which commune's committee."""

    name: str
    post: str
    body: str
    from_on: date | None
    to_on: date | None = None
    authority: str = ""
    decision: str = ""
    commune: str = ""


class ListedSignatory(SignatoryRow):
    """A signatory with how far the right reaches."""

    stands: str  # in_force, coming or over
    commune_name: str


def listed_signatories(connection: Connection, person: Actor, today: date) -> list[ListedSignatory]:
    """The signatories of the person's office, the latest first; the city's person sees those of the city's offices."""
    found = select(signatories).where(_at_home(person)).order_by(_S.id.desc())
    rows = all_rows(SignatoryRow, connection.execute(found))
    names = dict(connection.execute(select(communes.c.code, communes.c.name)).tuples().all())
    return [
        {**row, "stands": _status(row, today), "commune_name": names.get(row["commune_code"] or "", "")} for row in rows
    ]


def record_signatory(connection: Connection, typed: Signatory, *, by: Actor, clock: Clock) -> int:
    """Record who signs in ink; returns the number. Raises Refused, WrongInput at each wrong field."""
    if by.role not in RECORDERS:
        raise Refused("signatories_not_yours")
    values = _checked(connection, typed, by)
    _require_no_overlap(connection, values, by)
    values |= {
        "district_code": by.district, "recorded_by": by.login, "recorded_at": clock.now(), "ended_by": "",
        "end_reason": "",
    }  # fmt: skip
    return int(connection.execute(signatories.insert().values(**values).returning(_S.id)).scalar_one())


def end_signatory(connection: Connection, number: int, on: date, reason: str, *, by: Actor, clock: Clock) -> None:
    """End a right: `on` is its last day, in the past too, for papers are entered afterwards.

    Raises NotFound, Refused, WrongInput.
    """
    found = select(signatories).where(_S.id == number, _at_home(by))
    row = first_row(SignatoryRow, connection.execute(found))
    if row is None:
        raise NotFound("no_such_signatory", number=number)
    if by.role not in RECORDERS:
        raise Refused("signatories_not_yours")
    if on < row["from_on"]:
        raise WrongInput("on", "signatory_ends_before", first=date_vi(row["from_on"]))
    if row["to_on"] is not None and on > row["to_on"]:
        raise WrongInput("on", "delegation_ends_late", last=date_vi(row["to_on"]))
    text = clean_line("reason", reason, {"vi": "Lý do", "en": "Reason"})
    ended = {"to_on": on, "ended_by": by.login, "ended_at": clock.now(), "end_reason": text}
    connection.execute(update(signatories).where(_S.id == number).values(**ended))


def _at_home(person: Actor) -> ColumnElement[bool]:
    return _S.district_code.is_(None) if person.district is None else _S.district_code == person.district


def _status(row: SignatoryRow, today: date) -> str:
    if row["to_on"] is not None and row["to_on"] < today:
        return "over"
    return "coming" if row["from_on"] > today else "in_force"


def _checked(connection: Connection, typed: Signatory, by: Actor) -> dict[str, Any]:
    gathered, values = InputErrors(), dict[str, Any]()
    for name in ("name", "post", "decision"):
        with gathered:
            required = name != "decision" or typed.authority in BY_WRITTEN_ACT
            values[name] = clean_line(name, getattr(typed, name), both(f"signatories.{name}"), required=required)
    with gathered:
        known = bodies_of(by.district)
        if typed.body not in known:
            raise WrongInput("body", "not_an_option", value=typed.body[:40], options=", ".join(known))
        values |= {"body": typed.body, "commune_code": _commune(connection, typed, by)}
    with gathered:
        values["authority"] = _right(typed)
    with gathered:
        values |= _days(typed)
    gathered.raise_if_any()
    return values


def _commune(connection: Connection, typed: Signatory, by: Actor) -> str | None:
    """The commune of a signatory of a commune's committee; none for other bodies."""
    if bodies()[typed.body].signs != "commune":
        return None
    own = select(communes.c.code).where(communes.c.code == typed.commune, communes.c.district_code == by.district)
    if connection.scalar(own) is None:
        raise WrongInput("commune", "signatory_needs_commune")
    return typed.commune


def _right(typed: Signatory) -> str:
    if typed.authority not in ("", *RIGHTS):
        raise WrongInput("authority", "not_an_option", value=typed.authority[:20], options=", ".join(RIGHTS))
    deputy = bodies()[typed.body].deputy if typed.body in bodies() else ""
    if typed.authority == "KT" and not is_deputy(typed.post, deputy):
        raise WrongInput("authority", "signatory_kt", post=typed.post[:80], deputy=deputy.capitalize())
    return typed.authority


def _days(typed: Signatory) -> dict[str, date | None]:
    first, last = typed.from_on, typed.to_on
    if first is None:
        raise WrongInput("from_on", "missing_field", label=both("signatories.from_on"))
    if not all(FIRST_YEAR <= day.year <= LAST_YEAR for day in (first, last) if day):
        raise WrongInput("from_on", "not_a_date", value=date_vi(first))
    if last is not None and last < first:
        raise WrongInput("to_on", "delegation_reversed")
    if last is None and typed.authority == "TUQ":
        raise WrongInput("to_on", "tuq_needs_end")
    return {"from_on": first, "to_on": last}


def _require_no_overlap(connection: Connection, values: dict[str, Any], by: Actor) -> None:
    """One head of a body at a time, one row for a person, a body and a day. Raises Refused."""
    same = [_at_home(by), _S.body == values["body"], _S.commune_code.is_not_distinct_from(values["commune_code"])]
    same += [_S.to_on.is_(None) | (_S.to_on >= values["from_on"])]
    if values["to_on"] is not None:
        same.append(_S.from_on <= values["to_on"])
    rows = all_rows(SignatoryRow, connection.execute(select(signatories).where(*same)))
    heads = ("", "Q")
    for row in rows:
        if row["name"] == values["name"] or (row["authority"] in heads and values["authority"] in heads):
            raise Refused(
                "signatory_overlaps", name=row["name"], from_on=date_vi(row["from_on"]),
                to_on=date_vi(row["to_on"]) or "…",
            )  # fmt: skip

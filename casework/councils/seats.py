"""Who sits in a council: one person one seat, an empty seat with its reason, replacement with the history kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, select, update

from casework.councils.bodies import DECIDERS, own_council, require_editor
from casework.office.data_rights import clean_line
from casework.office.people import Actor
from models.clock import Clock
from models.errors import InputErrors, NotFound, Refused, WrongInput
from models.tables import council_members
from models.typed_rows import all_rows
from models.typed_rows.council_shapes import MemberRow
from procedures.councils import Seat, council_rules
from templates.formats import date_vi
from templates.words import both

_M = council_members.c


@dataclass(frozen=True, slots=True)
class NewMember:
    """A person who takes a seat, from inside or outside the office; `decision`: by which in place of another."""

    seat: str
    name: str
    post: str
    from_on: date | None
    decision: str = ""


def members_of(connection: Connection, number: int) -> list[MemberRow]:
    """Every row of a council's seats, those of before too, in the order of the decree."""
    order = list(council_rules().seats)
    rows = all_rows(MemberRow, connection.execute(select(council_members).where(_M.council_id == number)))
    return sorted(rows, key=lambda row: (order.index(row["seat"]) if row["seat"] in order else 99, row["id"]))


def sitting(rows: Sequence[MemberRow], on: date) -> list[MemberRow]:
    """The rows that hold on a day: who sits, and which seats are empty."""
    return [row for row in rows if row["from_on"] <= on and (row["to_on"] is None or row["to_on"] >= on)]


def chair_of(rows: Sequence[MemberRow], on: date) -> str:
    """The name of the chair on a day; empty without one."""
    return next((row["name"] for row in sitting(rows, on) if row["seat"] == "chair" and row["name"]), "")


def unsettled_seats(rows: Sequence[MemberRow], on: date) -> list[str]:
    """The seats that have nobody and no approved reason."""
    settled = {row["seat"] for row in sitting(rows, on) if row["name"] or row["approved_by"]}
    return [key for key, seat in council_rules().seats.items() if seat.required and key not in settled]


def table_rows(rows: Sequence[MemberRow], on: date) -> list[dict[str, str]]:
    """The council as the table of an act. Raises Refused: a seat has neither a person nor an approved reason."""
    lacking = unsettled_seats(rows, on)
    if lacking:
        names = {lang: ", ".join(label_of(key)[lang] for key in lacking) for lang in ("vi", "en")}
        raise Refused("council_seats_open", seats=names)
    now = sitting(rows, on)
    filled = {row["seat"] for row in now if row["name"]}
    return [_table_row(row) for row in now if row["name"] or row["seat"] not in filled]


def _table_row(row: MemberRow) -> dict[str, str]:
    if row["name"]:
        return {"seat": row["seat"], "name": row["name"], "post": row["post"]}
    return {"seat": row["seat"], "reason_missing": row["reason"]}


def label_of(seat: str) -> dict[str, str]:
    """The name of a seat in both languages; its code for one that the rules do not have."""
    found = council_rules().seats.get(seat)
    return dict(found.label) if found else {"vi": seat, "en": seat}


def seat_member(connection: Connection, number: int, typed: NewMember, *, by: Actor, clock: Clock) -> int:
    """Seat a person; an empty seat is filled by it. Returns the number of the row.

    Raises NotFound, Refused, WrongInput: the seat is taken, the person sits already.
    """
    require_editor(by)
    own_council(connection, number, by)
    values, seat = _checked(typed)
    now = sitting(members_of(connection, number), values["from_on"])
    taken = next((row for row in now if row["seat"] == typed.seat and row["name"]), None)
    if taken is not None and not seat.several:
        raise WrongInput("seat", "council_seat_taken", seat=dict(seat.label), name=taken["name"])
    _require_one_seat(now, values["name"])
    for row in now:
        if row["seat"] == typed.seat and not row["name"]:
            _end(connection, row, values["from_on"], both("councils.filled")["vi"], by)
    return _insert(connection, number, values, by, clock)


def replace_member(
    connection: Connection, number: int, member: int, typed: NewMember, reason: str, *, by: Actor, clock: Clock
) -> int:
    """Seat a person in place of another, by a decision; the former one stays in the history.

    Raises NotFound, Refused, WrongInput: without decision or reason, or from before the former one came.
    """
    require_editor(by)
    own_council(connection, number, by)
    gathered, rows = InputErrors(), members_of(connection, number)
    old = _open_row(rows, member)
    values: dict[str, Any] = {}
    with gathered:
        values = _checked(NewMember(old["seat"], typed.name, typed.post, typed.from_on, typed.decision))[0]
    with gathered:
        clean_line("decision", typed.decision, both("councils.replaced_by"))
    with gathered:
        text = clean_line("reason", reason, both("councils.reason"))
    gathered.raise_if_any()
    if values["from_on"] <= old["from_on"]:
        raise WrongInput("from_on", "council_replaced_before", first=date_vi(old["from_on"]))
    _require_one_seat([row for row in sitting(rows, values["from_on"]) if row["id"] != member], values["name"])
    _end(connection, old, values["from_on"], text, by)
    return _insert(connection, number, values, by, clock)


def leave_empty(
    connection: Connection, number: int, seat: str, reason: str, from_on: date | None, *, by: Actor, clock: Clock
) -> int:
    """Record that nobody can be seated, and why; a second person approves it. Raises NotFound, Refused, WrongInput."""
    require_editor(by)
    own_council(connection, number, by)
    gathered, on, text = InputErrors(), from_on or clock.today(), ""
    with gathered:
        _require_free(seat, sitting(members_of(connection, number), on))
    with gathered:
        text = clean_line("reason", reason, both("councils.reason"))
    gathered.raise_if_any()
    blank = {"seat": seat, "name": "", "post": "", "reason": text, "from_on": on, "decision": ""}
    return _insert(connection, number, blank, by, clock)


def _require_free(seat: str, now: Sequence[MemberRow]) -> None:
    """Nothing is said of the seat yet, and it may be empty. Raises WrongInput."""
    known = _seat(seat)
    if known.never_vacant:
        raise WrongInput("seat", "council_seat_never_empty", seat=dict(known.label))
    if any(row["seat"] == seat for row in now):
        raise WrongInput("seat", "council_seat_said", seat=dict(known.label))


def approve_empty(connection: Connection, number: int, member: int, *, by: Actor, clock: Clock) -> None:
    """Approve the reason for an empty seat: a head of the office, not who recorded it. Raises NotFound, Refused."""
    own_council(connection, number, by)
    row = _open_row(members_of(connection, number), member)
    if row["name"] or row["approved_by"]:
        raise Refused("council_nothing_to_approve")
    if by.role not in DECIDERS:
        raise Refused("council_approval_not_yours")
    if by.login == row["recorded_by"]:
        raise Refused("council_four_eyes")
    said = {"approved_by": by.login, "approved_at": clock.now()}
    connection.execute(update(council_members).where(_M.id == member).values(**said))


def _checked(typed: NewMember) -> tuple[dict[str, Any], Seat]:
    gathered, values = InputErrors(), dict[str, Any]()
    seat: Seat | None = None
    with gathered:
        seat = _seat(typed.seat)
    for name in ("name", "post", "decision"):
        with gathered:
            values[name] = clean_line(
                name, getattr(typed, name), both(f"councils.member_{name}"), required=name != "decision"
            )
    with gathered:
        if typed.from_on is None:
            raise WrongInput("from_on", "missing_field", label=both("councils.from_on"))
    gathered.raise_if_any()
    assert seat is not None, "an unknown seat was refused"
    return values | {"seat": typed.seat, "from_on": typed.from_on, "reason": ""}, seat


def _seat(key: str) -> Seat:
    seats = council_rules().seats
    if key not in seats:
        raise WrongInput("seat", "not_an_option", value=key[:40], options=", ".join(seats))
    return seats[key]


def _open_row(rows: Sequence[MemberRow], member: int) -> MemberRow:
    """A row that has not ended. Raises NotFound, Refused."""
    row = next((row for row in rows if row["id"] == member), None)
    if row is None:
        raise NotFound("no_such_member", member=member)
    if row["to_on"] is not None:
        raise Refused("council_member_left", name=row["name"] or label_of(row["seat"])["vi"])
    return row


def _require_one_seat(now: Sequence[MemberRow], name: str) -> None:
    same = next((row for row in now if row["name"] and _plain(row["name"]) == _plain(name)), None)
    if same is not None:
        raise WrongInput("name", "council_one_seat", name=name, seat=label_of(same["seat"]))


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _insert(connection: Connection, number: int, values: dict[str, Any], by: Actor, clock: Clock) -> int:
    blank = {"approved_by": "", "ended_by": "", "end_reason": ""}
    made = {**blank, **values, "council_id": number, "recorded_by": by.login, "recorded_at": clock.now()}
    return int(connection.execute(council_members.insert().values(**made).returning(_M.id)).scalar_one())


def _end(connection: Connection, row: MemberRow, next_from: date, reason: str, by: Actor) -> None:
    """End a row on the day before the next one begins; one that began that very day ends on it."""
    ended = {"to_on": max(next_from - timedelta(days=1), row["from_on"]), "ended_by": by.login, "end_reason": reason}
    connection.execute(update(council_members).where(_M.id == row["id"]).values(**ended))

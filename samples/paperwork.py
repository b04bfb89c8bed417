"""The letters of the sample office: recent ones are drafted, signed, numbered and served by the regular functions."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import cycle
from typing import Any

from sqlalchemy import Connection, select, update

from casework.office.people import Actor, actor
from correspondence import drafts, issuing
from correspondence.incoming.incoming_register import Arrival, register_incoming
from correspondence.joint.shares import kind_of
from correspondence.service import serving
from correspondence.service.service_rules import Delivery
from correspondence.signing import at_home, body_for, named_signer, seat_of
from letters.blanks import NONE, UNIT, may_lack, unit_fields
from letters.catalogue import LetterType
from letters.issuing_bodies import bodies
from models.clock import FrozenClock
from models.tables import effects, officers
from models.typed_rows.letter_shapes import LetterOfCase
from rulebook.office_papers import papers_of
from samples.histories import TODAY
from samples.proofs import Proofs

ON_PAPER_BEFORE = TODAY - timedelta(days=30)  # other letters than those of acts were written outside until then
STILL_OPEN_FROM = TODAY - timedelta(days=10)  # newer letters are not finished
EN_ROUTE_FROM = TODAY - timedelta(days=20)  # some of those in between are not finished
COURSES = ("submitted", "approved", "issued", "sent", "undelivered", *["served"] * 5)  # by turns
DELIVERIES = {
    "served": Delivery("hand", "served", TODAY, details={"receiver": "Người nhận (mẫu)"}),
    "sent": Delivery("post", "sent", TODAY, details={"tracking": "RR000000000VN"}),
    "undelivered": Delivery("post", "returned", TODAY, details={"tracking": "RR000000000VN", "reason": "Vắng (mẫu)"}),
}
_TEXT = "theo hồ sơ (mẫu)"


class Desk:
    """Works on the letters of the office day by day: drafts the required ones and completes the older ones."""

    def __init__(self, connection: Connection, proofs: Proofs) -> None:
        self._connection, self._proofs = connection, proofs
        self._next = ON_PAPER_BEFORE
        self._asked: dict[date, list[int]] = {}
        self._courses = cycle(COURSES)

    def work_until(self, day: date) -> None:
        """Do the pending work of the days before `day`."""
        while self._next < day:
            self._work(self._next)
            self._next += timedelta(days=1)

    def issue(self, letter: int, on: date, *, last: bool) -> None:
        """Sign, number and serve the paper of a prepared act on its day; of the last act of a case, perhaps not yet."""
        if last and on >= STILL_OPEN_FROM and letter % 3 == 0:
            return  # still a draft
        stops = next(self._courses) if last and on >= EN_ROUTE_FROM else "served"
        carry(self._connection, letter, FrozenClock.on(on, 10), self._proofs, stops)

    def _work(self, on: date) -> None:
        if on == ON_PAPER_BEFORE:
            _settle_old(self._connection)
        for row in _pending_letters(self._connection):
            letter = _drafted(self._connection, row, on)
            if on < STILL_OPEN_FROM:
                stops = next(self._courses) if on >= EN_ROUTE_FROM else "served"
                carry(self._connection, letter, FrozenClock.on(on, 14), self._proofs, stops)
                self._asked.setdefault(on + timedelta(days=6), []).append(letter)
        for letter in self._asked.pop(on, ()):
            _answered(self._connection, letter, on)


def _drafted(connection: Connection, row: Mapping[str, Any], on: date) -> int:
    now, payload = FrozenClock.on(on, 11).now(), row["payload"]
    made = drafts.draft_required(connection, row["case_id"], payload["template"], payload["seq"], now=now, today=on)
    connection.execute(update(effects).where(effects.c.id == row["id"]).values(status="done", done_at=now))
    return made


def _settle_old(connection: Connection) -> None:
    limit = FrozenClock.on(ON_PAPER_BEFORE).now()
    old = update(effects).where(effects.c.kind == "letter", effects.c.created_at < limit)
    connection.execute(old.values(status="done", done_at=limit, note="sample"))


def _pending_letters(connection: Connection) -> list[Mapping[str, Any]]:
    found = select(effects).where(effects.c.kind == "letter", effects.c.status == "pending")
    return [dict(row) for row in connection.execute(found.order_by(effects.c.created_at, effects.c.id)).mappings()]


def carry(connection: Connection, letter_id: int, clock: FrozenClock, proofs: Proofs, stops: str) -> None:
    """Carry a letter as far as the step `stops`, one of COURSES."""
    row = drafts.one_letter(connection, letter_id)
    people, on, now = _people(connection, row), clock.today(), clock.now()
    kind = kind_of(row)
    if people["signer"] is None:  # signed by the cooperative, its council, or a chair without an account
        return
    typed = dict(typed_for(kind, row["missing"], on))
    if typed:
        drafts.fill(connection, letter_id, people["officer"], typed, today=on)
    drafts.submit(connection, letter_id, people["officer"], now=now, today=on)
    if stops != "submitted":
        drafts.approve(connection, letter_id, people["signer"], now=now, today=on)
    if stops not in ("submitted", "approved"):
        issuing.issue(connection, letter_id, people["clerk"], now=now, today=on)
    if stops in DELIVERIES:
        _serve(connection, letter_id, people["clerk"], DELIVERIES[stops], on, now, proofs)


def _serve(
    connection: Connection, letter_id: int, clerk: Actor, how: Delivery, on: date, now: datetime, proofs: Proofs
) -> None:
    row = drafts.one_letter(connection, letter_id)
    sha = proofs.of(row["case_id"], by=clerk.login, now=now)
    serving.serve(connection, letter_id, clerk, replace(how, on=on, evidence=[sha]), now=now, today=on)


def _answered(connection: Connection, letter_id: int, on: date) -> None:
    """Register answers to some letters that expect one, without recording them on the case yet."""
    row = drafts.one_letter(connection, letter_id)
    kind = papers_of(connection, row["procedure"]).answer_to(row["template"])
    if not kind or row["status"] != "served" or letter_id % 3:
        return
    sender = "; ".join(row["data"]["frozen"]["addressees"])
    arrival = Arrival(
        sender, "Trả lời văn bản của phòng (mẫu)", on, "15/TL (mẫu)", on - timedelta(days=2), "", letter_id, kind
    )
    register_incoming(connection, _people(connection, row)["clerk"], arrival, clock=FrozenClock.on(on, 15))


def typed_for(kind: LetterType, missing: list[str], on: date) -> Iterator[tuple[str, Any]]:
    """Yield invented values for the missing fields of a letter; of the unit that there is none, where that may be."""
    fields = {**kind.fields, **unit_fields(kind)}
    for name in missing:
        if name.startswith(UNIT) and name in may_lack(kind):
            yield f"{NONE}{name}", "có"
            continue
        field = fields.get(name)
        if field is None:  # not a field: assigned or entered elsewhere
            continue
        if field.sample is not None:
            yield name, field.sample
        elif field.type == "date":
            yield name, (on + timedelta(days=15)).isoformat()
        elif field.type == "table":
            yield name, [dict.fromkeys(field.columns, _TEXT)]
        else:
            yield name, {"money": 1_000_000, "number": 1, "integer": 1, "boolean": True}.get(field.type, _TEXT)


def _people(connection: Connection, row: LetterOfCase) -> dict[str, Any]:
    """Officer, signer and clerk of the office that writes the letter, perhaps the one above; signer None when another
    body signs."""
    key = body_for(connection, kind_of(row), row)
    home = row["district_code"] if row["level"] == "district" else None
    role = bodies()[key].signs
    signs_at = seat_of(key, row)
    above = home is not None and signs_at is None
    return {
        "officer": _one(connection, *((None, "case_officer") if above else (home, "case_officer", row["officer_id"]))),
        "signer": None if role == "nobody" else _signer(connection, row, key, signs_at),
        "clerk": _one(connection, None if above else home, "clerk"),
    }


def _signer(connection: Connection, row: LetterOfCase, key: str, seat: str | None) -> Actor | None:
    """The head of the body, or whom the case names, if that person has an account."""
    named = named_signer(connection, bodies()[key], row, row["drafted_for_on"])
    if not named:
        return _one(connection, seat, bodies()[key].signs)
    login = connection.scalar(select(officers.c.login).where(officers.c.name == named, at_home(seat)))
    return actor(connection, login) if login else None


def _one(connection: Connection, district: str | None, role: str, officer_id: int | None = None) -> Actor:
    at_home = officers.c.district_code.is_(None) if district is None else officers.c.district_code == district
    found = select(officers.c.login).where(at_home, officers.c.role == role).order_by(officers.c.id).limit(1)
    if officer_id is not None:
        found = select(officers.c.login).where(officers.c.id == officer_id)
    return actor(connection, connection.execute(found).scalar_one())

"""Accounts of an office: adding, changing, deactivating people with handover of cases. Acts go into the journal."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Select, func, select, update

from casework.acts import reassign_in
from casework.office.common_passwords import is_too_common
from casework.office.office_journal import note
from casework.office.people import Actor, actor, composed, hash_of, matches
from letters.typed_text import check_text
from models.clock import Clock
from models.database import writing
from models.errors import InputErrors, NotFound, Refused, WrongInput
from models.tables import case_rows, districts, office_acts, officers
from models.typed_rows import all_rows, first_row
from models.typed_rows.office_shapes import OfficeActRow, OfficerRow, PersonRow
from procedures.facts import CLOCK
from procedures.state_machine.field_values import clean_text, one_line
from rulebook.versions import in_force

ADMIN = "admin"
ACTS = ("came", "changed", "left", "password", "absent", "absence_dropped")
SHORTEST_PASSWORD = 10
TITLES = ("ông", "bà")
LANGUAGES = ("vi", "en")
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
_MAIL = re.compile(r"[^@\s<>,;\"]{1,64}@[^@\s<>,;\"]{3,190}")
_LABELS = {"name": {"vi": "Họ tên", "en": "Name"}, "reason": {"vi": "Lý do", "en": "Reason"}}
_HIDDEN = {"password_hash", "feed_token"}


@dataclass(frozen=True, slots=True)
class Post:
    """The data of a person's account. No district: the city's own office."""

    name: str
    role: str
    district: str | None = None
    title: str = ""
    post: str = ""
    email: str = ""
    lang: str = "vi"


def roles(connection: Connection) -> tuple[str, ...]:
    """The roles a person may have: those of the procedure in force, and the administrator."""
    return (*(role for role in in_force(connection).roles if role != CLOCK), ADMIN)


def may_manage(person: Actor, district: str | None) -> bool:
    """An administrator, of the office itself or of the city."""
    return person.role == ADMIN and person.district in (None, district)


class StaffRow(PersonRow):
    """A person of the office and the number of their open cases."""

    open_cases: int


def staff(connection: Connection, district: str | None) -> list[StaffRow]:
    """The people of a district, or of all, with their open cases; deactivated ones last."""
    open_cases = (
        select(func.count())
        .where(case_rows.c.officer_id == officers.c.id, case_rows.c.closed_on.is_(None))
        .scalar_subquery()
    )
    columns = [column for column in officers.c if column.name not in _HIDDEN]
    found = select(*columns, open_cases.label("open_cases")).order_by(
        officers.c.active.desc(), officers.c.district_code.nulls_first(), officers.c.role, officers.c.login
    )
    if district is not None:
        found = found.where(officers.c.district_code == district)
    return all_rows(StaffRow, connection.execute(found))


def journal(connection: Connection, district: str | None, limit: int = 50) -> list[OfficeActRow]:
    """What was done to the people of a district, or of all, the latest first."""
    found = select(office_acts).where(office_acts.c.act.in_(ACTS)).order_by(office_acts.c.id.desc()).limit(limit)
    if district is not None:
        found = found.where(office_acts.c.subject.in_(_logins(district)))
    return all_rows(OfficeActRow, connection.execute(found))


def _logins(district: str) -> Select[tuple[str]]:
    return select(officers.c.login).where(officers.c.district_code == district)


def add(connection: Connection, login: str, wanted: Post, *, by: Actor, clock: Clock) -> str:
    """Add a person. Returns a temporary password, to be changed at the first sign-in.

    Raises WrongInput, Refused.
    """
    _require_right(by, wanted.district)
    return take_in(connection, login, wanted, by=by.login, clock=clock)


def take_in(connection: Connection, login: str, wanted: Post, *, by: str, clock: Clock) -> str:
    """`add` without an administrator, for the first one of a new office."""
    name, values, gathered = login.strip().lower(), dict[str, Any](), InputErrors()
    with gathered:
        _check_login(connection, name, login)
    with gathered:
        values = _checked(connection, wanted)
    gathered.raise_if_any()
    password = secrets.token_urlsafe(9)
    connection.execute(
        officers.insert().values(
            **values, login=name, password_hash=hash_of(password), temporary=True, active=True, is_sample=False
        )
    )
    note(connection, "came", name, by, clock, asdict(wanted))
    return password


def _check_login(connection: Connection, name: str, typed: str) -> None:
    if not _LOGIN.fullmatch(name) or name == CLOCK:
        raise WrongInput("login", "not_a_login", value=typed[:40])
    if connection.scalar(select(officers.c.id).where(officers.c.login == name)) is not None:
        raise WrongInput("login", "login_taken", login=name)


def change(connection: Connection, login: str, wanted: Post, *, by: Actor, clock: Clock) -> None:
    """Another name, role, office, post, address or language. Raises NotFound, WrongInput, Refused.

    A person with open cases cannot change offices: they are handed over first.
    """
    row = _row(connection, login)
    _require_right(by, row["district_code"], wanted.district)
    moves = (row["role"], row["district_code"]) != (wanted.role, wanted.district)
    if moves and (count := _open(connection, row["id"])):
        raise Refused("has_open_cases", login=login, count=count)
    if moves and row["id"] == by.id:
        raise Refused("not_yourself")
    values = _checked(connection, wanted)
    connection.execute(update(officers).where(officers.c.id == row["id"]).values(**values))
    known: Mapping[str, object] = row
    before = {name: known[name] for name in values if known[name] != values[name]}
    note(connection, "changed", login, by.login, clock, {"before": before} | asdict(wanted))


def leave(bind: Engine, login: str, *, hand_over_to: str, reason: str, by: str, clock: Clock) -> int:
    """Deactivate a person: sessions end, open cases are handed over in the same commit. Returns how many cases.

    Raises NotFound, WrongInput, Refused.
    """
    with writing(bind) as connection:
        admin = actor(connection, by)
        row = _row(connection, login)
        _require_right(admin, row["district_code"])
        if row["id"] == admin.id:
            raise Refused("not_yourself")
        moved = _hand_over(connection, row, hand_over_to, reason, admin, clock)
        connection.execute(update(officers).where(officers.c.id == row["id"]).values(active=False, feed_token=None))
        note(connection, "left", login, by, clock, {"handed_over": moved, "to": hand_over_to, "reason": reason})
        return moved


def come_back(connection: Connection, login: str, *, by: Actor, clock: Clock) -> str:
    """Reactivate a person. Returns a new temporary password. Raises NotFound, Refused."""
    _require_right(by, _row(connection, login)["district_code"])
    connection.execute(update(officers).where(officers.c.login == login).values(active=True))
    return new_password(connection, login, by=by, clock=clock)


def new_password(connection: Connection, login: str, *, by: Actor, clock: Clock) -> str:
    """Reset a password: every session of the person ends. Returns the temporary one. Raises NotFound, Refused."""
    _require_right(by, _row(connection, login)["district_code"])
    password = secrets.token_urlsafe(9)
    values = {"password_hash": hash_of(password), "temporary": True}
    connection.execute(update(officers).where(officers.c.login == login).values(**values))
    note(connection, "password", login, by.login, clock, {})
    return password


def choose_password(connection: Connection, person: Actor, old: str, new: str, again: str) -> None:
    """One's own new password. Raises WrongInput at `old`, `new` or `again`."""
    known = connection.scalar(select(officers.c.password_hash).where(officers.c.id == person.id))
    if not known or not matches(known, old):
        raise WrongInput("old", "old_password_wrong")
    new, again = composed(new), composed(again)
    if len(new) < SHORTEST_PASSWORD or new == composed(old) or person.login in new.lower():
        raise WrongInput("new", "password_too_weak", least=SHORTEST_PASSWORD)
    if is_too_common(new):
        raise WrongInput("new", "password_too_common")
    if new != again:
        raise WrongInput("again", "passwords_differ")
    values = {"password_hash": hash_of(new), "temporary": False}
    connection.execute(update(officers).where(officers.c.id == person.id).values(**values))


def _require_right(person: Actor, *places: str | None) -> None:
    if not all(may_manage(person, place) for place in places):
        raise Refused("staff_not_yours")


def _checked(connection: Connection, wanted: Post) -> dict[str, Any]:
    """The columns of a post. Raises WrongInput at the fields."""
    texts = {name: one_line(check_text(getattr(wanted, name), name))[:200] for name in ("name", "post", "email")}
    gathered = InputErrors()
    with gathered:
        if not texts["name"]:
            raise WrongInput("name", "missing_field", label=_LABELS["name"])
    with gathered:
        if texts["email"] and not _MAIL.fullmatch(texts["email"]):
            raise WrongInput("email", "not_an_email", value=texts["email"][:60])
    known = list(connection.scalars(select(districts.c.code).order_by(districts.c.code)))
    for name, value, options in (
        ("role", wanted.role, roles(connection)), ("district", wanted.district or "", ("", *known)),
        ("title", wanted.title, ("", *TITLES)), ("lang", wanted.lang, LANGUAGES),
    ):  # fmt: skip
        with gathered:
            if value not in options:
                raise WrongInput(name, "not_an_option", value=value, options=", ".join(filter(None, options)))
    gathered.raise_if_any()
    return {
        **texts, "role": wanted.role, "district_code": wanted.district, "title": wanted.title, "lang": wanted.lang,
    }  # fmt: skip


def _row(connection: Connection, login: str) -> OfficerRow:
    row = first_row(OfficerRow, connection.execute(select(officers).where(officers.c.login == login)))
    if row is None:
        raise NotFound("no_such_officer", login=login)
    return row


def _open(connection: Connection, officer_id: int) -> int:
    own_open = select(func.count()).where(case_rows.c.officer_id == officer_id, case_rows.c.closed_on.is_(None))
    return connection.scalar(own_open) or 0


def _hand_over(connection: Connection, row: OfficerRow, to: str, reason: str, admin: Actor, clock: Clock) -> int:
    refs = connection.scalars(
        select(case_rows.c.ref)
        .where(case_rows.c.officer_id == row["id"], case_rows.c.closed_on.is_(None))
        .order_by(case_rows.c.ref)
    ).all()
    if refs and (not to or to == row["login"]):
        raise WrongInput("hand_over_to", "needs_successor", count=len(refs))
    if not clean_text("reason", reason):
        raise WrongInput("reason", "missing_field", label=_LABELS["reason"])
    for ref in refs:
        reassign_in(connection, ref, to, by=admin.login, reason=reason, clock=clock)
    return len(refs)

"""Delegations: who may sign what for whom, from when to when, by which act. Added and ended, never deleted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, or_, select, update

from casework.office.people import Actor
from correspondence.signing import CITY_BODIES, at_home, head_named, heads
from letters.draft import AUTHORITIES
from letters.issuing_bodies import bodies
from letters.typed_text import check_text
from models.clock import Clock
from models.errors import NotFound, Refused, WrongInput
from models.tables import delegations, officers
from models.typed_rows import all_rows, first_row
from models.typed_rows.office_shapes import DelegationRow, OfficerRow
from procedures.state_machine.field_values import clean_text

RIGHTS = tuple(filter(None, AUTHORITIES))
BY_WRITTEN_ACT = ("TL", "TUQ", "Q")
WITH_POST = ("TL", "TUQ")
FIRST_YEAR, LAST_YEAR = 1990, 2200
_ENDED = ("ended_on", "ended_by", "ended_at", "end_reason")


@dataclass(frozen=True, slots=True)
class Mandate:
    """A delegation as requested; `post` is printed under TL. and TUQ., the officer's own unless given."""

    login: str
    authority: str
    body: str
    from_on: date
    to_on: date | None = None
    decision: str = ""
    post: str = ""


def bodies_of(district: str | None) -> list[str]:
    """The bodies that sign in a district's office, or in the city's."""
    at_city = CITY_BODIES | {"council"}
    signing = [key for key, body in bodies().items() if body.is_ours]
    return [key for key in signing if (key in at_city if district is None else key not in CITY_BODIES)]


def may_delegate(person: Actor, district: str | None, body: str) -> bool:
    """The leader and the administrator of an office, and the manager for the bodies that managers head."""
    if person.role == "admin":
        return person.district in (None, district)
    own = person.district == district
    return own and (person.role == "leader" or (person.role == "manager" and bodies()[body].signs == "manager"))


class _OfOfficer(DelegationRow):
    """A delegation with the officer who has it."""

    login: str
    name: str
    own_post: str
    district_code: str | None


class ListedDelegation(_OfOfficer):
    """A delegation with how far it reaches."""

    last_on: date | None  # the last day it holds; none while it is open
    stands: str  # in_force, coming or over


def listed(connection: Connection, district: str | None, today: date) -> list[ListedDelegation]:
    """The delegations of a district, or of all, with its status `stands`: in_force, coming or over."""
    found = (
        select(
            delegations, officers.c.login, officers.c.name, officers.c.post.label("own_post"), officers.c.district_code
        )
        .join(officers, officers.c.id == delegations.c.officer_id)
        .order_by(delegations.c.from_on.desc(), delegations.c.id.desc())
    )
    if district is not None:
        found = found.where(officers.c.district_code == district)
    rows = all_rows(_OfOfficer, connection.execute(found))
    return [{**row, "last_on": last_on(row["to_on"], row["ended_on"]), "stands": _status(row, today)} for row in rows]


def last_on(to_on: date | None, ended_on: date | None) -> date | None:
    """The last day a delegation holds; none while it is open."""
    return min((day for day in (to_on, ended_on) if day), default=None)


def _status(row: DelegationRow, today: date) -> str:
    last = last_on(row["to_on"], row["ended_on"])
    if last is not None and last < today:
        return "over"
    return "coming" if row["from_on"] > today else "in_force"


def add(connection: Connection, mandate: Mandate, *, by: Actor, clock: Clock) -> int:
    """Record a delegation; returns its number. Raises NotFound, WrongInput, Refused with the reason."""
    row = _officer(connection, mandate.login, by)
    texts = {name: check_text(getattr(mandate, name), name)[:200] for name in ("decision", "post")}
    _check_shape(mandate)
    if mandate.body not in bodies_of(row["district_code"]):
        raise WrongInput("body", "body_not_here", login=mandate.login)
    if not may_delegate(by, row["district_code"], mandate.body):
        raise Refused("delegating_not_yours")
    if row["id"] == by.id:
        raise Refused("delegation_to_oneself")
    _check_right(connection, mandate, row, texts)
    _check_overlap(connection, mandate, row)
    values = {
        **texts, "officer_id": row["id"], "authority": mandate.authority, "body": mandate.body,
        "from_on": mandate.from_on, "to_on": mandate.to_on, "added_by": by.login, "added_at": clock.now(),
        "ended_on": None, "ended_by": "", "ended_at": None, "end_reason": "",
    }  # fmt: skip
    return int(connection.execute(delegations.insert().values(**values).returning(delegations.c.id)).scalar_one())


def end(connection: Connection, number: int, on: date, reason: str, *, by: Actor, clock: Clock) -> None:
    """End a delegation: `on` is the last day it holds, today at the earliest. What was signed under it stays valid.

    Raises NotFound, WrongInput, Refused.
    """
    joined = select(delegations, officers.c.district_code).join(officers, officers.c.id == delegations.c.officer_id)
    row = connection.execute(joined.where(delegations.c.id == number)).mappings().first()
    if row is None or by.district not in (None, row["district_code"]):
        raise NotFound("no_such_delegation", number=number)
    if not may_delegate(by, row["district_code"], row["body"]):
        raise Refused("delegating_not_yours")
    last = last_on(row["to_on"], row["ended_on"])
    if last is not None and last < clock.today():
        raise Refused("delegation_over", on=_day(last))
    if on < clock.today():
        raise WrongInput("on", "delegation_ends_back", today=_day(clock.today()))
    if last is not None and on > last:
        raise WrongInput("on", "delegation_ends_late", last=_day(last))
    text = clean_text("reason", reason)
    if not text:
        raise WrongInput("reason", "missing_field", label={"vi": "Lý do", "en": "Reason"})
    values = dict(zip(_ENDED, (on, by.login, clock.now(), text), strict=True))
    connection.execute(update(delegations).where(delegations.c.id == number).values(**values))


def _officer(connection: Connection, login: str, by: Actor) -> OfficerRow:
    """The row of an officer whom `by` may see. Raises WrongInput at `login`."""
    row = first_row(
        OfficerRow, connection.execute(select(officers).where(officers.c.login == login, officers.c.active))
    )
    if row is None or by.district not in (None, row["district_code"]):
        raise WrongInput("login", "no_such_person_here", login=login[:40])
    return row


def _check_shape(mandate: Mandate) -> None:
    if mandate.authority not in RIGHTS:
        raise WrongInput("authority", "not_an_option", value=mandate.authority[:20], options=", ".join(RIGHTS))
    if mandate.body not in bodies():
        raise WrongInput("body", "not_an_option", value=mandate.body[:40], options=", ".join(bodies()))
    days = [day for day in (mandate.from_on, mandate.to_on) if day]
    if not all(FIRST_YEAR <= day.year <= LAST_YEAR for day in days):
        raise WrongInput("from_on", "not_a_date", value=mandate.from_on.isoformat())
    if mandate.to_on is not None and mandate.to_on < mandate.from_on:
        raise WrongInput("to_on", "delegation_reversed")


def _check_right(connection: Connection, mandate: Mandate, row: OfficerRow, texts: Mapping[str, str]) -> None:
    """Each right requires: KT. a deputy's post, Q. a vacant head's post, TL. and TUQ. a written act and a post."""
    body = bodies()[mandate.body]
    if heads(row, body):
        raise Refused("head_needs_no_delegation", name=row["name"])
    head = head_named(connection, mandate.body, row["district_code"])
    if mandate.authority == "KT" and not is_deputy(row["post"], body.deputy):
        raise Refused("kt_needs_deputy", name=row["name"], post=row["post"] or "…", deputy=body.deputy.capitalize())
    if mandate.authority == "Q" and head is not None:
        raise Refused("acting_needs_vacancy", head=head)
    if mandate.authority == "Q" and texts["post"] and texts["post"].casefold() != body.heads[-1].casefold():
        raise WrongInput("post", "acting_heads_post", post=body.heads[-1].capitalize())
    if mandate.authority in BY_WRITTEN_ACT and not texts["decision"]:
        raise WrongInput("decision", "delegation_needs_act")
    if mandate.authority in WITH_POST and not (texts["post"] or row["post"]):
        raise WrongInput("post", "delegation_needs_post")
    if mandate.authority == "TUQ" and mandate.to_on is None:
        raise WrongInput("to_on", "tuq_needs_end")  # Decree 110/2004 art. 10, recalled: in writing and for a time


def is_deputy(post: str, deputy: str) -> bool:
    """Whether a post is that of a deputy of a body (`deputy`: its deputy's post)."""
    return post.casefold().startswith(deputy.casefold())


def _check_overlap(connection: Connection, mandate: Mandate, row: OfficerRow) -> None:
    """One right at a time for a person and body, and one acting head at a time for a body of an office."""
    columns = delegations.c
    same = columns.officer_id == row["id"]
    if mandate.authority == "Q":
        same = or_(same, columns.authority == "Q")
    found = (
        select(delegations, officers.c.name)
        .join(officers, officers.c.id == columns.officer_id)
        .where(
            same, at_home(row["district_code"]), columns.body == mandate.body,
            or_(columns.to_on.is_(None), columns.to_on >= mandate.from_on),
            or_(columns.ended_on.is_(None), columns.ended_on >= mandate.from_on),
        )
        .order_by(columns.id)
    )  # fmt: skip
    if mandate.to_on is not None:
        found = found.where(columns.from_on <= mandate.to_on)
    other = connection.execute(found).mappings().first()
    if other is not None:
        last = last_on(other["to_on"], other["ended_on"])
        raise Refused(
            "delegation_overlaps", name=other["name"], authority=other["authority"], from_on=_day(other["from_on"]),
            to_on=_day(last) if last else "…",
        )  # fmt: skip


def _day(day: date) -> str:
    return day.strftime("%d/%m/%Y")

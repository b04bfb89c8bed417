"""The plans of the programme with their numbers, as the office has them on paper; the last one recorded holds."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from casework.office.data_rights import clean_line, require_editor
from casework.office.office_journal import note
from casework.office.people import Actor
from letters.programme_plan import CITY_PLAN, DISTRICT_PLAN, Plan
from models.clock import Clock
from models.errors import InputErrors, WrongInput
from models.places import district_full_name
from models.tables import districts, programme_plans
from procedures.law.rules import cite
from templates.words import both

ACTS = ("plan_recorded",)
CITY_COMMITTEE = "Ủy ban nhân dân thành phố Hải Phòng"
_NUMBER = re.compile(r"\d{1,5}[a-zA-Z]?/[^\s/].*")  # 1234/KH-UBND
_FIRST_DAY = date(2012, 11, 20)  # of the Law on Cooperatives 2012: no plan carries it out before


@dataclass(frozen=True, slots=True)
class PlanEntry:
    """A plan as it is typed; `district` none: the city's plan. `title` is what follows the issuer's name."""

    number: str
    signed_on: date | None
    issuer: str
    title: str
    district: str | None = None


class PlanBook:
    """The plans that hold, read once."""

    def __init__(self, connection: Connection) -> None:
        rows = connection.execute(select(programme_plans).order_by(programme_plans.c.id)).mappings()
        self._last = {row["district_code"]: dict(row) for row in rows}

    def row(self, district: str | None) -> dict[str, Any] | None:
        """The plan of a district, or the city's, with who recorded it."""
        return self._last.get(district)

    def cited_by(self, district: str | None) -> Mapping[str, Plan]:
        """The plans by the keys under which the letters of an office cite them."""
        wanted = {CITY_PLAN: None, **({DISTRICT_PLAN: district} if district else {})}
        found = {key: self._last.get(place) for key, place in wanted.items()}
        return {
            key: Plan(row["number"], row["signed_on"], row["issuer"], row["title"])
            for key, row in found.items()
            if row is not None
        }


def usual_title() -> str:
    """What the city's plan carries out, in the words in which the rules cite it."""
    return cite(CITY_PLAN, date(2014, 12, 31)).text_vi.partition(CITY_COMMITTEE)[2].strip()


def usual_issuer(connection: Connection, district: str | None) -> str:
    """The committee of the district, or the city's."""
    if district is None:
        return CITY_COMMITTEE
    row = connection.execute(select(districts).where(districts.c.code == district)).mappings().first()
    return f"Ủy ban nhân dân {district_full_name(row['kind'], row['name'])}" if row else ""


def record(connection: Connection, entry: PlanEntry, *, by: Actor, clock: Clock, invented: bool = False) -> None:
    """The plan with its number; a correction is recorded the same way, the one before stays.

    Raises WrongInput, Refused.
    """
    require_editor(by, entry.district)
    values = _checked(connection, entry, clock.today())
    before = PlanBook(connection).row(entry.district)
    row = values | {"invented": invented, "recorded_by": by.login, "recorded_at": clock.now()}
    connection.execute(programme_plans.insert().values(row))
    said = {name: str(values[name]) for name in ("number", "signed_on", "issuer", "title")}
    earlier = {name: str(before[name]) for name in said} if before else {}
    note(connection, "plan_recorded", values["number"], by.login, clock,
         said | {"district": entry.district, "before": earlier})  # fmt: skip


def _checked(connection: Connection, entry: PlanEntry, today: date) -> dict[str, Any]:
    """The columns of an entry. Raises WrongInput at its fields, all of them."""
    gathered, texts = InputErrors(), dict.fromkeys(("number", "issuer", "title"), "")
    for name in texts:
        with gathered:
            texts[name] = clean_line(
                name, getattr(entry, name), both(f"office_data.plan_{name}"), required=name != "title"
            )
    with gathered:
        if texts["number"] and not _NUMBER.fullmatch(texts["number"]):
            raise WrongInput("number", "plan_number_wrong", value=texts["number"])
    with gathered:
        _check_day(entry.signed_on, today)
    with gathered:
        known = connection.scalars(select(districts.c.code)).all()
        if entry.district is not None and entry.district not in known:
            raise WrongInput("district", "not_an_option", value=entry.district[:40], options=", ".join(known))
    gathered.raise_if_any()
    return {**texts, "signed_on": entry.signed_on, "district_code": entry.district}


def _check_day(day: date | None, today: date) -> None:
    if day is None:
        raise WrongInput("signed_on", "missing_field", label=both("office_data.plan_signed_on"))
    if not _FIRST_DAY <= day <= today:
        raise WrongInput("signed_on", "plan_day_wrong", value=day, first=_FIRST_DAY, last=today)

"""Several cases given to other officers at once: a proposal that evens out the load, and one act for them all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from unicodedata import normalize

from sqlalchemy import Connection, case, func, select

from casework.lists.listed_case import ListedCase
from casework.lists.worklist import Filter, worklist
from casework.office.people import Actor
from models.tables import case_rows, officers
from oversight.lights import cut_offs, is_open

MOST = 100


@dataclass(frozen=True, slots=True)
class Colleague:
    """A case officer with the open cases in hand."""

    login: str
    name: str
    office: str | None
    open: int
    past_legal: int
    late: int

    @property
    def label(self) -> str:
        """Name and sign-in name, which tells those of the same name apart."""
        return _label(self.name, self.login)


@dataclass(frozen=True, slots=True)
class Shares:
    """Cases that may be given to others, worst first, at most MOST of `total`; and to whom, by office."""

    rows: Sequence[ListedCase]
    total: int
    colleagues: Mapping[str | None, Sequence[Colleague]]

    def label_of(self, office: str | None, login: str) -> str:
        """The label of a colleague; empty: nobody there has the name."""
        return next((one.label for one in self.colleagues[office] if one.login == login), "")


def shares(connection: Connection, requested: Filter, person: Actor, today: date) -> Shares:
    """The cases of a filter with those who could take them. An office gives away only what it carries itself."""
    found = worklist(connection, requested, today, limit=MOST)
    rows = [row for row in found.rows if person.district is None or row.office == person.district]
    offices = {row.office for row in rows}
    listed = _colleagues(connection, today)
    return Shares(rows, found.total, {place: [one for one in listed if one.office == place] for place in offices})


@dataclass(frozen=True, slots=True)
class OfficeLoad:
    """What an office carries: None is the city's."""

    office: str | None
    open: int
    past_legal: int
    late: int


def offices(connection: Connection, today: date) -> list[OfficeLoad]:
    """Every office with open cases, the city's first, then in the order of codes."""
    row, cuts = case_rows.c, cut_offs(today)
    office = case((row.level == "district", row.district_code), else_="")
    counted = [func.count(case((cuts.where(light), 1))) for light in ("past_legal", "late")]
    found = select(office, func.count(), *counted).where(is_open()).group_by(office).order_by(office)
    return [OfficeLoad(code or None, *loads) for code, *loads in connection.execute(found).tuples()]


def logins_of(connection: Connection, typed: Mapping[str, str]) -> dict[str, str]:
    """Sign-in names for people who were typed by label or by name, by reference; a text that fits nobody, or several
    people, stays as it is."""
    who = officers.c
    people = (
        connection.execute(select(who.login, who.name).where(who.role == "case_officer", who.active)).tuples().all()
    )
    by_text: dict[str, set[str]] = {}
    for login, name in people:
        for text in (name, _label(name, login)):
            by_text.setdefault(_plain(text), set()).add(login)
    fitting = {ref: by_text.get(_plain(text), set()) for ref, text in typed.items()}
    return {ref: min(fitting[ref]) if len(fitting[ref]) == 1 else text for ref, text in typed.items()}


def all_to(found: Shares, login: str) -> dict[str, str]:
    """The same officer for each case that is not theirs and that they may carry, by reference."""
    offices_of = {one.login: one.office for listed in found.colleagues.values() for one in listed}
    if login not in offices_of:
        return {}
    return {row.ref: login for row in found.rows if row.officer != login and row.office == offices_of[login]}


def spread(found: Shares) -> dict[str, str]:
    """The proposed officer of each case, by reference: the one with the fewest cases, never the present one."""
    loads = {one.login: one.open for listed in found.colleagues.values() for one in listed}
    proposed = {}
    for row in found.rows:
        others = [one.login for one in found.colleagues[row.office] if one.login != row.officer]
        if others:
            proposed[row.ref] = least = min(others, key=lambda login: (loads[login], login))
            loads[least] += 1
    return proposed


def _label(name: str, login: str) -> str:
    return f"{name} ({login})"


def _plain(text: str) -> str:
    return " ".join(normalize("NFC", text).split()).casefold()


def _colleagues(connection: Connection, today: date) -> list[Colleague]:
    row, who = case_rows.c, officers.c
    open_of_officer = select(func.count()).where(row.officer_id == who.id, is_open())
    cuts = cut_offs(today)
    counted = (open_of_officer, *(open_of_officer.where(cuts.where(light)) for light in ("past_legal", "late")))
    loads = [item.scalar_subquery() for item in counted]
    found = select(who.login, who.name, who.district_code, *loads).where(who.role == "case_officer", who.active)
    return [Colleague(*values) for values in connection.execute(found.order_by(who.name, who.login)).tuples()]

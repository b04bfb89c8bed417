"""A desk with several cases at the same step, on either database."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Engine, select

from casework.office.people import Actor, actor
from correspondence.grid.acting import do, look
from correspondence.grid.columns import Asked, Line
from models.database import reading, writing
from models.tables import case_rows, facts
from tests.web.web_office import CLOCK, login_of, new_case

SCAN = ("bien-ban.pdf", b"%PDF-1.4 minutes")


@dataclass(frozen=True)
class GridDesk:
    bind: Engine
    refs: tuple[str, ...]

    def person(self, role: str = "case_officer", office: str | None = "HBG") -> Actor:
        with reading(self.bind) as connection:
            return actor(connection, login_of(role, office))

    def asked(self, verb: str, lines: dict[str, dict[str, Any]] | None = None, **common: Any) -> Asked:
        """The act for these lines, by default for all cases with nothing of their own."""
        own = lines if lines is not None else {ref: {} for ref in self.refs}
        return Asked(verb, tuple(Line(ref, values) for ref, values in own.items()), common)

    def do(self, asked: Asked, role: str = "case_officer", proof: bool = False) -> int:
        asked = replace(asked, files=(SCAN,)) if proof else asked
        with writing(self.bind) as connection:
            return do(connection, asked, self.person(role), clock=CLOCK)

    def wrong(self, asked: Asked, role: str = "case_officer") -> dict[str, str]:
        """What the preview says is wrong: the code at each cell."""
        with reading(self.bind) as connection:
            found = look(connection, asked, self.person(role), clock=CLOCK)
        return {error.field: error.code for one in found for error in one.errors}

    def kinds(self, ref: str) -> list[str]:
        with reading(self.bind) as connection:
            case = select(case_rows.c.id).where(case_rows.c.ref == ref).scalar_subquery()
            return list(connection.scalars(select(facts.c.kind).where(facts.c.case_id == case).order_by(facts.c.seq)))


def more_cases(bind: Engine, count: int) -> tuple[str, ...]:
    """Further cases of Hồng Bàng."""
    with writing(bind) as connection:
        return tuple(new_case(connection, f"HTX Dịch vụ số {place}", "HBG") for place in range(1, count + 1))

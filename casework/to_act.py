"""What an act is decided by, read in one statement: who does it, the case, locked, and the calendars of its office."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, select

from casework.ledger import CASE, CASE_NAMES, LoadedCase, loaded_by
from casework.office.people import SYSTEM, doer_by, doer_of
from models.driver_sql import DriverStatement, Questions
from models.errors import NotFound, WrongInput
from models.tables import case_rows, evidence, officers
from procedures.facts import CLOCK, Doer
from procedures.legal_time.calendar import Calendars
from rulebook.office_calendar import calendar_columns, calendars_by, calendars_of, office_of

_JOINED = case_rows.outerjoin(officers, officers.c.login == bindparam("login"))
_OFFICER = (officers.c.role, officers.c.district_code, officers.c.active)


def _found(dialect: str) -> Any:
    columns = (*CASE.selected_columns, *_OFFICER, *calendar_columns(dialect))
    found = select(*columns).select_from(_JOINED).where(case_rows.c.ref == bindparam("asked"))
    return found.with_for_update(of=case_rows)  # SQLite has no such lock


_FIND = DriverStatement({dialect: _found(dialect) for dialect in ("sqlite", "postgresql")})
_EVIDENCE = DriverStatement(
    select(evidence.c.sha256).where(
        evidence.c.sha256 == bindparam("sha"),
        evidence.c.case_id == select(case_rows.c.id).where(case_rows.c.ref == bindparam("asked")).scalar_subquery(),
    )
)


@dataclass(frozen=True, slots=True)
class ToAct:
    """`proofs`: of the hashes that were asked for, those of files that the case has."""

    doer: Doer
    loaded: LoadedCase
    calendars: Calendars
    proofs: frozenset[str]


def questions(ref: str, login: str, proofs: Sequence[str]) -> Questions:
    """What is asked to act on a case, with these hashes of files."""
    asked = [(_FIND, {"asked": ref, "login": login})]
    return Questions([*asked, *((_EVIDENCE, {"asked": ref, "sha": sha}) for sha in proofs)])


def to_act(connection: Connection, ref: str, login: str, asked: Questions) -> ToAct:
    """By the answers to `questions`. Raises NotFound: no such person, or no such case."""
    found, *proofs = asked.answers(connection)
    if not found:
        doer_of(connection, login)
        raise NotFound("no_such_case", ref=ref)
    row = found[0]
    case, (role, district, active, edition, closing_days) = row[: len(CASE_NAMES)], row[len(CASE_NAMES) :]
    doer = SYSTEM if login == CLOCK else doer_by(login, role, district, active=bool(active))
    loaded = loaded_by(connection, case)
    office = office_of(loaded.row)
    calendars = calendars_of(connection, office) if edition is None else calendars_by(edition, closing_days, office)
    return ToAct(doer, loaded, calendars, frozenset(sha for rows in proofs for (sha,) in rows))


def require_evidence(
    connection: Connection, loaded: LoadedCase, hashes: Sequence[str], known: Collection[str] = ()
) -> None:
    """Raises WrongInput: the case has no file with one of these hashes. `known`: those that it has."""
    left = {"asked": loaded.row["ref"]}
    missing = [sha for sha in hashes if sha not in known and not _EVIDENCE.rows(connection, {**left, "sha": sha})]
    if missing:
        raise WrongInput("evidence", "no_such_evidence", sha=sorted(missing)[0][:12])

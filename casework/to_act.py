"""What an act is decided by, read in one statement: who does it, the case, locked, and the calendars of its office."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from casework.ledger import LoadedCase, loaded_by, to_be_locked
from casework.office.people import SYSTEM, doer_by, doer_of
from models.driver_sql import DriverStatement, Questions
from models.errors import NotFound, WrongInput
from models.tables import case_rows, evidence, officers
from procedures.facts import CLOCK, Doer

_JOINED = case_rows.outerjoin(officers, officers.c.login == bindparam("login"))
_OFFICER = (officers.c.role, officers.c.district_code, officers.c.active)
_FIND = DriverStatement({dialect: to_be_locked(dialect, _OFFICER, _JOINED) for dialect in ("sqlite", "postgresql")})
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
    loaded, (role, district, active) = loaded_by(connection, found[0])
    doer = SYSTEM if login == CLOCK else doer_by(login, role, district, active=bool(active))
    return ToAct(doer, loaded, frozenset(sha for rows in proofs for (sha,) in rows))


def require_evidence(
    connection: Connection, loaded: LoadedCase, hashes: Sequence[str], known: Collection[str] = ()
) -> None:
    """Raises WrongInput: the case has no file with one of these hashes. `known`: those that it has."""
    left = {"asked": loaded.row["ref"]}
    missing = [sha for sha in hashes if sha not in known and not _EVIDENCE.rows(connection, {**left, "sha": sha})]
    if missing:
        raise WrongInput("evidence", "no_such_evidence", sha=sorted(missing)[0][:12])

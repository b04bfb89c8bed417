"""The papers that a take-over names go on the list of earlier papers, never into the sequence of a number book."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from casework.ledger import LoadedCase
from casework.office.people import CITY_OFFICE
from models.database import is_sqlite
from models.tables import earlier_paper_cases, earlier_papers
from procedures.facts import Doer
from procedures.schema import Procedure
from procedures.state_machine.acts_on_paper import letters_of


def list_papers(connection: Connection, loaded: LoadedCase, data: Mapping[str, Any], doer: Doer, now: datetime) -> None:
    """Enter the papers of a take-over with a number and a day; one that is on the list is only tied to the case."""
    for act in data["acts"]:
        paper = act.get("paper") or {}
        if paper.get("symbol") and act["on"]:
            _enter(connection, loaded, act, doer, now)


def _enter(connection: Connection, loaded: LoadedCase, act: Mapping[str, Any], doer: Doer, now: datetime) -> None:
    paper = act["paper"]
    place = {
        "office": doer.district or CITY_OFFICE, "body": paper["issuer"], "symbol": paper["symbol"],
        "issued_on": date.fromisoformat(act["on"]),
    }  # fmt: skip
    summary = f"{loaded.procedure.verbs[act['verb']].done.vi}: {loaded.row['unit_name']}"
    blank = dict.fromkeys(("signer", "sha256", "name", "media_type"), "")
    about = {"summary": summary, "template": _template(loaded.procedure, act["verb"])}
    module = sqlite if is_sqlite(connection) else postgresql
    entered = {**blank, **place, **about, "recorded_by": doer.login, "recorded_at": now}
    connection.execute(module.insert(earlier_papers).values(entered).on_conflict_do_nothing())
    same = [earlier_papers.c[name] == value for name, value in place.items()]
    number = connection.scalar(select(earlier_papers.c.id).where(*same))
    tie = module.insert(earlier_paper_cases).values(paper_id=number, case_id=loaded.row["id"])
    connection.execute(tie.on_conflict_do_nothing())


def _template(procedure: Procedure, verb: str) -> str:
    return next(iter(letters_of(procedure.verbs[verb])), "")

"""Table artifacts of the scheduled flows, in the words of the office, for people who read Prefect's pages."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from prefect.artifacts import acreate_table_artifact

from flows.jobs.day_watch import LateDeadline, StuckLetter
from flows.jobs.week_digests import Reminded
from models.settings import settings
from templates.formats import date_vi
from templates.words import catalogue, t

Table = list[dict[str, Any]]  # rows by their headings


async def leave(key: str, day: date, title: str, rows: Table) -> None:
    """Leave a table artifact with a heading (a key of the catalogue without its prefix); none without rows."""
    if rows:
        await acreate_table_artifact(table=rows, key=key, description=f"{_words(title)}, {date_vi(day)}")


def reminded(rows: Sequence[Reminded]) -> Table:
    """The people who got a digest, and why."""
    return [
        {_words("table_login"): row["login"], _words("table_name"): row["name"],
         _words("table_why"): t(f"messages.why_{row['why']}", _lang())}
        for row in rows
    ]  # fmt: skip


def turned_late(rows: Sequence[LateDeadline]) -> Table:
    """The deadlines that passed since the watch before."""
    return [
        {_words("table_case"): row["ref"], _words("table_unit"): row["unit"], _words("table_deadline"): row["deadline"],
         _words("table_ended"): date_vi(date.fromisoformat(row["ended_on"])),
         _words("table_legal"): "✓" if row["legal"] else "", _words("table_officer"): row["officer"],
         _words("table_link"): f"{settings().site()}/cases/{row['ref']}"}
        for row in rows
    ]  # fmt: skip


def stuck(rows: Sequence[StuckLetter]) -> Table:
    """The letters that wait longer than practice allows."""
    return [
        {_words("table_case"): row["ref"], _words("table_unit"): row["unit"], _words("table_letter"): _letter(row),
         _words("table_status"): t(f"letters.status_{row['status']}", _lang()),
         _words("table_since"): date_vi(date.fromisoformat(row["since_on"])),
         _words("table_link"): f"{settings().site()}/letters/{row['id']}"}
        for row in rows
    ]  # fmt: skip


def _letter(row: StuckLetter) -> str:
    key = f"letters.name_{row['letter']}"
    return t(key, _lang()) if key in catalogue() else row["letter"]


def _words(name: str) -> str:
    return t(f"run.{name}", _lang())


def _lang() -> str:
    return "en" if settings().lang == "en" else "vi"

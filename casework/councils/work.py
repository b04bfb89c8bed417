"""What a council does: its meetings with their minutes, and the tasks of its members with their days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select, update

from casework.councils.bodies import own_council, require_editor
from casework.councils.seats import members_of
from casework.evidence_store import bytes_of, keep_apart
from casework.office.data_rights import clean_line
from casework.office.people import Actor
from letters.typed_text import check_text
from models.clock import Clock
from models.errors import InputErrors, NotFound, Refused, WrongInput
from models.tables import council_meetings, council_tasks
from models.typed_rows import all_rows, first_row
from models.typed_rows.council_shapes import MeetingRow, TaskRow
from templates.formats import date_vi
from templates.words import both

LONGEST = 4_000
_MEET, _TASK = council_meetings.c, council_tasks.c


@dataclass(frozen=True, slots=True)
class NewMeeting:
    """A meeting as typed; `present`: numbers of the members; `file`: name and content of the signed minutes."""

    held_on: date | None
    settled: str
    place: str = ""
    present: Sequence[int] = ()
    file: tuple[str, bytes] | None = None


@dataclass(frozen=True, slots=True)
class NewTask:
    """A task as typed; `member`: number of who does it."""

    what: str
    due_on: date | None
    member: int | None = None


def meetings_of(connection: Connection, number: int) -> list[MeetingRow]:
    """The meetings of a council, the latest first."""
    found = select(council_meetings).where(_MEET.council_id == number).order_by(_MEET.held_on.desc(), _MEET.id.desc())
    return all_rows(MeetingRow, connection.execute(found))


def tasks_of(connection: Connection, number: int) -> list[TaskRow]:
    """The tasks of a council: those to be done by their days, then those done."""
    found = select(council_tasks).where(_TASK.council_id == number)
    return all_rows(TaskRow, connection.execute(found.order_by(_TASK.done_on.is_not(None), _TASK.due_on, _TASK.id)))


def record_meeting(connection: Connection, number: int, typed: NewMeeting, *, by: Actor, clock: Clock) -> int:
    """Record a meeting. Raises NotFound, Refused, WrongInput at each wrong field."""
    require_editor(by)
    own_council(connection, number, by)
    gathered, values, today = InputErrors(), dict[str, Any](), clock.today()
    with gathered:
        if typed.held_on is None:
            raise WrongInput("held_on", "missing_field", label=both("councils.held_on"))
        if typed.held_on > today:
            raise WrongInput("held_on", "date_in_future", value=date_vi(typed.held_on))
    with gathered:
        values["settled"] = _long("settled", typed.settled, both("councils.settled"))
    with gathered:
        values["place"] = clean_line("venue", typed.place, both("councils.place"), required=False)
    with gathered:
        values["present"] = _present(connection, number, typed.present)
    file = {"sha256": "", "file_name": "", "media_type": ""}
    with gathered:
        if typed.file is not None:
            sha, name, media_type = keep_apart(typed.file[1], typed.file[0], "file")
            file = {"sha256": sha, "file_name": name, "media_type": media_type}
    gathered.raise_if_any()
    made = {**values, **file, "held_on": typed.held_on, "council_id": number, "recorded_by": by.login}
    return int(
        connection.execute(
            council_meetings.insert().values(**made, recorded_at=clock.now()).returning(_MEET.id)
        ).scalar_one()
    )


def minutes_file(connection: Connection, number: int, meeting: int, person: Actor) -> tuple[bytes, str, str]:
    """Content, name and media type of the minutes of a meeting. Raises NotFound."""
    own_council(connection, number, person)
    found = select(council_meetings).where(_MEET.id == meeting, _MEET.council_id == number)
    row = first_row(MeetingRow, connection.execute(found))
    if row is None or not row["sha256"]:
        raise NotFound("no_such_minutes", meeting=meeting)
    return bytes_of(row["sha256"]), row["file_name"], row["media_type"]


def add_task(connection: Connection, number: int, typed: NewTask, *, by: Actor, clock: Clock) -> int:
    """Give a task with its day. Raises NotFound, Refused, WrongInput."""
    require_editor(by)
    own_council(connection, number, by)
    gathered, values = InputErrors(), dict[str, Any]()
    with gathered:
        values["what"] = clean_line("what", typed.what, both("councils.what"))
    with gathered:
        if typed.due_on is None:
            raise WrongInput("due_on", "missing_field", label=both("councils.due_on"))
    with gathered:
        if typed.member is not None:
            _present(connection, number, [typed.member])
    gathered.raise_if_any()
    made = {**values, "due_on": typed.due_on, "member_id": typed.member, "council_id": number, "done_by": ""}
    made |= {"recorded_by": by.login, "recorded_at": clock.now()}
    return int(connection.execute(council_tasks.insert().values(**made).returning(_TASK.id)).scalar_one())


def finish_task(connection: Connection, number: int, task: int, on: date | None, *, by: Actor, clock: Clock) -> None:
    """Record that a task is done. Raises NotFound, Refused: it is done already; WrongInput: a day to come."""
    require_editor(by)
    own_council(connection, number, by)
    found = select(council_tasks).where(_TASK.id == task, _TASK.council_id == number)
    row = first_row(TaskRow, connection.execute(found))
    if row is None:
        raise NotFound("no_such_task", task=task)
    if row["done_on"] is not None:
        raise Refused("council_task_done", on=date_vi(row["done_on"]))
    day = on or clock.today()
    if day > clock.today():
        raise WrongInput("done_on", "date_in_future", value=date_vi(day))
    connection.execute(update(council_tasks).where(_TASK.id == task).values(done_on=day, done_by=by.login))


def _long(name: str, text: str, label: dict[str, str]) -> str:
    cleaned = check_text(text, name).strip()
    if not cleaned:
        raise WrongInput(name, "missing_field", label=label)
    if len(cleaned) > LONGEST:
        raise WrongInput(name, "office_text_too_long", label=label, longest=LONGEST)
    return cleaned


def _present(connection: Connection, number: int, chosen: Sequence[int]) -> list[int]:
    """The numbers of members who sit in this council. Raises WrongInput for another."""
    known = {row["id"] for row in members_of(connection, number) if row["name"]}
    unknown = sorted(set(chosen) - known)
    if unknown:
        raise WrongInput("present", "no_member_of_council", member=unknown[0])
    return sorted(set(chosen))

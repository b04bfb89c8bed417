"""Commands for dissolution councils; they call the same functions as the pages."""

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from casework.councils import bodies, seats, work
from casework.councils.bodies import NewCouncil
from casework.councils.seats import NewMember
from casework.councils.work import NewMeeting, NewTask
from casework.office.people import actor
from cli.output import clock, day, file_bytes, lang, lines, show_json
from models.database import engine, reading, writing
from templates.formats import date_vi, moment_vi
from templates.words import pick, t

Json = Annotated[bool, typer.Option("--json", help="One JSON document with stable keys.")]
By = Annotated[str, typer.Option("--by", help="Who does it: the sign-in name.")]
From = Annotated[str, typer.Option("--from", help="First day; today unless given.")]
Decision = Annotated[str, typer.Option(help="Number and day of the decision.")]
Why = Annotated[str, typer.Option(help="The reason.")]
councils_app = typer.Typer(help="Dissolution councils: seats, cases, meetings, tasks.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(councils_app, name="council")
    for name, command in {
        "list": list_command, "show": show_command, "create": create_command, "change": change_command,
        "seat": seat_command, "replace": replace_command, "empty": empty_command, "approve": approve_command,
        "serve": serve_command, "release": release_command, "meeting": meeting_command, "task": task_command,
        "task-done": done_command,
    }.items():  # fmt: skip
        councils_app.command(name)(cast("Callable[..., None]", command))


def list_command(by: By, json: Json = False) -> None:
    """List the councils of the person's office."""
    with reading(engine()) as connection:
        rows = bodies.listed_councils(connection, actor(connection, by), clock().today())
    if json:
        show_json(rows)
        return
    lines([(str(row["id"]), row["name"], row["chair"] or "–", str(row["cases"])) for row in rows])


def show_command(number: int, by: By, json: Json = False) -> None:
    """Show a council: its seats, the cases it serves, meetings and tasks."""
    today = clock().today()
    with reading(engine()) as connection:
        council = bodies.own_council(connection, number, actor(connection, by))
        members = seats.members_of(connection, number)
        served = bodies.served_cases(connection, number)
        meetings, tasks = work.meetings_of(connection, number), work.tasks_of(connection, number)
    if json:
        parts = {"members": members, "cases": served, "meetings": meetings, "tasks": tasks}
        show_json({**council, **parts, "open_seats": seats.unsettled_seats(members, today)})
        return
    sys.stdout.write(f"{council['name']}\n")
    lines([
        (str(row["id"]), pick(seats.label_of(row["seat"]), lang()),
         row["name"] or _empty(row), row["post"], _time(row))
        for row in members
    ])  # fmt: skip
    lines([(item["ref"], item["unit_name"]) for item in served if item["left_on"] is None])
    lines([(str(one["id"]), date_vi(one["held_on"]), one["settled"]) for one in meetings])
    lines([(str(one["id"]), date_vi(one["due_on"]), one["what"], _done_on(one["done_on"])) for one in tasks])


def _empty(row: Any) -> str:
    said = "empty_approved" if row["approved_by"] else "empty_waits"
    words = {"by": row["approved_by"] or row["recorded_by"], "at": moment_vi(row["approved_at"] or row["recorded_at"])}
    return f"{t('councils.empty', lang())}: {row['reason']} ({t(f'councils.{said}', lang(), **words)})"


def _done_on(day_: date | None) -> str:
    return f"{t('councils.done', lang())} {date_vi(day_)}" if day_ else ""


def _time(row: Any) -> str:
    until = f" – {date_vi(row['to_on'])}" if row["to_on"] else ""
    return f"{date_vi(row['from_on'])}{until}"


def create_command(
    name: str,
    by: By,
    decision: Decision = "",
    formed_on: Annotated[str, typer.Option("--formed-on", help="Day of that decision.")] = "",
    seal: Annotated[bool, typer.Option("--seal", help="It may use the seal of the People's Committee.")] = False,
    json: Json = False,
) -> None:
    """Record a council of the person's office."""
    typed = NewCouncil(name, decision, day("--formed-on", formed_on), seal)
    with writing(engine()) as connection:
        made = bodies.form_council(connection, typed, by=actor(connection, by), clock=clock())
    _tell("cli.council_made", made, json)


def change_command(
    number: int,
    name: str,
    by: By,
    decision: Decision = "",
    formed_on: Annotated[str, typer.Option("--formed-on", help="Day of that decision.")] = "",
    seal: Annotated[bool, typer.Option("--seal", help="It may use the seal of the People's Committee.")] = False,
    json: Json = False,
) -> None:
    """Record name, decision and seal of a council anew."""
    typed = NewCouncil(name, decision, day("--formed-on", formed_on), seal)
    with writing(engine()) as connection:
        bodies.change_council(connection, number, typed, by=actor(connection, by), clock=clock())
    _tell("cli.council_done", number, json)


def seat_command(
    number: int, seat: str, name: str, post: str, by: By, from_: From = "", decision: Decision = "", json: Json = False
) -> None:
    """Seat a person, from the office or not: chair, standing, line_agency, commune, board, control_board, member…"""
    office_clock = clock()
    typed = NewMember(seat, name, post, day("--from", from_) or office_clock.today(), decision)
    with writing(engine()) as connection:
        made = seats.seat_member(connection, number, typed, by=actor(connection, by), clock=office_clock)
    _tell("cli.council_seated", made, json)


def replace_command(
    number: int,
    member: int,
    name: str,
    post: str,
    by: By,
    decision: Decision,
    reason: Why,
    from_: From = "",
    json: Json = False,
) -> None:
    """Seat a person in place of another, by a decision; the former one stays in the history."""
    office_clock = clock()
    typed = NewMember("", name, post, day("--from", from_) or office_clock.today(), decision)
    with writing(engine()) as connection:
        made = seats.replace_member(
            connection, number, member, typed, reason, by=actor(connection, by), clock=office_clock
        )
    _tell("cli.council_seated", made, json)


def empty_command(number: int, seat: str, by: By, reason: Why, from_: From = "", json: Json = False) -> None:
    """Record that nobody can be seated, and why; a second person approves it."""
    with writing(engine()) as connection:
        made = seats.leave_empty(
            connection, number, seat, reason, day("--from", from_), by=actor(connection, by), clock=clock()
        )
    _tell("cli.council_seated", made, json)


def approve_command(number: int, member: int, by: By, json: Json = False) -> None:
    """Approve the reason for an empty seat: a head of the office, not who recorded it."""
    with writing(engine()) as connection:
        seats.approve_empty(connection, number, member, by=actor(connection, by), clock=clock())
    _tell("cli.council_done", member, json)


def serve_command(number: int, refs: list[str], by: By, json: Json = False) -> None:
    """Let a council serve cases, all or none."""
    with writing(engine()) as connection:
        for ref in sorted(refs):
            bodies.assign_council(connection, number, ref, by=actor(connection, by), clock=clock())
    _tell("cli.council_done", number, json)


def release_command(number: int, ref: str, by: By, reason: Why, json: Json = False) -> None:
    """End a council's work on a case."""
    with writing(engine()) as connection:
        bodies.release_case(connection, number, ref, reason, by=actor(connection, by), clock=clock())
    _tell("cli.council_done", number, json)


def meeting_command(
    number: int,
    by: By,
    on: Annotated[str, typer.Option(help="Day of the meeting.")],
    settled: Annotated[str, typer.Option(help="What was settled.")],
    place: str = "",
    present: Annotated[list[int] | None, typer.Option(help="Number of a member who was there.")] = None,
    minutes: Annotated[Path | None, typer.Option(help="The signed minutes.")] = None,
    json: Json = False,
) -> None:
    """Record a meeting of a council."""
    file = (minutes.name, file_bytes(minutes, "--minutes")) if minutes else None
    typed = NewMeeting(day("--on", on), settled, place, present or (), file)
    with writing(engine()) as connection:
        made = work.record_meeting(connection, number, typed, by=actor(connection, by), clock=clock())
    _tell("cli.council_done", made, json)


def task_command(
    number: int,
    what: str,
    by: By,
    due: Annotated[str, typer.Option(help="By when.")],
    member: Annotated[int | None, typer.Option(help="Number of the member who does it.")] = None,
    json: Json = False,
) -> None:
    """Give a task with its day."""
    with writing(engine()) as connection:
        typed = NewTask(what, day("--due", due), member)
        made = work.add_task(connection, number, typed, by=actor(connection, by), clock=clock())
    _tell("cli.council_done", made, json)


def done_command(
    number: int,
    task: int,
    by: By,
    on: Annotated[str, typer.Option(help="Today unless given.")] = "",
    json: Json = False,
) -> None:
    """Record that a task is done."""
    with writing(engine()) as connection:
        work.finish_task(connection, number, task, day("--on", on), by=actor(connection, by), clock=clock())
    _tell("cli.council_done", task, json)


def _tell(key: str, number: int, json: bool) -> None:
    if json:
        show_json({"id": number})
        return
    sys.stdout.write(t(key, lang(), number=number) + "\n")

"""Commands for the office and its people: init, districts, officers."""

import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection

from casework.office import staffing
from casework.office.absences import AbsenceEntry, AbsenceRow, away_person, drop, enter
from casework.office.commune_loading import district_row, districts_of_file, put_in_rows, sync_communes
from casework.office.people import actor
from casework.office.plans import CITY_COMMITTEE, PlanEntry, usual_title
from casework.office.plans import record as record_plan
from casework.office.staffing import ADMIN, Post, staff
from casework.unit_rows import codes_by_name, district_names
from cli.output import clock, day, lang, lines, scanned_bytes, show_json
from correspondence.ink.book_modes import keep_on_paper
from models.clock import Clock
from models.database import engine, is_empty, migrate, reading, writing
from models.errors import Conflict, NotFound, WrongInput
from models.office_clock import clock_of, set_demo_day
from models.office_kind import REAL, TRIAL, is_missing, mark_database, mark_folder, require_room
from models.settings import settings
from models.tables import districts
from notifications.absence_notices import tell_absence
from register.commune_file import CommuneRow, read_communes
from register.places import districts_by_code
from rulebook.version_sync import sync_versions
from templates.formats import date_vi
from templates.words import t

Json = Annotated[bool, typer.Option("--json")]
By = Annotated[str, typer.Option("--by", help="The administrator who does it.")]
people_app = typer.Typer(help="Who works in the office.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("start")(start_command)
    app.add_typer(people_app, name="people")
    for name, command in (
        ("list", list_command), ("add", add_command), ("leave", leave_command), ("password", password_command),
        ("absent", absent_command), ("back", back_command),
    ):  # fmt: skip
        people_app.command(name)(command)


def start_command(
    login: Annotated[str, typer.Argument(help="Sign-in name of the first administrator.")],
    name: Annotated[str, typer.Option("--name", help="Full name.")],
    email: str = "",
    communes: Annotated[
        Path | None, typer.Option("--communes", help="The office's own list (Excel, CSV), instead of Hai Phong's.")
    ] = None,
    plan: Annotated[str, typer.Option("--plan", help="Number of the city's plan, such as 1234/KH-UBND.")] = "",
    plan_on: Annotated[str, typer.Option("--plan-on", help="Day of the city's plan.")] = "",
    trial: Annotated[bool, typer.Option("--trial", help="To rehearse: every page and letter is marked.")] = False,
    day_given: Annotated[str, typer.Option("--day", help="The current day of a trial.")] = "",
    json: Json = False,
) -> None:
    """Start a real or a trial office in an empty database: districts, communes, the first administrator."""
    data, kind, first = settings().data, TRIAL if trial else REAL, login.strip().lower()
    chosen_day = _chosen_day(day_given, trial=trial)
    _make_room(data, kind)
    rows = read_communes(scanned_bytes(communes), communes.name) if communes else None
    with writing(engine()) as connection:
        if not is_empty(connection):
            raise Conflict("office_started_already")
        require_room(data, kind)
        office_clock = _begun(connection, kind, chosen_day)
        sync_versions(connection, office_clock.now())
        counts = _places(connection, rows, first, office_clock)
        keep_on_paper(connection, by=first, clock=office_clock)
        post = Post(name, ADMIN, email=email, lang=lang())
        password = staffing.take_in(connection, login, post, by=first, clock=office_clock)
        _enter_plan(connection, plan, plan_on, first, office_clock)
    mark_folder(data, kind)
    if json:
        show_json({"kind": kind, "login": first, "password": password, **counts})
        return
    _tell("people.started", districts=counts["districts"], login=first)
    if trial:
        _tell("people.started_trial")
    _tell_communes(counts["communes"], confirmed=rows is not None)
    _tell("people.first_password", password=password)


def _tell_communes(count: int, *, confirmed: bool) -> None:
    confidence = t(f"office_data.{'confirmed' if confirmed else 'recalled'}", lang()).lower()
    _tell("people.started_communes", count=count, confidence=confidence)


def _chosen_day(text: str, *, trial: bool) -> date | None:
    """The day on which a trial begins. Raises WrongInput for a real office, whose day is the machine's."""
    if not trial and (text or settings().today):
        raise WrongInput("--day" if text else "COOPCASE_TODAY", "day_only_in_trial")
    return day("--day", text)


def _make_room(data: Path, kind: str) -> None:
    """The data folder and an empty database in it. Raises Conflict where another office was."""
    data.mkdir(parents=True, exist_ok=True)
    if is_missing(settings()):
        require_room(data, kind)
    migrate()


def _enter_plan(connection: Connection, plan: str, plan_on: str, by: str, office_clock: Clock) -> None:
    if plan or plan_on:
        entry = PlanEntry(plan, day("plan_on", plan_on), CITY_COMMITTEE, usual_title())
        record_plan(connection, entry, by=actor(connection, by), clock=office_clock)


def _begun(connection: Connection, kind: str, chosen_day: date | None) -> Clock:
    """Mark the database, and choose the day of a trial; returns the clock of the office."""
    mark_database(connection, kind)
    if chosen_day:
        set_demo_day(connection, chosen_day)
    return clock_of(connection)


def _places(connection: Connection, rows: list[CommuneRow] | None, by: str, office_clock: Clock) -> dict[str, int]:
    """Load districts and communes: the shipped ones of Hai Phong, or those of the office's own list."""
    known = (
        [district_row(code, full) for code, full in districts_by_code().items()]
        if rows is None
        else districts_of_file(rows)
    )
    connection.execute(districts.insert(), known)
    if rows is None:
        return {"districts": len(known), "communes": sync_communes(connection)}
    codes = codes_by_name(district_names(connection))
    added, _ = put_in_rows(connection, rows, codes, by=by, clock=office_clock)
    return {"districts": len(known), "communes": added}


def list_command(
    district: Annotated[str, typer.Option(help="Code of a district; all unless given.")] = "", json: Json = False
) -> None:
    """List all officers with role, office and number of open cases."""
    with reading(engine()) as connection:
        found = staff(connection, district or None)
    if json:
        show_json({"people": found})
        return
    lines(
        [
            (row["login"], row["name"], t(f"pages.role_{row['role']}", lang()), row["district_code"] or "",
             str(row["open_cases"]), "" if row["active"] else t("people.gone", lang()))
            for row in found
        ]
    )  # fmt: skip


def add_command(
    login: str,
    by: By,
    name: Annotated[str, typer.Option("--name", help="Full name.")],
    role: Annotated[
        str, typer.Option("--role", help="case_officer | manager | leader | legal | clerk | commune | admin")
    ],
    district: Annotated[str, typer.Option(help="Code of the district; the city's office unless given.")] = "",
    title: Annotated[str, typer.Option(help="ông | bà")] = "",
    post: Annotated[str, typer.Option(help="As letters print it.")] = "",
    email: str = "",
    json: Json = False,
) -> None:
    """Add an officer; prints the password to hand over."""
    post_data = Post(name, role, district or None, title, post, email)
    office_clock = clock()
    with writing(engine()) as connection:
        password = staffing.add(connection, login, post_data, by=actor(connection, by), clock=office_clock)
    _show_password(login.strip().lower(), password, json)


def leave_command(
    login: str,
    by: By,
    reason: Annotated[str, typer.Option("--reason")],
    to: Annotated[str, typer.Option("--to", help="Who takes the open cases over.")] = "",
    json: Json = False,
) -> None:
    """Deactivate an officer; the open cases go to a colleague in the same transaction."""
    count = staffing.leave(engine(), login, hand_over_to=to, reason=reason, by=by, clock=clock())
    if json:
        show_json({"login": login, "handed_over": count, "to": to})
        return
    _tell("people.left", login=login, count=count)


def password_command(login: str, by: By, json: Json = False) -> None:
    """Set a new password for an officer who lost theirs."""
    office_clock = clock()
    with writing(engine()) as connection:
        password = staffing.new_password(connection, login, by=actor(connection, by), clock=office_clock)
    _show_password(login, password, json)


def absent_command(
    login: str,
    by: Annotated[str, typer.Option("--by", help="The person, or a head of the office.")],
    from_on: Annotated[str, typer.Option("--from", help="First day.")],
    to_on: Annotated[str, typer.Option("--to", help="Last day.")],
    substitute: Annotated[str, typer.Option("--substitute", help="The deputy: same office, same role.")],
    reason: str = "",
    json: Json = False,
) -> None:
    """Enter an absence: the substitute sees the work and gets the messages; both get a notice."""
    with writing(engine()) as connection:
        person = actor(connection, by)
        away = away_person(connection, login, person)
        row = enter(connection, away, AbsenceEntry(from_on, to_on, substitute, reason), by=person, clock=clock())
        _tell_absence(connection, login, row, by, dropped=False)
    if json:
        show_json(row)
        return
    days = {"from_on": date_vi(row["from_on"]), "to_on": date_vi(row["to_on"])}
    _tell("people.absence_done", login=login, substitute=row["substitute"], **days)


def back_command(
    login: str,
    by: Annotated[str, typer.Option("--by", help="The person, or a head of the office.")],
    number: Annotated[int, typer.Option("--number", help="Of the absence, as `absent --json` gives it.")],
    json: Json = False,
) -> None:
    """Take an absence back."""
    with writing(engine()) as connection:
        person = actor(connection, by)
        row = drop(connection, away_person(connection, login, person), number, by=person, clock=clock())
        if row is None:
            raise NotFound("no_such_absence", login=login, number=number)
        _tell_absence(connection, login, row, by, dropped=True)
    if json:
        show_json(row)
        return
    _tell("people.absence_gone", login=login)


def _tell_absence(connection: Connection, login: str, row: AbsenceRow, by: str, *, dropped: bool) -> None:
    if login != by:
        tell_absence(
            connection, login, row["substitute_id"], (row["from_on"], row["to_on"]), by, number=row["id"],
            dropped=dropped, now=clock().now(), today=clock().today(),
        )  # fmt: skip


def _show_password(login: str, password: str, json: bool) -> None:
    if json:
        show_json({"login": login, "password": password})
        return
    _tell("people.first_password", password=password)


def _tell(key: str, **params: object) -> None:
    sys.stdout.write(t(key, lang(), **params) + "\n")

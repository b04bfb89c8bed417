"""Obstacles from the command line: what waits for each body, a try, an answer, lifting, for many cases at once."""

import sys
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

import typer

from casework.obstacles.tries import WAYS, Try
from casework.obstacles.waiting import ORDERS, WaitingObstacle, Wanted, bodies_waited_for, how_many, waiting_obstacles
from casework.office.people import actor
from cli.output import clock, day, lang, lines, show_json
from correspondence.joint.listed_obstacles import Listed, listed_in
from correspondence.obstacle_acts import ANSWER, LIFT, TRY, Said, act_on_obstacles, chosen_of
from correspondence.obstacle_letters import (
    MOST_LISTED,
    Addressed,
    change_list,
    draft_on_obstacles,
    letter_on_obstacles,
)
from models.database import engine, reading, writing
from models.errors import WrongInput
from rulebook.versions import Versions
from templates.formats import date_vi
from templates.words import t

Json = Annotated[bool, typer.Option("--json", help="One JSON document with stable keys.")]
By = Annotated[str, typer.Option("--by", help="Who does it: the sign-in name.")]
Entries = Annotated[list[str], typer.Argument(help="REF:KIND of each obstacle, as the list shows them.")]
On = Annotated[str, typer.Option(help="When it happened; today unless given.")]
Note = Annotated[str, typer.Option(help="What came of it.")]


Asks = Annotated[list[str] | None, typer.Option(help="REF:KIND=text: what is asked in place of the obstacle’s name.")]


def register(app: typer.Typer) -> None:
    """Register the commands."""
    group = typer.Typer(no_args_is_help=True, help="Obstacles: who can lift them, tries, answers, lifting for many.")
    group.command("list")(list_command)
    group.command("bodies")(bodies_command)
    group.command("try")(try_command)
    group.command("answer")(answer_command)
    group.command("lift")(lift_command)
    group.command("letter")(letter_command)
    group.command("letter-list")(letter_list_command)
    app.add_typer(group, name="obstacles")


def list_command(
    by: By,
    group: Annotated[str, typer.Option(help="In the order of the body or of the commune.")] = "body",
    body: Annotated[str, typer.Option(help="Of one body, by a kind of obstacle that it lifts.")] = "",
    code: Annotated[str, typer.Option("--kind", help="One kind of obstacle.")] = "",
    district: str = "",
    commune: str = "",
    mine: Annotated[bool, typer.Option("--mine", help="Of the person's own cases.")] = False,
    limit: int = 200,
    json: Json = False,
) -> None:
    """Open obstacles, with their letters, tries and the day to try again."""
    if group not in ORDERS:
        raise WrongInput("--group", "not_an_option", value=group, options=", ".join(ORDERS), choices=", ".join(ORDERS))
    with reading(engine()) as connection:
        person = actor(connection, by)
        wanted = Wanted(body, code, district, commune, person.id if mine else None)
        rows = waiting_obstacles(connection, person, wanted, by=group, limit=limit)
        total = how_many(connection, person, wanted)
        versions = Versions(connection)
        labels = {row.code: versions.label("obstacles", row.code, lang(), row.procedure) for row in rows}
    if json:
        show_json({"total": total, "obstacles": [_document(row) for row in rows]})
        return
    today = clock().today()
    lines([_line(row, labels[row.code], today) for row in rows])
    sys.stdout.write(t("cli.cases_total", lang(), shown=len(rows), total=total) + "\n")


def _document(row: WaitingObstacle) -> dict[str, Any]:
    found = {name: value for name, value in asdict(row).items() if name != "case_id"}
    return found | {"mark": row.mark, "next_on": row.next_on}


def _line(row: WaitingObstacle, label: str, today: date) -> tuple[str, ...]:
    days = t("letters.days", lang(), count=(today - row.since).days)
    return row.mark, date_vi(row.since), days, str(len(row.tries)), date_vi(row.next_on), label, row.unit_name


def bodies_command(by: By, district: str = "", json: Json = False) -> None:
    """How much waits for each body."""
    with reading(engine()) as connection:
        found = bodies_waited_for(connection, actor(connection, by), Wanted(district=district))
        versions = Versions(connection)
        names = {item.body: versions.part("obstacles", item.body, "") for item in found}
    if json:
        show_json([asdict(item) for item in found])
        return
    words = {code: kind.lifted_by[lang()] if kind else code for code, kind in names.items()}
    lines([(item.body, str(item.cases), date_vi(item.since), item.district, words[item.body]) for item in found])


def try_command(
    entries: Entries,
    by: By,
    way: Annotated[str, typer.Option(help=f"How: {', '.join(WAYS)}.")],
    on: On = "",
    note: Note = "",
    with_whom: Annotated[str, typer.Option(help="Who was asked.")] = "",
    next_on: Annotated[str, typer.Option("--next", help="When to try again.")] = "",
    json: Json = False,
) -> None:
    """Record that the body was asked: for all of the obstacles or none."""
    tried = Try("", day("--on", on) or clock().today(), way, with_whom, note, day("--next", next_on))
    _act(entries, Said(TRY, tried.on, note, tried=tried), by, json)


def answer_command(
    entries: Entries,
    by: By,
    symbol: Annotated[str, typer.Option(help="Number and symbol of the answer.")] = "",
    on: On = "",
    note: Note = "",
    lift: Annotated[bool, typer.Option("--lift", help="The obstacle is lifted by it.")] = False,
    json: Json = False,
) -> None:
    """Record that the body answered the letter of the obstacle: for all or none."""
    _act(entries, Said(ANSWER, day("--on", on) or clock().today(), note, symbol, lift), by, json)


def lift_command(entries: Entries, by: By, on: On = "", note: Note = "", json: Json = False) -> None:
    """Lift obstacles: all or none."""
    _act(entries, Said(LIFT, day("--on", on) or clock().today(), note), by, json)


def letter_command(
    by: By,
    to: Annotated[str, typer.Option("--to", help="The body, as after “Kính gửi”.")],
    entries: Annotated[list[str] | None, typer.Argument(help="REF:KIND of each obstacle; none: all of --body.")] = None,
    body: Annotated[str, typer.Option(help="All that wait for a body, by a kind of obstacle that it lifts.")] = "",
    district: str = "",
    reply_by: Annotated[str, typer.Option(help="Answer asked for by.")] = "",
    ask: Asks = None,
    json: Json = False,
) -> None:
    """Draft one letter to a body, with a list of the obstacles."""
    with writing(engine()) as connection:
        person = actor(connection, by)
        marks = list(entries or ())
        if not marks and body:
            wanted = Wanted(body, district=district)
            marks = [row.mark for row in waiting_obstacles(connection, person, wanted, limit=MOST_LISTED)]
        said = Addressed(to, reply_by, _asked(ask))
        letter = draft_on_obstacles(connection, marks, said, by=person, clock=clock())
        listed = listed_in(connection, letter, lang())
    _show_list(letter, listed, json)


def letter_list_command(
    letter: Annotated[int, typer.Argument(help="The letter.")],
    by: By,
    drop: Annotated[list[str] | None, typer.Option(help="REF:KIND that is taken off the list.")] = None,
    ask: Asks = None,
    json: Json = False,
) -> None:
    """Show the list of such a letter; take obstacles off the list of a draft, or say what is asked."""
    with (writing if drop or ask else reading)(engine()) as connection:
        person = actor(connection, by)
        letter_on_obstacles(connection, letter, person)
        if drop or ask:
            known = [item.mark for item in listed_in(connection, letter)]
            if strange := [mark for mark in drop or () if mark not in known]:
                raise WrongInput("--drop", "obstacle_not_listed", mark=strange[0][:60])
            keep = [mark for mark in known if mark not in (drop or ())]
            change_list(connection, letter, keep, _asked(ask), by=person, clock=clock())
        listed = listed_in(connection, letter, lang())
    _show_list(letter, listed, json)


def _asked(ask: list[str] | None) -> dict[str, str]:
    """REF:KIND=text of each; raises WrongInput for what has no such form."""
    found = {}
    for item in ask or ():
        mark, sign, text = item.partition("=")
        if not sign or ":" not in mark:
            raise WrongInput("--ask", "obstacle_ask_form", text=item[:60])
        found[mark] = text
    return found


def _show_list(letter: int, listed: list[Listed], json: bool) -> None:
    if json:
        rows = [
            {"mark": item.mark, "unit_name": item.unit_name, "since": item.since_on, "asked": item.asked or item.label,
             "stands": item.stands, "letter": asdict(item.letter) if item.letter else None}
            for item in listed
        ]  # fmt: skip
        show_json({"letter": letter, "obstacles": rows})
        return
    lines([(item.mark, date_vi(item.since_on), item.asked or item.label, item.unit_name) for item in listed])
    sys.stdout.write(t("obstacles.drafted", lang(), letter=letter, count=len(listed)) + "\n")


def _act(entries: list[str], said: Said, by: str, json: bool) -> None:
    count = act_on_obstacles(engine(), chosen_of(entries), said, by=by, clock=clock())
    if json:
        show_json({"do": said.do, "count": count})
        return
    sys.stdout.write(t(f"obstacles.done_{said.do}", lang(), count=count) + "\n")

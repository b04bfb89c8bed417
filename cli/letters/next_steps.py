"""The next step of many letters: what this person would do with each, and doing it."""

import sys
from typing import Annotated, Any

import typer

from casework.office.people import actor
from cli.output import clock, lang, lines, show_json
from correspondence.many_letters import Outcome, Planned, planned, take_steps
from models.database import engine, reading
from templates.words import say, t

By = Annotated[str, typer.Option("--by", help="Who does it: the sign-in name.")]


def register(app: typer.Typer) -> None:
    """Register the command."""
    app.command("letters-next")(next_command)


def next_command(
    letters: list[int],
    by: By,
    do: Annotated[bool, typer.Option("--do", help="Do it; otherwise it is only said.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON document with stable keys.")] = False,
) -> None:
    """Say what waits for this person in many letters (submit, sign, number), or do it with `--do`, each by itself."""
    office_clock = clock()
    with reading(engine()) as connection:
        person = actor(connection, by)
        plans = planned(connection, letters, person, office_clock.today())
    done = {}
    if do and (seen := {plan.row["id"]: plan.mark for plan in plans if plan.act}):
        done = {item.row["id"]: item for item in take_steps(engine(), seen, person, clock=office_clock)}
    if json:
        show_json([_document(plan, done.get(plan.row["id"])) for plan in plans])
        return
    lines([_line(plan, done.get(plan.row["id"])) for plan in plans])
    if not do and any(plan.act for plan in plans):
        sys.stderr.write("\n".join(_undoing(plans)) + "\n")


def _document(plan: Planned, done: Outcome | None) -> dict[str, Any]:
    """`done`: whether its step was taken; `why`: the code of what is in the way."""
    row, why = (plan.row, plan.why) if done is None else (done.row, done.why)
    return {
        "id": row["id"], "ref": row["ref"], "template": row["template"], "status": row["status"], "act": plan.act,
        "number": row["number"], "symbol": row["symbol"], "door": plan.door, "done": done is not None and why is None,
        "why": why.code if why is not None else None, "message": say(why, lang()) if why is not None else None,
    }  # fmt: skip


def _line(plan: Planned, done: Outcome | None) -> tuple[str, ...]:
    why = plan.why if done is None else done.why
    door = t(f"next_steps.door_{plan.door}", lang()) if plan.door else ""
    if why is not None:
        said = t("next_steps.refused", lang(), why=say(why, lang()))
    elif done is None:
        said = t(f"next_steps.act_{plan.act}", lang())
    else:
        said = " ".join(filter(None, (t(f"next_steps.did_{done.act}", lang()), done.number)))
    return str(plan.row["id"]), plan.row["ref"], said, door


def _undoing(plans: list[Planned]) -> list[str]:
    """What can be taken back afterwards, of each act that would be done."""
    acts = dict.fromkeys(plan.act for plan in plans if plan.act)
    return [t(f"next_steps.undo_{act}", lang()) for act in acts]

"""Commands for batches of dissolutions; they call the same functions as the pages."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from casework.office.people import actor
from cli.output import assigned, clock, day, file_bytes, lang, lines, show_json
from correspondence.joint import batch_acts, batches
from correspondence.joint.batch_acts import AskedAct
from models.database import engine, reading, writing
from models.errors import WrongInput
from models.typed_rows.letter_shapes import LetterRow
from templates.words import pick, t

Json = Annotated[bool, typer.Option("--json", help="One JSON document with stable keys.")]
By = Annotated[str, typer.Option("--by", help="Who does it: the sign-in name.")]
Cases = Annotated[list[str] | None, typer.Option("--case", help="Only this case; may be given again.")]
Each = Annotated[list[str], typer.Option(help="REF:name=value: a value of one case.")]
Set = Annotated[list[str] | None, typer.Option("--set", help="name=value, or name=@FILE.")]
batches_app = typer.Typer(help="Batches of dissolutions with one paper for all.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(batches_app, name="batch")
    for name, command in {
        "list": list_command, "show": show_command, "create": create_command, "add": add_command,
        "leave": leave_command, "council": council_command, "annex": annex_command, "act": act_command,
        "letter": letter_command, "withdraw": withdraw_command,
    }.items():  # fmt: skip
        batches_app.command(name)(cast("Callable[..., None]", command))


def list_command(by: By, json: Json = False) -> None:
    """List the batches of the person's office."""
    with reading(engine()) as connection:
        rows = batches.listed_batches(connection, actor(connection, by))
    if json:
        show_json(rows)
        return
    lines([
        (str(row["id"]), row["name"], t("batches.counts", lang(), cases=row["cases"], closed=row["closed"]))
        for row in rows
    ])  # fmt: skip


def show_command(number: int, by: By, json: Json = False) -> None:
    """Show a batch: its cases by step, the acts that are open for several, its joint letters."""
    with reading(engine()) as connection:
        person = actor(connection, by)
        batch = batches.own_batch(connection, number, person)
        cases = batches.cases_in(connection, number, load=True)
        left = batches.cases_in(connection, number, left=True)
        acts = batches.common_acts(cases, person)
        letters = batches.joint_letters(connection, number)
        steps = batches.steps_of(connection, number)
    if json:
        open_acts = [
            {"verb": act.choice.verb, "label": pick(act.choice.label, lang()), "refs": act.refs} for act in acts
        ]
        parts = {"cases": [_case(case) for case in cases], "left": [_left(case) for case in left], "acts": open_acts}
        show_json({**batch, **parts, "letters": [_letter(row) for row in letters], "steps": steps})
        return
    sys.stdout.write(f"{batch['name']}\n")
    lines([(case.ref, case.state, case.unit_name) for case in cases])
    lines([(act.choice.verb, pick(act.choice.label, lang()), str(len(act.refs))) for act in acts])
    lines([(str(row["id"]), row["template"], t(f"letters.status_{row['status']}", lang())) for row in letters])


def _case(case: batches.CaseInBatch) -> dict[str, Any]:
    return {
        "ref": case.ref, "unit_name": case.unit_name, "state": case.state, "closed": case.closed,
        "values": case.row["values"],
    }  # fmt: skip


def _left(case: batches.CaseInBatch) -> dict[str, Any]:
    return _case(case) | {"reason": case.row["left_reason"]}


def _letter(row: LetterRow) -> dict[str, Any]:
    return {
        "id": row["id"], "template": row["template"], "status": row["status"], "number": row["number"],
        "symbol": row["symbol"],
    }  # fmt: skip


def create_command(
    name: str, by: By, council: Annotated[int | None, typer.Option(help="Number of its council.")] = None,
    json: Json = False,
) -> None:  # fmt: skip
    """Make a batch of the person's office."""
    with writing(engine()) as connection:
        made = batches.create_batch(connection, name, council, by=actor(connection, by), clock=clock())
    _tell({"id": made}, "cli.batch_made", json, number=made)


def add_command(number: int, refs: list[str], by: By, json: Json = False) -> None:
    """Let cases join a batch, all or none."""
    with writing(engine()) as connection:
        count = batches.join_cases(connection, number, refs, by=actor(connection, by), clock=clock())
    _tell({"count": count}, "cli.batch_joined", json, count=count)


def leave_command(
    number: int, ref: str, by: By, reason: Annotated[str, typer.Option(help="Why.")], json: Json = False
) -> None:
    """Take a case out of a batch; what it has prepared there is taken back."""
    with writing(engine()) as connection:
        batch_acts.leave_batch(connection, number, ref, reason, by=actor(connection, by), clock=clock())
    _tell({"id": number}, "cli.council_done", json)


def council_command(number: int, council: int, by: By, json: Json = False) -> None:
    """Let a council serve the cases of a batch."""
    with writing(engine()) as connection:
        batches.set_council(connection, number, council, by=actor(connection, by), clock=clock())
    _tell({"id": number}, "cli.council_done", json)


def annex_command(number: int, by: By, each: Each, json: Json = False) -> None:
    """Record what annexes print of cases: certificate, address, representative, proof, note; empty: as the register."""
    with writing(engine()) as connection:
        count = batches.set_values(connection, number, _each(each), by=actor(connection, by), clock=clock())
    _tell({"count": count}, "cli.batch_acted", json, count=count)


def act_command(
    number: int,
    verb: str,
    by: By,
    on: Annotated[str, typer.Option(help="When it happened; today unless given.")] = "",
    set_: Set = None,
    each: Annotated[list[str] | None, typer.Option(help="REF:name=value: a value of one case.")] = None,
    case: Cases = None,
    evidence: Annotated[list[Path] | None, typer.Option(help="A file that proves it, for every case.")] = None,
    json: Json = False,
) -> None:
    """Do an act on the cases of a batch that allow it, on all or none; its paper is one letter with an annex."""
    files = [(path.name, file_bytes(path, "--evidence")) for path in evidence or []]
    asked = AskedAct(verb, assigned(set_ or []), day("--on", on), tuple(case or ()), _each(each or []), files)
    with writing(engine()) as connection:
        done = batch_acts.act_on_batch(connection, number, asked, by=actor(connection, by), clock=clock())
    said = "cli.batch_acted" if done.letter is None else "cli.batch_prepared"
    _tell({"count": done.count, "letter": done.letter}, said, json, count=done.count, letter=done.letter)


def _each(pairs: list[str]) -> dict[str, dict[str, Any]]:
    """The values that differ, by case. Raises WrongInput."""
    found: dict[str, dict[str, Any]] = {}
    for pair in pairs:
        ref, mark, rest = pair.partition(":")
        if not mark:
            raise WrongInput("--each", "not_a_pair", value=pair[:60])
        found.setdefault(ref, {}).update(assigned([rest]))
    return found


def letter_command(number: int, template: str, by: By, case: Cases = None, json: Json = False) -> None:
    """Draft a joint letter that no act requires, about the open cases of a batch or those named."""
    with writing(engine()) as connection:
        made = batch_acts.draft_for_batch(
            connection, number, template, case or (), by=actor(connection, by), clock=clock()
        )
    _tell({"letter": made}, "cli.batch_drafted", json, letter=made)


def withdraw_command(
    number: int, verb: str, by: By, reason: Annotated[str, typer.Option(help="Why.")], json: Json = False
) -> None:
    """Take an act back that waits for its joint paper, in every case."""
    with writing(engine()) as connection:
        count = batch_acts.withdraw_from_batch(
            connection, number, verb, reason, by=actor(connection, by), clock=clock()
        )
    _tell({"count": count}, "cli.batch_acted", json, count=count)


def _tell(document: dict[str, Any], key: str, json: bool, **words: Any) -> None:
    if json:
        show_json(document)
        return
    sys.stdout.write(t(key, lang(), **words) + "\n")

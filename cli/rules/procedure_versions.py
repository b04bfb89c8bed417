"""Commands for versions of the procedure: preview, propose, decide, migrate, compare, replay."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection

from cli.output import clock, lang, lines, show_json
from cli.rules.procedures_file import explaining, procedure_app
from models.database import engine, reading, writing
from models.errors import WrongInput
from procedures.definition.difference import Difference, differences
from procedures.schema import Procedure
from rule_changes import version_proposals
from rule_changes.golden_replay import Replayed, replay
from rule_changes.impact_words import dates_in_words, difference_in_words, in_words, news_in_words, stuck_in_words
from rule_changes.version_impact import Change, MovedDate, preview
from rulebook.versions import Versions
from templates.formats import moment_vi
from templates.words import pick, say, t

Json = Annotated[bool, typer.Option("--json", help="One JSON document with stable keys.")]
By = Annotated[str, typer.Option("--by", help="Who does it: the sign-in name.")]
What = Annotated[str, typer.Argument(help="A file, or the name of a known version such as htx-hai-phong@3.")]
SHOWN = 40  # internal dates printed; legal limits are never cut


def register(app: typer.Typer) -> None:
    """Register the commands on `coopcase procedure`, which cli.rules.procedures_file creates."""
    for name, command in (
        ("list", list_command), ("preview", preview_command), ("propose", propose_command),
        ("approve", approve_command), ("return", return_command), ("withdraw", withdraw_command),
        ("move", move_command), ("show", show_command), ("diff", diff_command),
    ):  # fmt: skip
        procedure_app.command(name)(command)
    app.command("replay-check")(replay_command)


def list_command(json: Json = False) -> None:
    """List the versions this office knows, and how many cases are pinned to each."""
    with reading(engine()) as connection:
        found = version_proposals.versions(connection)
    if json:
        show_json({"versions": found})
        return
    lines(
        [
            (row["pin"], t(f"procedure.status_{row['status']}", lang()), str(row["open_cases"]),
             row["proposed_by"] or "", row["decided_by"] or "")
            for row in found
        ]
    )  # fmt: skip


def preview_command(what: What, case: Annotated[list[str] | None, typer.Option()] = None, json: Json = False) -> None:
    """Show what a version would do to the open cases of other versions; nothing is changed."""
    with explaining(), reading(engine()) as connection:
        change = preview(connection, _procedure(connection, what), clock().today(), case or ())
    _show(change, json)


def propose_command(what: What, by: By, note: str = "", json: Json = False) -> None:
    """Propose a version for approval by a second person."""
    office_clock = clock()
    with explaining(), writing(engine()) as connection:
        pin = what
        if Path(what).is_file():
            pin = version_proposals.add(connection, _text(what), Path(what).name, by=by, clock=office_clock)
        version_proposals.propose(connection, pin, by=by, note=note, clock=office_clock)
        change = preview(connection, Versions(connection).of(pin), office_clock.today())
    if json:
        show_json({"pin": pin, "status": "proposed", "seen": change.mark, "change": change})
        return
    _show(change, json)
    _tell("cli.version_proposed", pin=pin, mark=change.mark)


def approve_command(
    pin: str,
    by: By,
    seen: Annotated[str, typer.Option(help="The mark of the preview that was read.")],
    json: Json = False,
) -> None:
    """Put a proposed version in force and move every open case that can move; never by the proposer."""
    change = version_proposals.approve(engine(), pin, by=by, seen=seen, clock=clock())
    _done(change, "cli.version_approved", json)


def return_command(pin: str, by: By, reason: Annotated[str, typer.Option()], json: Json = False) -> None:
    """Send a proposal back with the reason."""
    with writing(engine()) as connection:
        version_proposals.send_back(connection, pin, by=by, reason=reason, clock=clock())
    _now("cli.version_returned", pin, json)


def withdraw_command(pin: str, by: By, json: Json = False) -> None:
    """Withdraw a proposal before it is decided."""
    with writing(engine()) as connection:
        version_proposals.withdraw(connection, pin, by=by, clock=clock())
    _now("cli.version_withdrawn", pin, json)


def move_command(
    by: By,
    seen: Annotated[str, typer.Option(help="The mark of the preview of these cases.")],
    case: Annotated[list[str] | None, typer.Option(help="Only this case; may be given several times.")] = None,
    json: Json = False,
) -> None:
    """Move open cases that were left behind to the version in force: all that can, or those named."""
    change = version_proposals.move_remaining(engine(), by=by, seen=seen, clock=clock(), refs=case or ())
    _done(change, "cli.version_moved", json)


def show_command(
    pin: str, text: Annotated[bool, typer.Option("--text", help="The file itself.")] = False, json: Json = False
) -> None:
    """Show one version with its history, or its file."""
    with reading(engine()) as connection:
        row, content = version_proposals.version(connection, pin), version_proposals.text_of(connection, pin)
    if json:
        show_json(row | {"text": content})
    elif text:
        sys.stdout.write(content)
    else:
        _tell_version(row)


def diff_command(first: What, second: What, json: Json = False) -> None:
    """Show where two versions differ, part by part."""
    with explaining(), reading(engine()) as connection:
        found = differences(_procedure(connection, first), _procedure(connection, second))
    if json:
        show_json({"differences": found})
        return
    if not found:
        _tell("cli.version_same")
    for item in found:
        sys.stdout.write(_difference(item) + "\n")


def replay_command(
    what: Annotated[str, typer.Argument(help="A file or a version; the one in force unless given.")] = "",
    json: Json = False,
) -> None:
    """Show which closed cases would not have been lawful under this version; exits 1 if any. Changes nothing."""
    with explaining(), reading(engine()) as connection:
        new = _procedure(connection, what) if what else Versions(connection).in_force
        found = replay(connection, new)
    if json:
        show_json(found)
    else:
        _show_replay(found)
    if found.unlawful or found.other_end:
        raise typer.Exit(1)


def _procedure(connection: Connection, what: str) -> Procedure:
    """Return the procedure of a file, or the version of that name. Raises WrongInput, NotFound, ProcedureBroken."""
    if Path(what).is_file():
        return version_proposals.checked(connection, _text(what), Path(what).name)
    if "@" not in what:
        raise WrongInput("FILE", "no_such_version", value=what)
    return Versions(connection).of(what)


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise WrongInput("FILE", "no_such_file", path=path) from None


def _show(change: Change, json: bool) -> None:
    if json:
        show_json({"change": change, "seen": change.mark})
        return
    for sentence in in_words(change, lang()):
        sys.stdout.write(sentence.text + "\n")
    _show_dates(change)
    for item in change.stuck:
        sys.stdout.write(f"{item.ref}  {stuck_in_words(item, lang())}\n")
    _tell("procedure.change_mark", mark=change.mark)


def _show_dates(change: Change) -> None:
    others = [item for item in change.moved if not item.legal]
    lines([_moved(item) for item in (*change.legal, *others[:SHOWN])])
    if len(others) > SHOWN:
        _tell("procedure.moved_more", count=len(others) - SHOWN)


def _moved(item: MovedDate) -> tuple[str, ...]:
    before, after = dates_in_words(item, lang())
    kind = t(f"procedure.kind_{item.becomes or item.was}", lang())
    return item.ref, kind, before, "→", after, pick(item.label, lang()), "; ".join(news_in_words(item, lang()))


def _done(change: Change, words: str, json: bool) -> None:
    if json:
        show_json({"change": change, "seen": change.mark})
        return
    _tell(words, pin=change.pin, count=len(change.cases), stuck=len(change.stuck))
    for item in change.stuck:
        sys.stdout.write(f"{item.ref}  {stuck_in_words(item, lang())}\n")


def _now(words: str, pin: str, json: bool) -> None:
    with reading(engine()) as connection:
        row = version_proposals.version(connection, pin)
    if json:
        show_json({"pin": pin, "status": row["status"]})
        return
    _tell(words, pin=pin)


def _tell_version(row: version_proposals.ListedVersion) -> None:
    status = t(f"procedure.status_{row['status']}", lang())
    sys.stdout.write(f"{row['pin']}: {status}, {t('cli.version_cases', lang(), count=row['open_cases'])}\n")
    lines([_entry(item) for item in row["history"]])


def _entry(item: dict[str, str]) -> tuple[str, ...]:
    return (
        moment_vi(datetime.fromisoformat(item["at"])),
        t(f"procedure.act_{item['act']}", lang()),
        item["by"],
        item.get("text", ""),
    )


def _difference(item: Difference) -> str:
    part, key, before, after = difference_in_words(item, lang())
    name = f"{part} «{pick(item.label, lang())}»"
    return f"{name}, {key}: {before} → {after}" if item.key else f"{name}: {key}"


def _show_replay(found: Replayed) -> None:
    counts = {"count": found.cases, "unlawful": len(found.unlawful), "other": len(found.other_end)}
    _tell("procedure.replayed", pin=found.pin, **counts)
    for item in found.unlawful:
        why = say(item.reason, lang())
        sys.stdout.write(f"{item.ref}  {t('procedure.unlawful', lang(), seq=item.seq, verb=item.label, why=why)}\n")
    for end in found.other_end:
        sys.stdout.write(f"{end.ref}  {t('procedure.other_end', lang(), before=end.before, after=end.after)}\n")


def _tell(key: str, **params: object) -> None:
    sys.stdout.write(t(key, lang(), **params) + "\n")

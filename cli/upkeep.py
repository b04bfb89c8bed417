"""Commands for maintenance: verify, rebuild."""

import sys
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

from audit_log.checkpoints import Checkpoint, kept_elsewhere
from audit_log.faults import Fault
from audit_log.log_faults import LogState, log_faults, log_state
from audit_log.proof_check import check, key_in
from casework.ledger import case_row
from casework.upkeep.contradictions import Contradiction, contradiction_text, contradictions
from casework.upkeep.integrity import verify
from casework.upkeep.rebuild import BEYOND, rebuild
from cli.output import clock, file_bytes, lang, show_json
from cli.progress import bar
from correspondence.paper_integrity import verify_papers
from models.database import engine, reading
from models.settings import settings
from models.tracking import Track
from templates.words import t

CONTRARY = 7  # exit code: chains, lists and papers are whole, but cases contradict themselves
Json = Annotated[bool, typer.Option("--json", help="One JSON document with stable keys.")]
Ref = Annotated[str, typer.Argument(help="One case; all unless given.")]


def register(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("verify")(verify_command)
    app.command("rebuild")(rebuild_command)


def verify_command(
    ref: Ref = "",
    against: Annotated[
        str, typer.Option("--against", help="A checkpoint kept elsewhere: its file, or SIZE-ROOT as printed.")
    ] = "",
    json: Json = False,
) -> None:
    """Check chains, lists, papers and numbers against the office's log, and for contradictions; or a case's proof."""
    if ref.endswith(".zip"):
        raise typer.Exit(_check_proof(ref, json))
    _require_case(ref)
    with reading(engine()) as connection:
        found = [verify(connection, ref or None, track=_bar("verifying")), verify_papers(connection, ref or None)]
        if not ref:
            found.append(log_faults(connection, settings().data.resolve(), _kept(against) if against else None))
        faults = _printed(chain.from_iterable(found), json)
        contrary = list(contradictions(connection, ref or None, track=_bar("verifying")))
    if json:
        said = [_contradiction(item) for item in contrary]
        show_json({"sound": not faults, "faults": faults, "contradictions": said, "log": None if ref else _log()})
    else:
        if not ref:
            _print_log()
        sys.stdout.write(t("cli.verified" if not faults else "cli.faults", lang(), count=len(faults)) + "\n")
        for item in contrary:
            sys.stdout.write(contradiction_text(item, lang()) + "\n")
        if contrary:
            sys.stdout.write(t("cli.contradictions", lang(), count=len(contrary)) + "\n")
    if faults or contrary:
        raise typer.Exit(1 if faults else CONTRARY)


def _contradiction(item: Contradiction) -> dict[str, object]:
    return {
        "ref": item.ref, "code": item.code, "seq": item.seq, "letter": item.letter,
        "text": contradiction_text(item, lang()),
    }  # fmt: skip


def _check_proof(path: str, json: bool) -> int:
    """Whether a proof is whole, as an exit code; every place that is wrong is named."""
    file_bytes(Path(path))  # one that cannot be read is named as anywhere else
    wrong = check(path)
    if json:
        show_json({"sound": not wrong, "faults": [{"place": place, "why": why} for place, why in wrong]})
        return int(bool(wrong))
    for place, why in wrong:
        sys.stdout.write(t("cli.proof_broken", lang(), path=path, place=place, why=why) + "\n")
    if not wrong:
        sys.stdout.write(t("cli.proof_holds", lang(), path=path, key=key_in(path)) + "\n")
    return int(bool(wrong))


def _log() -> LogState:
    with reading(engine()) as connection:
        return log_state(connection, settings().data.resolve())


def _print_log() -> None:
    """How far the log is anchored, and what the check does not cover."""
    state = _log()
    sys.stdout.write(t("cli.log_covers", lang(), short=state.short, waiting=state.waiting) + "\n")


def _kept(text: str) -> Checkpoint:
    path = Path(text)
    return kept_elsewhere(path.read_text("utf-8") if path.is_file() else text)


def rebuild_command(
    ref: Ref = "",
    check: Annotated[bool, typer.Option("--check", help="Only say what differs; change nothing.")] = False,
    json: Json = False,
) -> None:
    """Rebuild the lists from the facts: after an upgrade, or when `verify` finds a fault. Resumes when interrupted."""
    _require_case(ref)
    label = _bar("comparing" if check else "rebuilding")
    found = _printed(rebuild(engine(), clock(), ref or None, check=check, track=label), json)
    left = [fault for fault in found if check or fault.code in BEYOND]
    if json:
        show_json({"check": check, "mended": len(found) - len(left), "left": len(left), "differences": found})
    else:
        sys.stdout.write(t("cli.rebuilt", lang(), mended=len(found) - len(left), left=len(left)) + "\n")
    if left:
        raise typer.Exit(1)


def _require_case(ref: str) -> None:
    if ref:
        with reading(engine()) as connection:
            case_row(connection, ref)


def _printed(faults: Iterable[Fault], json: bool) -> list[Fault]:
    """All faults; each is printed when found, unless a JSON document follows."""
    found = []
    for fault in faults:
        found.append(fault)
        if not json:
            sys.stdout.write(t(f"casework.{fault.code}", lang(), ref=fault.ref, **fault.params) + "\n")
    return found


def _bar(name: str) -> Track:
    return bar(t(f"cli.{name}", lang()))

"""Commands for background work on demand: the daily watch and the pending effects."""

import sys
from typing import Annotated

import typer

from cli.output import clock, day, duty_of_others, lang, lines, show_json
from flows.jobs.effects import drain, listed, retry
from models.database import engine, reading
from models.errors import NotFound
from models.settings import settings
from oversight.office_health import health
from templates.formats import moment_vi
from templates.words import t

Json = Annotated[bool, typer.Option("--json", help="One JSON document with stable keys.")]


def register(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("day")(day_command)
    app.command("night")(night_command)
    app.command("health")(health_command)
    app.command("effects")(effects_command)


def day_command(
    d: Annotated[str, typer.Argument(help="dd/mm/yyyy; today unless given.")] = "", json: Json = False
) -> None:
    """Run the daily watch of a day: done once, however often it is called."""
    from flows.jobs.day_watch import watch

    office_clock = clock()
    counts = watch(engine(), day("D", d) or office_clock.today(), office_clock)
    if json:
        show_json(counts)
        return
    if said := duty_of_others(counts, "cli.day_already"):
        sys.stdout.write(said + "\n")
        return
    names = ("open", "past_legal", "legal_soon", "late", "due_soon", "acted", "stuck_letters", "dead_effects")
    lines([(t(f"cli.day_{name}", lang()), str(counts[name])) for name in names])


def night_command(
    d: Annotated[str, typer.Argument(help="dd/mm/yyyy; today unless given.")] = "", json: Json = False
) -> None:
    """Do what a night does: verify a part of the office, make the copy. Done once for a day, however often called."""
    from flows.jobs.night import night

    office_clock = clock()
    found = night(engine(), day("D", d) or office_clock.today(), office_clock)
    if json:
        show_json(found)
        return
    if said := duty_of_others(found, "cli.night_already"):
        sys.stdout.write(said + "\n")
    _print_health()


def health_command(json: Json = False) -> None:
    """Show the age of the last good copy and what the nightly checks found; exit code 1 where a person is needed."""
    with reading(engine()) as connection:
        found = health(connection, settings())
    warnings = found.warnings(clock().now(), lang())
    if json:
        show_json({"copied_at": found.copied_at, "verified_at": found.verified_at, "covered_at": found.covered_at,
                   "faults": found.fault_texts(lang()), "warnings": warnings})  # fmt: skip
    else:
        _print_health()
    if warnings:
        raise typer.Exit(1)


def _print_health() -> None:
    with reading(engine()) as connection:
        found = health(connection, settings())
    for line in (found.summary(lang()), *found.warnings(clock().now(), lang()), *found.fault_texts(lang())):
        sys.stdout.write(line + "\n")


def effects_command(
    drain_now: Annotated[bool, typer.Option("--drain", help="Do what is pending now, in this process.")] = False,
    status: Annotated[str, typer.Option(help="pending | done | dead_letter")] = "pending",
    again: Annotated[int, typer.Option("--retry", help="Queue a given-up effect again.")] = 0,
    json: Json = False,
) -> None:
    """Show the pending effects of acts; --drain carries them out."""
    office_clock = clock()
    if again and not retry(engine(), again, office_clock.now()):
        raise NotFound("no_such_effect", effect=again)
    done = drain(engine(), office_clock) if drain_now else {}
    with reading(engine()) as connection:
        found = listed(connection, status)
    if json:
        show_json({"drained": done, "status": status, "effects": found})
        return
    if drain_now:
        counts = ("done", "retry_scheduled", "dead_letter")
        sys.stdout.write(t("cli.drained", lang(), **{name: done.get(name, 0) for name in counts}) + "\n")
    lines([(str(row["id"]), row["ref"] or "", row["kind"], moment_vi(row["next_at"]), row["note"]) for row in found])

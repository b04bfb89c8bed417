"""`coopcase replay`: the register through the programme on a virtual clock, in memory; nothing is written or sent."""

from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.output import clock, day, lang, lines, show_json
from foresight.replay import Opened, Rate, Replayed, ReplayError, StepCourse, run
from models.database import engine, reading
from models.errors import WrongInput
from oversight.event_log import worked_days
from oversight.office_replay import measured_rates, missing_steps, opened_of
from oversight.rates_file import EXAMPLE, FIELD, read_rates
from procedures.schema import Procedure
from rulebook.versions import Versions
from templates.formats import date_vi, tenth
from templates.words import t

USUAL_DAYS, MOST_DAYS = 364, 3660
From = Annotated[str, typer.Option("--from", help="First day of the virtual clock; today unless given.")]
Until = Annotated[str, typer.Option("--until", help="Last day; a year after the first unless given.")]
Rates = Annotated[Path | None, typer.Option("--rates", help="YAML or CSV; measured from the office unless given.")]
Anew = Annotated[bool, typer.Option("--anew", help="Every flagged unit from the first step, as if no case had begun.")]
Example = Annotated[bool, typer.Option("--example", help="Print an example of a rates file.")]


def register(app: typer.Typer) -> None:
    """Hang the command on the application."""
    app.command("replay")(replay_command)


def replay_command(
    from_on: From = "", until: Until = "", rates: Rates = None, district: str = "", anew: Anew = False,
    example: Example = False, json: Annotated[bool, typer.Option("--json")] = False,
) -> None:  # fmt: skip
    """When which step peaks, how many letters and reminders a week, and where it jams, with given rates."""
    if example:
        typer.echo(EXAMPLE, nl=False)
        return
    today = clock().today()
    first, last = _span(from_on, until, today)
    with reading(engine()) as connection:
        procedure = Versions(connection).in_force
        opened = opened_of(connection, first, district=district or None, anew=anew)
        used = dict(measured_rates(connection, today, district=district or None).rates)
        measured = set(used)
        given = _given(rates, procedure) if rates else {}
        used |= given
        used = {name: used[name] for name in procedure.states if name in used}
        worked = worked_days(connection, district or None)
    _check(opened, used, procedure)
    try:
        found = run(opened, used, last, worked=worked)
    except ReplayError as error:
        raise WrongInput(
            FIELD, f"rates_{error.code}", step=error.where, value=error.where, known=", ".join(used)
        ) from None
    if json:
        show_json(_document(found, used, measured - given.keys(), last, len(opened)))
    else:
        _show(found, procedure, len(opened), last)


def _span(from_on: str, until: str, today: date) -> tuple[date, date]:
    first = day("--from", from_on or None) or today
    last = day("--until", until or None) or first + timedelta(days=USUAL_DAYS)
    if not 0 < (last - first).days <= MOST_DAYS:
        raise WrongInput("--until", "replay_span", most=MOST_DAYS)
    return first, last


def _given(path: Path, procedure: Procedure) -> dict[str, Rate]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise WrongInput(FIELD, "no_such_file", path=str(path)) from None
    steps = {name: state.label[lang()] for name, state in procedure.states.items() if not state.final}
    return read_rates(text, path.suffix.casefold() == ".csv", steps)


def _check(opened: list[Opened], used: dict[str, Rate], procedure: Procedure) -> None:
    """Raises WrongInput where nothing is to be replayed, or a rate is not known: none is invented."""
    if not opened:
        raise WrongInput("--district", "replay_nothing")
    if missing := missing_steps(opened, used):
        names = "; ".join(f"{name} ({procedure.states[name].label[lang()]})" for name in missing)
        raise WrongInput(FIELD, "rates_missing", steps=names)


def _document(found: Replayed, used: dict[str, Rate], measured: set[str], last: date, count: int) -> dict[str, Any]:
    return {
        "from": found.start, "until": last, "opened": count, "bottleneck": found.bottleneck,
        "open": found.open, "closed": found.closed, "measured": sorted(measured),
        "steps": [_step(one, used[one.step]) for one in found.steps if one.peak],
    }  # fmt: skip


def _step(one: StepCourse, rate: Rate) -> dict[str, Any]:
    return {
        "step": one.step, "officers": rate.officers, "rate": round(rate.rate, 3), "days": rate.days, "peak": one.peak,
        "peak_on": one.peak_on, "jammed_since": one.jammed_since, "waiting": one.waiting, "left": one.left,
        "letters": [round(count, 1) for count in one.letters],
        "reminders": [round(count, 1) for count in one.reminders],
    }  # fmt: skip


def _show(found: Replayed, procedure: Procedure, count: int, last: date) -> None:
    spoken = lang()
    weeks = range(len(found.open))
    letters, reminders = ([sum(getattr(one, kind)[at] for one in found.steps) for at in weeks] for kind in _SENT)
    whole = {"first": date_vi(found.start), "last": date_vi(last), "count": count, "closed": found.closed[-1]}
    lines([(t("replay.whole", spoken, **whole, open=found.open[-1]),)])
    for key, sent in (("replay.letters", letters), ("replay.reminders", reminders)):
        worst = found.start + timedelta(weeks=int(sent.index(max(sent))))
        lines([(t(key, spoken, mean=tenth(sum(sent) / len(sent), spoken), most=round(max(sent)), day=date_vi(worst)),)])
    lines([_line(one, procedure, spoken) for one in found.steps if one.peak])
    narrow = found.bottleneck
    label = procedure.states[narrow].label[spoken] if narrow else ""
    lines([(t("replay.bottleneck" if narrow else "replay.no_bottleneck", spoken, step=label),)])
    lines([(t("replay.nothing_sent", spoken),)])


def _line(one: StepCourse, procedure: Procedure, spoken: str) -> tuple[str, ...]:
    jam = t("replay.jammed", spoken, day=date_vi(one.jammed_since)) if one.jammed_since else ""
    return (
        one.step, procedure.states[one.step].label[spoken],
        t("replay.peak", spoken, peak=one.peak, day=date_vi(one.peak_on)),
        t("replay.waiting", spoken, count=one.waiting[-1]), jam,
    )  # fmt: skip


_SENT = ("letters", "reminders")

"""The command `coopcase forecast`: forecasts for the fixed dates, or for any event log."""

from typing import Annotated, Any

import typer

from cli.forecast_log import TRIALS_SHOWN, At, ClosedBy, Horizons, LogFile, forecast_log
from cli.output import clock, day, lang, lines, show_json
from cli.what_if import what_if_command
from models.database import engine, reading
from models.errors import WrongInput
from oversight.event_log import end_of
from oversight.forecast import Forecast, Outlook, PastForecast, forecasts
from oversight.kept_forecasts import hit_rate, keep
from templates.formats import date_vi, span
from templates.words import t

Json = Annotated[bool, typer.Option("--json")]
AsOf = Annotated[str, typer.Option("--as-of", help="What would have been said on this day, from what was known then.")]
What = Annotated[bool, typer.Option("--what-if", help="What would change it: officers, sittings, limits, absences.")]
Date = Annotated[str, typer.Option("--milestone", help="With --what-if: the key of one fixed date.")]


def register(app: typer.Typer) -> None:
    """Register the command."""
    app.command("forecast")(forecast_command)


def forecast_command(
    district: Annotated[str, typer.Option(help="Code of a district; all unless given.")] = "", as_of: AsOf = "",
    what_if: What = False, milestone: Date = "", json: Json = False, log: LogFile = None,
    horizon: Horizons = None, at: At = None, closed_by: ClosedBy = None,
) -> None:  # fmt: skip
    """Who is bound to each fixed date, and whether all are done by then; or, with --log, of any event log."""
    if log is not None:
        asked = {"--district": district, "--as-of": as_of, "--what-if": what_if, "--milestone": milestone}
        if alone := next((name for name, value in asked.items() if value), None):
            raise WrongInput(alone, "district_with_log")
        forecast_log(log, horizon or [], at, closed_by or [], json)
        return
    then, today = day("--as-of", as_of or None), clock().today()
    if then is not None and then > today:
        raise WrongInput("--as-of", "as_of_ahead", today=date_vi(today))
    if then is not None and what_if:
        raise WrongInput("--as-of", "as_of_with_what_if")
    on = then or today
    with reading(engine()) as connection:
        if what_if:
            what_if_command(connection, today, district or None, milestone, json)
            return
        known = end_of(then) if then else None
        found = forecasts(connection, on, district=district or None, known_before=known, fan=True)
        record = None if then else hit_rate(connection, today, district=district or None)
    if then is None:
        keep(engine(), today, district or None, found, clock().now())
    if json:
        kept = None if record is None else {"matured": record.matured, "hits": record.hits}
        rows = [_document(item) for item in found]
        show_json({"today": on, "district": district or None, "forecasts": rows, "record": kept})
        return
    lines([_line(item) for item in found])
    lines([row for item in found for row in _tried(item)])
    if record is not None and record.matured:
        lines([(t("late.record", lang(), matured=record.matured, hits=record.hits),)])


def _document(item: Forecast) -> dict[str, Any]:
    said = item.outlook
    return {
        "key": item.milestone.key, "on": item.milestone.on, "legal": item.milestone.legal, "bound": said.bound,
        "held": item.milestone.blocked, "released": item.released, "came": item.came, "left_days": item.left_days,
        **_figures(said), "trials": [_trial(one) for one in said.trials],
        "fan": [{"on": one.on, **_figures(one)} for one in item.fan],
    }  # fmt: skip


def _figures(said: Outlook) -> dict[str, Any]:
    chance = None if said.chance is None else round(said.chance, 3)
    return {"verdict": said.verdict, "low": said.low, "median": said.median, "high": said.high, "chance": chance}


def _trial(one: PastForecast) -> dict[str, Any]:
    return {
        "on": one.on, "until": one.until, "bound": one.bound, "low": one.low, "median": one.median, "high": one.high,
        "came": one.came,
    }  # fmt: skip


def _line(item: Forecast) -> tuple[str, ...]:
    said, spoken = item.outlook, lang()
    known = said.low is not None and said.high is not None
    says = t("report.range", spoken, done=item.released, more=span(said.low or 0, said.high or 0)) if known else ""
    return (
        date_vi(item.milestone.on), item.milestone.label[spoken], t("late.still", spoken, count=said.bound),
        t(f"late.verdict_{item.verdict}", spoken), says,
    )  # fmt: skip


def _tried(item: Forecast) -> list[tuple[str, str, str]]:
    """The latest trials of a forecast, each with its date."""
    spoken = lang()
    return [
        (
            date_vi(item.milestone.on),
            t(
                "late.trial", spoken, day=date_vi(one.on), until=date_vi(one.until), bound=one.bound,
                said=span(one.low, one.high), came=one.came,
            ),
            t("late.trial_right" if one.hit else "late.trial_wrong", spoken),
        )
        for one in item.outlook.trials[:TRIALS_SHOWN]
    ]  # fmt: skip

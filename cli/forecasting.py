"""Will the fixed dates be made: the forecast from the command line."""

from typing import Annotated, Any

import typer

from cli.forecast_log import At, ClosedBy, Horizons, LogFile, forecast_log
from cli.output import clock, lang, lines, show_json
from models.database import engine, reading
from models.errors import WrongInput
from oversight.forecast import Forecast, forecasts
from templates.formats import date_vi, span
from templates.words import t

Json = Annotated[bool, typer.Option("--json")]


def register(app: typer.Typer) -> None:
    """Hang the command on the application."""
    app.command("forecast")(forecast_command)


def forecast_command(
    district: Annotated[str, typer.Option(help="Code of a district; all unless given.")] = "", json: Json = False,
    log: LogFile = None, horizon: Horizons = None, at: At = None, closed_by: ClosedBy = None,
) -> None:  # fmt: skip
    """What waits for each fixed date, and whether it will be done by then; or, with --log, of any event log."""
    if log is not None and district:
        raise WrongInput("--district", "district_with_log")
    if log is not None:
        forecast_log(log, horizon or [], at, closed_by or [], json)
        return
    today = clock().today()
    with reading(engine()) as connection:
        found = forecasts(connection, today, district=district or None)
    if json:
        show_json({"today": today, "district": district or None, "forecasts": [_document(item) for item in found]})
        return
    lines([_line(item) for item in found])


def _document(item: Forecast) -> dict[str, Any]:
    pace, known = item.pace, item.verdict not in ("unknown", "done")
    said = {"low": pace.low, "high": pace.high, "chance": round(pace.chance, 3)} if known else {}
    trial = item.trial and {"low": item.trial[0].low, "high": item.trial[0].high, "came": item.trial[1]}
    return {
        "key": item.milestone.key, "on": item.milestone.on, "legal": item.milestone.legal, "waiting": pace.waiting,
        "held": item.milestone.blocked, "to_come": item.to_come, "came": item.came, "done": pace.done,
        "window_days": pace.window_days, "left_days": pace.left_days, "verdict": item.verdict,
        "low": None, "high": None, "chance": None, **said, "trial": trial,
    }  # fmt: skip


def _line(item: Forecast) -> tuple[str, ...]:
    pace, spoken = item.pace, lang()
    known = item.verdict not in ("unknown", "done")
    says = t("report.range", spoken, weeks=pace.window_days // 7, done=pace.done, more=span(pace.low, pace.high))
    return (
        date_vi(item.milestone.on), item.milestone.label[spoken], t("late.still", spoken, count=pace.waiting),
        t(f"late.verdict_{item.verdict}", spoken), says if known else "",
    )  # fmt: skip

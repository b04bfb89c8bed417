"""`coopcase forecast --log FILE`: how many open cases of any event log close within a horizon; no database is read."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.output import day, lang, lines, show_json
from foresight.forecast import Forecast, forecast
from foresight.log import LogError
from foresight.reading import Reading, day_of
from foresight.reading_csv import read_csv
from foresight.reading_xes import read_xes
from foresight.trials import Trial
from models.errors import WrongInput
from templates.formats import date_vi, span
from templates.words import t

LogFile = Annotated[Path | None, typer.Option("--log", help="An event log: .csv, .xes or .xes.gz.")]
Horizons = Annotated[list[float] | None, typer.Option("--horizon", help="Days ahead; may be given several times.")]
At = Annotated[str | None, typer.Option("--at", help="Forecast from what was known at the start of this day.")]
ClosedBy = Annotated[list[str] | None, typer.Option("--closed-by", help="Activity that closes a case; repeatable.")]
MOST_DAYS = 3650
TRIALS_SHOWN = 3


def forecast_log(path: Path, horizons: Sequence[float], at: str | None, closed_by: Sequence[str], json: bool) -> None:
    """Print the forecast with its verdict and its trials. Raises WrongInput naming the option, line or column."""
    if not horizons or not all(0 < one <= MOST_DAYS for one in horizons):
        raise WrongInput("--horizon", "horizon_out_of_range", most=MOST_DAYS)
    found = _read(path, closed_by)
    start = _start(found, at)
    said = forecast(found.log, start, horizons)
    if json:
        show_json(_document(found, said))
    else:
        lines([(row,) for row in _lines(found, said)])


def _read(path: Path, closed_by: Sequence[str]) -> Reading:
    name = path.name.lower()
    read = read_csv if name.endswith(".csv") else read_xes if name.endswith((".xes", ".xes.gz")) else None
    if read is None:
        raise WrongInput("--log", "log_of_unknown_kind", path=str(path))
    try:
        return read(path, closed_by)
    except LogError as error:
        raise WrongInput(str(path), f"log_{error.code}", where=error.where, **error.detail) from None
    except OSError:
        raise WrongInput("--log", "no_such_file", path=str(path)) from None


def _start(found: Reading, at: str | None) -> float:
    on = day("--at", at)
    if on is None:
        return found.log.last
    start, last = found.log.day(on), found.log.last
    if not 0 < start <= last + 1:
        first = date_vi(day_of(found.log, 1))
        raise WrongInput("--at", "at_outside_log", first=first, last=date_vi(day_of(found.log, last + 1)))
    return start


def _document(found: Reading, said: Forecast) -> dict[str, Any]:
    rows = []
    for place, horizon in enumerate(said.horizons):
        low, high = said.interval(place)
        shown = said.verdicts[place] == "enough"
        figures = {"low": low, "median": said.median(place), "high": high} if shown else {}
        rows.append({
            "horizon_days": horizon, "on": _by(found, said, horizon), "verdict": said.verdicts[place],
            "low": None, "median": None, "high": None, **figures,
            "trials": [
                {"at": day_of(found.log, one.at), "open": one.open, "low": one.low, "median": one.median,
                 "high": one.high, "came": one.came}
                for one in said.trials[place]
            ],
        })  # fmt: skip
    return {
        "at": day_of(found.log, said.at), "cases": len(found.log.ids), "open": said.open,
        "closed_by": list(found.closed_by), "never_open": len(found.never_open), "forecasts": rows,
    }  # fmt: skip


def _lines(found: Reading, said: Forecast) -> list[str]:
    spoken = lang()
    rows = [t("foresight.log_open", spoken, day=date_vi(day_of(found.log, said.at)), open=said.open)]
    if found.closed_by:
        rows.append(t("foresight.log_closed_by", spoken, names=", ".join(found.closed_by)))
    if found.never_open:
        rows.append(t("foresight.log_never_open", spoken, count=len(found.never_open)))
    for place, horizon in enumerate(said.horizons):
        rows.append(_says(found, said, place, date_vi(_by(found, said, horizon)), spoken))
        rows += [_tried(found, one, spoken) for one in said.trials[place][:TRIALS_SHOWN]]
    return rows


def _by(found: Reading, said: Forecast, horizon: float) -> Any:
    return day_of(found.log, said.at) + timedelta(days=round(horizon))


def _says(found: Reading, said: Forecast, place: int, by: str, spoken: str) -> str:
    verdict = said.verdicts[place]
    if verdict != "enough":
        return t(f"foresight.verdict_{verdict}", spoken, day=by)
    low, high = said.interval(place)
    return t("foresight.closes", spoken, day=by, span=span(low, high), median=said.median(place), open=said.open)


def _tried(found: Reading, one: Trial, spoken: str) -> str:
    key = "foresight.trial_hit" if one.hit else "foresight.trial_missed"
    at = date_vi(day_of(found.log, one.at))
    return "  " + t(key, spoken, day=at, open=one.open, span=span(one.low, one.high), came=one.came)

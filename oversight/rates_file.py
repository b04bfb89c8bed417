"""A file of rates for a replay: YAML (`steps: STATE: {…}`) or CSV with the same names as columns, one line a step."""

import csv
import io
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

import yaml

from foresight.replay import Rate
from models.errors import WrongInput
from models.yaml_text import read_yaml

T = TypeVar("T")
FIELD = "--rates"
NUMBERS = ("officers", "rate", "letters", "reminders")
KNOWN = frozenset((*NUMBERS, "days", "reminder_days", "next", "batch"))
EXAMPLE = """\
# Rates for `coopcase replay --rates FILE`. All figures here are invented: put in those of your office.
# For each step: officers (people at work there) and rate (cases one of them does on a working day); without officers
# the step takes nobody's work. days: least working days in the step (a legal term, an answer awaited). next: following
# steps with their chances; what is missing to 1 closes. letters: sent for a case that enters; reminders: sent every
# reminder_days days while it stays. batch: the step is left on these days only (a council).
# A step that is left out is measured from the office where it has done enough.
steps:
  S0: {officers: 10, rate: 2, next: {S1: 1}}
  S1: {officers: 10, rate: 0.5, days: 10, next: {S2: 0.9, X1: 0.1}, letters: 2, reminders: 1, reminder_days: 14}
  X1: {days: 20, next: {S2: 1}, letters: 1}
  S2: {officers: 10, rate: 4, next: {S3: 1}}
  S3: {officers: 10, rate: 1, next: {S4: 1}, letters: 1}
  S4: {batch: [2016-05-12, 2016-06-09], next: {R2: 0.6, C1: 0.4}, letters: 1}
  R2: {days: 40, next: {R2F: 1}, letters: 1, reminders: 1, reminder_days: 30}
  R2F: {officers: 5, rate: 2, days: 2}
  C1: {days: 15, next: {C3: 1}, letters: 1}
  C3: {officers: 1, rate: 0.5, next: {C4: 1}, letters: 3}
  C4: {days: 42}
"""


def read_rates(text: str, is_csv: bool, steps: Mapping[str, str]) -> dict[str, Rate]:
    """Rates by step. `steps`: the open states of the procedure with their names.

    Raises WrongInput naming the step and what is wrong with it.
    """
    rows = _csv_rows(text) if is_csv else _yaml_rows(text)
    for name in rows:
        if name not in steps:
            raise WrongInput(FIELD, "rates_unknown_step", value=str(name), known=", ".join(steps))
    return {name: _rate(name, row, steps) for name, row in rows.items()}


def _yaml_rows(text: str) -> dict[str, Mapping[str, Any]]:
    try:
        found = read_yaml(text)
    except yaml.YAMLError as error:
        raise WrongInput(FIELD, "rates_not_yaml", why=str(error).partition("\n")[0]) from None
    steps = found.get("steps") if isinstance(found, Mapping) else None
    if not isinstance(steps, Mapping) or not steps:
        raise WrongInput(FIELD, "rates_no_steps")
    return dict(steps)


def _csv_rows(text: str) -> dict[str, Mapping[str, Any]]:
    lines = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    rows: dict[str, Mapping[str, Any]] = {}
    for line in lines:
        name = (line.pop("step", "") or "").strip()
        if not name or name in rows:
            raise WrongInput(
                FIELD, "rates_no_step" if not name else "rates_step_twice", value=name, line=lines.line_num
            )
        rows[name] = {key: value for key, value in line.items() if key and value not in ("", None)}
    if not rows:
        raise WrongInput(FIELD, "rates_no_steps")
    return rows


def _rate(step: str, row: Any, steps: Mapping[str, str]) -> Rate:
    if not isinstance(row, Mapping):
        raise WrongInput(FIELD, "rates_no_fields", step=step)
    unknown = [key for key in row if key not in KNOWN]
    if unknown:
        raise WrongInput(FIELD, "rates_unknown_field", step=step, value=str(unknown[0]), known=", ".join(sorted(KNOWN)))
    numbers = {key: _of(step, key, row[key], _number) for key in NUMBERS if key in row}
    days, every = (_of(step, key, row.get(key, usual), _whole) for key, usual in (("days", 0), ("reminder_days", 7)))
    following = _of(step, "next", row.get("next", {}), _chances)
    for name, _ in following:
        if name not in steps:
            raise WrongInput(FIELD, "rates_unknown_step", value=name, known=", ".join(steps))
    batch = _of(step, "batch", row["batch"], _dates) if "batch" in row else None
    return Rate(
        following, numbers.get("officers", 0.0), numbers.get("rate", 0.0), days, numbers.get("letters", 0.0),
        numbers.get("reminders", 0.0), every, batch,
    )  # fmt: skip


def _of(step: str, key: str, value: Any, read: Callable[[Any], T]) -> T:
    try:
        return read(value)
    except (ValueError, TypeError, AttributeError):
        raise WrongInput(FIELD, "rates_wrong_value", step=step, key=key, value=str(value)[:40]) from None


def _number(value: Any) -> float:
    found = float(str(value).replace(",", "."))
    if isinstance(value, bool) or not 0 <= found < 1e6:
        raise ValueError(value)
    return found


def _whole(value: Any) -> int:
    found = _number(value)
    if found != int(found):
        raise ValueError(value)
    return int(found)


def _chances(value: Any) -> tuple[tuple[str, float], ...]:
    """From a mapping, or from `S2:0.9 X1:0.1`."""
    pairs = value.items() if isinstance(value, Mapping) else (pair.split(":") for pair in value.split())
    return tuple((str(step), _number(chance)) for step, chance in pairs)


def _dates(value: Any) -> frozenset[date]:
    listed = value.split() if isinstance(value, str) else value
    return frozenset(one if isinstance(one, date) else date.fromisoformat(one) for one in listed)

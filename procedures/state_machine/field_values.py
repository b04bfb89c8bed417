"""Parses the fields of an act into JSON values, or raises an error that names the field."""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

from models.errors import InputErrors, WrongInput
from procedures.facts import Need

MAX_TEXT = 4_000
MAX_WRONG = 50  # cells of a table that are named at once
MAX_ROWS = 10_000  # members of the largest cooperatives, claims of the largest lists
MAX_NUMBER = 10**17  # more đồng than the State has; keeps sums inside 64 bits
_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_DAY_FIRST = re.compile(r"^(\d{1,2}) ?[/. -] ?(\d{1,2}) ?[/. -] ?(\d{4}|\d{2})$")
_RUN_TOGETHER = re.compile(r"^(\d{2})(\d{2})((?:19|20)\d{2})$")  # its month would be 19 or 20 if the year came first
_LATEST_SHORT_YEAR = 49  # 49 is 2049, 50 is 1950
_TRUE = {"true", "1", "on", "yes", "có", "co", "đúng", "x"}
_FALSE = {"false", "0", "off", "no", "không", "khong", "sai", ""}


def parse_fields(needs: Sequence[Need], data: Mapping[str, Any], today: date) -> dict[str, Any]:
    """Return the act's fields as JSON values: dates in ISO, money as integer đồng, empty fields left out.

    Raises:
        WrongInput: the first field that is wrong, unknown or missing; `also` of the error has the others.
    """
    known = {need.name for need in needs}
    wrong = [WrongInput(name, "unknown_field") for name in data if name not in known]
    taken: dict[str, Any] = {}
    for need in needs:
        try:
            value = parse(need, data.get(need.name), today)
        except WrongInput as error:
            wrong += error.every
            continue
        if value is not None:
            taken[need.name] = value
    wrong += [missing for need in needs if (missing := _missing(need, taken, wrong)) is not None]
    if wrong:
        wrong[0].params["also"] = wrong[1:]
        raise wrong[0]
    return taken


def readable_fields(needs: Sequence[Need], data: Mapping[str, Any], today: date) -> dict[str, Any]:
    """The values of the fields that are right, where others are wrong."""
    taken: dict[str, Any] = {}
    for need in needs:
        with suppress(WrongInput):
            if (value := parse(need, data.get(need.name), today)) is not None:
                taken[need.name] = value
    return taken


def _missing(need: Need, taken: Mapping[str, Any], wrong: Sequence[WrongInput]) -> WrongInput | None:
    needed = need.required or (
        bool(need.required_if) and all(_is(taken.get(name), value) for name, value in need.required_if.items())
    )
    if not needed or need.name in taken or any(error.field.partition("[")[0] == need.name for error in wrong):
        return None
    return WrongInput(need.name, "missing_field", label=need.label["vi"])


def _is(found: Any, wanted: Any) -> bool:
    return found in wanted if isinstance(wanted, list | tuple) else bool(found == wanted)


def parse(need: Need, value: Any, today: date) -> Any:
    """Return one value in its type; None for an empty one. Raises WrongInput naming the field."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    return _PARSERS[need.type](need, value, today)


def parse_day(field: str, text: str) -> date:
    """Parse a date: dd/mm/yyyy, also d/m/yy, d.m.yyyy and ddmmyyyy, or ISO.

    Raises WrongInput for anything else and for days that do not exist.
    """
    found = _DAY_FIRST.match(text.strip()) or _RUN_TOGETHER.match(text.strip())
    try:
        if found:
            return date(_whole_year(found[3]), int(found[2]), int(found[1]))
        return date.fromisoformat(text.strip())
    except ValueError:
        raise WrongInput(field, "not_a_date", value=text[:40]) from None


def _whole_year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year <= _LATEST_SHORT_YEAR else 1900)


def clean_text(field: str, value: Any) -> str:
    """Return NFC text. Raises WrongInput naming a hidden character."""
    text = str(value)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = unicodedata.normalize("NFC", text).strip()
    found = _HIDDEN.search(text)
    if found:
        raise WrongInput(field, "hidden_character", character=f"U+{ord(found[0]):04X}")
    if len(text) > MAX_TEXT:
        raise WrongInput(field, "too_long", limit=MAX_TEXT)
    return text


def one_line(text: str) -> str:
    """Join the lines of a text, for names and other parts of letter and mail headers (prevents header injection)."""
    return " ".join(text.split())


def _text(need: Need, value: Any, today: date) -> str:
    text = clean_text(need.name, value)
    return text if need.type == "longtext" else one_line(text)


def _date(need: Need, value: Any, today: date) -> str:
    day = value if isinstance(value, date) else parse_day(need.name, str(value))
    if day > today and not need.future:
        raise WrongInput(need.name, "date_in_future", label=need.label["vi"], value=day.strftime("%d/%m/%Y"))
    if not 1900 <= day.year <= 2200:
        raise WrongInput(need.name, "not_a_date", value=day.isoformat())
    return day.isoformat()


def _integer(need: Need, value: Any, today: date) -> int:
    if isinstance(value, bool | float):
        raise WrongInput(need.name, "not_a_number", value=str(value))
    text = str(value).strip()
    grouped = re.fullmatch(r"-?\d{1,3}(?:[. ,]\d{3})+", text)
    plain = re.sub(r"[. ,]", "", text) if grouped else text
    if not re.fullmatch(r"-?\d{1,18}", plain):
        raise WrongInput(need.name, "not_a_number", value=text[:40])
    number = int(plain)
    low = -MAX_NUMBER if need.low is None else need.low
    high = MAX_NUMBER if need.high is None else need.high
    if not low <= number <= high:
        raise WrongInput(need.name, "out_of_range", low=low, high=high)
    return number


def _money(need: Need, value: Any, today: date) -> int:
    text = str(value).strip().lower().removesuffix("đồng").removesuffix("đ").removesuffix("vnd").strip()
    amount = _integer(need, text if isinstance(value, str) else value, today)
    if amount < 0:
        raise WrongInput(need.name, "negative_money")
    return amount


def _boolean(need: Need, value: Any, today: date) -> bool:
    if isinstance(value, bool):
        return value
    text = str(value).strip().lower()
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise WrongInput(need.name, "not_yes_no", value=text[:40])


def _choice(need: Need, value: Any, today: date) -> str:
    text = str(value).strip()
    if text not in need.options:
        choices = {lang: ", ".join(label[lang] for label in need.options.values()) for lang in ("vi", "en")}
        codes = ", ".join(need.options)
        raise WrongInput(need.name, "not_an_option", value=text[:40], options=codes, choices=choices)
    return text


def _table(need: Need, value: Any, today: date) -> list[dict[str, Any]] | None:
    rows = _rows(need, value)
    if len(rows) > MAX_ROWS:
        raise WrongInput(need.name, "too_many_rows", limit=MAX_ROWS)
    taken, gathered = [], InputErrors()
    for position, row in enumerate(rows, start=1):
        if any(cell not in (None, "") for cell in row.values()) and len(gathered.wrong) < MAX_WRONG:
            with gathered:
                taken.append(_row(need, row, position, today))
    gathered.raise_if_any()
    return taken or None


def _row(need: Need, row: Mapping[str, Any], position: int, today: date) -> dict[str, Any]:
    try:
        return parse_fields(need.columns, row, today)
    except WrongInput as error:
        gathered = InputErrors()
        for one in error.every:
            with gathered:
                said = {key: item for key, item in one.params.items() if key not in ("field", "also")}
                named = WrongInput(f"{need.name}[{position}].{one.field}", one.code)
                named.params |= said
                raise named from None
        gathered.raise_if_any()
        raise


def _rows(need: Need, value: Any) -> list[Mapping[str, Any]]:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            raise WrongInput(need.name, "not_a_table") from None
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise WrongInput(need.name, "not_a_table")
    return value


_PARSERS = {
    "text": _text,
    "longtext": _text,
    "date": _date,
    "integer": _integer,
    "money": _money,
    "boolean": _boolean,
    "choice": _choice,
    "table": _table,
}

"""The two days by which a page can be shown as it was, or as it was known."""

from casework.as_of import NOW, AsOf
from models.errors import WrongInput
from procedures.state_machine.field_values import parse_day
from templates.formats import date_vi
from web.rendering import error_text
from web.request_context import Visit


def looking_of(sight: AsOf) -> str:
    """The days as query parameters behind others; empty for now."""
    days = {"as_of": sight.as_of, "known_on": sight.known_on}
    return "".join(f"&{name}={date_vi(day)}" for name, day in days.items() if day)


def asked_sight(here: Visit, as_of: str, known_on: str) -> tuple[AsOf, str]:
    """The days asked for; when one of them is none: now, with a sentence that says so."""
    try:
        return AsOf(
            parse_day("as_of", as_of) if as_of.strip() else None,
            parse_day("known_on", known_on) if known_on.strip() else None,
        ), ""
    except WrongInput as error:
        return NOW, error_text(error, here.lang)

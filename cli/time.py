"""Legal time from the command line: count a term, show a year's calendar."""

from datetime import date
from typing import Annotated, Any

import typer

from casework.sentences import sum_in_words
from cli.explaining import line_document, show_sentences
from cli.output import lang, lines, show_json
from models.errors import WrongInput
from procedures.calendar import DayOff, load_calendars, schedules_of
from procedures.reckoning import Extension, Suspension, reckon
from procedures.terms import Term
from procedures.values import parse_day
from templates.formats import date_vi

calendar_app = typer.Typer(help="Days off and worked Saturdays.", no_args_is_help=True)
CALENDARS = ("agency", "general")
KINDS = ("legal", "programme", "target")


def register(app: typer.Typer) -> None:
    """Hang the commands on the application."""
    app.command("deadline")(deadline_command)
    app.add_typer(calendar_app, name="calendar")


def deadline_command(
    from_: Annotated[str, typer.Option("--from", help="The day it starts from: dd/mm/yyyy or ISO.")],
    term: Annotated[str, typer.Option(help="Such as “60 days”, “5 working days”, “12 months”, “15 days before”.")],
    calendar: Annotated[str, typer.Option(help="agency or general; by the term unless given.")] = "",
    kind: Annotated[str, typer.Option(help="legal rolls forward; programme and target do not.")] = "legal",
    suspend: Annotated[list[str] | None, typer.Option(help="FROM..TO; nothing after .. while it lasts.")] = None,
    extend: Annotated[int, typer.Option(min=0, max=3650, help="So many days longer; needs --by.")] = 0,
    by: Annotated[str, typer.Option("--by", help="The decision that extends.")] = "",
    json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """The end of a term with every line of its sum."""
    start = parse_day("--from", from_)
    if extend and not by.strip():
        raise WrongInput("--by", "extension_needs_decision")
    found = reckon(
        start,
        Term.parse(term),
        load_calendars(),
        kind=_one_of("--kind", kind, KINDS),  # type: ignore[arg-type]
        calendar=_one_of("--calendar", calendar, CALENDARS) if calendar else None,
        suspensions=[_suspension(text) for text in suspend or []],
        extensions=[Extension(extend, by)] if extend else [],
    )
    sentences = sum_in_words(found, lang())
    if json:
        content = {"starts_on": found.starts_on, "ends_on": found.ends_on, "calendar": found.calendar}
        show_json({**content, "lines": [line_document(item) for item in sentences]})
        return
    show_sentences(sentences)


def _one_of(field: str, value: str, known: tuple[str, ...]) -> str:
    if value not in known:
        raise WrongInput(field, "not_an_option", value=value, options=", ".join(known))
    return value


def _suspension(text: str) -> Suspension:
    first, mark, last = text.partition("..")
    if not mark or not first:
        raise WrongInput("--suspend", "not_a_suspension", value=text)
    start, end = parse_day("--suspend", first), parse_day("--suspend", last) if last.strip() else None
    if end is not None and end < start:
        raise WrongInput("--suspend", "suspension_reversed", start=date_vi(start), end=date_vi(end))
    return Suspension(start, end, text)


@calendar_app.command("show")
def show_command(
    year: int,
    version: Annotated[str, typer.Option(help="Another schedule of the year, such as draft.")] = "",
    json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """The days off and worked Saturdays of a year, each with its source."""
    if version:
        require_schedule(year, version)
    calendars = load_calendars(version or None, year=year if version else None)
    days = [off for on, off in sorted(calendars.agency.marked.items()) if on.year == year]
    if not days or not calendars.agency.covers(date(min(max(year, 1), 9999), 1, 1)):
        raise WrongInput("YEAR", "no_calendar_year", year=year)
    if json:
        show_json({"year": year, "version": calendars.version, "days": [_day(off) for off in days]})
        return
    lines([(date_vi(off.on), off.kind, off.label(lang()), off.confidence, off.source) for off in days])


@calendar_app.command("draft")
def draft_command(year: int) -> None:
    """A year as the library of holidays works it out: compare it with the official schedule, then add it."""
    from procedures import calendar_draft  # its library takes a while to load, and hardly anybody asks

    if not calendar_draft.FIRST <= year <= calendar_draft.LAST:
        raise WrongInput("YEAR", "no_calendar_draft", year=year, first=calendar_draft.FIRST, last=calendar_draft.LAST)
    typer.echo(calendar_draft.as_text(year), nl=False)


def require_schedule(year: int, version: str) -> None:
    """Raises WrongInput unless the year has a schedule of that name."""
    known = schedules_of(year)
    if not known:
        raise WrongInput("YEAR", "no_calendar_year", year=year)
    if version not in known:
        raise WrongInput("VERSION", "no_such_schedule", year=year, version=version, known=", ".join(known))


def _day(off: DayOff) -> dict[str, Any]:
    return {
        "on": off.on, "kind": off.kind, "label": off.label(lang()), "confidence": off.confidence, "source": off.source
    }  # fmt: skip

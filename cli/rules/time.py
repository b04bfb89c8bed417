"""Commands for legal time: compute a term, show a year's calendar."""

from datetime import date
from typing import Annotated, Any

import typer
from sqlalchemy import select

from casework.sums.sum_sentences import sum_in_words
from cli.output import lang, lines, show_json
from cli.rules.explaining import line_document, show_sentences
from models.database import engine, reading
from models.errors import WrongInput
from models.tables import districts
from procedures.legal_time.calendar import Calendars, DayOff, load_calendars, schedules_of
from procedures.legal_time.date_computation import ComputedDate, Extension, Suspension, compute_date, require_forwards
from procedures.legal_time.terms import Term
from procedures.state_machine.field_values import parse_day
from rulebook.office_calendar import OfficeCalendars
from templates.formats import date_vi
from templates.words import t

calendar_app = typer.Typer(help="Days off and worked Saturdays.", no_args_is_help=True)
CALENDARS = ("agency", "general")
KINDS = ("legal", "programme", "target")
CITY = "city"
SUSPEND = "FROM..AGAIN: the day it stops and the day it goes on; nothing after .. while it lasts."
Edition = Annotated[
    int | None, typer.Option(help="By this edition of the days off; else the office's own, or the newest.")
]
Office = Annotated[str, typer.Option(help="With the closing days of an office: a district's code, or city.")]


def register(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("deadline")(deadline_command)
    app.add_typer(calendar_app, name="calendar")


def deadline_command(
    from_: Annotated[str, typer.Option("--from", help="The day it starts from: dd/mm/yyyy or ISO.")],
    term: Annotated[str, typer.Option(help="Such as “60 days”, “5 working days”, “12 months”, “15 days before”.")],
    calendar: Annotated[str, typer.Option(help="agency or general; by the term unless given.")] = "",
    kind: Annotated[str, typer.Option(help="legal rolls forward; programme and target do not.")] = "legal",
    suspend: Annotated[
        list[str] | None,
        typer.Option(help="FROM..AGAIN: the day it stops, the day it goes on; nothing after .. while it lasts."),
    ] = None,
    extend: Annotated[int, typer.Option(min=0, max=3650, help="So many days longer; needs --by.")] = 0,
    by: Annotated[str, typer.Option("--by", help="The decision that extends.")] = "",
    office: Office = "",
    edition: Edition = None,
    json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Compute the end of a term, with every line of the computation."""
    start = parse_day("--from", from_)
    if extend and not by.strip():
        raise WrongInput("--by", "extension_needs_decision")
    counted, pauses = Term.parse(term), [_suspension(text) for text in suspend or []]
    extensions = [Extension(extend, by)] if extend else []
    require_forwards(counted, [*pauses, *extensions])
    calendars = calendars_for(office, edition=edition)
    found = compute_date(
        start,
        counted,
        calendars,
        kind=_one_of("--kind", kind, KINDS),  # type: ignore[arg-type]
        calendar=_one_of("--calendar", calendar, CALENDARS) if calendar else None,
        suspensions=pauses,
        extensions=extensions,
    )
    _show_sum(found, calendars, json)


def _show_sum(found: ComputedDate, calendars: Calendars, json: bool) -> None:
    """The lines of a computation, and the edition of the days off used."""
    sentences = sum_in_words(found, lang())
    if json:
        content = {"starts_on": found.starts_on, "ends_on": found.ends_on, "calendar": found.calendar}
        show_json({**content, "edition": calendars.edition, "lines": [line_document(item) for item in sentences]})
        return
    show_sentences(sentences)
    typer.echo(t("time.by_edition", lang(), edition=calendars.edition, version=calendars.version))


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
    return Suspension(start, end)


@calendar_app.command("show")
def show_command(
    year: int,
    version: Annotated[str, typer.Option(help="Another schedule of the year, such as draft.")] = "",
    office: Office = "",
    edition: Edition = None,
    json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """List the days off and worked Saturdays of a year, each with its source; of the country, or of an office."""
    if version:
        require_schedule(year, version)
    calendars = calendars_for(office, version or None, year if version else None, edition)
    days = [off for on, off in sorted(calendars.agency.marked.items()) if on.year == year]
    if not days or not calendars.agency.covers(date(min(max(year, 1), 9999), 1, 1)):
        raise WrongInput("YEAR", "no_calendar_year", year=year)
    if json:
        show_json(
            {
                "year": year,
                "edition": calendars.edition,
                "version": calendars.version,
                "days": [_day(off) for off in days],
            }
        )
        return
    lines([(date_vi(off.on), off.kind, off.label(lang()), off.confidence, off.source) for off in days])


@calendar_app.command("draft")
def draft_command(year: int) -> None:
    """Draft the schedule of a year with the library of holidays, to be compared with the official one and added."""
    from procedures.legal_time import calendar_draft  # its library loads slowly and is rarely needed

    if not calendar_draft.FIRST <= year <= calendar_draft.LAST:
        raise WrongInput("YEAR", "no_calendar_draft", year=year, first=calendar_draft.FIRST, last=calendar_draft.LAST)
    typer.echo(calendar_draft.as_text(year), nl=False)


def calendars_for(
    office: str, version: str | None = None, year: int | None = None, edition: int | None = None
) -> Calendars:
    """The calendars of the country, or of an office with its closing days.

    Raises WrongInput: an unknown office; NotFound: an unknown edition.
    """
    if not office:
        return load_calendars(version, year=year, edition=edition)
    with reading(engine()) as connection:
        known = list(connection.scalars(select(districts.c.code).order_by(districts.c.code)))
        _one_of("--office", office, (CITY, *known))
        counted = OfficeCalendars(connection, edition=edition)
        own = counted.closings(None if office == CITY else office)
        return load_calendars(version, own, year, counted.edition)


def require_schedule(year: int, version: str) -> None:
    """Check that the year has a schedule of that name. Raises WrongInput."""
    known = schedules_of(year)
    if not known:
        raise WrongInput("YEAR", "no_calendar_year", year=year)
    if version not in known:
        raise WrongInput("VERSION", "no_such_schedule", year=year, version=version, known=", ".join(known))


def _day(off: DayOff) -> dict[str, Any]:
    return {
        "on": off.on, "kind": off.kind, "label": off.label(lang()), "confidence": off.confidence, "source": off.source
    }  # fmt: skip

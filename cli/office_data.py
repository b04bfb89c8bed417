"""Commands for the data of the office: communes, agencies, plans."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, cast

import typer

from casework.office import agencies, commune_loading, communes, plans, unit_communes
from casework.office.agencies import AgencyEntry
from casework.office.communes import CommuneEntry
from casework.office.people import actor
from casework.office.plans import PlanBook, PlanEntry, usual_title
from cli.output import clock, day, lang, lines, scanned_bytes, show_json
from models.database import engine, reading, writing
from templates.words import t

Json = Annotated[bool, typer.Option("--json")]
By = Annotated[str, typer.Option("--by", help="The manager or administrator who does it.")]
District = Annotated[str, typer.Option("--district", help="Code of a district; the city's office unless given.")]
office_app = typer.Typer(help="What the office knows of its surroundings.", no_args_is_help=True)
communes_app = typer.Typer(help="The list of communes.", no_args_is_help=True)
agencies_app = typer.Typer(help="The agencies that letters go to.", no_args_is_help=True)
plan_app = typer.Typer(help="The plans that letters cite.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(office_app, name="office")
    for name, part, commands in (
        ("communes", communes_app, {
            "list": list_communes, "add": add_commune, "change": change_commune, "confirm": confirm_communes,
            "remove": remove_commune, "load": load_communes, "lacking": lacking_communes, "set": set_commune,
        }),
        ("agencies", agencies_app, {"list": list_agencies, "add": add_agency, "remove": remove_agency}),
        ("plan", plan_app, {"show": show_plans, "set": set_plan}),
    ):  # fmt: skip
        office_app.add_typer(part, name=name)
        for command, function in commands.items():
            part.command(command)(cast("Callable[..., None]", function))


def list_communes(district: District = "", json: Json = False) -> None:
    """List the communes of a district, or all, with the confidence of each."""
    with reading(engine()) as connection:
        found = communes.communes_of(connection, district or None)
    if json:
        show_json({"communes": found})
        return
    lines(
        [
            (row["code"], row["district_code"], row["full"], ", ".join(row["former"]),
             t(f"office_data.{row['confidence']}", lang()))
            for row in found
        ]
    )  # fmt: skip


def add_commune(
    name: Annotated[str, typer.Argument(help="Proper name, without its type.")],
    by: By,
    district: Annotated[str, typer.Option("--district", help="Code of the district.")],
    kind: Annotated[str, typer.Option("--kind", help="xa | phuong | thi_tran")],
    former: Annotated[
        list[str] | None, typer.Option("--former", help="A name of older papers; may be repeated.")
    ] = None,
    json: Json = False,
) -> None:
    """Add a commune that is missing in the list."""
    office_clock = clock()
    with writing(engine()) as connection:
        entry = CommuneEntry(district, name, kind, former or ())
        code = communes.add(connection, entry, by=actor(connection, by), clock=office_clock)
        unit_communes.find_communes(connection)
    _done({"code": code}, json)


def change_commune(
    code: str,
    by: By,
    name: Annotated[str, typer.Option("--name", help="Proper name; as it is unless given.")] = "",
    kind: Annotated[str, typer.Option("--kind", help="xa | phuong | thi_tran; as it is unless given.")] = "",
    former: Annotated[
        list[str] | None, typer.Option("--former", help="All former names; as they are unless given.")
    ] = None,
    json: Json = False,
) -> None:
    """Correct a commune's name, type or former names."""
    office_clock = clock()
    with writing(engine()) as connection:
        row = communes.one(connection, code)
        entry = CommuneEntry(
            row["district_code"], name or row["name"], kind or row["kind"], row["former"] if former is None else former
        )
        communes.change(connection, code, entry, by=actor(connection, by), clock=office_clock)
        unit_communes.find_communes(connection)
    _done({"code": code}, json)


def confirm_communes(
    by: By, district: Annotated[str, typer.Option("--district", help="Code of the district.")], json: Json = False
) -> None:
    """Confirm the communes of a district as correct."""
    office_clock = clock()
    with writing(engine()) as connection:
        count = communes.confirm(connection, district, by=actor(connection, by), clock=office_clock)
    _done({"district": district, "confirmed": count}, json)


def remove_commune(code: str, by: By, json: Json = False) -> None:
    """Remove a commune without units."""
    office_clock = clock()
    with writing(engine()) as connection:
        communes.remove(connection, code, by=actor(connection, by), clock=office_clock)
    _done({"code": code}, json)


def load_communes(file: Path, by: By, json: Json = False) -> None:
    """Add and confirm the communes of an Excel or CSV file; nothing is removed."""
    data, office_clock = scanned_bytes(file), clock()
    with writing(engine()) as connection:
        added, there = commune_loading.load_communes(
            connection, data, file.name, by=actor(connection, by), clock=office_clock
        )
    if json:
        show_json({"added": added, "there": there})
        return
    sys.stdout.write(t("office_data.communes_loaded", lang(), added=added, there=there) + "\n")


def lacking_communes(district: District = "", json: Json = False) -> None:
    """List the units whose commune is not known."""
    with reading(engine()) as connection:
        count, rows = unit_communes.without_commune(connection, district or None, limit=100_000)
    if json:
        show_json({"count": count, "units": rows})
        return
    lines([(str(row["id"]), row["district_code"], row["name"], row["commune"], row["address"]) for row in rows])
    sys.stdout.write(t("cli.communes_lacking", lang(), count=count) + "\n")


def set_commune(
    unit: Annotated[int, typer.Argument(help="The unit's id, as `lacking` lists it.")],
    code: Annotated[str, typer.Argument(help="The commune's code.")],
    by: By,
    json: Json = False,
) -> None:
    """Set the commune of a unit."""
    office_clock = clock()
    with writing(engine()) as connection:
        unit_communes.set_commune(connection, unit, code, by=actor(connection, by), clock=office_clock)
    _done({"unit": unit, "code": code}, json)


def list_agencies(district: District = "", json: Json = False) -> None:
    """List the agencies of a district's office with the city's, or all."""
    with reading(engine()) as connection:
        found = agencies.agencies_listed(connection, district or None)
    if json:
        show_json({"agencies": found})
        return
    lines(
        [
            (str(row["id"]), row["district_code"] or "", t(f"office_data.agency_{row['kind']}", lang()), row["name"],
             row["address"] or t("office_data.agency_no_address", lang()))
            for row in found
        ]
    )  # fmt: skip


def add_agency(
    kind: Annotated[
        str, typer.Argument(help="tax | insurance | bank | police | land | alliance | court | newspaper | …")
    ],
    name: str,
    by: By,
    address: str = "",
    district: District = "",
    json: Json = False,
) -> None:
    """Enter an agency; of a kind with a single agency it replaces the previous one."""
    entry, office_clock = AgencyEntry(kind, name, address, district or None), clock()
    with writing(engine()) as connection:
        identity = agencies.add(connection, entry, by=actor(connection, by), clock=office_clock)
    _done({"id": identity}, json)


def remove_agency(agency: int, by: By, json: Json = False) -> None:
    """Remove an agency from letters."""
    office_clock = clock()
    with writing(engine()) as connection:
        agencies.remove(connection, agency, by=actor(connection, by), clock=office_clock)
    _done({"id": agency}, json)


def show_plans(district: District = "", json: Json = False) -> None:
    """List the plans that letters of an office cite."""
    with reading(engine()) as connection:
        cited = PlanBook(connection).cited_by(district or None)
    if json:
        show_json({"plans": dict(cited)})
        return
    lines([(key, plan.cited()) for key, plan in cited.items()] or [(t("office_data.plan_none", lang()),)])


def set_plan(
    number: Annotated[str, typer.Argument(help="Number and symbol, such as 1234/KH-UBND.")],
    on: Annotated[str, typer.Option("--on", help="Day of signing.")],
    by: By,
    issuer: Annotated[str, typer.Option("--issuer", help="The committee of the city or district unless given.")] = "",
    title: Annotated[str, typer.Option("--title", help="What follows the issuer's name; usual unless given.")] = "",
    district: District = "",
    json: Json = False,
) -> None:
    """Record the number of the city's plan, or of a district's."""
    office_clock = clock()
    usual = "" if district else usual_title()
    with writing(engine()) as connection:
        issuer = issuer or plans.usual_issuer(connection, district or None)
        entry = PlanEntry(number, day("signed_on", on), issuer, title or usual, district or None)
        plans.record(connection, entry, by=actor(connection, by), clock=office_clock)
    _done({"number": number}, json)


def _done(document: dict[str, object], json: bool) -> None:
    if json:
        show_json(document)
        return
    sys.stdout.write(t("office_data.done", lang()) + "\n")

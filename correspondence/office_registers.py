"""The registers of an office, ready to print and sign (Circular 07/2012 art. 9): outgoing, hand-over, incoming."""

from collections.abc import Mapping
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, select

from casework.office.people import Actor
from correspondence.incoming.incoming_register import arrivals
from correspondence.number_book import BookLine, book, issuer_names, series_name, short_name
from letters.catalogue import letter_type
from letters.letter_names import addressees
from letters.numbering import NUMBERED_TYPES
from letters.output.register_print import handover_columns, incoming_columns, outgoing_columns, outgoing_paper
from models.tables import districts, services
from models.typed_rows import all_rows
from models.typed_rows.letter_shapes import ServiceRow
from procedures.service_ways import UNDER_WAY, ServiceWay
from rulebook.office_papers import OfficePapers
from templates.formats import date_vi
from templates.spreadsheet import Table, Value
from templates.words import t

ABOVE = addressees()["as_above"]


def outgoing(connection: Connection, person: Actor, *, year: int, issuer: str = "", series: str = "") -> list[Table]:
    """The number books of a year, one an issuer and series, cancelled numbers in their place."""
    columns, names, short = outgoing_columns(year), issuer_names(connection), short_name(connection)
    title = f"SỔ ĐĂNG KÝ VĂN BẢN ĐI NĂM {year}"
    listed = book(connection, person, year=year, issuer=issuer, series=series)
    return [
        Table(
            short(first := lines[0]), title, f"{names(first['issuer'], 'vi')} – {series_name(first['series'])['vi']}",
            columns, [_outgoing_row(item, len(columns)) for item in lines], outgoing_paper(year),
        )
        for lines in (list(found) for _, found in groupby(listed, key=lambda item: (item["issuer"], item["series"])))
    ] or [Table(t("books.sheet_out"), title, office_of(connection, person), columns, [])]  # fmt: skip


def handover(
    connection: Connection, person: Actor, *, year: int, issuer: str = "", on: date | None = None
) -> list[Table]:
    """The hand-over book of outgoing letters (Circular 07/2012 appendix IX), of a year or of the letters of one day.

    What was handed over is listed with its day and receiver; for the rest the receiver signs on paper.
    """
    listed = [
        item
        for item in book(connection, person, year=year, issuer=issuer)
        if item["cancelled_at"] is None and on in (None, item["issued_on"])
    ]
    ways = {name: way for name, way in OfficePapers(connection).ways().items() if way.to_a_person}
    handed = _handed(connection, [item["id"] for item in listed], ways)
    rows = [row for item in listed for row in _handover_rows(item, handed.get(item["id"], []), ways)]
    day = f" NGÀY {date_vi(on)}" if on else f" NĂM {year}"
    office = issuer_names(connection)(issuer, "vi") if issuer else office_of(connection, person)
    return [Table(t("books.sheet_over"), f"SỔ CHUYỂN GIAO VĂN BẢN ĐI{day}", office, handover_columns(), rows)]


def incoming_of(connection: Connection, person: Actor, *, year: int) -> list[Table]:
    """The register of incoming documents of a year, oldest first."""
    listed, _ = arrivals(connection, person, year, order="-number", limit=100_000)
    rows: list[list[Value]] = [
        [
            item["received_on"], item["number"], item["from_body"], item["symbol"], item["dated_on"], item["summary"],
            item["ref"] or "", "",
        ]
        for item in listed
    ]  # fmt: skip
    title = f"SỔ ĐĂNG KÝ VĂN BẢN ĐẾN NĂM {year}"
    return [Table(t("books.sheet_in"), title, office_of(connection, person), incoming_columns(), rows)]


def office_of(connection: Connection, person: Actor) -> str:
    """The place of the person's office: `Quận Hồng Bàng`, or the city."""
    row = connection.execute(select(districts).where(districts.c.code == person.office)).mappings().first()
    kinds = {"quan": "Quận", "huyen": "Huyện"}
    return f"{kinds.get(row['kind'], '')} {row['name']}".strip() if row else "Thành phố Hải Phòng"


def _outgoing_row(item: BookLine, width: int) -> list[Value]:
    frozen = item["data"].get("frozen", {})
    kind = letter_type(item["template"])
    name, summary = NUMBERED_TYPES[kind.type].capitalize(), frozen.get("summary", kind.title["vi"])
    whom = _whom(frozen)
    cells: list[Value] = [
        _number(item),
        item["issued_on"],
        f"{name}: {summary}" if name else f"Công văn: V/v {summary}",
        frozen.get("signer", ""),
        "; ".join(whom),
        (frozen.get("recipients") or ["Lưu: VT"])[-1].removeprefix("Lưu: "),
        len(whom) + 2,  # two file copies: the clerk's and the case's
    ]
    note = f"Hủy: {item['cancel_reason']} ({item['cancelled_by']})" if item["cancelled_at"] else item["ref"]
    return [*cells, *[""] * (width - len(cells) - 1), note]


def _whom(frozen: Mapping[str, Any]) -> list[str]:
    """Who gets it, by name: a register has nothing above that "Như trên" could mean."""
    listed = list(frozen.get("recipients", ()))[:-1]
    if ABOVE not in listed:
        return listed
    place = listed.index(ABOVE)
    return [*listed[:place], *frozen.get("addressees", ()), *listed[place + 1 :]]


def _handover_rows(item: BookLine, handed: list[ServiceRow], ways: Mapping[str, ServiceWay]) -> list[list[Value]]:
    """One line for each time it was handed over or sent; a line to be signed for a letter that was not yet."""
    if not handed:
        frozen = item["data"].get("frozen", {})
        return [[None, _number(item), "; ".join(_whom(frozen)), "", item["ref"]]]
    return [
        [
            each["on"], _number(item), each["details"].get("receiver") or ways[each["way"]].label.vi, "",
            " ".join(filter(None, (each["details"].get("tracking", ""), item["ref"]))),
        ]
        for each in handed
    ]  # fmt: skip


def _handed(
    connection: Connection, letter_ids: list[int], ways: Mapping[str, ServiceWay]
) -> dict[int, list[ServiceRow]]:
    found: dict[int, list[ServiceRow]] = {}
    given = select(services).where(
        services.c.letter_id.in_(letter_ids), services.c.annulled_at.is_(None), services.c.way.in_(ways),
    )  # fmt: skip
    for row in all_rows(ServiceRow, connection.execute(given.order_by(services.c.id))):
        result = ways[row["way"]].results.get(row["result"])
        if result is not None and result.means in ("served", UNDER_WAY):
            found.setdefault(row["letter_id"], []).append(row)
    return found


def _number(item: BookLine) -> str:
    return f"{item['number']:02d}/{item['symbol']}"

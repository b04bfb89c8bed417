"""The outgoing and incoming registers of an office, ready to print and sign (Circular 07/2012 art. 9)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection

from casework.incoming_register import arrivals
from casework.number_book import book
from casework.people import Actor
from letters.book import Register, incoming_columns, outgoing_columns
from letters.catalogue import letter_type
from letters.numbering import NUMBERED_TYPES
from templates.formats import date_vi


def outgoing(
    connection: Connection, person: Actor, *, year: int, today: date, issuer: str = "", series: str = ""
) -> Register:
    """The number book of a year, cancelled numbers in their place."""
    columns = outgoing_columns(year)
    rows = [
        _outgoing_row(item, len(columns)) for item in book(connection, person, year=year, issuer=issuer, series=series)
    ]
    office = issuer or person.district or "Hải Phòng"
    return Register(f"SỔ ĐĂNG KÝ VĂN BẢN ĐI NĂM {year}", office, columns, rows, today)


def incoming_of(connection: Connection, person: Actor, *, year: int, today: date) -> Register:
    """The register of incoming documents of a year, oldest first."""
    listed = reversed(arrivals(connection, person, year, limit=100_000))
    rows = [
        [
            date_vi(item["received_on"]), f"{item['number']:02d}", item["from_body"], item["symbol"],
            date_vi(item["dated_on"]), item["summary"], item["ref"] or "", "",
        ]
        for item in listed
    ]  # fmt: skip
    title = f"SỔ ĐĂNG KÝ VĂN BẢN ĐẾN NĂM {year}"
    return Register(title, person.district or "Hải Phòng", incoming_columns(), rows, today)


def _outgoing_row(item: Mapping[str, Any], width: int) -> list[str]:
    frozen = item["data"].get("frozen", {})
    kind = letter_type(item["template"])
    name = NUMBERED_TYPES[kind.type].capitalize() or "Công văn"
    cells = [
        f"{item['number']:02d}/{item['symbol']}",
        date_vi(item["issued_on"]),
        f"{name}: {frozen.get('summary', kind.title['vi'])}",
        frozen.get("signer", ""),
        "; ".join(frozen.get("recipients", ())[:-1]),
        (frozen.get("recipients") or ["Lưu: VT"])[-1].removeprefix("Lưu: "),
        str(len(frozen.get("recipients", ())) + 1),
    ]
    note = f"Hủy: {item['cancel_reason']} ({item['cancelled_by']})" if item["cancelled_at"] else item["ref"]
    return cells + [""] * (width - len(cells) - 1) + [note]

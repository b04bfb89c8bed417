"""What a letter's template may say of a case: the unit, the office, and the facts that stand."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from casework.ledger import LoadedCase
from models.tables import communes, districts, officers
from procedures.facts import FactView
from procedures.fold import standing

_KINDS = {
    "htx": "Hợp tác xã",
    "lien_hiep": "Liên hiệp hợp tác xã",
    "to_hop_tac": "Tổ hợp tác",
    "quy_tin_dung": "Quỹ tín dụng nhân dân",
}
_DISTRICT_KINDS = {"quan": "quận", "huyen": "huyện"}
_COMMUNE_KINDS = {"xa": "xã", "phuong": "phường", "thi_tran": "thị trấn"}
_UNIT_DATES = ("certificate_on", "founded_on", "last_meeting_on", "stopped_on")


def data_for(
    connection: Connection, loaded: LoadedCase, fact_seq: int | None, extra: Mapping[str, Any]
) -> dict[str, Any]:
    """The data of a letter about a case, for the fact it follows from; `extra` is what was typed for this letter."""
    row = loaded.row
    return {
        "unit": _unit(connection, loaded),
        "case": {"ref": row["ref"], "opened_on": row["opened_on"], "level": row["level"], "state": row["state"]},
        "district": _district(connection, row["district_code"]),
        "city": "Hải Phòng",
        "officer": _officer(connection, row["officer_id"]),
        "facts": _facts(loaded, fact_seq),
        "extra": dict(extra),
    }


def _unit(connection: Connection, loaded: LoadedCase) -> dict[str, Any]:
    """The unit as it was when the case was opened."""
    known = loaded.state.unit
    unit = {name: value for name, value in known.items() if value not in ("", None)}
    unit |= {name: date.fromisoformat(known[name]) for name in _UNIT_DATES if known.get(name)}
    empty = dict.fromkeys(
        (
            "address", "commune", "certificate_number", "certificate_on", "certificate_issuer", "tax_code",
            "representative", "phone", "members", "charter_capital", "tax_debt", "last_meeting_on", "stopped_on",
        )
    )  # fmt: skip
    commune = str(known.get("commune") or "")
    return empty | unit | {
        "name": loaded.row["unit_name"],
        "kind_label": _KINDS.get(str(known.get("kind")), "Hợp tác xã"),
        "commune_full": _commune(connection, loaded.row["district_code"], commune),
        "district": _district(connection, loaded.row["district_code"])["name"],
        "representative_title": "ông/bà",
    }  # fmt: skip


def _commune(connection: Connection, district: str, name: str) -> str:
    """`xã Minh Tân`; the name as it is when it says so itself or the district has no commune so called."""
    if name.lower().startswith(tuple(f"{kind} " for kind in _COMMUNE_KINDS.values())):
        return name[0].lower() + name[1:]
    found = connection.scalar(
        select(communes.c.kind).where(communes.c.district_code == district, communes.c.name == name)
    )
    return f"{_COMMUNE_KINDS[found]} {name}" if found in _COMMUNE_KINDS else name


def _district(connection: Connection, code: str) -> dict[str, str]:
    row = connection.execute(select(districts.c.kind, districts.c.name).where(districts.c.code == code)).one()
    return {"name": row.name, "full_name": f"{_DISTRICT_KINDS.get(row.kind, '')} {row.name}".strip()}


def _officer(connection: Connection, officer_id: int | None) -> dict[str, str]:
    if officer_id is None:
        return {"name": "", "title": ""}
    row = connection.execute(select(officers.c.name, officers.c.title).where(officers.c.id == officer_id)).one()
    return {"name": row.name, "title": row.title}


def _facts(loaded: LoadedCase, fact_seq: int | None) -> dict[str, dict[str, Any]]:
    """What was recorded, the latest of each verb; for the verb the letter follows from, that very fact."""
    found = {fact.kind: _fact(fact) for fact in standing(loaded.facts)}
    for fact in loaded.facts:
        if fact.seq == fact_seq:
            found[fact.kind] = _fact(fact)
    return found


def _fact(fact: FactView) -> dict[str, Any]:
    return {"on": fact.occurred_on, "by": fact.by, **fact.data}

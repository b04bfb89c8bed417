"""The invented register: some 300 operating units and 150 stopped or nominal ones; nothing in it is real.

Sizes follow law_checked row 13: 238 units bound to convert, of which about 34 resist to the end.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from models.places import district_full_name
from samples.invented_people import Place, person_name, places

OPERATING, DORMANT, BOUND = 300, 150, 238
CREDIT_FUNDS, UNIONS, GROUPS = 26, 1, 8
OTHERS = CREDIT_FUNDS + UNIONS + GROUPS
RESIST = 34 / (BOUND - DORMANT)
_SECTORS = {
    "agriculture_service": ("Dịch vụ nông nghiệp", "Dịch vụ sản xuất nông nghiệp"),
    "craft": ("Tiểu thủ công nghiệp", "Cơ khí", "Mộc mỹ nghệ", "May mặc", "Đúc"),
    "retail": ("Thương mại dịch vụ", "Mua bán"),
    "transport": ("Vận tải thủy bộ", "Vận tải"),
    "electricity": ("Dịch vụ điện năng",),
    "clean_water": ("Nước sạch", "Kinh doanh nước sạch"),
    "sanitation": ("Vệ sinh môi trường", "Dịch vụ môi trường"),
    "market": ("Quản lý chợ", "Quản lý và khai thác chợ"),
    "construction": ("Xây dựng", "Vật liệu xây dựng"),
    "other": ("Thủy sản", "Nuôi trồng thủy sản"),
}
_SHARES = (50, 14, 12, 8, 3, 3, 3, 3, 3, 1)  # of the sectors above
_PROPER = (
    "Quyết Tiến,Thắng Lợi,Đoàn Kết,Tân Tiến,Hợp Thành,Đại Thắng,Tiền Phong,Hòa Bình,Minh Khai,"
    "Rạng Đông,Sao Mai,Toàn Thắng,Đồng Tâm,Thành Công,Bình Minh,Hồng Hà,Sông Cấm,Đông Phong"
).split(",")
_WEIGHTS = {"HBG": 3, "NQN": 4, "LCH": 4, "HAN": 4, "KAN": 5, "DSN": 4, "DKH": 4, "TNG": 16, "ADG": 9, "ALO": 10,
            "KTY": 11, "TLG": 13, "VBO": 16, "CHI": 4, "BLV": 0}  # fmt: skip


def units(dice: random.Random) -> Iterator[dict[str, Any]]:
    """Yield rows of the table `unit`, without id and search key."""
    seen: set[str] = set()
    kinds = ["quy_tin_dung"] * CREDIT_FUNDS + ["lien_hiep"] * UNIONS + ["to_hop_tac"] * GROUPS
    for position in range(OPERATING + DORMANT):
        kind = kinds[position] if position < len(kinds) else "htx"
        dormant = position >= OPERATING
        unit = _unit(dice, kind, dormant, position)
        while unit["name"] + unit["district_code"] in seen:
            unit = _unit(dice, kind, dormant, position)
        seen.add(unit["name"] + unit["district_code"])
        yield unit


def stopped_unit(dice: random.Random, name: str, kind: str, code: str) -> dict[str, Any]:
    """A unit of a district that stopped in 2012, under a name of its own."""
    return _unit(dice, kind, True, OPERATING, code) | {
        "name": name, "founded_on": date(2004, 3, 9), "certificate_on": date(2004, 4, 2),
        "last_meeting_on": date(2011, 4, 10), "stopped_on": date(2012, 5, 15), "grade": "yeu", "status": "B3",
    }  # fmt: skip


def _unit(dice: random.Random, kind: str, dormant: bool, position: int, code: str = "") -> dict[str, Any]:
    code = code or dice.choices(list(_WEIGHTS), list(_WEIGHTS.values()))[0]
    place = places()[code]
    commune = dice.choice(place.communes)
    sector = "credit" if kind == "quy_tin_dung" else dice.choices(list(_SECTORS), _SHARES)[0]
    bound = kind == "htx" and (dormant or position < OTHERS + BOUND - DORMANT)
    founded = _founded(dice, bound)
    unit = {
        "name": _name(dice, kind, sector, commune.proper),
        "kind": kind,
        "sector": sector,
        "address": f"Thôn {dice.choice('Đông Đoài Nam Bắc Trung'.split())}"
        if place.kind == "huyen"
        else f"Số {dice.randint(2, 290)}",
        "commune": commune.proper,
        "district_code": code,
        "certificate_number": f"02{dice.randint(1, 9)}07{dice.randint(10000, 99999)}",
        "certificate_on": founded + timedelta(days=dice.randint(0, 40)),
        "certificate_issuer": _issuer(kind, place),
        "tax_code": f"02{dice.randint(0, 1)}{dice.randint(1000000, 9999999)}" if dice.random() < 0.85 else "",
        "representative": person_name(dice, dice.choice(("ông", "ông", "bà"))),
        "phone": f"0225{dice.randint(3100000, 3999999)}",
        "founded_on": founded,
        "members": None
        if kind == "lien_hiep"
        else dice.randint(7, 60)
        if sector != "agriculture_service"
        else dice.randint(180, 1900),
        "labour": dice.randint(3, 60),
        "charter_capital": dice.randint(12, 400) * 10_000_000,
        "last_meeting_on": date(2015, dice.randint(1, 4), dice.randint(1, 28)),
        "notes": "Dữ liệu mẫu, không có thật",
        "is_sample": True,
    }
    return unit | (_dormant(dice) if dormant else _operating(dice, bound))


def _founded(dice: random.Random, bound: bool) -> date:
    if bound:
        return date(
            dice.choice((1997, 1998, 1999, 2000, 2002, 2004, 2006, 2008)), dice.randint(1, 12), dice.randint(1, 28)
        )
    return date(dice.choice((2013, 2014, 2015)), dice.randint(8, 12), dice.randint(1, 28))


def _issuer(kind: str, place: Place) -> str:
    if kind in ("quy_tin_dung", "lien_hiep"):
        return "Sở Kế hoạch và Đầu tư thành phố Hải Phòng"
    return f"Phòng Tài chính - Kế hoạch {district_full_name(place.kind, place.name)}"


def _name(dice: random.Random, kind: str, sector: str, commune: str) -> str:
    if kind == "quy_tin_dung":
        return f"Quỹ tín dụng nhân dân {commune}"
    if kind == "lien_hiep":
        return "Liên hiệp hợp tác xã dịch vụ tổng hợp Đất Cảng"
    if kind == "to_hop_tac":
        return f"Tổ hợp tác {dice.choice(_PROPER)}"
    trade = dice.choice(_SECTORS[sector])
    proper = commune if sector == "agriculture_service" else dice.choice(_PROPER)
    return f"Hợp tác xã {trade} {proper}"


def _operating(dice: random.Random, bound: bool) -> dict[str, Any]:
    resists = bound and dice.random() < RESIST
    grade = dice.choices(("tot", "kha", "trung_binh", "yeu"), (12, 38, 36, 14))[0]
    return {
        "turnover": dice.randint(30, 900) * 10_000_000,
        "tax_debt": dice.choice((0, 0, 0, 0, dice.randint(3, 90) * 1_000_000)),
        "stopped_on": None,
        "reregistered": None if not bound else not resists,
        "grade": grade,
        "status": "B2" if resists else "B1",
    }


def _dormant(dice: random.Random) -> dict[str, Any]:
    status = dice.choices(("B3", "B4", "B5", "B7"), (30, 50, 6, 14))[0]
    stopped = date(dice.randint(2005, 2013), dice.randint(1, 12), dice.randint(1, 28))
    return {
        "turnover": 0,
        "tax_debt": dice.choice((0, 0, dice.randint(2, 160) * 1_000_000)),
        "stopped_on": stopped if status in ("B4", "B7") else None,
        "last_meeting_on": stopped - timedelta(days=dice.randint(30, 900)),
        "reregistered": False,
        "grade": "yeu" if status == "B3" else "chua_xep_loai",
        "status": status,
    }

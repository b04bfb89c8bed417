"""Agencies and plans of the sample office, every name and number marked as invented."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import Connection

from casework.office import agencies, plans
from casework.office.agencies import AgencyEntry
from casework.office.people import actor
from casework.office.plans import CITY_COMMITTEE, PlanEntry, usual_title
from models.clock import FrozenClock
from models.places import district_full_name
from samples.invented_people import Place, places

CITY_PLAN_ON, DISTRICT_PLANS_ON = date(2014, 5, 12), date(2014, 6, 16)
_CITY = "thành phố Hải Phòng"
_ENTERED_ON = date(2014, 7, 1)


def enter(connection: Connection) -> None:
    """Enter agencies and plans of the city's office and of every district as the sample administrator."""
    by, clock = actor(connection, "quantri"), FrozenClock.on(_ENTERED_ON)
    entries = [*_city_agencies(), *(entry for code, place in places().items() for entry in _agencies(code, place))]
    for entry in entries:
        agencies.add(connection, entry, by=by, clock=clock, invented=True)
    for plan in _plans():
        plans.record(connection, plan, by=by, clock=clock, invented=True)


def _city_agencies() -> Iterator[AgencyEntry]:
    for number, (kind, name) in enumerate((
        ("tax", f"Cục Thuế {_CITY}"), ("insurance", f"Bảo hiểm xã hội {_CITY}"),
        ("bank", f"Ngân hàng Mẫu, Chi nhánh {_CITY}"), ("police", f"Công an {_CITY} (PC64)"),
        ("alliance", f"Liên minh Hợp tác xã và Doanh nghiệp {_CITY}"), ("newspaper", "Báo Hải Phòng"),
        ("court", f"Tòa án nhân dân {_CITY}"), ("line_agency", f"Sở Nông nghiệp và Phát triển nông thôn {_CITY}"),
        ("land", f"Sở Tài nguyên và Môi trường {_CITY}"),
    ), 1):  # fmt: skip
        yield AgencyEntry(kind, name, f"Số {number} phố Mẫu, {_CITY} (địa chỉ giả định)")


def _agencies(code: str, place: Place) -> Iterator[AgencyEntry]:
    full = district_full_name(place.kind, place.name)
    for number, (kind, name) in enumerate((
        ("tax", f"Chi cục Thuế {full}"), ("insurance", f"Bảo hiểm xã hội {full}"),
        ("bank", f"Ngân hàng Mẫu, Chi nhánh {full}"), ("bank", f"Quỹ tín dụng nhân dân Mẫu {place.name}"),
        ("land", f"Phòng Tài nguyên và Môi trường {full}"), ("court", f"Tòa án nhân dân {full}"),
    ), 1):  # fmt: skip
        yield AgencyEntry(kind, name, f"Số {number} đường Mẫu, {full}, {_CITY} (địa chỉ giả định)", code)


def _plans() -> Iterator[PlanEntry]:
    yield PlanEntry("01/KH-UBND (mẫu)", CITY_PLAN_ON, CITY_COMMITTEE, usual_title())
    for code, place in places().items():
        issuer = f"Ủy ban nhân dân {district_full_name(place.kind, place.name)}"
        title = "rà soát, xử lý hợp tác xã yếu kém, tồn tại hình thức"
        yield PlanEntry("02/KH-UBND (mẫu)", DISTRICT_PLANS_ON, issuer, title, code)

"""A small invented office with a person of each role, and a browser-less visitor."""

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from argon2 import PasswordHasher
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import Connection, Engine

from casework.evidence_store import keep
from casework.ledger import case_row
from casework.office import agencies, plans
from casework.office.agencies import AgencyEntry
from casework.office.commune_loading import sync_communes
from casework.office.people import actor
from casework.office.plans import PlanEntry
from casework.office.sessions import new_key
from casework.opening import open_case
from models.clock import FrozenClock
from models.database import writing
from models.office_clock import set_demo_day
from models.tables import districts, officers, units
from models.typed_rows import one_row
from models.typed_rows.case_shapes import RegisterRow
from rulebook.version_sync import sync_versions
from tests.acting import apply
from tests.built_once import built_once
from web.browser_keys import KEY, BrowserKey

TODAY = date(2016, 3, 14)
CLOCK = FrozenClock.on(TODAY)
PASSWORD = "mat-khau-thu"
PASSWORD_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)  # cheap: many tests sign in
COMPLAINT: dict[str, Any] = {
    "received_on": "2016-03-10", "complainant": "Ông Bình", "against": "Quyết định 1",
    "settler": "district_committee", "concerns": "dissolution",
}  # fmt: skip
ROLES = ("case_officer", "manager", "leader", "legal", "clerk", "commune", "admin")
OFFICES = ("HBG", "ADG", None)


def login_of(role: str, office: str | None = "HBG") -> str:
    return f"{role}.{(office or 'tp').lower()}"


@dataclass(frozen=True)
class Office:
    """The references of two cases of Hồng Bàng, one of An Dương and one of the city, and the ids of their units."""

    bind: Engine
    first: str
    second: str
    elsewhere: str
    city: str


def build_office(bind: Engine) -> Office:
    """People of every role in two districts and the city, and four cases."""
    return Office(bind, *built_once(bind, _office))


def _office(connection: Connection) -> list[str]:
    sync_versions(connection, CLOCK.now())
    set_demo_day(connection, TODAY)
    names = {"HBG": ("quan", "Hồng Bàng"), "ADG": ("huyen", "An Dương")}
    rows = [{"code": code, "kind": kind, "name": name, "seat": ""} for code, (kind, name) in names.items()]
    connection.execute(districts.insert(), rows)
    sync_communes(connection)
    _people(connection)
    _surroundings(connection)
    return [
        new_case(connection, "HTX Dịch vụ nông nghiệp Bạch Đằng", "HBG"),
        new_case(connection, "HTX Vận tải Sông Cấm", "HBG"),
        new_case(connection, "HTX Nước sạch An Hồng", "ADG"),
        new_case(connection, "Quỹ tín dụng nhân dân Hoa Phượng", "HBG", kind="quy_tin_dung"),
    ]


def _people(connection: Connection) -> None:
    blank = {"title": "bà", "post": "", "email": "", "lang": "vi", "active": True, "is_sample": True}
    for office in OFFICES:
        for role in ROLES:
            login = login_of(role, office)
            who = {"login": login, "name": f"Người {login}", "role": role, "district_code": office}
            connection.execute(officers.insert().values(**blank, **who, password_hash=PASSWORD_HASH))
    second = {"login": "second.hbg", "name": "Người thứ hai", "role": "case_officer", "district_code": "HBG"}
    connection.execute(officers.insert().values(**blank, **second, password_hash=PASSWORD_HASH))


def _surroundings(connection: Connection) -> None:
    """A plan and banks, so that every letter can be written."""
    by = actor(connection, login_of("admin", None))
    plans.record(
        connection, PlanEntry("15/KH-UBND", date(2014, 5, 12), plans.CITY_COMMITTEE, plans.usual_title()),
        by=by, clock=CLOCK,
    )  # fmt: skip
    for kind, name in (("bank", "Ngân hàng Thử"), ("court", "Tòa án nhân dân quận Hồng Bàng")):
        agencies.add(connection, AgencyEntry(kind, name), by=by, clock=CLOCK)


COMMUNES = {"HBG": "Hạ Lý", "ADG": "An Hồng"}


def new_unit(connection: Connection, name: str, district: str, **fields: Any) -> RegisterRow:
    from casework.unit_rows import name_keys

    blank = {
        "kind": "htx", "sector": "other", "address": "số 5 đường Trung tâm", "commune": COMMUNES.get(district, ""),
        "certificate_number": f"0207A{zlib.crc32(name.encode()) % 100_000:05d}", "certificate_on": date(2005, 6, 14),
        "certificate_issuer": "Phòng Tài chính - Kế hoạch", "tax_code": "0200000000",
        "representative": "ông Vũ Văn An", "phone": "",
        "members": 12, "charter_capital": 50_000_000, "grade": "yeu", "status": "B2",
        "notes": "", "flags": ["weak"], "is_sample": True,
    }  # fmt: skip
    row = {**blank, "name": name, **name_keys(name), "district_code": district, **fields}
    return one_row(RegisterRow, connection.execute(units.insert().values(row).returning(units)))


def new_case(connection: Connection, name: str, district: str, **fields: Any) -> str:
    unit = new_unit(connection, name, district, **fields)
    return open_case(connection, unit, by="clock", role="clock", clock=CLOCK, on=date(2016, 3, 1))


class Visitor:
    """A person at a browser: keeps the session, sends forms with their token."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def sign_in(self, login: str, password: str = PASSWORD) -> Response:
        return self.send("/sign-in", {"login": login, "password": password}, page="/sign-in")

    def get(self, path: str) -> Response:
        answer: Response = self.client.get(path, follow_redirects=False)
        return answer

    def send(self, path: str, data: Mapping[str, Any] | None = None, *, page: str = "/me", **more: Any) -> Response:
        answer: Response = self.client.post(
            path, data={"csrf": self._known_token(page), **(data or {})}, follow_redirects=False, **more
        )
        return answer

    def _known_token(self, page: str) -> str:
        """The token that every form of this browser carries; without a key of this release, that of the page."""
        key = next((cookie.value or "" for cookie in self.client.cookies.jar if cookie.name == KEY), "")
        return BrowserKey(key).form_token() if len(key) == len(new_key()) else self.token(page)

    def token(self, page: str = "/me") -> str:
        found = re.search(r'name="csrf" value="([^"]+)"', self.client.get(page).text)
        assert found, page
        return found[1]


def document_on(bind: Engine, ref: str, name: str = "ho-so.pdf", content: bytes = b"%PDF-1.4 ho so") -> str:
    """The hash of a document that lies on a case."""
    with writing(bind) as connection:
        return keep(connection, case_row(connection, ref)["id"], content, name, by="second.hbg", now=CLOCK.now())


def did(office: Office, ref: str, verb: str, role: str = "case_officer", **data: Any) -> int:
    """Another person does something meanwhile."""
    return apply(office.bind, ref, verb, by=login_of(role), clock=CLOCK, data=data).seq

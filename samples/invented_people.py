"""The invented people of the sample office: names, posts and sign-ins."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from models.places import CommuneName, district_title
from register.communes import shipped_by_district
from register.places import districts_by_code, split_district

PASSWORD = "haiphong2016"  # of every invented person, shown on the sign-in page of the sample office  # noqa: S105
SHOWN = ("cv1.vbo", "tp.vbo", "ct.vbo", "vt.vbo", "tp.tp")  # the people of the tour in the README
_FAMILY = "Nguyễn Trần Lê Phạm Hoàng Vũ Đặng Bùi Đỗ Ngô Đoàn Lưu Phùng Mai Đào Cao Vương Tô".split()
_MIDDLE = {
    "ông": "Văn Hữu Đức Quang Đình Xuân Mạnh Ngọc".split(),
    "bà": "Thị Thu Ngọc Thanh Thúy Kim Hồng Bích".split(),
}
_GIVEN = {
    "ông": "Hùng Dũng Sơn Hải Tuấn Minh Thắng Long Bình Cường Khánh Trung Nam Đạt Phong Hiếu Toàn Vinh".split(),
    "bà": "Hương Lan Hoa Mai Hạnh Thảo Nga Yến Phượng Liên Hà Vân Oanh Huệ Loan Trang Nhung Dung".split(),
}
DEPUTY = 2  # own seed, so that the other people do not change
POSTS = {
    "case_officer": "Chuyên viên",
    "manager": "Trưởng phòng",
    "leader": "Chủ tịch",
    "legal": "Chuyên viên Phòng Tư pháp",
    "clerk": "Văn thư",
    "commune": "Cán bộ đầu mối các xã, phường",
    "admin": "Quản trị",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A district and its communes in the order of the list."""

    kind: str
    name: str
    communes: tuple[CommuneName, ...]

    @property
    def full_name(self) -> str:
        """Return the full name, e.g. Quận Hồng Bàng, Huyện An Dương."""
        return district_title(self.kind, self.name)


@cache
def places() -> Mapping[str, Place]:
    """Return the shipped districts by code, with their communes."""
    full = districts_by_code()
    return {code: Place(*split_district(full[code]), names) for code, names in shipped_by_district().items()}


def person_name(dice: random.Random, title: str) -> str:
    """Return an invented full name that fits the title."""
    return f"{dice.choice(_FAMILY)} {dice.choice(_MIDDLE[title])} {dice.choice(_GIVEN[title])}"


def people(dice: random.Random) -> Iterator[dict[str, Any]]:
    """Yield the rows of all officers: of each district's office and of the city's."""
    for code in places():
        officers = 1 if code == "BLV" else 3
        for number in range(1, officers + 1):
            yield _person(dice, f"cv{number}.{code.lower()}", "case_officer", code)
        for login, role in (
            ("tp", "manager"),
            ("ct", "leader"),
            ("tuphap", "legal"),
            ("vt", "clerk"),
            ("xa", "commune"),
        ):
            yield _person(dice, f"{login}.{code.lower()}", role, code)
    for login, role in (
        ("cv1.tp", "case_officer"), ("cv2.tp", "case_officer"), ("tp.tp", "manager"), ("ct.tp", "leader"),
        ("tuphap.tp", "legal"), ("vt.tp", "clerk"), ("quantri", "admin"),
    ):  # fmt: skip
        yield _person(dice, login, role, None)


def deputy() -> dict[str, Any]:
    """Return a deputy head of the office of Vĩnh Bảo, who signs for its head."""
    return _person(random.Random(DEPUTY), "ptp.vbo", "manager", "VBO") | {"post": "Phó Trưởng phòng"}  # noqa: S311


def _person(dice: random.Random, login: str, role: str, district: str | None) -> dict[str, Any]:
    title = dice.choice(("ông", "bà"))
    return {
        "login": login,
        "name": person_name(dice, title),
        "title": title,
        "post": POSTS[role],
        "role": role,
        "district_code": district,
        "email": f"{login}@hai-phong.invalid",  # reserved domain without mail (RFC 2606)
        "lang": "vi",
        "password_hash": "",
        "active": True,
        "is_sample": True,
    }

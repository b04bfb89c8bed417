"""The register's preview in the hands of a district: what others take in is told apart from what is wrong."""

import re
from collections.abc import Callable
from importlib.resources import files

from tests.web.web_office import Office, Visitor

SAMPLE = files("samples").joinpath("so-dang-ky-mau.xlsx").read_bytes()


def counts(visitor: Visitor) -> dict[str, int]:
    answer = visitor.send("/import", files={"file": ("so.xlsx", SAMPLE)})
    assert answer.status_code == 200
    return {part: int(count) for part, count in re.findall(r'href="#(\w+)">[^<]*<b>(\d+)</b>', answer.text)}


def test_rows_of_other_districts_are_no_faults(office: Office, as_role: Callable[..., Visitor]) -> None:
    city, district = counts(as_role("manager", None)), counts(as_role("manager"))
    assert "elsewhere" not in city
    assert district["elsewhere"] > 0
    assert district["rejected"] <= city["rejected"]  # what is wrong is wrong for both
    assert sum(district.values()) == sum(city.values())

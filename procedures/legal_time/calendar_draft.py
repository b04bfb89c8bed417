"""A draft schedule for a year without an official decision yet, computed with the library `holidays`.

Fixed days, the lunar Tết and Giỗ Tổ, days in lieu and the swaps it knows; confidence `recalled` until a person has
compared them with the official schedule.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from importlib.metadata import version
from typing import Any

import holidays

VI = {
    "New Year's Day": "Tết Dương lịch",
    "29 of Lunar New Year": "Nghỉ Tết Nguyên đán (29 tháng Chạp)",
    "Lunar New Year's Eve": "Nghỉ Tết Nguyên đán (giao thừa)",
    "Lunar New Year": "Tết Nguyên đán (mùng 1)",
    "Second Day of Lunar New Year": "Tết Nguyên đán (mùng 2)",
    "Third Day of Lunar New Year": "Tết Nguyên đán (mùng 3)",
    "Fourth Day of Lunar New Year": "Tết Nguyên đán (mùng 4)",
    "Fifth Day of Lunar New Year": "Tết Nguyên đán (mùng 5)",
    "Sixth Day of Lunar New Year": "Tết Nguyên đán (mùng 6)",
    "Hung Kings' Commemoration Day": "Giỗ Tổ Hùng Vương",
    "Liberation Day/Reunification Day": "Ngày Chiến thắng 30/4",
    "International Labor Day": "Ngày Quốc tế lao động 1/5",
    "National Day": "Quốc khánh 2/9",
    "Vietnam Cultural Day": "Ngày Văn hóa Việt Nam",
}
IN_LIEU = " (observed)"
SWAPPED = re.compile(r"Day off \(substituted from (?P<month>\d+)/(?P<day>\d+)/(?P<year>\d+)\)")
FIRST, LAST = 2013, 2100  # first year of the snapshot; last year of the library's lunar table


def drafted(year: int) -> Mapping[str, Any]:
    """Return the schedule in the form of `procedures/calendars/national.yaml`. KeyError: a day without a name."""
    source = f"library holidays {version('holidays')}, Viet Nam; checked against no official schedule"
    return {"year": year, "version": "computed", "source": source, "days": dict(sorted(_days(year)))}


def as_text(year: int) -> str:
    """Return the schedule as YAML text, to be pasted into that file."""
    schedule = drafted(year)
    head = f'  - year: {year}\n    version: {schedule["version"]}\n    source: "{schedule["source"]}"\n    days:\n'
    return head + "".join(_line(on, entry) for on, entry in sorted(_days(year)))


def _line(on: date, entry: Mapping[str, str]) -> str:
    kind, vi, en, confidence = (entry[name] for name in ("kind", "vi", "en", "confidence"))
    return f'      {on}: {{kind: {kind}, vi: "{vi}", en: "{en}", confidence: {confidence}}}\n'


def _days(year: int) -> Iterator[tuple[date, Mapping[str, str]]]:
    for on, name in holidays.country_holidays("VN", years=year, language="en_US").items():
        swap = SWAPPED.fullmatch(name)
        if swap:
            worked = date(int(swap["year"]), int(swap["month"]), int(swap["day"]))
            yield (
                on,
                _entry(
                    "swap", f"Hoán đổi, làm bù ngày {worked:%d/%m/%Y}", f"Swapped, worked instead on {worked:%d/%m/%Y}"
                ),
            )
            yield worked, _entry("worked", "Làm bù cho ngày nghỉ hoán đổi", "Worked for a swapped day off")
        elif name.endswith(IN_LIEU):
            en = name.removesuffix(IN_LIEU)
            yield on, _entry("compensation", f"Nghỉ bù {VI[en]}", f"Day in lieu of {en}")
        else:
            yield on, _entry("holiday", VI[name], name)


def _entry(kind: str, vi: str, en: str) -> Mapping[str, str]:
    return {"kind": kind, "vi": vi, "en": en, "confidence": "recalled"}

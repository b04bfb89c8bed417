"""How long a register of 20,000 rows and 24 columns takes, beside the bare read of the same file."""

import io
import random
from collections.abc import Callable
from time import process_time
from typing import TypeVar

import python_calamine

from register.gate import compare
from register.interpret import interpret
from register.names import data_file
from register.rows import UNIT_FIELDS, ExistingUnit
from register.workbook import read_workbook
from templates.words import t
from tests.register.files import xlsx

ROWS = 20_000
MOST = 5.0  # seconds of processor time on the machine that the figures of the documents are from
SYLLABLES = """
An Bình Cát Đông Giang Hải Hồng Hưng Khê Lê Lợi Minh
Nam Ngọc Phong Quang Sơn Tân Thái Thịnh Tiến Vĩnh Xuân
""".split()
T = TypeVar("T")


def run() -> dict[str, float]:
    """Seconds of processor time by step, printed; read, checked and compared together stay under `MOST`."""
    data = register_file()
    seconds: dict[str, float] = {}

    def timed(step: str, work: Callable[[], T]) -> T:
        start = process_time()
        result = work()
        seconds[step] = process_time() - start
        print(f"{step:32} {seconds[step]:7.2f} s")
        return result

    timed("bare calamine read", lambda: _bare(data))
    book = timed("read_workbook", lambda: read_workbook(data, "so.xlsx"))
    reading = timed("interpret", lambda: interpret(book))
    plan = timed("compare with nothing", lambda: compare(reading.rows, []))
    there = [
        ExistingUnit(unit_id=at, **{name: getattr(row, name) for name in UNIT_FIELDS})
        for at, row in enumerate(plan.new)
    ]
    again = timed("compare with the same", lambda: compare(reading.rows, there))
    together = sum(seconds[step] for step in ("read_workbook", "interpret", "compare with nothing"))
    print(f"{'read, checked and compared':32} {together:7.2f} s of {MOST} s")
    print(
        f"{len(reading.rows)} rows: {len(plan.new)} new, {len(plan.doubtful)} doubtful, {len(plan.rejected)} rejected;"
    )
    print(f"the second time {len(again.unchanged)} unchanged, {len(again.changed)} changed")
    return seconds


def _bare(data: bytes) -> int:
    book = python_calamine.CalamineWorkbook.from_object(io.BytesIO(data))
    return len(book.get_sheet_by_index(0).to_python())


def register_file(more: int = 0) -> bytes:
    """The register; `more`: members that every unit has more."""
    chance = random.Random(1)
    districts = list(data_file("places.yaml")["districts"].values())
    head = [t(f"register.field.{name}") for name in UNIT_FIELDS]
    rows = [_line(chance, at, chance.choice(districts), more) for at in range(ROWS)]
    return xlsx(("Danh sách", [head, *rows]))


def _line(chance: random.Random, at: int, district: str, more: int) -> list[object]:
    place = " ".join(chance.choices(SYLLABLES, k=3))
    day = f"{chance.randint(1, 28)}/{chance.randint(1, 12)}/{chance.randint(1990, 2014)}"
    values: dict[str, object] = {
        "name": f"HTX DVNN {place} {at % 37}",
        "district": district,
        "kind": "Hợp tác xã",
        "sector": "Dịch vụ nông nghiệp",
        "address": f"Số {at}, thôn {place}",
        "commune": f"Xã {chance.choice(SYLLABLES)} {chance.choice(SYLLABLES)}",
        "certificate_number": f"02G/{at:06}",
        "certificate_on": day,
        "certificate_issuer": f"Phòng TC-KH {district}",
        "tax_code": f"02{at:08}",
        "representative": f"Nguyễn Văn {chance.choice(SYLLABLES)}",
        "phone": f"09{at:08}",
        "founded_on": day,
        "members": at % 500 + more,
        "labour": at % 90,
        "charter_capital": f"{(at + 1) * 1_000_000:,}".replace(",", "."),
        "turnover": at * 1_000_000,
        "tax_debt": "không",
        "reregistered": "chưa",
        "grade": "Yếu",
        "status": "Đang hoạt động",
        "notes": "Số liệu giả định",
    }
    return [values.get(name, "") for name in UNIT_FIELDS]


if __name__ == "__main__":
    run()

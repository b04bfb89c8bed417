"""The messy register file of the sample office; `python -m samples.register_file FILE` writes it reproducibly."""

import random
import sys
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from samples.invented_people import places
from samples.invented_units import units

HEAD = (
    "STT", "Tên HTX", "Loại hình", "Địa chỉ", "Xã, phường", "Quận/huyện", "Số GCN ĐKKD", "Ngày cấp", "MST",
    "Người đại diện", "Số thành viên", "Vốn điều lệ (triệu đồng)", "Xếp loại", "Tình trạng", "Ghi chú",
)  # fmt: skip
_KINDS = {"htx": "Hợp tác xã", "quy_tin_dung": "Quỹ TDND", "lien_hiep": "Liên hiệp HTX", "to_hop_tac": "THT"}
_GRADES = {"tot": "Tốt", "kha": "Khá", "trung_binh": "TB", "yeu": "Yếu"}
_STATUSES = {"B4": "Ngừng hoạt động", "B3": "Tồn tại hình thức", "B7": "Không liên lạc được"}
ROWS = 60
SEED = 2014


def register_file() -> Workbook:
    """Return a workbook with title rows, abbreviations, dates as text and as dates, a faulty row and a total."""
    dice = random.Random(SEED)  # noqa: S311 - invented data, no secret
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Danh sách"
    sheet.append(["UBND THÀNH PHỐ HẢI PHÒNG"])
    sheet.append(["TỔNG HỢP HỢP TÁC XÃ ĐẾN 31/12/2014 (SỐ LIỆU BỊA, ĐỂ THỬ)"])
    sheet.append([])
    sheet.append(list(HEAD))
    listed = list(units(random.Random(SEED)))  # noqa: S311
    for number, unit in enumerate(dice.sample(listed, ROWS), start=1):
        sheet.append(_row(dice, number, unit))
    sheet.append([ROWS + 1, "HTX không rõ huyện", "HTX", "", "", "Huyện Không Có", "", "31/02/2010"])
    sheet.append([])
    sheet.append(["", "Tổng cộng", "", "", "", "", "", "", "", "", ROWS])
    return book


def _row(dice: random.Random, number: int, unit: dict[str, Any]) -> list[Any]:
    name = str(unit["name"]).replace("Hợp tác xã", dice.choice(("HTX", "Hợp tác xã")))
    on = unit["certificate_on"]
    district = places()[unit["district_code"]].full_name
    grade, status = _GRADES.get(str(unit.get("grade")), ""), _STATUSES.get(str(unit.get("status")), "Đang hoạt động")
    return [
        number, name, _KINDS[unit["kind"]], unit["address"], unit["commune"], district,
        f"{unit['certificate_number']}-M", dice.choice((on, f"{on.day}/{on.month}/{on:%y}", f"{on:%d/%m/%Y}")),
        unit["tax_code"], unit["representative"], unit["members"], unit["charter_capital"] / 1_000_000,
        grade, status, unit["notes"],
    ]  # fmt: skip


if __name__ == "__main__":
    register_file().save(Path(sys.argv[1]))

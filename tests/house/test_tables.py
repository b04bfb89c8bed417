"""There is one way to write a workbook and one to write CSV, `templates/spreadsheet.py`; forms alone lay out sheets."""

import re

from tests.house.test_house import name, product

SPREADSHEET = "templates/spreadsheet.py"
SAMPLE = "samples/register_file.py"  # the messy file that a district sends
FORMS = {
    "register/template.py",
    "casework/takeover/workbook.py",
    "correspondence/grid/workbook.py",
}  # to be filled in: choices, checks, hidden keys
ANNOTATED = "register/annotation.py"  # the file that came in


def containing(pattern: str) -> set[str]:
    return {name(path) for path in product() if re.search(pattern, path.read_text(encoding="utf-8"))}


def test_workbooks_are_laid_out_in_one_place_and_in_forms() -> None:
    assert containing(r"\bopenpyxl\b") == {SPREADSHEET, SAMPLE, ANNOTATED, *FORMS}
    assert containing(r"\bxlsx_bytes\(") == {SPREADSHEET, ANNOTATED, *FORMS}
    assert containing(r"\bbook\.save\(|\(\)\.save\(") == {SPREADSHEET, SAMPLE}


def test_csv_is_written_in_one_place() -> None:
    assert containing(r"\bcsv\.(writer|DictWriter)\b|utf-8-sig.*encode|encode\(\"utf-8-sig") == {SPREADSHEET}


def test_no_other_library_writes_workbooks() -> None:
    assert containing(r"\b(xlsxwriter|pyexcelerate|xlwt|odfpy|pandas)\b") == set()

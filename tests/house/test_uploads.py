"""Every file that a page reads has passed the virus scanner: by `scanned`, or where evidence and papers are kept."""

import re

from tests.house.test_house import ROOT

KEPT_BY_MEDIA_TYPE = {  # their rooms ask `media_type_of`, which scans
    "web/cases/act_paper_pages.py", "web/cases/batch_pages.py", "web/cases/case_acts.py",
    "web/cases/council_pages.py", "web/cases/document_pages.py", "web/cases/grid_form.py",
    "web/letters/earlier_pages.py", "web/letters/incoming_pages.py", "web/letters/ink_pages.py",
    "web/letters/letter_acts.py", "web/letters/serving_pages.py", "web/reports/outstanding_pages.py",
}  # fmt: skip


def test_no_page_reads_a_file_past_the_scanner() -> None:
    unscanned = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "web").rglob("*.py")
        if re.search(r"(?<!scanned\()sent\.files\(", path.read_text(encoding="utf-8"))
    }
    assert unscanned == KEPT_BY_MEDIA_TYPE


def test_no_command_reads_a_file_by_itself() -> None:
    """`file_bytes` names a file that cannot be read, `scanned_bytes` asks the scanner as well."""
    reading = {path.name for path in (ROOT / "cli").rglob("*.py") if "read_bytes()" in path.read_text("utf-8")}
    assert reading == {"output.py"}

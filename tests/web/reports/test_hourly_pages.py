"""What the pages of a large office foretell is made once an hour, and each of them says when."""

import io
import re
from collections.abc import Callable

import pytest
from openpyxl import load_workbook

from oversight import remembered
from tests.web.web_office import Office, Visitor, did

As = Callable[..., Visitor]
PAGES = ("/late", "/late/report", "/late/risk", "/late/what-if", "/office/week")
OBSTACLE = "Nợ thuế (tháo gỡ: Chi cục Thuế)"


def test_every_page_of_a_large_office_names_the_moment(
    office: Office, as_role: As, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    manager = as_role("manager")
    assert [path for path in PAGES if 'id="made-at"' in manager.get(path).text] == [], "a small office is up to date"
    monkeypatch.setattr(remembered, "LARGE", 1)
    texts = {path: manager.get(path).text for path in PAGES}
    assert [path for path, text in texts.items() if 'id="made-at"' not in text] == []
    assert all("Tính lúc 14/03/2016 " in text for text in texts.values())


def test_what_is_recorded_since_is_not_in_it_and_the_page_says_so(
    office: Office, as_role: As, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.setattr(remembered, "LARGE", 1)
    manager = as_role("manager")
    before = manager.get("/late/risk").text
    did(office, office.first, "name_obstacle", obstacle="tax_debt", note="x")
    after = manager.get("/late/risk").text
    assert OBSTACLE not in before and OBSTACLE not in after
    assert "việc ghi sau lúc đó chưa có trong đây" in after
    monkeypatch.setattr(remembered, "LARGE", 5_000)
    assert OBSTACLE in manager.get("/late/risk").text


def test_the_workbook_of_the_report_names_the_moment_too(
    office: Office, as_role: As, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.setattr(remembered, "LARGE", 1)
    sheets = load_workbook(io.BytesIO(as_role("manager").get("/late/report.xlsx").content)).worksheets
    heads = [str(sheet.oddHeader.center.text) for sheet in sheets if sheet.oddHeader]
    assert any(re.search(r"14/03/2016 \d\d:\d\d$", head) for head in heads), heads

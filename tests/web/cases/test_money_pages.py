"""Property and pay-out of a case: lists pasted, uploaded and taken from replies, the pay-out drafted by one press."""

import io
import json
import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from casework.ledger import load_case
from cli.app import app
from models.database import reading, writing
from models.errors import WrongInput
from models.office_clock import set_demo_day
from models.settings import settings
from procedures.facts import FactView
from samples.invented import CLAIMS
from samples.paths import PATHS
from templates.words import say
from tests.command_line import CliRunner
from tests.correspondence.paperwork import Paperwork
from tests.web.typed import all_give_back
from tests.web.web_office import Office, Visitor, login_of

As = Callable[..., Visitor]
DAY = timedelta(days=1)
CLAIMED = (
    "Chủ nợ\tLoại\tSố tiền (đồng)\n"
    "Chi phí giải thể\tChi phí giải thể\t12.000.000\n"
    "Lương, bảo hiểm người lao động\tLương, trợ cấp\t30.000.000\n"
    "Công ty vật tư nông nghiệp (mẫu)\tKhông bảo đảm\t80.000.000\n"
)


@pytest.fixture
def at_payout(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """The first case at the pay-out: an inventory and a reply of the tax office, no claims listed yet."""
    monkeypatch.setenv("COOPCASE_DATA", str(tmp_path / "var"))
    settings.cache_clear()
    papers = Paperwork(office.bind, office.first)
    for step in PATHS["dissolved_voluntary"]:
        if step.verb == "propose_payout":
            break
        if step.verb != "record_claims":
            papers.take(step)
    with writing(office.bind) as connection:
        set_demo_day(connection, papers.today + timedelta(days=30))
    return office


def last(office: Office, verb: str) -> FactView | None:
    with reading(office.bind) as connection:
        return load_case(connection, office.first).state.last(verb)


def test_from_a_pasted_list_to_the_drafted_pay_out(at_payout: Office, as_role: As) -> None:
    visitor, path = as_role("case_officer"), f"/cases/{at_payout.first}/money"
    assert visitor.send(f"{path}/draft").status_code == 409
    assert visitor.send(f"{path}/claims", {"rows": CLAIMED}).status_code == 303
    page = visitor.get(path).text
    assert "20.000.000 đồng, bảng chủ nợ mới ghi 0" in page
    assert visitor.send(f"{path}/replies").status_code == 303
    listed = last(at_payout, "record_claims")
    assert listed is not None and [row["kind"] for row in listed.data["claims"]] == [
        "cost",
        "wages",
        "unsecured",
        "tax",
    ]
    page = visitor.get(path).text
    assert "46.400.000" in page and "80.000.000 × 58.000.000 / 100.000.000" in page
    assert "thiếu 42.000.000 đồng" in page and "Theo Luật Phá sản" in page
    answer = visitor.send(f"{path}/draft")
    assert answer.status_code == 303, re.findall(r'role="alert">[^<]*', answer.text)
    drafted = last(at_payout, "propose_payout")
    assert drafted is not None
    expected = [{**row, "claimant": "Thuế" if row["number"] == 4 else row["claimant"]} for row in CLAIMS]
    assert (drafted.data["available"], drafted.data["claims"]) == (100_000_000, expected)


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("Chủ nợ\tLoại\tSố tiền (đồng)\nA\tKhông bảo đảm\tnhiều", "Dòng 2, cột «Số tiền (đồng)»"),
        ("Chủ nợ\tLoại\tSố tiền (đồng)\n\nA\tLạ\t5", "Dòng 3, cột «Loại»"),
        ("Chủ nợ\tLoại\tTiền vàng\nA\tThuế\t5", "Không có cột «Tiền vàng»"),
        ("Số\tChủ nợ\tLoại\tSố tiền (đồng)\n1\tA\tTax\t5\n1\tB\tTax\t6", "Dòng 3, cột «Số»"),
    ],
)
def test_a_wrong_cell_is_named_and_nothing_is_recorded(at_payout: Office, as_role: As, rows: str, says: str) -> None:
    answer = as_role("case_officer").send(f"/cases/{at_payout.first}/money/claims", {"rows": rows})
    assert answer.status_code == 422 and says in answer.text
    assert rows.split("\n")[-1].split("\t")[0] in answer.text
    assert last(at_payout, "record_claims") is None


def test_the_workbook_goes_out_and_comes_back(at_payout: Office, as_role: As, tmp_path: Path) -> None:
    visitor, path = as_role("case_officer"), f"/cases/{at_payout.first}/money"
    book = openpyxl.load_workbook(io.BytesIO(visitor.get(f"{path}.xlsx").content))
    assert book.sheetnames == ["Tài sản", "Chủ nợ", "Vốn góp", "Biên nhận", "Chi trả"]
    heads = [cell.value for cell in book["Vốn góp"][1]]
    book["Vốn góp"].append(
        [dict(zip(("Số", "Họ tên"), (1, "Bà Lê Thị Mẫu"), strict=True)).get(str(head), 5_000_000) for head in heads]
    )
    stream = io.BytesIO()
    book.save(stream)
    assert visitor.send(f"{path}/file", files={"file": ("bang.xlsx", stream.getvalue())}).status_code == 303
    listed = last(at_payout, "record_members")
    assert listed is not None
    assert listed.data["members"] == [{"number": 1, "name": "Bà Lê Thị Mẫu", "capital": 5_000_000}]


def test_a_text_that_looks_like_a_formula_goes_out_as_text(at_payout: Office, as_role: As) -> None:
    visitor, path = as_role("case_officer"), f"/cases/{at_payout.first}/money"
    rows = "Chủ nợ\tLoại\tSố tiền (đồng)\n=1+1\tKhông bảo đảm\t5"
    assert visitor.send(f"{path}/claims", {"rows": rows}).status_code == 303
    page = openpyxl.load_workbook(io.BytesIO(visitor.get(f"{path}.xlsx").content))["Chủ nợ"]
    (cell,) = (cell for row in page.iter_rows() for cell in row if cell.value == "=1+1")
    assert cell.data_type == "s"


def test_every_wrong_cell_is_named_on_the_command_line_too(at_payout: Office, tmp_path: Path) -> None:
    run, by, file = CliRunner(), ["--by", "case_officer.hbg"], tmp_path / "bang.xlsx"
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.title = "Chủ nợ"
    for row in (("Chủ nợ", "Loại", "Số tiền (đồng)"), ("A", "Lạ", 5), ("B", "Không bảo đảm", "nhiều")):
        page.append(row)
    book.save(file)
    wrong = run.invoke(app, ["money", "take", at_payout.first, str(file), *by]).exception
    assert isinstance(wrong, WrongInput)
    said = [say(one) for one in wrong.every]
    assert said[0].startswith("Chủ nợ: Dòng 2, cột «Loại»") and "Không bảo đảm" in said[0]
    assert said[1].startswith("Chủ nợ: Dòng 3, cột «Số tiền (đồng)»") and len(said) == 2
    assert last(at_payout, "record_claims") is None


def test_a_workbook_lists_its_claims_before_their_collateral(at_payout: Office, as_role: As) -> None:
    visitor, path = as_role("case_officer"), f"/cases/{at_payout.first}/money"
    assert visitor.send(f"{path}/claims", {"rows": CLAIMED}).status_code == 303
    book = openpyxl.load_workbook(io.BytesIO(visitor.get(f"{path}.xlsx").content))
    claims, assets = book["Chủ nợ"], book["Tài sản"]
    number = claims.max_row
    _append(claims, {"Số": number, "Chủ nợ": "Ngân hàng (mẫu)", "Loại": "secured", "Số tiền (đồng)": 40_000_000})
    house = {"Tên tài sản": "Nhà kho (mẫu)", "Nguồn gốc": "own", "Giá trị (đồng)": 50_000_000}
    _append(assets, house | {"Bảo đảm cho khoản nợ số": number})
    stream = io.BytesIO()
    book.save(stream)
    answer = visitor.send(f"{path}/file", files={"file": ("bang.xlsx", stream.getvalue())})
    assert answer.status_code == 303, re.findall(r'role="alert">[^<]*', answer.text)
    listed = last(at_payout, "record_assets")
    assert listed is not None and listed.data["assets"][-1]["collateral_for"] == number


def _append(page: Worksheet, values: Mapping[str, object]) -> None:
    page.append([values.get(str(cell.value)) for cell in page[1]])


def test_what_was_typed_without_a_session_is_there_after_signing_in(at_payout: Office, as_role: As) -> None:
    path = f"/cases/{at_payout.first}/money"
    typed = all_give_back(as_role("case_officer"), path, login_of("case_officer"))
    assert {f"{path}/claims", f"{path}/members", f"{path}/file"} <= set(typed)


def test_the_command_line_does_the_same(at_payout: Office, tmp_path: Path) -> None:
    run, by = CliRunner(), ["--by", "case_officer.hbg"]
    ref, file = at_payout.first, tmp_path / "bang.xlsx"
    assert run.invoke(app, ["money", "file", ref, str(file), *by]).exit_code == 0
    book = openpyxl.load_workbook(file)
    heads = {str(cell.value): place for place, cell in enumerate(book["Chủ nợ"][1], start=1)}
    for place, (claimant, kind, amount) in enumerate(
        (("Chi phí", "Chi phí giải thể", 5), ("A", "Không bảo đảm", 130_000_000))
    ):
        for head, value in (("Chủ nợ", claimant), ("Loại", kind), ("Số tiền (đồng)", amount)):
            book["Chủ nợ"].cell(place + 2, heads[head], value)
    book.save(file)
    taken = run.invoke(app, ["money", "take", ref, str(file), *by])
    assert taken.exit_code == 0 and "Chủ nợ" in taken.output
    assert run.invoke(app, ["money", "draft", ref, *by]).exit_code != 0
    assert run.invoke(app, ["money", "replies", ref, *by]).exit_code == 0
    shown = run.invoke(app, ["money", "show", ref, *by])
    assert re.search(r"4\tA\t130\.000\.000\t86\.666\.66\d", shown.output), shown.output
    assert run.invoke(app, ["money", "draft", ref, *by]).exit_code == 0
    assert last(at_payout, "propose_payout") is not None


def test_a_claim_lodged_after_the_last_day_is_marked_everywhere(at_payout: Office, as_role: As) -> None:
    visitor, path = as_role("case_officer"), f"/cases/{at_payout.first}/money"
    notice = last(at_payout, "notify_creditors")
    assert notice is not None
    until = date.fromisoformat(notice.data["claims_until_on"])
    head = "Chủ nợ\tLoại\tSố tiền (đồng)\tNgày yêu cầu\n"
    rows = [f"{name}\tKhông bảo đảm\t70.000.000\t{day:%d/%m/%Y}" for name, day in (("A", until), ("B", until + DAY))]
    assert visitor.send(f"{path}/claims", {"rows": head + "\n".join(rows)}).status_code == 303
    page = visitor.get(path).text
    assert f"yêu cầu ngày {until + DAY:%d/%m/%Y}, sau hạn {until:%d/%m/%Y}" in page
    assert page.count("(yêu cầu sau hạn)") == 1
    sheet = openpyxl.load_workbook(io.BytesIO(visitor.get(f"{path}.xlsx").content))["Chi trả"]
    marked = [[cell.value for cell in row] for row in sheet.iter_rows() if "yêu cầu sau hạn" in map(_value, row)]
    assert [(row[1], row[3]) for row in marked] == [("B", 50_000_000)]  # paid like the others of its rank
    shown = CliRunner().invoke(app, ["money", "show", at_payout.first, "--by", "case_officer.hbg"])
    listed = CliRunner().invoke(app, ["money", "show", at_payout.first, "--by", "case_officer.hbg", "--json"])
    assert json.loads(listed.output)["late"] == [2]
    assert "yêu cầu sau hạn" in shown.output and f"sau hạn {until:%d/%m/%Y}" in shown.output


def _value(cell: object) -> object:
    return getattr(cell, "value", None)

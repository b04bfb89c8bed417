"""Notes, instructions and documents on the pages: from the top of a case to the home page and back."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from casework.dossier.documents import documents_of
from casework.dossier.instructions import NewInstruction, give_instruction, instructions_of
from casework.dossier.notes import NewNote, notes_of, write_note
from casework.ledger import case_row
from casework.office.people import actor
from models.clock import FrozenClock
from models.database import reading, writing
from models.tables import facts
from tests.web.web_office import CLOCK, TODAY, Office, Visitor, login_of

As = Callable[..., Visitor]
PDF = b"%PDF-1.4 bien ban"
PICTURE = b"\x89PNG\r\n\x1a\n anh"
TOOLS = {
    "case_officer": {"note", "document", "obstacle", "irregular"},
    "manager": {"note", "document", "obstacle", "irregular", "instruction"},
    "clerk": {"note", "document"},
    "admin": set(),
}


def addresses(office: Office) -> dict[str, str]:
    case = f"/cases/{office.first}"
    return {
        "note": f'"{case}/notes"', "document": f'"{case}/documents"', "instruction": f'"{case}/instructions"',
        "obstacle": f'"{case}/acts/name_obstacle"', "irregular": f'"{case}/irregularities"',
    }  # fmt: skip


@pytest.mark.parametrize("role", TOOLS)
def test_what_is_one_press_from_the_top_of_a_case(office: Office, as_role: As, role: str) -> None:
    visitor = as_role(role)
    page = visitor.get(f"/cases/{office.first}").text
    head = page.partition('<nav class="tools')[2].partition("</nav>")[0]
    found = {name for name, address in addresses(office).items() if address in head}
    assert found >= TOOLS[role] and found - {"irregular", "obstacle"} <= TOOLS[role]
    for name in TOOLS[role]:
        assert visitor.get(addresses(office)[name].strip('"')).status_code == 200


def test_a_note_with_a_file_is_kept_shown_and_comes_back(office: Office, as_role: As) -> None:
    officer, case = as_role("case_officer"), f"/cases/{office.first}"
    typed = {"text": "Gọi lại <b>ông giám đốc</b>", "come_back_on": "13/03/2016"}
    refused = officer.send(f"{case}/notes", typed, files={"photo": ("anh.png", PICTURE, "image/png")})
    assert refused.status_code == 422 and "ngày này đã qua" in refused.text and "anh.png" in refused.text
    done = officer.send(
        f"{case}/notes", typed | {"come_back_on": "14/03/2016"}, files={"evidence": ("anh.png", PICTURE, "image/png")}
    )
    assert done.status_code == 303
    page = officer.get(case).text
    assert "Gọi lại &lt;b&gt;ông giám đốc&lt;/b&gt;" in page and "Xem lại ngày 14/03/2016" in page
    assert "Ghi chú đến ngày xem lại" in officer.get("/work").text
    assert "Ghi chú đến ngày xem lại" not in as_role("manager").get("/work").text
    with reading(office.bind) as connection:
        (note,) = notes_of(connection, case_row(connection, office.first)["id"])
    assert officer.get("/search?q=ong+giam+doc").text.count(f"{case}/notes/{note['id']}") == 1
    assert "Gọi lại" not in as_role("commune").get(case).text
    assert f"/notes/{note['id']}" not in as_role("commune").get("/search?q=ong+giam+doc").text
    assert officer.send(f"{case}/notes/{note['id']}/close").status_code == 303
    assert "Ghi chú đến ngày xem lại" not in officer.get("/work").text
    assert officer.send(f"{case}/notes/{note['id']}/strike", {"reason": ""}).status_code == 422
    assert officer.send(f"{case}/notes/{note['id']}/strike", {"reason": "Nhầm"}).status_code == 303
    assert "Lý do: Nhầm" in officer.get(case).text


def test_a_note_of_later_is_not_in_the_case_of_an_earlier_day(office: Office, as_role: As) -> None:
    with writing(office.bind) as connection:
        late = FrozenClock.on(TODAY, 9)
        write_note(
            connection, office.first, NewNote("Viết hôm nay"), by=actor(connection, login_of("clerk")), clock=late
        )
    officer = as_role("case_officer")
    assert "Viết hôm nay" in officer.get(f"/cases/{office.first}").text
    assert "Viết hôm nay" not in officer.get(f"/cases/{office.first}?as_of=10/03/2016").text


def test_an_instruction_is_given_seen_answered_and_missed(office: Office, as_role: As) -> None:
    manager, officer, case = as_role("manager"), as_role("case_officer"), f"/cases/{office.first}"
    given = {"to": login_of("case_officer"), "text": "Xác minh trụ sở", "due_on": "14/03/2016"}
    assert manager.send(f"{case}/instructions", given | {"due_on": "x"}).status_code == 422
    assert manager.send(f"{case}/instructions", given).status_code == 303
    assert "Xác minh trụ sở" in officer.get("/work").text
    assert "1 ý kiến chỉ đạo của bạn chưa được báo cáo" in manager.get("/work").text
    assert "Xác minh trụ sở" in manager.get("/instructions").text
    manager.send("/demo/step", {"step": "week"})
    with reading(office.bind) as connection:
        (item,) = instructions_of(connection, case_row(connection, office.first)["id"])
    address = f"{case}/instructions/{item['id']}"
    assert manager.send(f"{address}/answer", {"text": "x"}).status_code == 403
    assert officer.send(f"{address}/answer", {"text": " "}).status_code == 422
    done = officer.send(f"{address}/answer", {"text": "Trụ sở đóng cửa"}, files={"photo": ("a.png", PICTURE)})
    assert done.status_code == 303
    assert "Trụ sở đóng cửa" in manager.get(case).text
    assert "chưa được báo cáo" not in manager.get("/work").text
    assert manager.send(f"{address}/withdraw", {"reason": "x"}).status_code == 403
    assert "Xác minh trụ sở" not in manager.get("/instructions").text
    assert "Xác minh trụ sở" in manager.get("/instructions?every=1").text


def test_an_instruction_is_withdrawn(office: Office, as_role: As) -> None:
    manager, case = as_role("manager"), f"/cases/{office.first}"
    with writing(office.bind) as connection:
        new = NewInstruction(login_of("clerk"), "Kiểm tra", "14/03/2016")
        number = give_instruction(connection, office.first, new, by=actor(connection, login_of("manager")), clock=CLOCK)
    assert manager.send(f"{case}/instructions/{number}/withdraw", {"reason": ""}).status_code == 422
    assert manager.send(f"{case}/instructions/{number}/withdraw", {"reason": "Đã rõ"}).status_code == 303
    assert "Lý do: Đã rõ" in manager.get(case).text
    assert "Kiểm tra" not in as_role("clerk").get("/work").text


def test_documents_are_added_shown_and_struck(office: Office, as_role: As) -> None:
    commune, case = as_role("commune"), f"/cases/{office.first}/documents"
    typed = {"kind": "minutes", "dated_on": "12/03/2016", "remark": "Biên bản"}
    files = [("evidence", ("a.pdf", PDF, "application/pdf")), ("photo", ("b.png", PICTURE, "image/png"))]
    assert commune.send(case, typed).status_code == 422
    assert commune.send(case, typed, files=[*files, ("evidence", ("x.exe", b"MZ", "text/plain"))]).status_code == 422
    done = commune.send(case, typed, files=files)
    assert (done.status_code, done.headers["location"]) == (303, f"{case}?added=2&known=0")
    assert "Đã lưu 2 tài liệu" in commune.get(done.headers["location"]).text
    with reading(office.bind) as connection:
        picture, pdf = documents_of(connection, case_row(connection, office.first)["id"])
    shown, kept = commune.get(f"{case}/{pdf['sha256']}"), commune.get(f"{case}/{pdf['sha256']}/file")
    assert "<iframe" in shown.text and "frame-src 'self'" in shown.headers["content-security-policy"]
    assert kept.content == PDF and "frame-ancestors 'self'" in kept.headers["content-security-policy"]
    assert "default-src 'none'" in kept.headers["content-security-policy"]
    assert kept.headers["x-content-type-options"] == "nosniff"
    assert kept.headers["content-disposition"].startswith("inline")
    assert "<img" in commune.get(f"{case}/{picture['sha256']}").text
    strike = f"{case}/{picture['sha256']}/strike"
    assert as_role("clerk").send(strike, {"reason": "x"}).status_code == 403
    assert commune.send(strike, {"reason": ""}).status_code == 422
    assert commune.send(strike, {"reason": "Nhầm hồ sơ"}).status_code == 303
    assert "Nhầm hồ sơ" in commune.get(f"{case}/{picture['sha256']}").text


def test_an_act_takes_a_document_that_is_there(office: Office, as_role: As) -> None:
    officer, case = as_role("case_officer"), f"/cases/{office.first}"
    officer.send(f"{case}/documents", {"kind": "minutes"}, files={"evidence": ("bien-ban.pdf", PDF)})
    with reading(office.bind) as connection:
        (kept,) = documents_of(connection, case_row(connection, office.first)["id"])
    form = officer.get(f"{case}/acts/accept_case").text
    assert f'value="{kept["sha256"]}"' in form and "bien-ban.pdf" in form
    data = {"f.file_held": "yes", "document": kept["sha256"]}
    wrong = officer.send(f"{case}/acts/accept_case", data | {"on": "x"})
    assert wrong.status_code == 422 and "checked" in wrong.text.partition(kept["sha256"])[2][:80]
    stranger = officer.send(f"{case}/acts/accept_case", data | {"document": "0" * 64})
    assert stranger.status_code == 422 and "không có trong hồ sơ này" in stranger.text
    assert officer.send(f"{case}/acts/accept_case", data).status_code == 303
    with reading(office.bind) as connection:
        found = connection.scalars(select(facts.c.evidence).where(facts.c.kind == "accept_case"))
        assert list(found) == [[kept["sha256"]]]
    assert "Đã dùng làm chứng cứ" in officer.get(f"{case}/documents/{kept['sha256']}").text

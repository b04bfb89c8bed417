"""Cases of before Coopcase in the browser: one form, a workbook there and back, and the list of gaps."""

import io
import re
from collections.abc import Callable

from openpyxl import load_workbook
from sqlalchemy import select

from casework.ledger import load_case
from models.database import reading, writing
from models.tables import case_rows
from tests.web.typed import all_give_back
from tests.web.web_office import Office, Visitor, document_on, login_of, new_unit

As = Callable[..., Visitor]
GIVEN = {"source": "Bản lưu", "f.decide_dissolution": "02/06/2015", "f.decide_dissolution.paper": "214/QĐ-UBND"}


def unit(office: Office, name: str = "HTX Cũ Hải An") -> int:
    with writing(office.bind) as connection:
        return new_unit(connection, name, "HBG")["id"]


def states(office: Office, number: int) -> list[str]:
    with reading(office.bind) as connection:
        return list(connection.scalars(select(case_rows.c.state).where(case_rows.c.unit_id == number)))


def test_one_case_is_taken_over_in_one_form(office: Office, as_role: As) -> None:
    visitor, number = as_role("case_officer"), unit(office)
    assert "HTX Cũ Hải An" in visitor.get("/take-over?q=cu+hai+an").text
    form = visitor.get(f"/take-over/unit/{number}?step=C4").text
    assert 'name="f.decide_dissolution.paper"' in form
    assert 'name="f.delete_name"' not in form
    answer = visitor.send(f"/take-over/unit/{number}?step=C4", GIVEN)
    assert answer.status_code == 303
    shown = visitor.get(answer.headers["location"])
    assert shown.status_code == 200
    assert "Tiếp nhận từ hồ sơ giấy" in shown.text
    assert states(office, number) == ["C4"]
    ref = answer.headers["location"].rpartition("/")[2]
    with reading(office.bind) as connection:
        fact = load_case(connection, ref).state.last("decide_dissolution")
    assert fact is not None
    assert fact.data["paper"]["symbol"] == "214/QĐ-UBND"


def test_a_wrong_form_keeps_what_was_typed_and_names_the_field(office: Office, as_role: As) -> None:
    visitor, number = as_role("manager"), unit(office)
    answer = visitor.send(f"/take-over/unit/{number}?step=C4", GIVEN | {"f.decide_dissolution": "2/13/2015"})
    assert answer.status_code == 422
    assert 'value="214/QĐ-UBND"' in answer.text
    assert 'value="2/13/2015"' in answer.text
    assert states(office, number) == []


def test_a_workbook_goes_out_and_comes_back(office: Office, as_role: As) -> None:
    visitor, number = as_role("case_officer"), unit(office)
    book = load_workbook(io.BytesIO(visitor.get("/take-over/template.xlsx?step=C4&step=C2").content))
    page = book.worksheets[0]
    line = next(row for row in page.iter_rows(min_row=5) if row[0].value == number)
    line[5].value, line[6].value = "C4 Bắt buộc", "Sổ văn bản"
    stream = io.BytesIO()
    book.save(stream)
    looked = visitor.send("/take-over/file", files={"file": ("cu.xlsx", stream.getvalue())})
    assert looked.status_code == 200
    assert states(office, number) == []
    key = re.search(r'name="key" value="(\w+)"', looked.text)
    assert key is not None
    done = visitor.send("/take-over/file/commit", {"key": key[1], "name": "cu.xlsx"})
    assert (done.status_code, states(office, number)) == (303, ["C4"])


def test_wrong_cells_are_listed_by_their_place(office: Office, as_role: As) -> None:
    number = unit(office)
    text = f"#unit;#step;#source;#classify\n{number};C4;Sổ;31/02/2015\n"
    looked = as_role("case_officer").send("/take-over/file", files={"file": ("cu.csv", text.encode())})
    assert looked.status_code == 200
    assert '<td class="nowrap">D2</td>' in looked.text
    assert "take-over/file/commit" not in looked.text


def test_a_second_person_confirms_the_gaps(office: Office, as_role: As) -> None:
    first, number = as_role("case_officer"), unit(office)
    ref = first.send(f"/take-over/unit/{number}?step=C4", GIVEN).headers["location"].rpartition("/")[2]
    assert f'value="{ref}"' not in first.get("/take-over/gaps").text
    assert first.send("/take-over/gaps", {"ref": ref}).status_code == 422
    second = as_role("manager")
    assert f'value="{ref}"' in second.get("/take-over/gaps").text
    assert second.send("/take-over/gaps", {"ref": ref}).status_code == 303
    assert "Đã xác nhận: " in second.get("/take-over/gaps").text


def test_what_was_typed_without_a_session_is_there_after_signing_in(office: Office, as_role: As) -> None:
    visitor, number = as_role("case_officer"), unit(office)
    taken = visitor.send(f"/take-over/unit/{number}?step=C4", {"source": "Bản lưu"}).headers["location"]
    path = f"/take-over/cases/{taken.rpartition('/')[2]}"
    assert all_give_back(visitor, path, login_of("case_officer")) == [path]


def test_what_was_found_later_is_added_on_its_page(office: Office, as_role: As) -> None:
    visitor, number = as_role("case_officer"), unit(office)
    ref = (
        visitor.send(f"/take-over/unit/{number}?step=C4", {"source": "Bản lưu"}).headers["location"].rpartition("/")[2]
    )
    assert f"/take-over/cases/{ref}" in visitor.get("/take-over/gaps").text
    form = visitor.get(f"/take-over/cases/{ref}").text
    assert 'name="f.decide_dissolution"' in form
    path = f"/take-over/cases/{ref}"
    wrong = visitor.send(path, {"source": "Tủ lưu", "f.decide_dissolution": "2/13/2015"})
    assert wrong.status_code == 422
    assert 'value="2/13/2015"' in wrong.text
    done = visitor.send(path, {"source": "Tủ lưu", "f.decide_dissolution": "02/06/2015"})
    assert done.status_code == 303
    shown = visitor.get(done.headers["location"])
    assert "Bổ sung hồ sơ tìm được sau khi tiếp nhận" in shown.text
    assert 'name="f.decide_dissolution"' not in visitor.get(path).text


def test_what_was_found_later_takes_documents_that_lie_on_the_case(office: Office, as_role: As) -> None:
    visitor, number = as_role("case_officer"), unit(office)
    taken = visitor.send(f"/take-over/unit/{number}?step=C4", {"source": "Bản lưu"}).headers["location"]
    ref = taken.rpartition("/")[2]
    kept, path = document_on(office.bind, ref, "quyet-dinh.pdf"), f"/take-over/cases/{ref}"
    assert f'value="{kept}"' in visitor.get(path).text
    typed = {"source": "Tủ lưu", "f.decide_dissolution": "02/06/2015", "document": kept}
    wrong = visitor.send(path, typed | {"source": ""})
    assert wrong.status_code == 422 and "checked" in wrong.text.partition(kept)[2][:80]
    other = document_on(office.bind, office.first, content=b"%PDF-1.4 cua ho so khac")
    stranger = visitor.send(path, typed | {"document": other})
    assert stranger.status_code == 422 and "không có trong hồ sơ này" in stranger.text and "Tủ lưu" in stranger.text
    assert visitor.send(path, typed).status_code == 303
    with reading(office.bind) as connection:
        assert load_case(connection, ref).facts[-1].evidence == (kept,)
    assert "Đã dùng làm chứng cứ" in visitor.get(f"/cases/{ref}/documents/{kept}").text

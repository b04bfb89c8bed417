"""Communes, agencies and plans on their pages: entered by those who may, asked for where they are needed."""

from collections.abc import Callable

import pytest
from sqlalchemy import delete, select

from casework.lists.first_steps import first_steps
from models.database import reading, writing
from models.tables import agencies, case_rows, communes, programme_plans, units
from tests.register.files import xlsx
from tests.tampering import behind_the_program
from tests.web.web_office import Office, Visitor, new_case
from web.office.commune_pages import MOST_UNITS

As = Callable[..., Visitor]
PLAN = {"district": "", "number": "1234/KH-UBND", "signed_on": "12/05/2014", "issuer": "UBND thành phố", "title": ""}


def test_a_manager_corrects_and_confirms_the_communes_of_the_office(office: Office, as_role: As) -> None:
    manager = as_role("manager")
    assert "11 tên của Quận Hồng Bàng được ghi theo trí nhớ" in manager.get("/office/communes").text
    wrong = manager.send("/office/communes/add", {"name": "Phường Mới", "kind": "phuong"})
    assert wrong.status_code == 422
    assert 'value="Phường Mới"' in wrong.text, "what was typed is still there"
    changed = {"code": "HBG01", "name": "Hạ Lý Mới", "kind": "phuong", "former": "Hạ Lý"}
    assert manager.send("/office/communes/change", changed).status_code == 303
    assert manager.send("/office/communes/confirm").status_code == 303
    page = manager.get("/office/communes").text
    assert "trí nhớ" not in page
    assert "Phường Hạ Lý Mới" in page
    with reading(office.bind) as connection:
        elsewhere = select(communes.c.confidence).where(communes.c.district_code == "ADG").distinct()
        assert list(connection.scalars(elsewhere)) == ["recalled"]


def test_a_form_is_on_the_page_of_the_communes_for_the_one_that_is_edited(office: Office, as_role: As) -> None:
    with writing(office.bind) as connection:
        for number in range(MOST_UNITS + 5):
            new_case(connection, f"HTX Lạc Lối {number}", "HBG", commune="Kênh Mới")
    manager = as_role("manager")
    page = manager.get("/office/communes").text
    assert 'action="/office/communes/change"' not in page and page.count("change=HBG") == 11
    assert page.count('action="/office/communes/unit"') == MOST_UNITS
    one = manager.get("/office/communes?change=HBG02").text
    assert one.count('action="/office/communes/change"') == 1 and 'name="code" value="HBG02"' in one
    wrong = manager.send("/office/communes/change", {"code": "HBG02", "name": "", "kind": "phuong"})
    assert wrong.status_code == 422 and wrong.text.count('action="/office/communes/change"') == 1
    assert 'action="/office/communes/change"' not in as_role("clerk").get("/office/communes?change=HBG02").text


def test_a_manager_changes_nothing_of_another_district(office: Office, as_role: As) -> None:
    manager = as_role("manager")
    for act, data in (
        ("change", {"code": "ADG01", "name": "X", "kind": "xa"}), ("remove", {"code": "ADG01"}),
        ("confirm", {"district": "ADG"}),
    ):  # fmt: skip
        manager.send(f"/office/communes/{act}", data)
    assert manager.send("/office/plans", PLAN).status_code == 403
    with reading(office.bind) as connection:
        row = connection.execute(select(communes).where(communes.c.code == "ADG01")).mappings().one()
        assert (row["name"], row["confidence"]) == ("An Dương", "recalled")


def test_a_list_is_loaded_from_a_file_or_refused_by_its_rows(as_role: As) -> None:
    admin = as_role("admin", None)
    header = ("Quận, huyện", "Xã, phường, thị trấn")
    bad = xlsx(("a", [header, ("Quận Hồng Bàng", "Mới")]))
    refused = admin.send("/office/communes/load", {"district": "HBG"}, files={"file": ("xa.xlsx", bad)})
    assert refused.status_code == 422
    assert "Dòng 2: «Mới» thiếu loại" in refused.text
    good = xlsx(("a", [header, ("Quận Hồng Bàng", "Phường Mới")]))
    taken = admin.send("/office/communes/load", {"district": "HBG"}, files={"file": ("xa.xlsx", good)})
    assert "Đã thêm 1 xã, phường, thị trấn" in admin.get(taken.headers["location"]).text
    assert admin.send("/office/communes/load", {"district": "HBG"}).status_code == 422


def test_a_unit_of_an_unknown_commune_is_asked_for_until_one_is_chosen(office: Office, as_role: As) -> None:
    with writing(office.bind) as connection:
        ref = new_case(connection, "HTX Lạc Lối", "HBG", commune="Kênh Mới")
        unit = connection.scalar(select(case_rows.c.unit_id).where(case_rows.c.ref == ref))
    manager = as_role("manager")
    assert "Sổ ghi: Kênh Mới" in manager.get("/office/communes").text
    for path in ("/register", f"/register/{unit}", f"/cases/{ref}"):
        assert "Kênh Mới (chưa rõ xã, phường hay thị trấn)" in manager.get(path).text
    assert manager.send("/office/communes/unit", {"unit": str(unit), "commune": ""}).status_code == 422
    assert manager.send("/office/communes/unit", {"unit": str(unit), "commune": "HBG07"}).status_code == 303
    for path in ("/register", f"/register/{unit}", f"/cases/{ref}"):
        text = manager.get(path).text
        assert "Phường Quán Toan" in text
        assert "Kênh Mới" not in text


def test_the_letters_page_leads_to_where_it_is_entered(office: Office, as_role: As) -> None:
    with behind_the_program(office.bind) as connection:
        connection.execute(delete(programme_plans))
        connection.execute(delete(agencies))
    officer, admin = as_role("case_officer"), as_role("admin", None)
    path = officer.send(f"/cases/{office.first}/letters/new", {"template": "inquiries"}).headers["location"]
    page = " ".join(officer.get(path).text.split())
    assert (
        "Cơ quan chưa nhập số, ngày kế hoạch của thành phố. Quản lý hoặc quản trị của cơ quan thành phố nhập." in page
    )
    assert "Cơ quan chưa nhập tên ngân hàng, quỹ tín dụng nhận văn bản. Quản lý hoặc quản trị của cơ quan nhập." in page
    asked = " ".join(admin.get(path).text.split())
    assert 'href="/office/plans?district="' in asked
    assert 'href="/office/agencies?district=HBG"' in asked
    assert admin.send("/office/plans", PLAN).status_code == 303
    bank = {"kind": "bank", "name": "Ngân hàng A", "address": "Số 1 phố A", "district": "HBG"}
    assert admin.send("/office/agencies/add", bank).status_code == 303
    page = " ".join(officer.get(path).text.split())
    assert "Cơ quan chưa nhập" not in page
    assert "Kế hoạch số 1234/KH-UBND ngày 12 tháng 5 năm 2014" in page
    assert 'Ngân hàng A <br><span class="soft">Số 1 phố A</span>' in page


@pytest.mark.parametrize("field", ["number", "signed_on", "issuer"])
def test_a_plan_that_lacks_something_keeps_what_was_typed(as_role: As, field: str) -> None:
    answer = as_role("manager", None).send("/office/plans", PLAN | {field: ""})
    assert answer.status_code == 422
    for name, value in PLAN.items():
        assert name == field or f'value="{value}"' in answer.text


def test_a_new_office_is_led_to_what_it_lacks(office: Office, as_role: As) -> None:
    with reading(office.bind) as connection:
        assert first_steps(connection, "HBG") is None  # it has cases
    with behind_the_program(office.bind) as connection:
        connection.execute(case_rows.update().values(district_code="ADG"))
    with reading(office.bind) as connection:
        before = first_steps(connection, "HBG")
    assert before and (before.communes, before.recalled, before.plan, before.banks) == (11, 11, True, True)
    with behind_the_program(office.bind) as connection:
        for table in (programme_plans, agencies, communes):
            connection.execute(delete(table))
        connection.execute(units.update().values(commune_code=None))
    with reading(office.bind) as connection:
        lacking = first_steps(connection, "HBG")
    assert lacking and (lacking.communes, lacking.unknown, lacking.plan, lacking.banks) == (0, 3, False, False)
    page = as_role("manager", "HBG").get("/office/communes").text
    assert "Quận Hồng Bàng chưa có xã, phường nào trong danh sách" in page


@pytest.mark.parametrize(
    ("path", "data", "said"),
    [
        ("/office/plans", PLAN | {"signed_on": "32/05/2014"}, "Ngày ban hành: «32/05/2014» không phải ngày có thật"),
        ("/office/plans", PLAN | {"signed_on": "12/05/2034"}, "Ngày 12/05/2034 không thể là ngày ban hành"),
        ("/office/plans", PLAN | {"number": "1/KH-UBND 😀"}, "Số, ký hiệu: phông chữ"),
        ("/office/agencies/add", {"kind": "bank", "name": "Ngân hàng 😀"}, "Tên đầy đủ: phông chữ"),
        ("/office/communes/add", {"district": "HBG", "kind": "xa", "name": "Mới 😀"}, "Tên riêng: phông chữ"),
    ],
)
def test_a_refusal_names_the_field_in_words_and_writes_days_as_people_do(
    as_role: As, path: str, data: dict[str, str], said: str
) -> None:
    refused = as_role("admin", None).send(path, data)

    assert refused.status_code == 422
    assert said in refused.text

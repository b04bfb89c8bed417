"""Lists as a person looks at them: order, columns, saved views, links to share, and their empty states."""

import re
from collections.abc import Callable

import pytest

from tests.web.reports.test_table_files import rows_of
from tests.web.web_office import Office, Visitor, login_of

As = Callable[..., Visitor]
COLUMNS = "cols=unit,ref,legal,phone"


def refs(page: str) -> list[str]:
    return re.findall(r'<tr id="(HP-[0-9-]+)">', page)


def heads(page: str) -> list[str]:
    found = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", "", head).split()) for head in found]


def test_a_list_is_read_in_any_order_both_ways(office: Office, as_role: As) -> None:
    manager = as_role("manager", None)
    every = {office.first, office.second, office.elsewhere, office.city}
    for order in ("unit", "ref", "district", "officer", "stage", "legal", "plan", "opened", "held"):
        up, down = (refs(manager.get(f"/work?scope=office&sort={sign}{order}").text) for sign in ("", "-"))
        assert set(up) == set(down) == every, order
    listed = refs(manager.get("/work?scope=office&sort=unit").text)
    assert listed == [office.first, office.elsewhere, office.second, office.city]  # Bạch Đằng, An Hồng … by their names
    assert refs(manager.get("/work?scope=office&sort=-unit").text) == listed[::-1]
    page = manager.get("/work?scope=office&sort=district").text
    assert refs(page)[0] == office.elsewhere and 'value="district" selected' in page
    assert refs(manager.get("/work?scope=office&sort=nonsense").text) != []


def test_columns_are_kept_for_the_person_and_go_into_the_file(office: Office, as_role: As) -> None:
    manager, other = as_role("manager"), as_role("leader")
    usual = heads(manager.get("/work?scope=office").text)
    answer = manager.send("/lists/cases/columns", {"query": "scope=office&cols=unit", "column": ["unit", "opened"]})
    assert answer.headers["location"] == "/work?scope=office"
    page = manager.get(answer.headers["location"]).text
    assert heads(page) == ["Chọn", "Đơn vị", "Ngày mở hồ sơ"] and "01/03/2016" in page
    assert heads(other.get("/work?scope=office").text) == usual
    row = rows_of(manager.get("/work.xlsx?scope=office").content)[0]
    assert list(row) == ["Hồ sơ", "Đơn vị", "Ngày mở hồ sơ"]
    manager.send("/lists/cases/columns", {"query": "scope=office", "usual": "true"})
    assert heads(manager.get("/work?scope=office").text) == usual


def test_a_view_is_saved_shared_begun_with_and_forgotten(office: Office, as_role: As) -> None:
    manager, other = as_role("manager"), as_role("manager", "ADG")
    query = f"scope=office&sort=-unit&{COLUMNS}"
    assert (
        manager.send("/lists/cases/views", {"query": query, "name": " Theo  tên "}).headers["location"].endswith(query)
    )
    page = manager.get(f"/work?{query}").text
    assert re.search(r'aria-current="true">\s*Theo tên', page)
    link = re.search(r'id="view-link" readonly value="http://testserver(/work[^"]+)"', page)
    assert link is not None
    shared = other.get(link[1].replace("&amp;", "&")).text
    assert refs(shared) == [office.elsewhere], "with the rights of who opens it"
    assert heads(shared)[1:] == ["Đơn vị ▼", "Mã hồ sơ", "Hạn luật định", "Điện thoại"]
    number = re.search(r"/lists/views/(\d+)/start", page)
    assert number is not None
    manager.send(f"/lists/views/{number[1]}/start")
    assert manager.get("/work").headers["location"] == f"/work?{query}"
    assert manager.get("/work?view=home").status_code == 200
    for act in ("remove", "start"):
        assert other.send(f"/lists/views/{number[1]}/{act}").status_code == 404
    manager.send(f"/lists/views/{number[1]}/remove")
    assert manager.get("/work").status_code == 200


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        pytest.param({"name": " "}, "Tên danh sách", id="no name"),
        pytest.param({"name": "x" * 61}, "60", id="name too long"),
        pytest.param({"name": "x", "query": "q=" + "x" * 2_000}, "Bộ lọc quá dài", id="filter too long"),
    ],
)
def test_a_view_that_cannot_be_saved_says_why(office: Office, as_role: As, sent: dict[str, str], said: str) -> None:
    answer = as_role("manager").send("/lists/cases/views", {"query": "scope=office", **sent})
    assert answer.status_code == 422 and said in answer.text


def test_nothing_leads_to_another_site(office: Office, as_role: As) -> None:
    manager = as_role("manager")
    assert manager.send("/lists/nothing/views", {"name": "x"}).status_code == 404
    answer = manager.send("/lists/cases/columns", {"query": "//else.example/?x=1\r\nSet-Cookie: a=b"})
    assert answer.headers["location"].startswith("/work") and "\n" not in answer.headers["location"]


@pytest.mark.parametrize(
    "path", ["/work?scope=office", "/letters?status=all", "/incoming?q=", "/register?q=", "/inbox?q="]
)
def test_a_page_beyond_the_end_says_so(office: Office, as_role: As, path: str) -> None:
    page = as_role("manager").get(f"{path}&p=9").text
    if path.startswith(("/work", "/register")):
        assert "Không có trang 9" in page and "Đến trang 1" in page
    assert as_role("manager").get(f"{path}&p=0").status_code == 200


def test_a_filter_that_nothing_fulfils_can_be_cleared(office: Office, as_role: As) -> None:
    page = as_role("manager").get("/work?scope=office&q=khongco").text
    assert "Không có mục nào khớp" in page and 'href="/work?scope=office">' in page
    page = as_role("manager").get("/register?q=khongco").text
    assert "Không có mục nào khớp" in page and 'class="button" href="/register"' in page


@pytest.mark.parametrize(
    ("path", "orders"),
    [
        ("/letters?status=all", ("since", "letter", "unit", "status", "number", "district")),
        ("/incoming?year=2016", ("number", "received", "from", "unit")),
        ("/register?q=", ("name", "sector", "grade", "status", "members", "district", "certificate_number")),
    ],
)
def test_the_other_lists_have_orders_too(office: Office, as_role: As, path: str, orders: tuple[str, ...]) -> None:
    clerk = as_role("clerk", None)
    for order in orders:
        for sign in ("", "-"):
            assert clerk.get(f"{path}&sort={sign}{order}").status_code == 200, order
    found = re.findall(r'class="unit" href="/register/(\d+)"', clerk.get("/register?sort=-name").text)
    assert found == re.findall(r'class="unit" href="/register/(\d+)"', clerk.get("/register").text)[::-1]


def test_ticked_cases_lead_on_to_what_is_done_with_them(office: Office, as_role: As) -> None:
    manager = as_role("manager")
    both = f"case={office.first}&case={office.second}"
    where = manager.get(f"/bulk?do=reassign&{both}").headers["location"]
    assert where == f"/reassign?scope=office&refs={office.first},{office.second}"
    page = manager.get(where).text
    assert f"to.{office.first}" in page and f"to.{office.city}" not in page
    file = manager.get(manager.get(f"/bulk?do=xlsx&case={office.second}").headers["location"])
    assert [row["Hồ sơ"] for row in rows_of(file.content)] == [office.second]
    letter = manager.get(f"/bulk?do=letter&case={office.second}").headers["location"]
    assert "1 hồ sơ đang mở theo bộ lọc." in manager.get(letter).text
    every = manager.get("/bulk?do=reassign&every=true&q=song+cam").headers["location"]
    assert every == f"/reassign?scope=office&refs={office.second}"
    for question, status in (("do=reassign", 422), (f"do=nothing&{both}", 422)):
        assert manager.get(f"/bulk?{question}").status_code == status
    assert as_role("case_officer").get(f"/bulk?do=reassign&{both}").status_code == 403
    foreign = manager.get(f"/reassign?scope=office&refs={office.elsewhere}").text
    assert office.elsewhere not in re.sub(r'value="[^"]*"', "", foreign)


def test_the_city_says_first_from_which_officer_cases_are_taken(office: Office, as_role: As) -> None:
    city = as_role("manager", None)
    page = city.get("/reassign").text
    assert "/reassign?district=HBG&amp;level=district" in page and f"to.{office.first}" not in page
    listed = city.get("/reassign?district=HBG&level=district").text
    assert f"to.{office.first}" in listed and f"to.{office.city}" not in listed
    given = city.get(f"/reassign?district=HBG&level=district&give={login_of('case_officer')}").text
    assert given.count(f'value="{login_of("case_officer")}" selected') >= 2
    assert f"to.{office.city}" in city.get("/reassign?level=city").text

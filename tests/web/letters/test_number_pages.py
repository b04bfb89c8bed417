"""Numbers from a book on paper on the page: a grid of number and day, errors at their cells, all or none."""

import html
from collections.abc import Callable

import pytest

from tests.correspondence.batches import Batches
from tests.correspondence.ink.desk import InkDesk, book_on_paper
from tests.web.web_office import ROLES, Office, Visitor

As = Callable[..., Visitor]
PAGE = "/letters/numbers"


@pytest.fixture
def desk(office: Office) -> InkDesk:
    return book_on_paper(office)


def test_one_day_for_all_and_a_number_for_each(desk: InkDesk, as_role: As) -> None:
    letters, clerk = [desk.signed() for _ in "123"], as_role("clerk")
    assert f'href="{PAGE}"' in clerk.get("/letters").text
    page = clerk.get(PAGE).text
    assert all(f'name="number.{letter}"' in page for letter in letters)
    sent = {f"number.{letter}": text for letter, text in zip(letters, ("41", "7", ""), strict=True)}
    answer = clerk.send(PAGE, sent | {"on": "14/03/2016"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}?done=2")
    assert "Đã cấp số, ban hành 2 văn bản" in html.unescape(clerk.get(f"{PAGE}?done=2").text)
    assert [desk.row(letter)["number"] for letter in letters] == [41, 7, None]
    assert f'name="number.{letters[0]}"' not in clerk.get(PAGE).text


@pytest.mark.parametrize(("lang", "said"), [("vi", "văn bản ký ngày 14/03/2016"), ("en", "was signed on 14/03/2016")])
def test_wrong_cells_are_named_in_their_lines_and_what_was_typed_stays(
    desk: InkDesk, as_role: As, lang: str, said: str
) -> None:
    first, second = desk.signed(), desk.signed()
    clerk = as_role("clerk")
    clerk.send("/language", {"lang": lang, "back": "/work"})
    wrong = {f"number.{first}": "7", f"number.{second}": "7x", f"on.{second}": "13/03/2016", "on": "14/03/2016"}
    answer = clerk.send(PAGE, wrong)
    text = html.unescape(answer.text)
    assert answer.status_code == 422
    assert all(f'id="e-{cell}.{second}"' in text for cell in ("number", "on"))
    assert f'id="e-number.{first}"' not in text
    assert 'value="7x"' in text and said in text
    assert "{" not in text.partition("<main")[2].partition("</main>")[0]
    assert [desk.status(letter) for letter in (first, second)] == ["approved", "approved"]
    assert clerk.send(PAGE, {f"number.{first}": "", "on": "14/03/2016"}).status_code == 422


def test_a_batch_on_paper_leads_to_its_own_lines(office: Office, desk: InkDesk, as_role: As) -> None:
    batches = Batches(office.bind, [office.first, office.second])
    batch, alone, clerk = batches.signed("Đợt"), desk.signed(), as_role("clerk")
    page = clerk.get(f"/letters/bulk/{batch}").text
    assert f'href="{PAGE}?batch={batch}"' in page and f"/letters/bulk/{batch}/issue" not in page
    listed = clerk.get(f"{PAGE}?batch={batch}").text
    assert f'name="number.{alone}"' not in listed
    letters = [row["id"] for row in batches.rows(batch)]
    sent = {f"number.{letter}": str(60 + letter) for letter in letters} | {"on": "14/03/2016", "batch": str(batch)}
    assert clerk.send(PAGE, sent).headers["location"] == f"{PAGE}?batch={batch}&done=2"
    assert [row["status"] for row in batches.rows(batch)] == ["issued", "issued"]
    assert "Cấp số, ban hành 2 văn bản · Người clerk.hbg" in " ".join(clerk.get(f"/letters/bulk/{batch}").text.split())


def test_who_may_open_and_send_it(desk: InkDesk, as_role: As) -> None:
    letter = desk.signed()
    for role in ROLES:
        visitor, other, mine = as_role(role), as_role(role, "ADG"), role in ("clerk", "manager")
        assert visitor.get(PAGE).status_code == (200 if mine else 403), role
        assert (f'href="{PAGE}"' in visitor.get("/letters").text) is mine, role
        assert (visitor.send(PAGE).status_code == 403) is not mine, role
        answer = other.send(PAGE, {f"number.{letter}": "5", "on": "14/03/2016"})
        assert answer.status_code == (404 if mine else 403), role
        if mine:
            assert f"number.{letter}" not in other.get(PAGE).text
    assert desk.status(letter) == "approved"

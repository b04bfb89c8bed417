"""What the heads see at a glance: every number leads to the list that it counts."""

import re
from collections.abc import Callable
from html import unescape

import pytest

from tests.web.web_office import Office, Visitor, did

As = Callable[..., Visitor]


@pytest.fixture
def troubled(office: Office) -> Office:
    did(office, office.second, "name_obstacle", obstacle="tax_debt", note="x")
    return office


def numbers(text: str) -> list[tuple[str, int]]:
    """Each linked number with its address."""
    found = re.findall(r'<a href="(/work\?[^"]+)">(.*?)</a>', text, re.S)
    counted = [(unescape(path), re.findall(r"\d+", re.sub("<[^>]+>", " ", words))) for path, words in found]
    return [(path, int(digits[0])) for path, digits in counted if digits]


@pytest.mark.parametrize("place", ["HBG", None], ids=["district", "city"])
@pytest.mark.parametrize("looking", ["", "?as_of=14/03/2016"], ids=["now", "then"])
def test_every_number_is_the_length_of_the_list_behind_it(
    troubled: Office, as_role: As, place: str | None, looking: str
) -> None:
    visitor = as_role("manager", place)
    found = numbers(visitor.get(f"/late{looking}").text)
    assert len(found) > 8
    for path, count in found:
        listed = visitor.get(path).text.count('class="unit"')
        assert listed == count, path


def test_the_four_answers_stand_first(troubled: Office, as_role: As) -> None:
    text = as_role("leader").get("/late").text
    heads = ("Quá hạn, chậm ở đâu", "Vì sao", "Cơ quan, đơn vị tháo gỡ", "Khả năng hoàn thành đúng mốc")
    places = [text.index(f"<h2>{head}</h2>") for head in heads]
    assert places == sorted(places)
    assert "Chi cục Thuế" in text
    assert "Còn 3 hồ sơ phải hoàn thành" in text  # though nothing has been decided in any of them
    assert "Chưa đủ số liệu" in text


def test_a_day_gone_by_is_forecast_only_from_what_was_known_then(troubled: Office, as_role: As) -> None:
    visitor = as_role("manager")
    assert 'class="forecast"' not in visitor.get("/late?as_of=10/03/2016").text
    assert 'class="forecast"' in visitor.get("/late?known_on=14/03/2016").text


def test_letters_for_many_are_for_the_cases_of_the_list_alone(troubled: Office, as_role: As) -> None:
    visitor = as_role("manager")
    chosen = visitor.get(visitor.get("/bulk?held=true&do=letter&every=true").headers["location"]).text
    assert "1 hồ sơ" in chosen
    assert 'name="held" value="true"' in chosen

"""The way in: light or dark is kept by the browser; in the sample office a person is found by a few letters."""

import pytest

from tests.web.web_office import Visitor


@pytest.mark.parametrize(
    ("look", "media"),
    [("dark", 'media="screen"'), ("auto", 'media="screen and (prefers-color-scheme: dark)"'), ("x", "prefers-color")],
)
def test_a_look_is_kept(anybody: Visitor, look: str, media: str) -> None:
    answer = anybody.send("/look", {"look": look, "back": "/sign-in?next=/work"}, page="/sign-in")
    assert answer.headers["location"] == "/sign-in?next=/work"
    assert "Max-Age=31536000" in answer.headers["set-cookie"]
    assert media in anybody.get("/sign-in").text


def test_light_leaves_the_dark_sheet_out(anybody: Visitor) -> None:
    assert "dark.css" in anybody.get("/sign-in").text
    anybody.send("/look", {"look": "light"}, page="/sign-in")
    page = anybody.get("/sign-in").text
    assert "dark.css" not in page
    assert 'value="light" aria-pressed="true"' in page


def test_a_person_is_found_by_the_beginnings_of_words(anybody: Visitor) -> None:
    page = anybody.get("/sign-in?who=truong+bang").text
    assert 'value="manager.hbg"' in page
    assert 'value="manager.adg"' not in page
    assert "Không có ai khớp với «xyz»" in anybody.get("/sign-in?who=xyz").text
    assert 'name="login" value="manager' not in anybody.get("/sign-in").text, "only the people of the tour"

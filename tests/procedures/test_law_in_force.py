"""A citation is of a law in force that day; what is outside is refused by name; nothing of 2012 rests on 2023."""

from datetime import date, timedelta

import pytest

from models.errors import NotFound, Refused
from procedures.law.interpretations import unclear_points
from procedures.law.rules import RulesError, cite, governing, law_of, nearest_version, read_rules, rules, version_of
from templates.words import say

ONE = timedelta(days=1)
VERIFIED = [
    *[f"complaints.{number}" for number in (7, 9, 17, 18, 20, 21, 27, 28, 31, 33, 35, 36, 37, 42, 44)],
    "admin.procedure.116", "admin.procedure.31", "admin.procedure.32", "seal.18", "bankruptcy.8", "bankruptcy.105",
    "d193.21.1.a", "tt83.2015.11", "tt83.2015.12", "tt83.2015.13", "tt31.2018", "tt09.2017.4",
]  # fmt: skip


@pytest.mark.parametrize("key", VERIFIED)
def test_what_was_found_since_is_verified_with_its_source(key: str) -> None:
    (version,) = rules()[key]
    assert version.confidence == "verified"
    assert version.source.startswith("law")


def test_what_was_not_found_stays_recalled() -> None:
    for key in ("l2012.53", "l2012.56", "l2012.54.4", "l2012.54.5", "d193.21.2"):
        assert {item.confidence for item in rules()[key]} == {"recalled"}, key
    assert cite("d193.21", date(2016, 3, 14)).confidence == "recalled"
    assert cite("cc.first_day", date(2016, 3, 14)).confidence == "recalled"
    assert cite("admin.procedure.law", date(2016, 6, 30)).confidence == "recalled"


@pytest.mark.parametrize(
    ("key", "day", "begins"),
    [
        ("admin.procedure.116", date(2016, 7, 1), True), ("seal.18", date(2016, 7, 1), True),
        ("tt83.2015.11", date(2015, 7, 15), True), ("tt09.2017.4", date(2017, 5, 31), True),
        ("tt31.2018", date(2018, 5, 14), True), ("bankruptcy.105", date(2015, 1, 1), True),
        ("complaints.9", date(2012, 7, 1), True), ("l2012.54.2", date(2013, 7, 1), True),
        ("l2012.54.2", date(2024, 6, 30), False), ("l2012", date(2024, 6, 30), False),
        ("l2023", date(2024, 7, 1), True),
    ],
)  # fmt: skip
def test_a_text_is_cited_from_its_first_day_to_its_last(key: str, day: date, begins: bool) -> None:
    outside = day - ONE if begins else day + ONE
    assert cite(key, day).key == key
    assert version_of(key, outside) is None
    with pytest.raises(Refused, match="rule_not_in_force"):
        cite(key, outside)


@pytest.mark.parametrize(
    ("key", "day", "governs"),
    [
        ("l2012.54.2", date(2024, 7, 1), "17/2023/QH15"), ("l2012.54.2", date(2013, 6, 30), "Luật Hợp tác xã năm 2003"),
        ("l2023", date(2016, 3, 14), "23/2012/QH13"), ("d193.19.2", date(2013, 8, 1), "23/2012/QH13"),
        ("admin.procedure.116", date(2016, 6, 30), "năm 2010"), ("seal.18", date(2016, 6, 30), "58/2001/NĐ-CP"),
        ("tt83.2015.11", date(2015, 7, 14), "74/2008"), ("bankruptcy.8", date(2014, 12, 31), "Luật Phá sản năm 2004"),
        ("complaints.44", date(2012, 6, 30), "Luật Khiếu nại, tố cáo năm 1998"),
    ],
)  # fmt: skip
def test_the_refusal_names_the_text_its_days_and_what_governs(key: str, day: date, governs: str) -> None:
    with pytest.raises(Refused) as refused:
        cite(key, day)
    for lang in ("vi", "en"):
        reported = say(refused.value, lang)
        assert f"{day:%d/%m/%Y}" in reported
        assert rules()[key][0].text(lang) in reported
        begins = rules()[key][0].valid_from
        assert begins and f"{begins:%d/%m/%Y}" in reported
    assert governs in say(refused.value)
    text = governing(key, day)
    assert text is not None and text.holds_on(day)
    assert ("chưa kiểm chứng" in say(refused.value)) == (text.confidence == "recalled")


def test_a_text_without_predecessor_and_successor_says_that() -> None:
    with pytest.raises(Refused, match=r"^rule_not_in_force$") as refused:
        cite("clerical", date(2020, 3, 5))
    assert "Hệ thống chưa có văn bản áp dụng" in say(refused.value)
    assert "đến 04/03/2020" in say(refused.value) and "từ" not in say(refused.value).split("04/03/2020")[0][-12:]


def test_lists_go_on_naming_a_law_that_has_ended() -> None:
    assert nearest_version("l2012.54.2", date(2026, 11, 29)).key == "l2012.54.2"
    assert "2003" in nearest_version("org.law", date(2014, 1, 1)).text_vi
    assert "2015" in nearest_version("org.law", date(2020, 1, 1)).text_vi
    assert nearest_version("seal.18", date(2014, 1, 1)).key == "seal.18"
    with pytest.raises(NotFound):
        nearest_version("no.such", date(2016, 1, 1))


@pytest.mark.parametrize("key", [key for key in rules() if law_of(key) != key])
def test_no_article_holds_on_a_day_on_which_its_law_does_not(key: str) -> None:
    law, versions = rules()[law_of(key)], rules()[key]
    first, last = law[0].valid_from, law[-1].valid_to
    assert first is None or (versions[0].valid_from or date.min) >= first
    assert last is None or (versions[-1].valid_to or date.max) <= last


def test_nothing_of_2012_is_filled_from_the_text_of_2023() -> None:
    """A source that shows only the later law supports nothing: neither a citation nor a reading."""
    of_2012 = [
        item for key, items in rules().items() for item in items if law_of(key) in ("l2012", "d193", "tt03.2014")
    ]
    sources = [item.source for item in of_2012] + [point.source for point in unclear_points().values()]
    assert len(sources) > 30
    assert not [text for text in sources if "law2023" in text]


V = {"vi": "Điều 1", "en": "Article 1", "confidence": "recalled"}


@pytest.mark.parametrize(
    "content",
    [
        pytest.param({"x": V | {"replaces": "y"}}, id="replaces what is no rule"),
        pytest.param({"x": V | {"details": "y"}}, id="details what is no rule"),
        pytest.param({"x": V | {"of": "y"}}, id="of a law that is none"),
        pytest.param({"x": V | {"from": date(2016, 1, 1)}, "x.1": V | {"from": date(2015, 1, 1)}}, id="before its law"),
        pytest.param({"x": V | {"to": date(2016, 1, 1)}, "x.1": V | {"to": date(2017, 1, 1)}}, id="after its law"),
        pytest.param(
            {"x": V | {"to": date(2016, 1, 1)}, "y": V | {"of": "x", "to": date(2017, 1, 1)}}, id="of its law"
        ),
    ],
)
def test_rules_that_do_not_fit_together_are_refused(content: dict[str, dict[str, object]]) -> None:
    with pytest.raises(RulesError):
        read_rules(content)


def test_an_article_without_days_of_its_own_has_those_of_its_law() -> None:
    law = V | {"from": date(2015, 1, 1), "to": date(2016, 1, 1)}
    found = read_rules({"x": law, "x.1": V, "x.2": [V | {"to": date(2015, 6, 1)}, V | {"from": date(2015, 7, 1)}]})
    assert [(item.valid_from, item.valid_to) for item in (*found["x.1"], *found["x.2"])] == [
        (date(2015, 1, 1), date(2016, 1, 1)),
        (date(2015, 1, 1), date(2015, 6, 1)),
        (date(2015, 7, 1), date(2016, 1, 1)),
    ]

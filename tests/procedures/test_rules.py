"""Citations by date: the switches of the law, gaps, overlaps, and the errors of a broken rules file."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from models.errors import NotFound
from procedures.law.rules import CONFIDENCES, RulesError, cite, confidence_of, read_rules, rules

ONE = timedelta(days=1)
# key, last day of the old version, words of the old and of the new one: law.md 7.5(6)
SWITCHES = [
    ("d193.21", date(2017, 9, 14), "193/2013/NĐ-CP", "107/2017/NĐ-CP"),
    ("cc.first_day", date(2016, 12, 31), "Điều 152 Bộ luật Dân sự năm 2005", "Điều 147 Bộ luật Dân sự năm 2015"),
    ("cc.last_day", date(2016, 12, 31), "Điều 153 Bộ luật Dân sự năm 2005", "Điều 148 Bộ luật Dân sự năm 2015"),
    ("org.law", date(2015, 12, 31), "năm 2003", "năm 2015"),
    ("seal.decree", date(2016, 6, 30), "58/2001/NĐ-CP", "99/2016/NĐ-CP"),
    ("admin.procedure.law", date(2016, 6, 30), "năm 2010", "93/2015/QH13"),
    ("admin.suit", date(2016, 6, 30), "Luật Tố tụng hành chính năm 2010", "Điều 116"),
    ("group.decree", date(2019, 11, 24), "151/2007/NĐ-CP", "77/2019/NĐ-CP"),
    ("tt03.2014", date(2019, 4, 7), "03/2014/TT-BKHĐT", "07/2019/TT-BKHĐT"),
]


@pytest.mark.parametrize(("key", "last", "old", "new"), SWITCHES)
def test_each_switch_of_the_law_changes_the_citation_overnight(key: str, last: date, old: str, new: str) -> None:
    before, after = cite(key, last), cite(key, last + ONE)
    assert old in before.text()
    assert new in after.text()
    assert new not in before.text()
    assert (before.valid_to, after.valid_from) == (last, last + ONE)


def test_the_switches_are_all_there_are() -> None:
    assert {key for key, versions in rules().items() if len(versions) > 1} == {key for key, *_ in SWITCHES}


@pytest.mark.parametrize("key", rules())
def test_the_versions_of_a_rule_follow_each_other_without_a_gap(key: str) -> None:
    for earlier, later in pairwise(rules()[key]):
        assert earlier.valid_to is not None
        assert later.valid_from == earlier.valid_to + ONE


@pytest.mark.parametrize("key", rules())
def test_a_rule_says_both_languages_its_confidence_and_where_it_was_seen(key: str) -> None:
    for item in rules()[key]:
        assert item.confidence in CONFIDENCES
        assert item.source
        assert item.text() == item.text_vi != item.text("en") == item.text_en


def test_an_unknown_rule_is_not_cited() -> None:
    with pytest.raises(NotFound) as missing:
        cite("no.such", date(2016, 1, 1))
    assert (missing.value.code, missing.value.params) == ("no_such_rule", {"key": "no.such", "on": "01/01/2016"})


@pytest.mark.parametrize(
    ("key", "on"), [("l2012.54", date(2013, 6, 30)), ("clerical", date(2020, 3, 5)), ("no.such", date(2016, 1, 1))]
)
def test_a_rule_outside_its_days_is_recalled_at_most(key: str, on: date) -> None:
    assert confidence_of(key, on) == "recalled"


def test_confidence_is_that_of_the_version_of_the_day() -> None:
    found = [confidence_of("cc.first_day", day) for day in (date(2016, 12, 31), date(2017, 1, 1))]
    assert found == ["recalled", "verified"]
    assert confidence_of("", date(2016, 1, 1)) == ""


def version(**given: Any) -> dict[str, Any]:
    return {"vi": "Điều 1", "en": "Article 1", "confidence": "recalled"} | given


A, B = date(2016, 1, 1), date(2016, 12, 31)


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param([version(to=B), version(**{"from": B})], id="one day held by two"),
        pytest.param([version(), version(**{"from": A})], id="the first never ends"),
        pytest.param([version(to=A), version(to=B)], id="the second always held"),
        pytest.param([version(**{"from": A}), version(**{"from": A, "to": B})], id="inside the other"),
        pytest.param(version(**{"from": B, "to": A}), id="ends before it begins"),
        pytest.param(version(confidence="sure"), id="unknown confidence"),
        pytest.param(version(confidence=None), id="no confidence"),
        pytest.param(version(vi=""), id="no Vietnamese"),
        pytest.param(version(en=None), id="no English"),
    ],
)
def test_a_rule_that_does_not_hold_together_is_refused(entry: Any) -> None:
    with pytest.raises(RulesError, match=r"^x: "):
        read_rules({"x": entry})


def test_versions_may_stand_in_any_order_and_leave_a_gap() -> None:
    later, earlier = version(**{"from": B + ONE}, vi="sau"), version(to=A, vi="trước")
    found = read_rules({"x": [later, earlier], "y": version(**{"from": A, "to": A})})
    assert [item.text() for item in found["x"]] == ["trước", "sau"]
    assert [item.holds_on(B) for item in found["x"]] == [False, False]
    assert [found["y"][0].holds_on(day) for day in (A - ONE, A, A + ONE)] == [False, True, False]

"""Overdue is said of the law alone, behind plan of the plan: two words in both languages, nowhere one for both."""

import re

import pytest

from templates.words import catalogue, t

BOTH = {  # what lists or leads to both kinds names both
    "late.nothing", "late.where", "messages.see_late", "pages.menu_late", "pages.only_late", "pages.worst_first",
    "report.now", "report.worst", "run.turned_late", "report.columns_obstacles", "home.law", "home.law_none",
}  # fmt: skip
OF_LAW = re.compile(r"past_legal|law_of_office|_past\b|late\.held_past|free_past")


def test_the_word_for_the_law_is_nowhere_said_of_the_plan() -> None:
    said = {
        key for key in catalogue() if "quá hạn" in t_raw(key, "vi").lower() or "overdue" in t_raw(key, "en").lower()
    }
    assert {key for key in said - BOTH if not OF_LAW.search(key)} == set()
    for key in BOTH & set(catalogue()):
        if key not in ("home.law", "home.law_none"):
            assert re.search("chậm", t_raw(key, "vi"), re.I), key


@pytest.mark.parametrize(
    ("key", "vi", "en"),
    [
        ("pages.days_past_legal", "quá hạn 3 ngày", "3 days overdue"),
        ("pages.days_late", "chậm 3 ngày so với kế hoạch", "3 days behind plan"),
        ("messages.days_past_legal", "quá hạn 3 ngày", "3 days overdue"),
        ("messages.days_late", "chậm 3 ngày so với kế hoạch", "3 days behind plan"),
    ],
)
def test_days_of_each_kind_have_their_word(key: str, vi: str, en: str) -> None:
    assert (t(key, "vi", count=3), t(key, "en", count=3)) == (vi, en)


def t_raw(key: str, lang: str) -> str:
    """The text of a key with its placeholders."""
    return str(catalogue()[key][lang])

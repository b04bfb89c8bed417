"""English words agree in number with the counts beside them."""

import re

import pytest

from templates.words import catalogue, t


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 cases"), (1, "1 case"), (2, "2 cases"), ("1", "1 case"), ("1.000", "1.000 cases")]
)
def test_a_word_follows_its_number(count: object, said: str) -> None:
    assert t("sharing.cases", "en", count=count) == said
    assert t("sharing.cases", "vi", count=count) == f"{count} hồ sơ"


def test_a_verb_follows_its_number_too() -> None:
    assert t("late.yours", "en", count=1) == "1 letter waits for you"
    assert t("late.yours", "en", count=3) == "3 letters wait for you"


def test_no_word_leaves_its_number_open() -> None:
    assert [key for key, entry in catalogue().items() if "(s)" in entry["en"]] == []


COUNTED = re.compile(
    r"\{(count|total|shown|days|cases|open|read|more|hits|waiting|files|districts)\} "
    r"(?:(?:new|open|signed|working|calendar|recorded|filled|other|internal|more) )?"
    r"(cases|letters|days|weeks|months|years|papers|obstacles|rows|units|lines|times|messages|entries|communes"
    r"|districts|files|facts|officers|people|acts|suggestions|drafts|notes)\b"
)


def test_no_word_has_a_plural_beside_a_number_that_may_be_one() -> None:
    assert COUNTED.search("since {day}, {count} days") and not COUNTED.search("{count} {count:day|days}")
    assert {key: entry["en"] for key, entry in catalogue().items() if COUNTED.search(entry["en"])} == {}

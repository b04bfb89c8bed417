"""The guide on its page: a chapter for each role, and no label that no page has."""

import re
from collections.abc import Callable

import pytest

from procedures.definition.loader import load
from procedures.named_terms import terms_of
from templates.words import LANGUAGES, catalogue
from tests.web.web_office import Visitor
from web.account.help_pages import guide

As = Callable[..., Visitor]
LABEL = re.compile(r"(?<!\*)\*([^*]+)\*(?!\*)")
OPEN_CHAPTER = re.compile(r'"whole folds" open>\s*<summary><h2>(.*?)</h2></summary>\s*<div id="([\w-]+)">')
ROLES = {
    "case_officer": "Cán bộ thụ lý", "manager": "Trưởng phòng, lãnh đạo", "leader": "Trưởng phòng, lãnh đạo",
    "clerk": "Văn thư", "legal": "Tư pháp", "commune": "Cán bộ xã, phường", "admin": "Quản trị",
}  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
def test_a_chapter_for_each_role_is_one_press_away(as_role: As, role: str) -> None:
    page = as_role(role).get("/help").text
    found = re.search(rf'<a href="#([\w-]+)">{ROLES[role]}</a>', page)
    assert found, "a line of the contents"
    assert OPEN_CHAPTER.findall(page) == [(ROLES[role], found[1])]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_labels_named_in_the_guide_are_those_of_the_pages(lang: str) -> None:
    procedure = load()
    words = [word[lang] for word in catalogue().values()] + [verb.label[lang] for verb in procedure.verbs.values()]
    text = re.sub(r"\s*\n\s*", " ", guide(lang, terms_of(procedure)))
    labels = {label.rstrip("…").casefold() for label in LABEL.findall(text)}
    assert len(labels) > 10, "the guide names labels in italics"
    assert {label for label in labels if not any(label in word.casefold() for word in words)} == set()

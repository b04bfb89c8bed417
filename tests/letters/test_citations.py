"""Law on letters: recalled citations never print until cleared; a law is named in full once, then short; by the day."""

import re
from datetime import date

import pytest

from letters.catalogue import letter_type, letter_types
from letters.draft import draft
from letters.output.docx import docx
from letters.output.pdf import pdf
from letters.output.plain import plain
from letters.specimen import SIGNING_DAY, blank, preview, specimen
from letters.tree import Letter, Table
from procedures.law.rules import cite, law_of, rules
from tests.letters import hard
from tests.letters.output.test_word_copy import text_of
from tests.letters.poppler import needs_poppler, pages_of
from tests.letters.variants import NEW, NUMBER

NAMES = sorted(letter_types())
RECALLED = sorted(name for name in NAMES if preview(name).unverified)


def said(letter: Letter) -> list[str]:
    """The letter in each of its forms, without spaces and hyphens."""
    forms = (plain(letter, NUMBER), text_of(docx(letter, NUMBER)), "".join(pages_of(pdf(letter, NUMBER))))
    return ["".join(text.replace("-", "").split()) for text in forms]  # poppler drops hyphens at the end of a line


def ways_to_say(key: str, day: date = SIGNING_DAY) -> set[str]:
    """A citation as it may be printed in a letter: with the short name of its law, or with the full one."""
    found = cite(key, day).text_vi
    law = rules().get(law_of(key), ())
    ways = {found} | {found.replace(version.short_vi, version.text_vi) for version in law if version.short_vi}
    return {"".join(way.replace("-", "").split()) for way in ways}


def uncited(letter: Letter, *forms: str) -> list[str]:
    """The forms of a letter without what it cites: a verified clause may lie in an article that is only recalled."""
    found = ["".join(text.replace("-", "").split()) for text in forms] or said(letter)
    for way in sorted((way for key in letter.cited for way in ways_to_say(key, letter.on)), key=len, reverse=True):
        found = [text.replace(way, "") for text in found]
    return found


def test_some_letters_have_recalled_citations() -> None:
    assert {"certificate_withdrawal", "meeting_call", "merger_notice", "undivided_asset_letter"} <= set(RECALLED)


@needs_poppler
@pytest.mark.parametrize("name", RECALLED)
def test_a_recalled_citation_prints_only_once_it_is_cleared(name: str) -> None:
    kind = letter_type(name)
    keys = [item.key for item in preview(name).unverified]
    cleared = draft(name, specimen(kind), SIGNING_DAY, cleared=frozenset(keys))
    assert cleared.unverified == ()
    for key in keys:
        assert not any(way in text for way in ways_to_say(key) for text in uncited(preview(name)))
        assert all(any(way in text for way in ways_to_say(key)) for text in said(cleared))


@pytest.mark.parametrize("name", NAMES)
def test_no_recalled_citation_is_in_any_letter(name: str) -> None:
    for letter in (preview(name), preview(name, NEW), draft(name, blank(letter_type(name)), SIGNING_DAY)):
        text = uncited(letter, plain(letter))
        for item in letter.unverified:
            assert not any(way in part for way in ways_to_say(item.key, letter.on) for part in text)
        assert all(cite(key, letter.on).confidence == "verified" for key in letter.cited)


@pytest.mark.parametrize("name", NAMES)
def test_a_law_is_named_in_full_the_first_time_and_short_after_that(name: str) -> None:
    letter = preview(name)
    text = " ".join(
        " ".join(cell for row in part.rows for cell in row) if isinstance(part, Table) else part.text
        for part in letter.body
    )
    for law in {law_of(key) for key in letter.cited}:
        whole = cite(law, letter.on)
        if not whole.short_vi:
            continue
        full, short = text.find(whole.text_vi), text.find(whole.short_vi)
        assert text.count(whole.text_vi) == 1, whole.text_vi
        assert short == -1 or full <= short, whole.short_vi


def test_the_full_name_is_in_the_article_where_the_law_is_not_among_the_bases() -> None:
    letter = hard.written(
        '@article Theo {{ law("l2012.49") }}, {{ law("l2012") }} và {{ law("d193.19.2") }}.', bases="[]"
    )
    text = letter.body[-1].text  # type: ignore[union-attr]
    assert text == (
        "Theo Điều 49 Luật Hợp tác xã số 23/2012/QH13 ngày 20 tháng 11 năm 2012, Luật Hợp tác xã năm 2012 và "
        "khoản 2 Điều 19 Nghị định số 193/2013/NĐ-CP ngày 21 tháng 11 năm 2013 của Chính phủ "
        "quy định chi tiết một số điều của Luật Hợp tác xã."
    )


@pytest.mark.parametrize(
    ("day", "law"),
    [
        (date(2015, 12, 31), "Luật Tổ chức Hội đồng nhân dân và Ủy ban nhân dân ngày 26 tháng 11 năm 2003"),
        (date(2016, 1, 1), "Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015"),
    ],
)
def test_the_law_of_the_day_is_cited(day: date, law: str) -> None:
    assert f"Căn cứ {law};" in plain(preview("decision_measure", day))


@pytest.mark.parametrize(("day", "end"), [(date(2020, 3, 4), ","), (date(2020, 3, 5), ".")])
def test_the_last_basis_of_a_decision_ends_as_its_standard_wants(day: date, end: str) -> None:
    kinds = [part for part in preview("decision_measure", day).body if getattr(part, "kind", "") == "basis"]
    assert [part.text[-1] for part in kinds] == [*[";"] * (len(kinds) - 1), end]  # type: ignore[union-attr]


@pytest.mark.parametrize("key", [key for key in rules() if "." in key and law_of(key) != key])
def test_articles_call_their_law_as_it_is_called_in_short(key: str) -> None:
    for version in rules()[key]:
        named = [whole.short_vi for whole in rules()[law_of(key)] if whole.short_vi]
        assert not named or any(short in version.text_vi for short in named), version.text_vi
    assert re.match(r"(điểm|khoản|Điều) ", rules()[key][0].text_vi)

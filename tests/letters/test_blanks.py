"""No numbered letter has a dotted blank, and none says what nobody knows."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from letters.blanks import NONE, dotted, may_lack, none_fields, unit_fields
from letters.catalogue import LetterType, letter_type, letter_types, read_type
from letters.checking import DAYS
from letters.draft import draft, draft_of
from letters.letter_input import LetterInput
from letters.output.plain import plain
from letters.specimen import SIGNING_DAY, blank, specimen, ways_of
from letters.tree import Letter
from tests.letters.variants import CASES

NAMES = sorted(letter_types())
INVENTED = re.compile(
    r"không có ý kiến khác|không tổ chức đối thoại|không có hồ sơ chậm|không còn\.|chưa có ý kiến bằng văn bản"
    r"|không đề nghị cấp kinh phí|chưa xếp loại|: không có\.|^không có\.?$",
    re.IGNORECASE | re.MULTILINE,
)
NOTE = """---
document: ""
title: {vi: "Thử", en: "Trial"}
gist: {vi: "Thử", en: "Trial"}
type: CV
issuer: finance_office
summary: "thử"
addressees: [tax]
recipients: [as_above]
fields:
  day: {type: date, required: false, label: {vi: "Ngày", en: "Day"}}
  rows: {type: table, required: false, label: {vi: "Bảng", en: "Table"}, columns: {item: {vi: "Mục", en: "Item"}}}
---
%s
"""


def trial(body: str) -> LetterType:
    return read_type("trial", NOTE % body)


def with_extra(data: LetterInput, **extra: Any) -> LetterInput:
    return {**data, "extra": data["extra"] | extra}


def said(letter: Letter) -> list[str]:
    return [item.name for item in letter.missing]


def without_optional(kind: LetterType, way: str) -> Iterator[LetterInput]:
    """What is required, in each case on which the text depends, and nothing else."""
    data = specimen(kind, kind.levels[0], way)
    optional = [name for name, field in kind.fields.items() if not field.required]
    for values in ({}, *CASES.get(kind.name, ())):
        kept = {name: value for name, value in values.items() if name in kind.fields and name not in optional}
        yield with_extra(data, **dict.fromkeys(optional), **kept)


def explained(letter: Letter) -> bool:
    return letter.form or bool(letter.missing) or not list(dotted(letter))


@pytest.mark.parametrize("name", NAMES)
def test_without_its_optional_fields_a_letter_has_no_blank_that_nobody_is_asked_for(name: str) -> None:
    kind = letter_type(name)
    for way in ways_of(kind):
        for data in without_optional(kind, way):
            for day in DAYS:
                letter = draft_of(kind, data, day)
                assert explained(letter), list(dotted(letter))
                assert not INVENTED.search(plain(letter)), INVENTED.findall(plain(letter))


@pytest.mark.parametrize("name", NAMES)
def test_what_is_said_not_to_exist_leaves_no_blank(name: str) -> None:
    """Nothing is known of the unit but its name and address; whatever may be lacking is said to be."""
    kind = letter_type(name)
    data: LetterInput = specimen(kind, kind.levels[0])
    unit = blank(kind, kind.levels[0])["unit"] | {"address": data["unit"]["address"]}
    nameless: LetterInput = {**data, "unit": unit}
    bare = with_extra(nameless, **dict.fromkeys(may_lack(kind)))
    letter = draft(name, with_extra(bare, **dict.fromkeys(none_fields(kind), True)), SIGNING_DAY)
    if not letter.form:
        assert said(letter) == []
        assert list(dotted(letter)) == []


@pytest.mark.parametrize("name", [name for name in NAMES if not letter_type(name).incoming])
def test_a_value_of_the_unit_that_is_not_known_is_asked_for(name: str) -> None:
    kind = letter_type(name)
    data = specimen(kind, kind.levels[0])
    for asked in unit_fields(kind):
        found = draft_of(kind, {**data, "unit": data["unit"] | {asked.removeprefix("unit_"): None}}, SIGNING_DAY)
        assert explained(found)
        typed = {"unit_members": 7, "unit_charter_capital": 1, "unit_certificate_on": "2005-06-14"}.get(asked, "x")
        bare: LetterInput = {**data, "unit": data["unit"] | {asked.removeprefix("unit_"): None}}
        assert asked not in said(draft_of(kind, with_extra(bare, **{asked: typed}), SIGNING_DAY))


def test_a_blank_is_known_by_what_would_fill_it() -> None:
    data = blank(trial("x"))
    body = "{{ f.day | long_date }}; {{ unit.tax_code }}; {{ (f.day or unit.phone) }}; {{ officer.name }}"
    assert said(draft_of(trial(body), data, SIGNING_DAY)) == ["day", "unit_tax_code", "officer"]


def test_a_cell_is_known_by_its_table() -> None:
    body = "@table Mục:100\n{% for row in f.rows %}\n| {{ row.item }} |\n{% endfor %}"
    data = with_extra(specimen(trial(body)), rows=[{"item": "a"}, {"item": None}])
    assert said(draft_of(trial(body), data, SIGNING_DAY)) == ["rows"]


def test_an_unchecked_citation_in_a_sentence_is_named() -> None:
    kind = trial('Theo {{ law("l2012.56") }}.')
    (item,) = draft_of(kind, specimen(kind), SIGNING_DAY).missing
    assert item.name == "law.l2012.56"
    assert "Điều 56" in item.label["vi"]
    assert draft_of(kind, specimen(kind), SIGNING_DAY, cleared=frozenset({"l2012.56"})).missing == ()


@pytest.mark.parametrize("dots", ["……", "....", "____"])
def test_dots_that_were_typed_are_a_blank_too(dots: str) -> None:
    kind = trial("Nội dung: {{ f.rows | length }}, {{ unit.phone }}.")
    data = specimen(kind)
    (item,) = draft_of(kind, {**data, "unit": data["unit"] | {"phone": dots}}, SIGNING_DAY).missing
    assert dots in item.label["vi"] or item.name == "unit_phone"


def test_a_sentence_is_left_out_only_when_it_is_said_that_there_is_nothing() -> None:
    kind = trial('Trước.{% if has("unit_phone") %} Điện thoại: {{ unit.phone }}.{% endif %} Sau.')
    data = blank(kind)
    assert said(draft_of(kind, data, SIGNING_DAY)) == ["unit_phone"]
    lacking = draft_of(kind, with_extra(data, **{f"{NONE}unit_phone": True}), SIGNING_DAY)
    assert said(lacking) == []
    assert "Trước. Sau." in plain(lacking)
    known = draft_of(kind, with_extra(specimen(kind), **{f"{NONE}unit_phone": True}), SIGNING_DAY)
    assert "Điện thoại: 031 3 000 000." in plain(known)


def test_a_letter_that_does_not_offer_it_cannot_do_without() -> None:
    kind = trial("Điện thoại: {{ unit.phone }}.")
    assert said(draft_of(kind, with_extra(blank(kind), **{f"{NONE}unit_phone": True}), date(2016, 3, 14))) == [
        "unit_phone"
    ]


def test_a_letter_knows_whether_it_counts_from_its_own_day() -> None:
    kind = letter_type("dissolution_decision")
    data = with_extra(specimen(kind), finish_by_on=None)
    ends = {"compulsory_council_term": date(2016, 5, 13)}
    for source, counted in (("term", True), ("deadline", False)):
        letter = draft_of(kind, {**data, "facts": {source: ends}}, SIGNING_DAY)
        assert letter.counts_its_day is counted
        assert "đến hết ngày 13 tháng 5 năm 2016" in plain(letter)
    assert not draft_of(kind, specimen(kind), SIGNING_DAY).counts_its_day

"""Where two versions differ, part by part; and every key of the file has its words."""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from procedures.definition.difference import SECTIONS, differences
from procedures.definition.loader import load
from procedures.schema import Part, Procedure
from rule_changes.impact_words import difference_in_words, key_in_words
from templates.words import catalogue
from tests.rule_changes import version_texts as made
from tests.rule_changes.version_texts import version

NOTE = 'note: {type: longtext, label: {vi: "Ghi chú", en: "Note"}}\n    guards: [{field_is'
TABLE: dict[str, tuple[Procedure, list[tuple[str, str, str, str]]]] = {
    "nothing but the name": (version("9"), []),
    "a term": (version("9", made.SHORTER), [("Thời hạn", "thời hạn", "10 ngày làm việc", "5 ngày làm việc")]),
    "a kind, an article and a term": (
        version("9", made.LEGAL),
        [
            ("Thời hạn", "loại", "nội bộ", "luật định"),
            ("Thời hạn", "thời hạn", "10 ngày làm việc", "5 ngày làm việc"),
            ("Thời hạn", "điều luật", "không có", "l2012.23"),
        ],
    ),
    "a label": (version("9", made.RELABELLED), [("Trạng thái", "tên gọi", "Mới vào danh sách", "Vừa ghi nhận")]),
    "codes in words": (
        version("9", made.MORE_CLOCKS),
        [
            (
                "Trạng thái", "thời hạn chạy", "Kiểm tra hồ sơ đăng ký, Rà soát, phân loại xong",
                "Kiểm tra hồ sơ đăng ký, Kiểm tra tại trụ sở, Rà soát, phân loại xong",
            )
        ],
    ),
    "a step gone": (
        version("9", base=made.without_verb("transfer_out")), [("Bước", "bỏ", "Chuyển cơ quan đăng ký khác", "")],
    ),
    "a role's name": (
        version("9", ('clerk: {vi: "Văn thư"', 'clerk: {vi: "Bộ phận văn thư"')),
        [("Vai", "tên gọi", "Văn thư", "Bộ phận văn thư")],
    ),
    "a field that must be filled in": (
        version("9", (NOTE, NOTE.replace("longtext,", "longtext, required: true,"))),
        [("Bước", "trường note", "label: Ghi chú; type: longtext", "label: Ghi chú; type: longtext; required: có")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", TABLE)
def test_a_difference_is_described_in_words(what: str) -> None:
    new, expected = TABLE[what]
    reported = [difference_in_words(item, "vi") for item in differences(load(), new)]
    assert sorted(reported) == sorted(expected)


@pytest.mark.parametrize("what", TABLE)
def test_what_went_one_way_comes_back_the_other(what: str) -> None:
    new, _ = TABLE[what]
    there, back = differences(load(), new), differences(new, load())
    assert [(item.code, item.key, item.before, item.after) for item in there] == [
        (item.code, item.key, item.after, item.before) for item in back
    ]


def keys(part: type[BaseModel]) -> Iterator[str]:
    for name, field in part.model_fields.items():
        yield field.alias or name


def parts() -> Iterator[type[Part]]:
    """The types of the sections."""
    for section in SECTIONS:
        shape: Any = Procedure
        for name in section.split("."):
            shape = shape.model_fields[name].annotation
        yield shape.__args__[1]


def test_every_key_of_a_part_has_its_words() -> None:
    found = {key for part in parts() if part.__name__ != "Words" for key in keys(part)}
    assert [key for key in sorted(found) if f"procedure.key_{key}" not in catalogue()] == []
    assert key_in_words("no_such_key", "vi") == "no_such_key"

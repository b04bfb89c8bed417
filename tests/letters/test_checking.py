"""`coopcase template check` finds what a clerk's change broke, in every branch of a template."""

import pytest

from letters.catalogue import LetterType, TemplateError, read_type
from letters.checking import problems
from tests.letters.hard import kind_of

GOOD = "@article Nội dung.\n@article Quyết định này có hiệu lực kể từ ngày ký."


def found(body: str = GOOD, **front: str) -> str:
    return "\n".join(problems({"trial": kind_of(body, **front)}))


def test_every_template_holds_together() -> None:
    assert list(problems()) == []


def test_a_good_one_has_no_problem() -> None:
    assert found() == ""


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("@article {{ nobody }}", "undefined name nobody"),
        ("@article x{% if f.a %}{{ unit.nmae }}{% endif %}", "undefined name unit.nmae"),
        ("@article x{% if false %}{{ f.gone }}{% endif %}", "undefined name f.gone; known: a, rows"),
        ("@article x{% if false %}{{ names.taxx }}{% endif %}", "undefined name names.taxx"),
        ("@article x{% if false %}{{ officer.post }}{% endif %}", "undefined name officer.post; known: name, title"),
        (
            "@article x\n{% for row in f.rows %}{{ row.prise }}{% endfor %}",
            "undefined name row.prise; known: item",
        ),
        ('@article x{% if false %}{{ law("l2012.999") }}{% endif %}', "unknown article l2012.999"),
        ("@article {{ unit.name | upcase }}", "No filter named 'upcase'"),
        ('@article {{ f.a | label("measure") }}', "unknown labels measure"),
        ("@article {{ unit.name", "unexpected"),
        ("@artcle Nội dung.", "unknown line @artcle"),
        ("@article x\n| 1 | 2 |", "unknown line | 1 | 2 |"),
        ("@article x\n@table A:40 | B:50\n| 1 | 2 |", "the widths of A | B are not 100 together"),
        ("@article x\n@table A:40 | B:60\n| 1 | 2 | 3 |", "a row has not 2 cells"),
        ("@article x\n@annex nhiều Bảng\n@table A:100\n| 1 |", "@annex needs a number of rows"),
        ("@article Hai  dấu cách.", "look at the marks in: Hai  dấu cách."),
        ("@article Xong;.", "look at the marks in"),
        ("@article Xong {{ f.a }}, .", "look at the marks in"),
    ],
)
def test_what_is_wrong_in_the_text_is_said(body: str, said: str) -> None:
    fields = (
        '{a: {label: {vi: "A", en: "A"}}, rows: {type: table, label: {vi: "B", en: "B"}, '
        'columns: {item: {vi: "C", en: "C"}, price: {vi: "D", en: "D"}}}}'
    )
    assert said in found(body, fields=fields)


@pytest.mark.parametrize(
    ("front", "said"),
    [
        ({"bases": "[l2012, no.law]"}, "unknown article no.law"),
        ({"addressees": "[tax_office]"}, "unknown addressee tax_office; known: as_above"),
        ({"recipients": '[as_last_article, "{f[agency]}"]'}, "unknown addressee {f[agency]}"),
        ({"recipients": "[as_above, tax]"}, "as_above, but the letter goes to nobody above"),
        ({"fields": '{x: {type: table, label: {vi: "X", en: "X"}}}'}, "a table needs them"),
        (
            {"fields": '{x: {label: {vi: "X", en: "X"}, from: "send_visit_notice.plaec"}}'},
            "no act has send_visit_notice.plaec",
        ),
        ({"fields": '{marks: {label: {vi: "X", en: "X"}}}'}, "no field may be called marks"),
        (
            {"fields": '{x: {type: table, label: {vi: "X", en: "X"}, columns: {items: {vi: "Y", en: "Y"}}}}'},
            "a column may not be called items",
        ),
        ({"summary": '"{{ f.what }}"'}, "undefined name f.what"),
        ({"proposer": '"Xét đề nghị của {{ names.boss }}"'}, "undefined name names.boss"),
    ],
)
def test_what_is_wrong_in_the_front_matter_is_said(front: dict[str, str], said: str) -> None:
    assert said in found(**front)


def test_a_letter_that_every_recipient_falls_away_from_has_nobody() -> None:
    kind: LetterType = kind_of(GOOD, recipients="[committee]", levels="[district]")
    assert "trial: nobody receives it" in list(problems({"trial": kind}))


@pytest.mark.parametrize(
    ("front", "said"),
    [
        ({"type": "XX"}, "unknown type XX"),
        ({"issuer": "nobody"}, "unknown issuer nobody"),
        ({"recipients": "[]"}, "nobody receives it"),
        ({"colour": "red"}, "colour"),
        ({"fields": '{x: {type: colour, label: {vi: "X", en: "X"}}}'}, "fields.x.type"),
        ({"levels": "[province]"}, "levels"),
        ({"document": "34"}, "document"),
        ({"document": '"51"'}, "the catalogue has no document 51"),
    ],
)
def test_a_type_that_cannot_be_read_is_named_with_the_reason(front: dict[str, str], said: str) -> None:
    with pytest.raises(TemplateError, match="trial") as raised:
        kind_of(GOOD, **front)
    assert said in str(raised.value)


def test_a_template_without_front_matter_is_none() -> None:
    with pytest.raises(TemplateError, match="front matter"):
        read_type("trial", GOOD)

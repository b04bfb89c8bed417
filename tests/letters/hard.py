"""Letters that are hard to set: very long names, nine articles, tables over pages, a last page with little on it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from letters.catalogue import LetterType, letter_type, read_type
from letters.draft import draft_of
from letters.specimen import SIGNING_DAY, specimen
from letters.tree import Letter

_WORDS = "Hợp tác xã Dịch vụ nông nghiệp, thủy sản, tiêu thụ nông sản, chế biến thực phẩm, vận tải, cung ứng vật tư"
SENTENCE = "Nội dung này được ghi đủ căn cứ, số liệu, thời hạn và trách nhiệm của từng đơn vị để thi hành thống nhất."


def name_of(length: int) -> str:
    """An invented name of exactly so many characters, of whole words."""
    room = length - len(" (mẫu)")
    text = f"{_WORDS} {_WORDS.removeprefix('Hợp tác xã ')}"[: room - 8].rpartition(" ")[0].rstrip(",")
    while len(text) < room:
        left = room - len(text)
        text += {3: " An", 4: " Hòa", 5: " Bình"}.get(left, " An")
    return f"{text} (mẫu)"


def named(
    template: str, length: int, day: date = SIGNING_DAY, level: str = "district", way: str = "compulsory"
) -> Letter:
    """A letter about a unit whose name has so many characters."""
    kind = letter_type(template)
    data = specimen(kind, level, way)
    return draft_of(kind, {**data, "unit": {**data["unit"], "name": name_of(length)}}, day)


def with_rows(template: str, field: str, rows: list[dict[str, Any]], day: date = SIGNING_DAY) -> Letter:
    """A letter with a table of one's own."""
    kind = letter_type(template)
    data = specimen(kind)
    return draft_of(kind, {**data, "extra": {**data["extra"], field: rows}}, day)


def stamped(day: date = SIGNING_DAY, template: str = "visit_notice", **codes: str) -> Letter:
    """A letter with marks."""
    kind = letter_type(template)
    data = specimen(kind)
    return draft_of(kind, {**data, "extra": {**data["extra"], "marks": codes}}, day)


def claims(count: int) -> list[dict[str, Any]]:
    """Rows of a pay-out table; some claimants need two lines."""
    tail = " và các hộ có hợp đồng mua bán vật tư nông nghiệp với hợp tác xã"
    return [
        {"rank": 4, "claimant": f"Chủ nợ số {place}{tail if place % 3 == 0 else ''}", "claim": place * 1_000_000,
         "paid": place * 500_000}
        for place in range(1, count + 1)
    ]  # fmt: skip


def written(body: str, day: date = SIGNING_DAY, **front: str) -> Letter:
    """A letter of a template that only this test has."""
    return draft_of(kind_of(body, **front), specimen(kind_of(body, **front)), day)


def kind_of(body: str, **front: str) -> LetterType:
    """A type with the front matter of a short decision, `front` replacing its lines."""
    lines: Mapping[str, str] = {
        "document": '"34"', "title": '{vi: "Mẫu thử", en: "Trial"}', "gist": '{vi: "Mẫu thử", en: "Trial"}',
        "type": "QĐ", "issuer": "district_committee", "summary": '"Về việc thử {{ unit.name }}"',
        "bases": "[org.law, l2012]", "decides": "true", "recipients": "[as_last_article, department]",
    }  # fmt: skip
    text = "\n".join(f"{name}: {value}" for name, value in {**lines, **front}.items())
    return read_type("trial", f"---\n{text}\n---\n{body}\n")


def nine_articles(day: date = SIGNING_DAY) -> Letter:
    """A decision of nine articles with clauses and points, over several pages."""
    article = f"@article {SENTENCE}\n@clause {SENTENCE}\n@point {SENTENCE}\n@point {SENTENCE}\n@clause {SENTENCE}"
    return written("\n".join([article] * 9), day)


def closing_after(lines: int, end: str, day: date = SIGNING_DAY) -> Letter:
    """A letter whose text fills the page to a varying height and ends with `end`."""
    return written("\n".join(["@clause Một dòng."] * lines + [end]), day)


TABLE_AT_END = "@table TT:10 | Tên:60 | Số tiền:30>\n" + "\n".join(f"| {n} | Dòng {n} | {n}.000 |" for n in range(1, 9))

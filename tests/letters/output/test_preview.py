"""The preview on a page has every cell that the PDF has, in its place, and says the same words."""

import re
from html import unescape

import pytest

from letters.catalogue import letter_types
from letters.numbering import BLANK, number_line
from letters.output.html import html
from letters.specimen import SIGNING_DAY, preview
from letters.tree import Block, Letter
from tests.letters.hard import claims, stamped, with_rows, written
from tests.letters.variants import NEW


def words(page: str) -> str:
    """What a reader sees, one space between words."""
    return " ".join(unescape(re.sub("<[^>]*>", " ", re.sub("</?[bi]>", "", page))).split())


def spoken(letter: Letter) -> list[str]:
    return [" ".join(f"{item.label} {item.text}".split()) for item in letter.body if isinstance(item, Block)]


@pytest.mark.parametrize("name", sorted(letter_types()))
def test_it_says_what_the_letter_says_in_its_order(name: str) -> None:
    letter = preview(name)
    seen, place = words(html(letter, 5)), 0
    for text in [number_line(5, letter.symbol), *spoken(letter), *letter.recipients]:
        flat = " ".join(text.split())
        place = seen.find(flat[:40], place)
        assert place >= 0, text


def test_one_addressee_is_on_the_line_and_several_below_it() -> None:
    assert "Kính gửi: Hợp tác xã" in words(html(preview("demand_reregister")))
    several = html(preview("name_deletion_notice"))
    listed = re.findall("<li>(.*?)</li>", several)
    ends = [text[-1] for text in listed[: len(preview("name_deletion_notice").addressees)]]
    assert ends == [";"] * (len(ends) - 1) + ["."]


def test_articles_and_titled_clauses_have_bold_labels() -> None:
    page = html(written("@article Một\n@clause **Hai**: hai\n@clause Ba\n@point **Bốn**"))
    assert re.findall(r'<p class="(\w+)">(<b>(?:Điều )?\d)?', page)[-4:] == [
        ("article", "<b>Điều 1"), ("clause", "<b>1"), ("clause", ""), ("point", ""),
    ]  # fmt: skip


def test_sums_stand_on_the_right_and_marks_and_appendices_in_their_places() -> None:
    letter = with_rows("payout_plan", "claims", claims(30))
    page = html(letter)
    assert '<td class="num">20.000.000</td>' in page
    assert page.index('<section class="appendix">') > page.index("<footer>")
    marked = html(stamped(urgency="khan", secrecy="mat", circulation="luu_hanh_noi_bo"))
    assert re.findall(r'<span class="stamp">([^<]*)', marked)[1:] == ["MẬT", "KHẨN"]
    assert marked.index("circulation") < marked.index("<header>")


def test_minutes_have_a_place_for_each_who_signs_and_a_draft_has_blanks() -> None:
    page = html(preview("visit_minutes"))
    assert page.count('<div class="signature">') == 3
    assert f"Số: {BLANK}/" in words(page)


@pytest.mark.parametrize(("day", "standard"), [(SIGNING_DAY, "tt01-2011"), (NEW, "nd30-2020")])
def test_the_page_knows_the_standard(day: object, standard: str) -> None:
    assert f'<article class="letter {standard}">' in html(preview("dissolution_decision", day))  # type: ignore[arg-type]

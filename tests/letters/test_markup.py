"""The little markup of a body: how parts are counted, what goes into an appendix, what it refuses."""

import pytest

from letters.markup import MarkupError, literal, read_body
from letters.tree import Block, Table

ROWS = "@table TT:20 | Tên:80\n" + "\n".join(f"| {n} | Dòng {n} |" for n in range(1, 4))


def labels(text: str) -> list[str]:
    return [item.label for item in read_body(text)[0] if isinstance(item, Block)]


def said(text: str) -> list[str]:
    return [item.text for item in read_body(text)[0] if isinstance(item, Block)]


def test_clauses_and_points_begin_again() -> None:
    text = "@article A\n@clause a\n@point x\n@point y\n@clause b\n@point z\n@article B\n@clause c"
    assert labels(text) == ["Điều 1.", "1.", "a)", "b)", "2.", "a)", "Điều 2.", "1."]


def test_the_fifth_point_is_d_with_a_bar() -> None:
    assert labels("\n".join(["@point x"] * 6))[3:] == ["d)", "đ)", "e)"]


def test_an_appendix_begins_where_it_is_named_and_counts_by_itself() -> None:
    body, appendices = read_body("@article A\n@appendix Danh sách\n@clause Một\n@appendix Bảng kê\n@clause Hai")
    assert [item.label for item in body if isinstance(item, Block)] == ["Điều 1."]
    assert [appendix.title for appendix in appendices] == ["Danh sách", "Bảng kê"]
    assert [appendix.body[0].label for appendix in appendices if isinstance(appendix.body[0], Block)] == ["1.", "1."]


@pytest.mark.parametrize(("most", "moved"), [(2, True), (3, False)])
def test_a_long_table_goes_into_an_appendix_and_the_text_says_where(most: int, moved: bool) -> None:
    body, appendices = read_body(f"Trước.\n@annex {most} Bảng kê\n{ROWS}\nSau.")
    assert len(appendices) == moved
    assert isinstance(body[1], Block if moved else Table)
    assert "(Chi tiết tại Phụ lục kèm theo.)" in said(f"@annex 2 Bảng kê\n{ROWS}")


def test_several_appendices_are_named_in_the_order_they_come() -> None:
    text = f"@annex 2 Bảng kê nợ\n{ROWS}\nGiữa.\n@annex 1 Bảng kê tài sản\n{ROWS}\n@appendix Danh sách\nAi đó."
    assert said(text) == [
        "(Chi tiết tại Phụ lục I kèm theo.)", "Giữa.", "(Chi tiết tại Phụ lục II kèm theo.)",
    ]  # fmt: skip
    assert [appendix.title for appendix in read_body(text)[1]] == ["Bảng kê nợ", "Bảng kê tài sản", "Danh sách"]


def test_an_appendix_may_be_named_after_a_value() -> None:
    name = literal("HTX @appendix **An** | Bình")
    body, appendices = read_body(f"Một.\n@appendix Danh sách của {name}\nAi đó.")
    assert (len(body), appendices[0].title) == (1, "Danh sách của HTX @appendix **An** | Bình")


@pytest.mark.parametrize("typed", ["@article giả", "@appendix giả", "| a | b |", "@annex 1 giả", "@table giả:100"])
def test_what_people_type_is_never_a_line_of_the_markup(typed: str) -> None:
    body, appendices = read_body(literal(typed))
    assert (said(literal(typed)), len(body), appendices) == ([typed], 1, ())


def test_lines_that_people_type_are_paragraphs_and_never_rows() -> None:
    typed = literal("Một.\n\n@article hai\nBa.")
    assert said(f"@clause {typed} Cuối.") == ["Một.", "@article hai", "Ba. Cuối."]


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        ("@artcle Điều", "@artcle"), ("| thừa | ô |", "thừa"), ("@annex Bảng kê\n" + ROWS, "@annex needs a number"),
        ("@table A:50 | B:50\n| một |", "has not 2 cells"), ("Một.\n@clauses Hai", "@clauses"),
    ],
)  # fmt: skip
def test_a_line_it_cannot_read_is_refused(text: str, reported: str) -> None:
    with pytest.raises(MarkupError, match=reported):
        read_body(text)

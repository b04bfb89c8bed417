"""What was typed is put into a page that was drawn without it, and nothing else of the page changes."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from casework.office.unfinished_forms import Unfinished
from tests.web.typed import PageForm, forms_of
from web.form_filling import Drawing, filled, place_of

TYPED = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40)
ROW = "".join(
    f'<tr><td><label for="f.claims.{row}.who"></label><input type="text" id="f.claims.{row}.who"'
    f' name="f.claims.{row}.who" value=""><input type="text" name="f.claims.{row}.sum" value="0"></td></tr>'
    for row in range(3)
)
PAGE = f"""<!doctype html>
<html lang="vi"><head><title>Ph&#7847;n &lt;b&gt; &amp; đơn</title></head><body>
<svg viewBox="0 0 1 1"><path d="M0"/></svg>
<main id="main"><form method="post" action="/language"><button name="lang" value="en">English</button></form>
<details class="x"><summary>A &amp; B</summary>
<form method="post" action="/x#f"><input type="hidden" name="way" value="post">
<input type="hidden" name="seen" value="9">
<input type="text" name="on" value="01/01/2016" required><textarea name="note" rows="3">cũ &lt;</textarea>
<select name="to"><option value="">–</option><option value="a" selected>A</option><option value="b">B</option></select>
<label><input type="radio" name="r" value="1" checked>1</label><label><input type="radio" name="r" value="2">2</label>
<input type="checkbox" name="also" value="yes" checked><input type="password" name="secret">
<input type="file" name="file" required><table><tbody>{ROW}</tbody></table></form>
<form method="post" action="/x"><input type="hidden" name="way" value="hand">
<input type="text" name="on" value="x"></form>
</details></main></body></html>
"""


def kept(*fields: tuple[str, str], action: str = "/x") -> Unfinished:
    return Unfinished("t" * 22, "/p", action, (("way", "post"), *fields), (), datetime(2016, 3, 14, tzinfo=UTC))


def put_back(form: Unfinished) -> tuple[str, PageForm]:
    place = place_of(PAGE, form, "/p")
    assert place is not None
    page = filled(PAGE, form, place, Drawing("", lambda name: ""))
    return page, forms_of(page, "/p")[place[0]]


@given(TYPED, TYPED, st.sampled_from(["", "a", "b"]), st.sampled_from(["1", "2"]))
def test_everything_typed_comes_back(on: str, note: str, to: str, chosen: str) -> None:
    page, form = put_back(kept(("on", on), ("note", note), ("to", to), ("r", chosen), ("secret", "x"), ("seen", "1")))
    assert [form.of(name) for name in ("on", "note", "to", "r", "also", "seen")] == [
        [on],
        [note],
        [to],
        [chosen],
        [],
        ["9"],
    ]
    assert form.of("resumed") == ["t" * 22]
    assert page.count("<details open") + page.count('class="x" open') == 1
    assert forms_of(page, "/p")[2].of("on") == ["x"], "the other form of the same address is left alone"


def test_what_is_not_of_the_form_stays_as_it_was() -> None:
    page, _ = put_back(kept(("on", "x")))
    before, after = PAGE.partition("<details")[0], PAGE.partition("</table></form>")[2]
    assert page.startswith(before) and page.endswith(after)


@given(st.integers(0, 30))
def test_a_table_has_as_many_rows_as_were_filled_in(last: int) -> None:
    _, form = put_back(kept(*((f"f.claims.{row}.who", f"Bà {row}") for row in range(last + 1))))
    names = [form.of(f"f.claims.{row}.who") for row in range(last + 1)]
    assert names == [[f"Bà {row}"] for row in range(last + 1)]
    assert form.of(f"f.claims.{last + 1}.who") in ([], [""])


def test_a_form_for_another_thing_or_address_is_not_taken() -> None:
    assert place_of(PAGE, kept(("on", "x"), action="/y"), "/p") is None
    other = Unfinished("t" * 22, "/p", "/x", (("way", "newspaper"), ("on", "x")), (), datetime(2016, 3, 14, tzinfo=UTC))
    assert place_of(PAGE, other, "/p") is None

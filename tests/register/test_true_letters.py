"""Letters that look alike are one letter before anything is compared."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.folding import fold
from models.look_alikes import TWINS, true_letters
from models.short_forms import plain_name
from register.gate import compare
from register.names import place_key, same_letters
from register.places import district_name
from tests.register.files import imported, only, read

LOOKS = {
    letter: [chr(code) for code, true in TWINS.items() if true == letter]
    for letter in {true for true in TWINS.values() if true}
}
HIDDEN = [chr(code) for code, true in TWINS.items() if not true]
TEXTS = [
    "HTX Đồng Tâm",
    "Quận Đồ Sơn",
    "đã đăng ký lại",
    "Tên hợp tác xã",
    "Xã An Thắng",
    "HỢP TÁC XÃ ĐIỆN",
    "Ngừng hoạt động",
]


@st.composite
def disguised(draw: st.DrawFn, texts: list[str]) -> tuple[str, str]:
    """A text, and the same to the eye: twins for letters, invisible signs between them, NFC or NFD."""
    text = draw(st.sampled_from(texts))
    letters = [draw(st.sampled_from([letter, *LOOKS.get(letter, [])])) for letter in text]
    at = draw(st.integers(0, len(letters)))
    letters.insert(at, draw(st.sampled_from(["", *HIDDEN])))
    return text, unicodedata.normalize(draw(st.sampled_from(["NFC", "NFD"])), "".join(letters))


@given(disguised(TEXTS))
def test_what_looks_alike_is_alike(pair: tuple[str, str]) -> None:
    text, seen = pair

    assert true_letters(seen) == text
    assert (fold(seen), plain_name(seen), place_key(seen)) == (fold(text), plain_name(text), place_key(text))
    assert same_letters(text, seen)


@given(st.text(max_size=30))
def test_true_letters_stay_as_they_are(text: str) -> None:
    assert true_letters(true_letters(text)) == true_letters(text)
    assert fold(true_letters(text)) == fold(text)


@given(disguised(["Quận Đồ Sơn", "Huyện An Dương"]), disguised(["HTX Đông Đô"]), disguised(["Đang hoạt động"]))
def test_a_register_in_disguise_reads_as_the_plain_one(
    district: tuple[str, str], name: tuple[str, str], status: tuple[str, str]
) -> None:
    line = "Tên HTX;Quận/huyện;Tình trạng\n{};{};{}\n"
    plain = only(read(line.format(name[0], district[0], status[0])))
    seen = only(read(line.format(name[1], district[1], status[1])))

    assert (seen.name, seen.district, seen.status, seen.findings) == (plain.name, plain.district, plain.status, ())
    assert compare([seen], imported(compare([plain], []))).changes_nothing


@pytest.mark.parametrize(
    "text", ["Quận Ðồ Sơn", "Quận Ɖồ Sơn", "Q. Ðồ\u00ad Sơn", "Ｑｕận Đồ Sơn", "Quận Đồ Sоn"[:-2] + "ơn"]
)
def test_a_district_is_known_in_any_letters(text: str) -> None:
    assert district_name(text) == "Quận Đồ Sơn"


def test_headings_are_known_in_any_letters() -> None:
    assert only(read("Tên НТХ;Quận/huyện;Ðiện thoại\nHTX Một;An Lão;0912345678\n")).phone == "0912345678"

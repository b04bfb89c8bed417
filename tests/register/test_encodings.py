"""Old encodings are recognised, and nothing else is taken for them."""

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from register.encodings import OLD, Encoding, decode, encode, letters, possible, ruling, sure, to_unicode
from register.syllables import is_syllable, spoken

PHRASES = [
    "Hợp tác xã dịch vụ nông nghiệp An Hồng",
    "Quận Hồng Bàng",
    "Phường Hoà Nghĩa",
    "Nguyễn Thị Mỹ Dung",
    "Ngừng hoạt động từ năm 2010",
    "Huyện Thủy Nguyên, thành phố Hải Phòng",
    "Chưa đăng ký lại",
    "Vệ sinh môi trường",
    "Xếp loại: yếu kém (năm 2014)",
    "Quỹ tín dụng nhân dân",
]
OTHER_TEXT = ["© 2014", "ABC®", "Café", "François", "Nestlé", "10 × 5", "½", "m²", "50·000", "«An»", "§ 5", "Müller"]
syllables = st.sampled_from(
    "hợp tác xã dịch vụ nông nghiệp thủy sản mỹ quý đồng ngõ ưu ỷ yến gì quyết khuỷu ương".split()
)
sentences = st.lists(syllables, min_size=1, max_size=8).map(" ".join)


@pytest.mark.parametrize("encoding", OLD)
@pytest.mark.parametrize("phrase", PHRASES)
def test_old_text_comes_out_as_unicode(phrase: str, encoding: Encoding) -> None:
    stored = encode(phrase, encoding)

    assert sure(stored) is encoding
    assert to_unicode(stored) == phrase


@pytest.mark.parametrize("phrase", PHRASES)
def test_unicode_text_stays_as_it_is_whatever_surrounds_it(phrase: str) -> None:
    assert [to_unicode(phrase, around) for around in (None, *Encoding)] == [phrase] * 4


@pytest.mark.parametrize("text", OTHER_TEXT)
def test_signs_and_foreign_names_are_not_taken_for_an_old_encoding(text: str) -> None:
    assert to_unicode(text) == text


@given(sentences)
def test_unicode_is_never_surely_old(text: str) -> None:
    assert sure(text) not in OLD
    assert to_unicode(text) == text
    assert to_unicode(text, Encoding.UNICODE) == text


@given(sentences, st.sampled_from(OLD))
def test_what_an_old_font_stored_reads_back_in_its_column(text: str, encoding: Encoding) -> None:
    assume(any(len(word) > 1 and not word.isascii() for word in text.split()))

    assert to_unicode(encode(text, encoding), encoding) == text


@given(st.text(st.characters(max_codepoint=0x17F), max_size=30))
def test_plain_text_never_fails(text: str) -> None:
    assert unicodedata.is_normalized("NFC", to_unicode(text))
    possible(text)


def test_tables_are_whole() -> None:
    lower = {
        unicodedata.normalize("NFC", b + t) for b in "aăâeêioôơuưy" for t in ("", *"\u0300\u0301\u0309\u0303\u0323")
    }
    wanted = {letter for letter in lower if not letter.isascii()} | {"đ"}

    assert wanted <= set(letters(Encoding.TCVN3).values())
    assert wanted | {letter.upper() for letter in wanted} == set(letters(Encoding.VNI).values())


@pytest.mark.parametrize("encoding", OLD)
def test_no_two_letters_are_stored_alike(encoding: Encoding) -> None:
    table = letters(encoding)

    assert len(table) == len(set(table.values()))


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        pytest.param("HîP T¸C X·", "HỢP TÁC XÃ", id="plain letters in capitals: the whole text is"),
        pytest.param("hîp t¸c x·", "hợp tác xã", id=".VnTimeH over small letters: case as it was stored"),
        pytest.param("Hîp t¸c x·", "Hợp tác xã", id="a sentence"),
        pytest.param("QUËN Lª CH¢N", "Quận Lê Chân", id="mixed"),
    ],
)
def test_capitals_of_tcvn3(stored: str, shown: str) -> None:
    assert decode(stored, Encoding.TCVN3).lower() == shown.lower()
    if stored[:2] != "QU":
        assert decode(stored, Encoding.TCVN3) == shown


def test_a_doubtful_word_follows_its_column() -> None:
    assert to_unicode("Xaõ", Encoding.VNI) == "Xã"
    assert to_unicode("Xaõ") == "Xaõ"
    assert to_unicode("µm", Encoding.UNICODE) == "µm"


def test_most_of_the_sure_texts_rule() -> None:
    assert ruling(["X·", "Hîp t¸c x·", "Hợp"]) is Encoding.TCVN3
    assert ruling(["abc", "1"]) is None


@given(sentences)
def test_combining_letters_become_single_ones(text: str) -> None:
    assert to_unicode(unicodedata.normalize("NFD", text)) == text


@pytest.mark.parametrize(
    "word", ["nghiêng", "quyết", "khuỷu", "giếng", "gì", "Đồng", "YÊN", "ưu", "oách", "thủy", "thuỷ"]
)
def test_syllables(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["hôïp", "taùc", "François", "nghiềp", "càt", "hợpp", "x·", "bcd", "étà"])
def test_no_syllables(word: str) -> None:
    assert not is_syllable(word)


def test_places_of_tone_marks_do_not_matter() -> None:
    assert spoken("hoà") == spoken("hòa")
    assert spoken("kỳ") == spoken("kì")
    assert spoken("hưng") != spoken("hùng")
    assert spoken("tai") != spoken("tay")


def test_the_soft_hyphen_of_a_column_in_tcvn3_is_a_letter() -> None:
    stored = encode("quý ưu", Encoding.TCVN3)

    assert "\u00ad" in stored
    assert to_unicode(stored, Encoding.TCVN3) == "quý ưu"

"""A password is the same word however a keyboard composes its accents."""

import unicodedata

import pytest

from casework.office.common_passwords import is_too_common
from casework.office.people import hash_of, hasher, matches

WORD = "Đồng Tâm mẫu 2016"
FORMS = (unicodedata.normalize("NFC", WORD), unicodedata.normalize("NFD", WORD))


@pytest.mark.parametrize("typed", FORMS, ids=["typed composed", "typed in parts"])
@pytest.mark.parametrize("kept", FORMS, ids=["kept composed", "kept in parts"])
def test_a_password_in_any_form_of_accents(kept: str, typed: str) -> None:
    assert matches(hash_of(kept), typed)


@pytest.mark.parametrize("typed", FORMS, ids=["typed composed", "typed in parts"])
@pytest.mark.parametrize("kept", FORMS, ids=["kept composed", "kept in parts"])
def test_a_hash_from_before_still_opens(kept: str, typed: str) -> None:
    assert matches(hasher().hash(kept), typed)


def test_another_accent_is_another_password() -> None:
    assert not matches(hash_of(WORD), WORD.replace("ồ", "ố"))


@pytest.mark.parametrize(
    "typed",
    [
        "aaaaaaaaaaaa", "abababababab", "abc12abc12abc12", "1234567890", "0987654321", "qwertyuiop", "1qaz2wsx3edc",
        "password123", "P@ssw0rd2016", "Matkhau@2016", "haiphong2016", "Hải Phòng 2016!", "Mật khẩu 123456",
        "nguyenvananh1990", "quantri123456", "!!!!!!!!!!!!", "!@#$%^!@#$%^",
    ],
)  # fmt: skip
def test_what_is_guessed_first_is_refused(typed: str) -> None:
    assert is_too_common(typed)


@pytest.mark.parametrize("typed", [WORD, "mat khau rieng 1", "ghế gỗ xanh 7 lá", "x7$Kq!w9Zp", "correct horse battery"])
def test_what_is_ones_own_is_taken(typed: str) -> None:
    assert not is_too_common(typed)

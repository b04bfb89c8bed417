"""Refuses passwords that are guessed first: common words with a year or a row of keys, and repetitions.

The words are a short list of our own, Vietnamese and English, not one taken from leaked passwords. A password is
compared without case, accents, blanks and signs; what remains of it without such pieces
has to be `LEAST_OWN` characters.
"""

import re
import unicodedata

LEAST_OWN = 4  # characters outside common pieces
LEAST_DIFFERENT = 5  # different characters
_WORDS = (
    "password passwort passwd pass qwerty azerty admin administrator root user guest login welcome letmein iloveyou "
    "monkey dragon master secret sunshine princess football baseball superman batman abc test demo changeme default "
    "hello money love office coopcase cooperative haiphong hanoi vietnam saigon danang "
    "matkhau mk quantri quantrivien taikhoan dangnhap nguoidung xinchao toiyeuem anhyeuem emyeuanh yeuem yeuanh "
    "toiyeuvietnam conyeu meyeu bome giadinh hanhphuc maiyeu motminh khongnho khongbiet khongco congty coquan vanphong "
    "canbo chuyenvien lanhdao vanthu hoptacxa htx lienminh xahoi chunghia doclap tudo thanhpho quan huyen phuong "
    "hoaphuong vinhbao tienlang anduong anlao kienthuy thuynguyen cathai doson hongbang ngoquyen lechan haian kienan "
    "duongkinh nguyen tran pham hoang huynh phan dang bui ngo duong hochiminh bacho hung dung tuan minh linh huong "
    "lan mai thao van thi anh"
)
_KEYS = (
    "01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1q2w3e4r5t6y7u8i9o0p",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm", "qazwsxedcrfvtgbyhnujm",
)  # fmt: skip
_RUN = 3  # neighbours in a row of keys or of the alphabet
_RUNS = {row[at : at + _RUN] for keys in _KEYS for row in (keys, keys[::-1]) for at in range(len(keys) - _RUN + 1)}
_YEARS = r"(?:19|20)\d\d"
_COMMON = re.compile("|".join(sorted(_WORDS.split(), key=len, reverse=True)) + f"|{_YEARS}")
_YEAR = re.compile(_YEARS)
_REPEATED = re.compile(r"(.+?)\1+", re.DOTALL)
_SIGNS, _DIGITS = str.maketrans("@$€", "ase"), str.maketrans("0134578", "oleastb")  # written for letters


def is_too_common(password: str) -> bool:
    """Whether a password consists of common words, years and rows of keys, or of repetitions."""
    plain = _plain(password)
    if len(set(password)) < LEAST_DIFFERENT or _REPEATED.fullmatch(password.casefold()):
        return True
    return any(len(_own(tried)) < LEAST_OWN for tried in (plain, _YEAR.sub("", plain).translate(_DIGITS)))


def _plain(password: str) -> str:
    parts = unicodedata.normalize("NFKD", password.casefold().replace("đ", "d")).translate(_SIGNS)
    letters = "".join(character for character in parts if character.isalnum())
    return letters or password  # of signs alone


def _own(text: str) -> str:
    """What is left of a text without its common pieces."""
    rest = _COMMON.sub("", text)
    return "".join(character for at, character in enumerate(rest) if not _in_a_run(rest, at))


def _in_a_run(text: str, at: int) -> bool:
    return any(text[start : start + _RUN] in _RUNS for start in range(max(0, at - _RUN + 1), at + 1))

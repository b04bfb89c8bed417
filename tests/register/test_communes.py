"""Which commune a text of a register means, and the lists of communes that offices bring."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import WrongInput
from models.folding import fold
from models.places import CommuneKind, CommuneName
from register.commune_file import CommuneRow, read_communes
from register.communes import CommuneIndex, ListedCommune, named_in_full, shipped_by_district, shipped_communes
from register.places import districts_by_code
from templates.words import say
from tests.register.files import xlsx

INDEX = CommuneIndex(shipped_communes())
SHORT = {
    "xa": ("Xã", "xã", "X.", "xa"),
    "phuong": ("Phường", "P.", "p"),
    "thi_tran": ("Thị trấn", "TT.", "TT", "thi tran"),
}


def test_the_list_has_every_district_and_223_communes() -> None:
    assert set(shipped_by_district()) == set(districts_by_code())
    kinds = [commune.name.kind.value for commune in shipped_communes()]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {"phuong": 70, "thi_tran": 10, "xa": 143}
    assert len({commune.code for commune in shipped_communes()}) == 223


def test_no_two_communes_of_a_district_have_one_name() -> None:
    keys = [(commune.district, fold(commune.name.proper)) for commune in shipped_communes()]
    assert len(keys) == len(set(keys))


@given(commune=st.sampled_from(shipped_communes()), data=st.data())
def test_every_commune_is_found_with_and_without_type_and_accents(commune: ListedCommune, data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(("", *SHORT[commune.name.kind.value])))
    name = data.draw(st.sampled_from((commune.name.proper, fold(commune.name.proper), commune.name.proper.upper())))
    assert INDEX.find(commune.district, f"{kind} {name}") == commune


@pytest.mark.parametrize(
    ("district", "text", "codes"),
    [
        ("HAN", "Đông Hải", ["HAN04", "HAN05"]),  # a former name of two
        ("HAN", "phường Đông Hải 1", ["HAN04"]),
        ("VBO", "Kiến Quốc", []),  # of another district
        ("KTY", "Kiến Quốcc", []),
        ("DKH", "xã Anh Dũng", ["DKH01"]),  # a phường now
        ("KTY", "", []),
        ("ADG", "xã An Hưng, huyện An Dương", ["ADG05"]),
        ("KAN", "Bắc Sơn - Kiến An", ["KAN01"]),
        ("KAN", "P. Bắc Sơn (quận Kiến An, Hải Phòng)", ["KAN01"]),
        ("KAN", "Bắc Sơn, An Dương", []),  # another district
    ],
)
def test_ambiguous_names_are_not_guessed(district: str, text: str, codes: list[str]) -> None:
    assert [commune.code for commune in INDEX.candidates(district, text)] == codes


def test_a_stated_type_chooses_between_two_of_one_name() -> None:
    two = [
        ListedCommune("A01", "A", CommuneName(CommuneKind.XA, "Tiên Lãng")),
        ListedCommune("A02", "A", CommuneName(CommuneKind.THI_TRAN, "Tiên Lãng")),
    ]
    index = CommuneIndex(two)
    assert index.find("A", "TT Tiên Lãng") == two[1]
    assert index.find("A", "Tiên Lãng") is None


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("12 Tô Hiệu, phường Dư Hàng Kênh", "LCH06"),
        ("Phuong Du Hang, Le Chan", "LCH05"),
        ("Thôn An Biên", None),
        ("phường An Biên, trước ở phường Cát Dài", None),
    ],
)
def test_an_address_tells_a_commune_that_it_names_with_its_type(address: str, code: str | None) -> None:
    found = INDEX.in_address("LCH", address)
    assert (found.code if found else None) == code


def test_a_text_says_a_type_only_in_full() -> None:
    assert str(named_in_full("XÃ  Tân Hưng")) == "xã Tân Hưng"
    assert [named_in_full(text) for text in ("X. Tân Hưng", "Tân Hưng", "Xã", "")] == [None] * 4


HEADER = ("STT", "Quận, huyện", "Xã, phường, thị trấn", "Loại", "Tên cũ")


def test_a_file_gives_types_from_the_name_or_their_column() -> None:
    rows = [
        ("DANH SÁCH",), HEADER, (1, "Huyện Kim Thành", "Thị trấn Phú Thái", "", ""),
        (2, "Huyện Kim Thành", "Ngũ Phúc", "xã", "Xã Cũ; Mới"), (3, "Huyện Kim Thành", "X. Kim Anh", "", ""),
    ]  # fmt: skip
    assert read_communes(xlsx(("Xã", rows)), "xa.xlsx") == [
        CommuneRow(3, "Huyện Kim Thành", CommuneKind.THI_TRAN, "Phú Thái"),
        CommuneRow(4, "Huyện Kim Thành", CommuneKind.XA, "Ngũ Phúc", ("Cũ", "Mới")),
        CommuneRow(5, "Huyện Kim Thành", CommuneKind.XA, "Kim Anh"),
    ]


def test_a_csv_file_is_read_alike() -> None:
    data = "Quận, huyện;Xã, phường, thị trấn\nHuyện Kim Thành;Xã Kim Anh\n".encode()
    assert [row.name for row in read_communes(data, "xa.csv")] == ["Kim Anh"]


def test_every_wrong_row_is_refused_by_its_number() -> None:
    rows = [
        HEADER, (1, "Huyện Kim Thành", "Kim Anh", "", ""), (2, "Kim Thành", "Xã Kim Anh", "", ""),
        (3, "Huyện Kim Thành", "Xã Kim Anh", "phường", ""), (4, "Huyện Kim Thành", "", "xã", ""),
        (5, "Huyện Kim Thành", "Xã Đủ", "", ""), (6, "Huyện Kim Thành", "xã đủ", "", ""),
    ]  # fmt: skip
    with pytest.raises(WrongInput) as wrong:
        read_communes(xlsx(("Xã", rows)), "xa.xlsx")
    also = wrong.value.params["also"]
    assert isinstance(also, list)
    reported = [(error.field, error.code) for error in (wrong.value, *also)]
    assert reported == [
        ("row 2", "communes_no_kind"), ("row 3", "communes_no_district"), ("row 4", "communes_no_kind"),
        ("row 5", "communes_no_name"), ("row 7", "communes_twice"),
    ]  # fmt: skip
    assert "2" in say(wrong.value, "vi") and "Kim Anh" in say(wrong.value, "en")


def test_a_file_without_its_header_is_refused() -> None:
    with pytest.raises(WrongInput) as wrong:
        read_communes(xlsx(("Xã", [("Huyện Kim Thành", "Xã Kim Anh")])), "xa.xlsx")
    assert wrong.value.code == "communes_no_header"

"""Each letter is right for the level of its case, and for the way in which the unit is dissolved."""

import re
from itertools import product

import pytest

from letters.catalogue import letter_type, letter_types
from letters.output.plain import plain
from letters.specimen import preview
from letters.tree import Letter

BOTH = sorted(name for name, kind in letter_types().items() if kind.levels == ("district", "city"))
COUNCILS = sorted(name for name, kind in letter_types().items() if kind.issuer == "council")
PLACE = r"(huyện|quận) (Kiến Thụy|KIẾN THỤY)"
OF_DISTRICT = re.compile(
    r"(Chi cục Thuế|Bảo hiểm xã hội|Phòng (Tài|Tư|Nông)[\w\s-]*|Thanh tra|Ủy ban nhân dân|UBND|Cơ quan chuyên ngành"
    rf"|trên địa bàn|[Cc]ác phòng, ban[\w\s,]*) {PLACE}|Trưởng Phòng|TRƯỞNG PHÒNG|TCKH|HUYỆN|Hội đồng nhân dân"
)
OF_CITY = re.compile(
    r"Cục Thuế thành phố|Bảo hiểm xã hội thành phố|Sở Tư pháp|Thanh tra thành phố|Giám đốc|GIÁM ĐỐC|SKHĐT"
    r"|trên địa bàn thành phố|Chánh Văn phòng Ủy ban nhân dân thành phố"
)
COMMUNES = ("commune_committee",)  # their parent is the district, whichever body registered the unit
CITYS_OWN = {name for name, kind in letter_types().items() if kind.issuer == "city_committee"}  # written by the city


def offices(letter: Letter) -> str:
    """The letter without what the unit itself says of where it sits and who registered it."""
    text = plain(letter).replace("xã Minh Tân, huyện Kiến Thụy, thành phố", "")
    return re.sub(r"nơi cấp: [^.;,\n]+", "", text)


@pytest.mark.parametrize("name", [name for name in BOTH if letter_type(name).issuer not in COMMUNES])
def test_no_office_of_the_district_is_on_a_letter_of_the_city(name: str) -> None:
    for letter in (preview(name, level="city"), preview(name, level="city", empty=True)):
        assert [found[0] for found in OF_DISTRICT.finditer(offices(letter))] == []


@pytest.mark.parametrize("name", sorted(set(letter_types()) - CITYS_OWN))
def test_no_office_of_the_city_replaces_that_of_the_district(name: str) -> None:
    for letter in (preview(name), preview(name, empty=True)):
        assert [found[0] for found in OF_CITY.finditer(offices(letter))] == []


@pytest.mark.parametrize("name", BOTH)
def test_a_union_is_not_called_a_cooperative(name: str) -> None:
    for level, called in (("district", "hợp tác xã"), ("city", "liên hiệp hợp tác xã")):
        asked = re.findall(r"đề nghị ((?:liên hiệp )?hợp tác xã)", plain(preview(name, level=level)))
        assert set(asked) <= {called}


@pytest.mark.parametrize(("name", "level"), product(BOTH, ("district", "city")))
def test_nobody_writes_to_himself_or_is_named_twice(name: str, level: str) -> None:
    letter = preview(name, level=level)
    listed = [text.removesuffix(" (để b/c)") for text in letter.recipients[:-1]]
    assert letter.author not in (*letter.addressees, *listed)
    assert len(set(listed)) == len(listed)
    assert "Như trên" not in listed or not set(listed) & set(letter.addressees)


@pytest.mark.parametrize(
    ("level", "way", "parent", "signed"),
    [
        ("district", "compulsory", "ỦY BAN NHÂN DÂN\nHUYỆN KIẾN THỤY", "HỘI ĐỒNG GIẢI THỂ"),
        ("city", "compulsory", "ỦY BAN NHÂN DÂN\nTHÀNH PHỐ HẢI PHÒNG", "HỘI ĐỒNG GIẢI THỂ"),
        ("district", "voluntary", "HỢP TÁC XÃ DỊCH VỤ NÔNG NGHIỆP MINH TÂN (MẪU)", "HỘI ĐỒNG GIẢI THỂ\nTỰ NGUYỆN"),
        ("city", "voluntary", "LIÊN HIỆP HỢP TÁC XÃ DỊCH VỤ THỦY SẢN CÁT HẢI (MẪU)", "HỘI ĐỒNG GIẢI THỂ\nTỰ NGUYỆN"),
    ],
)
@pytest.mark.parametrize("name", COUNCILS)
def test_a_council_is_below_the_body_that_formed_it(name: str, level: str, way: str, parent: str, signed: str) -> None:
    letter = preview(name, level=level, way=way)
    assert (letter.parent, letter.issuer) == (parent, signed)
    assert letter.form is (way == "voluntary" or letter_type(name).incoming)


@pytest.mark.parametrize("name", COUNCILS)
def test_the_members_own_council_does_not_call_on_a_decision_of_the_committee(name: str) -> None:
    assert "Quyết định ngày" not in plain(preview(name, way="voluntary"))
    assert "Nghị quyết đại hội thành viên ngày" not in plain(preview(name, way="compulsory"))


def test_a_head_who_decides_in_person_is_not_the_collective() -> None:
    settled = preview("complaint_settlement")
    assert settled.body[0].text == "CHỦ TỊCH ỦY BAN NHÂN DÂN HUYỆN KIẾN THỤY"  # type: ignore[union-attr]
    assert settled.authority == ("CHỦ TỊCH",)
    assert preview("decision_measure").authority == ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")


@pytest.mark.parametrize(
    ("name", "level", "decider"),
    [
        ("decision_measure", "district", "ỦY BAN NHÂN DÂN HUYỆN KIẾN THỤY"),
        ("decision_measure", "city", "ỦY BAN NHÂN DÂN THÀNH PHỐ HẢI PHÒNG"),
        ("certificate_withdrawal", "district", "TRƯỞNG PHÒNG TÀI CHÍNH - KẾ HOẠCH HUYỆN KIẾN THỤY"),
        ("certificate_withdrawal", "city", "GIÁM ĐỐC SỞ KẾ HOẠCH VÀ ĐẦU TƯ"),
        ("dissolution_resolution", "district", "ĐẠI HỘI THÀNH VIÊN"),
    ],
)
def test_the_power_to_decide_is_above_the_bases(name: str, level: str, decider: str) -> None:
    first = preview(name, level=level).body[0]
    assert (first.kind, first.text) == ("decider", decider)  # type: ignore[union-attr]

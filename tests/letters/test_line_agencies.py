"""Which line agency a letter goes to follows from the sector of the unit, the kind of district and the level."""

import pytest

from letters.catalogue import letter_type
from letters.letter_names import addressees, addressees_of, usual_addressee
from letters.specimen import specimen
from models.units import Sector

LETTER = letter_type("consultation_letter")


@pytest.mark.parametrize(
    ("sector", "level", "district", "agency"),
    [
        ("construction", "district", "huyện Kiến Thụy", "Phòng Kinh tế và Hạ tầng huyện Kiến Thụy"),
        ("agriculture_service", "district", "quận Hồng Bàng", "Phòng Kinh tế quận Hồng Bàng"),
        ("transport", "city", "huyện Kiến Thụy", "Sở Giao thông vận tải thành phố Hải Phòng"),
        ("market", "district", "huyện Kiến Thụy", "Phòng Kinh tế và Hạ tầng huyện Kiến Thụy"),
        ("credit", "city", "quận Hồng Bàng", "Ngân hàng Nhà nước Việt Nam, chi nhánh thành phố Hải Phòng"),
        ("", "city", "quận Hồng Bàng", "Sở Công Thương thành phố Hải Phòng"),
    ],
)  # fmt: skip
def test_the_line_agency_is_that_of_the_sector(sector: str, level: str, district: str, agency: str) -> None:
    data = specimen(LETTER)
    data["unit"] = {**data["unit"], "sector": sector}
    data["case"]["level"] = level
    assert addressees_of("line_agency", {"district": district, "area": district}, data) == (agency,)


def test_an_agency_that_the_office_entered_takes_its_place() -> None:
    data = specimen(LETTER)
    data["agencies"] = {"line_agency": ("Phòng Kinh tế (mẫu)",)}
    assert addressees_of("line_agency", {"district": "huyện Kiến Thụy"}, data) == ("Phòng Kinh tế (mẫu)",)


def test_every_sector_named_is_one_of_the_register() -> None:
    entry = addressees()["line_agency"]
    assert not isinstance(entry, str)
    assert set(entry["by_sector"]) <= {str(sector) for sector in Sector}
    assert "Sở Công Thương" in usual_addressee("line_agency", "")

"""Names of districts and communes with their type, which is part of every printed name."""

from dataclasses import dataclass
from enum import StrEnum


class CommuneKind(StrEnum):
    """Types of commune-level administrative units."""

    XA = "xa"
    PHUONG = "phuong"
    THI_TRAN = "thi_tran"

    @property
    def word(self) -> str:
        return {"xa": "xã", "phuong": "phường", "thi_tran": "thị trấn"}[self.value]


class DistrictKind(StrEnum):
    """Types of district-level administrative units."""

    QUAN = "quan"
    HUYEN = "huyen"
    THI_XA = "thi_xa"
    THANH_PHO = "thanh_pho"

    @property
    def word(self) -> str:
        return {"quan": "quận", "huyen": "huyện", "thi_xa": "thị xã", "thanh_pho": "thành phố"}[self.value]


@dataclass(frozen=True, slots=True)
class CommuneName:
    """The name of a commune with its type. `str()` is `xã Minh Tân`."""

    kind: CommuneKind
    proper: str  # without the type: place line before the date of the commune's documents (Circular 01/2011 art. 9)

    def __str__(self) -> str:
        return f"{self.kind.word} {self.proper}"

    @property
    def title(self) -> str:
        """Return the name with a capital letter, for table cells: `Xã Minh Tân`."""
        text = str(self)
        return text[0].upper() + text[1:]


def district_full_name(kind: str, name: str) -> str:
    """Return the name in running text: `quận Hồng Bàng`."""
    return f"{DistrictKind(kind).word} {name}"


def district_title(kind: str, name: str) -> str:
    """Return the name with a capital letter, for table cells: `Quận Hồng Bàng`."""
    text = district_full_name(kind, name)
    return text[0].upper() + text[1:]

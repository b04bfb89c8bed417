"""Names of districts and communes with their type: neither can be made or printed without it."""

from dataclasses import dataclass
from enum import StrEnum


class CommuneKind(StrEnum):
    """The commune-level units of administration."""

    XA = "xa"
    PHUONG = "phuong"
    THI_TRAN = "thi_tran"

    @property
    def word(self) -> str:
        return {"xa": "xã", "phuong": "phường", "thi_tran": "thị trấn"}[self.value]


class DistrictKind(StrEnum):
    """The district-level units of administration."""

    QUAN = "quan"
    HUYEN = "huyen"
    THI_XA = "thi_xa"
    THANH_PHO = "thanh_pho"

    @property
    def word(self) -> str:
        return {"quan": "quận", "huyen": "huyện", "thi_xa": "thị xã", "thanh_pho": "thành phố"}[self.value]


@dataclass(frozen=True, slots=True)
class CommuneName:
    """A commune as texts name it. `str()` is `xã Minh Tân`."""

    kind: CommuneKind
    proper: (
        str  # without the type: only the place before the date of the commune's own papers (Circular 01/2011 art. 9)
    )

    def __str__(self) -> str:
        return f"{self.kind.word} {self.proper}"

    @property
    def title(self) -> str:
        """As it stands alone in a cell: `Xã Minh Tân`."""
        text = str(self)
        return text[0].upper() + text[1:]


def district_full_name(kind: str, name: str) -> str:
    """`quận Hồng Bàng`."""
    return f"{DistrictKind(kind).word} {name}"


def district_title(kind: str, name: str) -> str:
    """As it stands alone in a cell: `Quận Hồng Bàng`."""
    text = district_full_name(kind, name)
    return text[0].upper() + text[1:]

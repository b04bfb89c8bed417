"""Kinds, sectors and the two classification axes of a unit of the collective economy."""

from enum import StrEnum


class UnitKind(StrEnum):
    """Legal kinds of a unit in the register of the collective economy."""

    COOPERATIVE = "htx"
    UNION = "lien_hiep"
    GROUP = "to_hop_tac"
    CREDIT_FUND = "quy_tin_dung"


class Sector(StrEnum):
    """The economic sector of a unit."""

    AGRICULTURE_SERVICE = "agriculture_service"
    SANITATION = "sanitation"
    MARKET = "market"
    RETAIL = "retail"
    CLEAN_WATER = "clean_water"
    TRANSPORT = "transport"
    ELECTRICITY = "electricity"
    CRAFT = "craft"
    CONSTRUCTION = "construction"
    CREDIT = "credit"
    OTHER = "other"


class Grade(StrEnum):
    """Axis A: the economic grade."""

    GOOD = "tot"
    FAIR = "kha"
    AVERAGE = "trung_binh"
    WEAK = "yeu"
    UNGRADED = "chua_xep_loai"


class OperatingStatus(StrEnum):
    """Axis B: the legal and operating status; the codes are those of the working list B1 to B8."""

    OPERATING = "B1"
    OPERATING_NOT_CONFORMING = "B2"
    NOMINAL = "B3"
    STOPPED = "B4"
    SUSPENDED = "B5"
    DISSOLVING = "B6"
    UNREACHABLE = "B7"
    CLOSED = "B8"

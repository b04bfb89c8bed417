"""How dates, money and numbers are shown."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


def date_vi(day: date | None) -> str:
    """dd/mm/yyyy, or nothing."""
    return day.strftime("%d/%m/%Y") if day else ""


def moment_vi(moment: datetime | None) -> str:
    """dd/mm/yyyy HH:MM in the time of Viet Nam, or nothing."""
    return moment.astimezone(HANOI).strftime("%d/%m/%Y %H:%M") if moment else ""


def number(value: int | None) -> str:
    """Thousands separated by dots, as in 1.250.000."""
    return "" if value is None else f"{value:,}".replace(",", ".")


def tenth(value: float, lang: str) -> str:
    """One digit behind the comma, which in English is a point."""
    return f"{value:.1f}" if lang == "en" else f"{value:.1f}".replace(".", ",")


def span(low: int, high: int) -> str:
    """From one number to another, or the one where they are the same."""
    return number(low) if low == high else f"{number(low)}–{number(high)}"


def money(value: int | None) -> str:
    """Integer đồng with dots and the sign of the đồng."""
    return "" if value is None else f"{number(value)} đ"

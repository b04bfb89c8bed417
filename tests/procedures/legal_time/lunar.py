"""The Vietnamese lunar calendar from the moon and the sun alone, after the algorithm that Hồ Ngọc Đức published.

New moons and the sun's longitude by the short series of Jean Meeus, in the time of Hanoi (UTC+7). It shares nothing
with the library `holidays`, whose table of lunar days it is held against.
"""

from datetime import date
from math import floor, pi, sin

HANOI = 7 / 24
SYNODIC_MONTH = 29.530588853
FIRST_NEW_MOON = 2415021.076998695  # Julian day of the one that the count of new moons starts from, 01/01/1900
JULIAN_OF_ORDINAL = 1721425  # the Julian day number of a date less its ordinal


def lunar(year: int, month: int, day: int) -> date:
    """The day of a lunar date, the months counted from Tết; never in the leap month."""
    start, leap = _eleventh_month(year - 1), None
    if _eleventh_month(year) - start > 365:
        leap = _leap_place(start)
    place = (month + 1) if month < 11 else (month - 11)
    if leap is not None and place >= leap:
        place += 1
    return _date(_new_moon_day(_count_of(start) + place) + day - 1)


def _eleventh_month(year: int) -> int:
    """The first day of the lunar month that holds the winter solstice."""
    count = int((_julian(date(year, 12, 31)) - 2415021) / SYNODIC_MONTH)
    start = _new_moon_day(count)
    return _new_moon_day(count - 1) if _twelfth(start) >= 9 else start


def _leap_place(start: int) -> int:
    """How many months after the eleventh the first one without a middle solar term comes."""
    count = _count_of(start)
    place, arc = 1, _twelfth(_new_moon_day(count + 1))
    while True:
        place += 1
        last, arc = arc, _twelfth(_new_moon_day(count + place))
        if arc == last or place >= 14:
            return place - 1


def _count_of(start: int) -> int:
    return floor((start - FIRST_NEW_MOON) / SYNODIC_MONTH + 0.5)


def _julian(day: date) -> int:
    return day.toordinal() + JULIAN_OF_ORDINAL


def _date(julian: int) -> date:
    return date.fromordinal(julian - JULIAN_OF_ORDINAL)


def _new_moon_day(count: int) -> int:
    """The day number, in Hanoi, of a new moon."""
    return floor(_new_moon(count) + 0.5 + HANOI)


def _new_moon(count: int) -> float:
    """The instant of a new moon as a Julian day, in universal time."""
    t, rad = count / 1236.85, pi / 180
    mean = 2415020.75933 + 29.53058868 * count + 0.0001178 * t**2 - 0.000000155 * t**3
    mean += 0.00033 * sin((166.56 + 132.87 * t - 0.009173 * t**2) * rad)
    sun = (359.2242 + 29.10535608 * count - 0.0000333 * t**2 - 0.00000347 * t**3) * rad
    moon = (306.0253 + 385.81691806 * count + 0.0107306 * t**2 + 0.00001236 * t**3) * rad
    node = (21.2964 + 390.67050646 * count - 0.0016528 * t**2 - 0.00000239 * t**3) * rad
    shift = (0.1734 - 0.000393 * t) * sin(sun) + 0.0021 * sin(2 * sun) - 0.4068 * sin(moon) + 0.0161 * sin(2 * moon)
    shift += -0.0004 * sin(3 * moon) + 0.0104 * sin(2 * node) - 0.0051 * sin(sun + moon)
    shift += -0.0074 * sin(sun - moon) + 0.0004 * sin(2 * node + sun) - 0.0004 * sin(2 * node - sun)
    shift += -0.0006 * sin(2 * node + moon) + 0.0010 * sin(2 * node - moon) + 0.0005 * sin(2 * moon + sun)
    return mean + shift - (-0.000278 + 0.000265 * t + 0.000262 * t**2)


def _twelfth(day: int) -> int:
    """The twelfth of the sun's path, from the spring equinox, at the start of a day in Hanoi."""
    t, rad = (day - 2451545.5 - HANOI) / 36525, pi / 180
    anomaly = (357.52910 + 35999.05030 * t - 0.0001559 * t**2 - 0.00000048 * t**3) * rad
    longitude = 280.46645 + 36000.76983 * t + 0.0003032 * t**2
    longitude += (1.914600 - 0.004817 * t - 0.000014 * t**2) * sin(anomaly)
    longitude += (0.019993 - 0.000101 * t) * sin(2 * anomaly) + 0.000290 * sin(3 * anomaly)
    return floor((longitude % 360) / 30)

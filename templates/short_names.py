"""A unit's name as officers shorten it, from short_names.yaml."""

import re
from functools import cache
from importlib.resources import files

from models.yaml_text import read_yaml


def short_name(unit: str) -> str:
    """HTX DVNN Bạch Đằng for Hợp tác xã Dịch vụ nông nghiệp Bạch Đằng."""
    for long, short in _pairs():
        unit = unit.replace(long, short)
    return unit


def full_name(unit: str) -> str:
    """Hợp tác xã Dịch vụ nông nghiệp Bạch Đằng for HTX DVNN Bạch Đằng, as official letters write it."""
    for long, short in _pairs():
        unit = re.sub(rf"(?<!\w){short}(?!\w)", lambda found, name=long: _fitting(name, found), unit)  # type: ignore[misc]
    return unit


def _fitting(name: str, found: re.Match[str]) -> str:
    """The kind of a unit begins with a capital at the start of its name alone: Liên hiệp hợp tác xã."""
    inner = found.start() > 0 and name.startswith("Hợp tác xã")
    return f"{name[:1].lower()}{name[1:]}" if inner else name


@cache
def _pairs() -> tuple[tuple[str, str], ...]:
    read = read_yaml(files("templates").joinpath("short_names.yaml").read_text(encoding="utf-8"))
    return tuple((long, short) for long, short in read)

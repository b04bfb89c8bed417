"""A unit's name as officers shorten it, from short_names.yaml."""

from functools import cache
from importlib.resources import files

from models.yaml_text import read_yaml


def short_name(unit: str) -> str:
    """HTX DVNN Bạch Đằng for Hợp tác xã Dịch vụ nông nghiệp Bạch Đằng."""
    for long, short in _pairs():
        unit = unit.replace(long, short)
    return unit


@cache
def _pairs() -> tuple[tuple[str, str], ...]:
    read = read_yaml(files("templates").joinpath("short_names.yaml").read_text(encoding="utf-8"))
    return tuple((long, short) for long, short in read)

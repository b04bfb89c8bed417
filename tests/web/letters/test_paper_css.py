"""What is printed is no phone, however narrow an A4 page is."""

import re
from importlib.resources import files


def test_rules_for_narrow_screens_are_for_screens_alone() -> None:
    css = files("templates").joinpath("static", "coopcase.css").read_text(encoding="utf-8")
    narrow = re.findall(r"@media[^{]*max-width[^{]*\{", css)
    assert narrow
    assert all("screen and" in rule for rule in narrow)

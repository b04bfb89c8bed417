"""Numbers as they are shown."""

import pytest

from templates.formats import span


@pytest.mark.parametrize(
    ("low", "high", "shown"), [(0, 2, "0–2"), (13, 13, "13"), (0, 0, "0"), (900, 1200, "900–1.200")]
)
def test_a_span_of_one_number_is_that_number(low: int, high: int, shown: str) -> None:
    assert span(low, high) == shown

"""A short round of what `make fuzz` does for an hour: nonsense, and good inputs with a few bytes changed."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.seeds import seeds
from tests.fuzz.targets import TARGETS, any_target

SEEDS = list(seeds())
CHANGES = st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), max_size=12)  # place, new byte
QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@QUICK
@given(st.sampled_from(sorted(TARGETS)), st.binary(max_size=3000))
def test_nonsense_is_refused(target: str, data: bytes) -> None:
    TARGETS[target](data)


@QUICK
@given(st.sampled_from(sorted(TARGETS)), st.text(max_size=400))
def test_text_is_taken_or_refused(target: str, text: str) -> None:
    TARGETS[target](b"\x01" + text.encode("utf-8", "replace"))


@QUICK
@given(
    st.sampled_from(SEEDS), st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), max_size=12), st.floats(0, 1)
)
def test_a_damaged_file_is_taken_or_refused(seed: bytes, changes: list[tuple[float, int]], kept: float) -> None:
    data = bytearray(seed)
    for place, value in changes:
        data[2 + int(place * (len(data) - 2))] = value
    any_target(bytes(data[: 2 + int(kept * len(data))]))


@pytest.mark.parametrize("seed", SEEDS, ids=range(len(SEEDS)))
def test_the_good_inputs_pass(seed: bytes) -> None:
    any_target(seed)

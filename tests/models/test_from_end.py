"""Pages read from the nearer end of a list are those of the list."""

from hypothesis import given
from hypothesis import strategies as st

from models.from_end import span_of

NUMBERS = st.integers(0, 60)


@given(total=NUMBERS, limit=st.integers(1, 60), offset=NUMBERS)
def test_a_page_from_either_end_is_the_same_and_the_way_to_it_the_shorter(total: int, limit: int, offset: int) -> None:
    rows, span = list(range(total)), span_of(limit, offset, total)
    found = (rows[::-1] if span.backwards else rows)[span.offset : span.offset + span.limit]
    assert (found[::-1] if span.backwards else found) == rows[offset : offset + limit]
    assert span.offset <= max(total - offset - limit, 0) or not span.backwards
    assert span.offset <= max(total // 2, 0)

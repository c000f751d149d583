"""Which part of a file a request asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients import ranges
from clients.ranges import OutOfRange


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("bytes=0-", "bytes 0-999/1000"),
        ("bytes=0-0", "bytes 0-0/1000"),
        ("bytes=200-299", "bytes 200-299/1000"),
        ("bytes=990-5000", "bytes 990-999/1000"),
        ("bytes=-100", "bytes 900-999/1000"),
        ("bytes=-5000", "bytes 0-999/1000"),
        ("Bytes = 10 - 19", "bytes 10-19/1000"),
    ],
)
def test_one_range_is_one_part(header, told):
    assert ranges.part_of(header, 1000).told == told


@pytest.mark.parametrize("header", ["", "bytes=-", "bytes=5-2", "bytes=0-1,5-9", "lines=0-1", "bytes=a-b", "bytes=1"])
def test_what_is_no_single_range_is_answered_with_the_whole(header):
    assert ranges.part_of(header, 1000) is None


@pytest.mark.parametrize("header", ["bytes=1000-", "bytes=5000-6000", "bytes=-0"])
def test_what_lies_behind_the_end_is_out_of_range(header):
    with pytest.raises(OutOfRange):
        ranges.part_of(header, 1000)


@given(st.integers(0, 3000), st.integers(0, 3000), st.integers(1, 2000))
def test_a_part_lies_in_the_file_and_begins_where_it_was_asked_to(first, last, size):
    try:
        part = ranges.part_of(f"bytes={first}-{last}", size)
    except OutOfRange:
        assert first >= size
        return
    if part is None:
        assert last < first
    else:
        assert (part.start, part.end, part.length) == (first, min(size, last + 1), min(size, last + 1) - first)
        assert 0 <= part.start < part.end <= size

"""Raw input takes the shape of its field, and nothing that comes in can break that."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curriculum import fields
from curriculum.values import LONGEST, value
from tests.curriculum.fields_at_hand import field


@pytest.mark.parametrize(
    ("kind", "raw", "shaped"),
    [
        ("entries", [{"id": 3}, 5, "7", 3, None, "x", {"no": 1}], [{"id": 3}, {"id": 5}, {"id": 7}]),
        ("lines", {"id": 3}, []),
        ("lines", "3", []),
        ("audio", {"id": "12", "seconds": 3}, {"id": 12}),
        ("audio", "12", {"id": 12}),
        ("audio", [], None),
        ("audio", 2**70, None),
        ("line", "a\r\nb\x00", "a\nb"),
        ("prose", "x" * (LONGEST + 5), "x" * LONGEST),
        ("int", True, None),
        ("int", " 7 ", 7),
        ("check", "on", True),
        ("multi", ["b", "z"], ["b"]),
    ],
)
def test_what_comes_in_is_shaped(kind, raw, shaped):
    assert value(field(kind), raw) == shaped


def test_a_copy_that_was_handed_in_is_named_again_when_another_attempt_starts_from_it():
    copies = [{"id": 4, "title": "Release review"}, {"id": 9, "title": "Planning"}]

    assert value(field("entries"), copies) == [{"id": 4}, {"id": 9}]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["id", "text", "tag", "by"]), inner),
    max_leaves=12,
)


@pytest.mark.parametrize("kind", fields.KINDS)
@given(raw=ANYTHING)
def test_nothing_that_comes_in_is_refused_and_what_is_shaped_stays_as_it_is(kind, raw):
    shaped = value(field(kind), raw)

    assert value(field(kind), shaped) == shaped
    fields.complaints(field(kind), shaped)

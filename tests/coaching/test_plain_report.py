"""A report as plain data and back: nothing is lost, and the same report is the same bytes."""

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coaching import outcomes
from coaching.outcomes import plain
from coaching.outcomes.people import There, Who
from curriculum.figures import Figure, Why
from curriculum.growth import Reliable, Spread

FLOATS = st.floats(allow_nan=False, allow_infinity=False)
TIMES = st.datetimes(timezones=st.sampled_from([UTC]))
st.register_type_strategy(float, FLOATS)


def reports():
    """Every field of every part by its own type, as whatever it may hold."""
    return st.builds(outcomes.Report, at=TIMES)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(reports())
def test_a_report_is_read_as_it_was_written(report):
    written = plain.canonical(plain.data_of(report))

    assert plain.read(outcomes.Report, json.loads(written)) == report


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(reports())
def test_what_was_read_is_written_as_the_same_bytes(report):
    written = plain.canonical(plain.data_of(report))
    again = plain.canonical(plain.data_of(plain.read(outcomes.Report, json.loads(written))))

    assert (again, plain.digest(again)) == (written, plain.digest(written))


def test_canonical_has_sorted_keys_nothing_between_and_every_letter():
    assert plain.canonical({"b": 1.0, "a": ["ä", None, True]}) == '{"a":["ä",null,true],"b":1.0}'
    assert plain.digest("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_number_that_is_none_is_refused(number):
    with pytest.raises(ValueError, match="JSON"):
        plain.canonical([number])


def test_what_has_no_plain_form_is_refused():
    for odd in ({1: 2}, object(), {1, 2}):
        with pytest.raises(plain.NotPlain):
            plain.data_of(odd)


@pytest.mark.parametrize(
    ("kind", "value", "data"),
    [
        (Figure, Figure(3, 4, 0.5, why=Why.ONE), {"n": 3, "of": 4, "value": 0.5, "low": None, "high": None, "why": Why.ONE.value}),
        (There, There("a0", "own", 3), {"key": "a0", "name": "own", "n": 3}),
        (Spread, Spread(2, 2, 1.0, 0.0), {"n": 2, "of": 2, "mean": 1.0, "sd": 0.0, "why": ""}),
        (date, date(2026, 3, 4), "2026-03-04"),
        (datetime, datetime(2026, 3, 4, tzinfo=UTC), "2026-03-04T00:00:00+00:00"),
        (tuple[int, str], (1, "a"), [1, "a"]),
        (dict[str, float], {"a": 1.0}, {"a": 1.0}),
    ],
)  # fmt: skip
def test_what_it_looks_like(kind, value, data):
    assert plain.data_of(value) == data
    assert plain.read(kind, data) == value


def test_two_ends_and_no_number_stay_what_they_are():
    for told in (3, (0, 2), None):
        row = Reliable(9, 9, 0.8, 1.0, told, None, 3)
        assert plain.read(Reliable, json.loads(plain.canonical(plain.data_of(row)))) == row


@pytest.mark.parametrize(("kind", "data"), [(int, "3"), (Who, {"enrolled": 3}), (tuple[int, int], [1]), (Spread, [1])])
def test_data_that_does_not_fit_is_refused(kind, data):
    with pytest.raises((TypeError, ValueError, AttributeError)):
        plain.read(kind, data)

"""Shapes are read field by field in less time than the library takes, and say what it says."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from rest_framework import serializers

from clients.api.base import Instant, Shape
from clients.models import User

NOON = datetime(2026, 3, 2, 12, 0, 0, 50, tzinfo=timezone(timedelta(hours=2)))


class Inner(Shape):
    name = serializers.CharField(source="__str__")
    at = Instant(source="date_joined", allow_null=True)


class Outer(Shape):
    """A field of each kind there is."""

    who = Inner()
    others = Inner(many=True)
    email = serializers.EmailField(source="who.email")
    nobody = Inner(allow_null=True)
    mine = serializers.BooleanField(source="who.is_active")
    left = serializers.CharField(default="nothing", source="not_there")
    gone = serializers.CharField(required=False)
    joined = serializers.IntegerField(source="who.get_full_name.real", default=0)
    told = serializers.SerializerMethodField()
    keys = serializers.IntegerField()

    def get_told(self, found) -> str:
        return f"of {found['who']}"


@pytest.fixture
def found():
    people = [User(email=f"{name}@example.org", name=name, date_joined=NOON) for name in ("Mina", "Noor")]
    people[1].date_joined = None
    return {"who": people[0], "others": people, "nobody": None, "keys": 3}


def test_a_shape_says_what_the_library_makes_of_it(found):
    shape = Outer(found)

    assert shape.data == serializers.Serializer.to_representation(shape, found)
    assert shape.data == {
        "who": {"name": "Mina", "at": "2026-03-02T10:00:00.000050Z"},
        "others": [{"name": "Mina", "at": "2026-03-02T10:00:00.000050Z"}, {"name": "Noor", "at": None}],
        "email": "Mina@example.org",
        "nobody": None,
        "mine": True,
        "left": "nothing",
        "joined": 0,
        "told": "of Mina",
        "keys": 3,
    }


@pytest.mark.parametrize("value", [NOON, NOON.astimezone(UTC), NOON.replace(microsecond=0), "2026-03-02T12:00:00Z"])
def test_an_instant_says_what_the_library_makes_of_it(value):
    plain = serializers.DateTimeField(default_timezone=UTC)

    assert Instant().to_representation(value) == plain.to_representation(value)


def test_what_is_missing_breaks_as_it_would_in_the_library(found):
    with pytest.raises(KeyError, match="who"):
        _ = Outer({"others": []}).data

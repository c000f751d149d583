"""Shapes of ratings, and of the sessions a client came to."""

from rest_framework import serializers

from clients.api.base import Instant, Shape
from clients.api.ledger import Line
from clients.api.meetings import Meeting

from .names import Person


class RatingRow(Shape):
    """One client in the grid: their points by competency, in the order of the programme; null is not seen."""

    enrolment = serializers.IntegerField()
    name = serializers.CharField()
    is_rated = serializers.BooleanField()
    points = serializers.ListField(child=serializers.IntegerField(allow_null=True))


class PointSeen(Shape):
    """A point of a coach, with what it stands for and what was seen."""

    point = serializers.IntegerField(min_value=1, max_value=5)
    anchor = serializers.CharField()
    evidence = serializers.CharField()


class BothSides(Shape):
    """One competency of one time, from both sides."""

    competency = serializers.CharField()
    name = serializers.CharField()
    seen = PointSeen(allow_null=True)
    own = serializers.FloatField(allow_null=True)


class SavedRating(Shape):
    """Whose rating it is, and when it was saved."""

    coach = Person()
    rated_at = Instant()
    visibility = serializers.CharField(source="VISIBILITY", help_text="who can read it")


class Beside(Shape):
    """One time. `own_hidden`: the client's own is there, and shows once the coach has rated."""

    moment = serializers.CharField(source="key")
    title = serializers.CharField()
    week = serializers.IntegerField()
    rating = SavedRating(allow_null=True)
    rows = BothSides(many=True)
    own_finished = serializers.BooleanField()
    own_hidden = serializers.BooleanField()


class PointToGive(Shape):
    """A point from 1 to 5, and one sentence of evidence for it."""

    point = serializers.IntegerField(required=False, allow_null=True)
    evidence = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class ToRate(Shape):
    """Competency → its point and its evidence. What was not seen is left out."""

    ratings = serializers.DictField(child=PointToGive())

    def validate(self, attrs):
        return {"given": attrs["ratings"]}


class CameTo(Shape):
    """One session that took place, as one client was at it; `presence` is empty where nobody marked them."""

    session = serializers.IntegerField()
    week = serializers.IntegerField()
    title = serializers.CharField()
    starts_at = Instant()
    presence = serializers.ChoiceField(["here", "late", "absent", "excused", ""])
    declined = serializers.BooleanField(help_text="they said that they could not come")


class PlannedOneOnOne(Shape):
    """A 1:1 as its coach reads it: the moves as they were planned, what was heard, what was promised."""

    id = serializers.IntegerField(source="pk")
    date = serializers.DateField()
    with_whom = serializers.CharField()
    state = serializers.CharField()
    content = serializers.DictField(child=serializers.CharField())
    heard = serializers.CharField()
    actions = serializers.ListField(child=serializers.DictField())


class Kept(Shape):
    """What a client keeps for themselves and their coaches, the newest day first. Private lines are not in it."""

    meetings = Meeting(many=True)
    lines = Line(many=True)
    one_on_ones = PlannedOneOnOne(many=True)

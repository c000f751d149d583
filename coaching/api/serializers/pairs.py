"""Blind pairs, as they go out and come in. What a reader gets has no number in it."""

from rest_framework import serializers

from clients.api.base import Instant, Shape

from .calibration import Anchored, Levels


class BlindPairWaiting(Shape):
    """A pair to read."""

    token = serializers.CharField()
    title = serializers.CharField()


class BlindTexts(Shape):
    """The two texts, in the order drawn for this reader."""

    first = serializers.CharField()
    second = serializers.CharField()


class BlindPair(Shape):
    """A pair as its reader sees it; once it is rated, without its texts."""

    token = serializers.CharField(source="blind.token")
    title = serializers.CharField(source="blind.title")
    rated = serializers.BooleanField(source="blind.is_rated")
    texts = serializers.SerializerMethodField()
    criteria = Anchored(many=True)

    def get_texts(self, told) -> dict[str, str] | None:
        return dict(zip(("first", "second"), told["blind"].texts, strict=False)) or None


class BlindRating(Shape):
    """The levels of both texts, by criterion."""

    first = Levels()
    second = Levels()


class PairConsent(Shape):
    """Whether a client allows that their texts are read blind, and since when."""

    allowed = serializers.BooleanField()
    since = Instant(allow_null=True)


class PairReader(Shape):
    """Who was asked, and whether they have read."""

    name = serializers.CharField()
    done = serializers.BooleanField(source="is_done")


class PairCoach(Shape):
    """Somebody who could be asked."""

    id = serializers.IntegerField(source="pk")
    name = serializers.CharField()


class PairRow(Shape):
    """A client whose texts can be read blind."""

    enrolment = serializers.IntegerField(source="enrolment.pk")
    client = serializers.CharField(source="enrolment.client.name")
    cohort = serializers.CharField(source="enrolment.cohort.name")
    title = serializers.CharField()
    readers = PairReader(many=True)
    offered = PairCoach(many=True)


class PairAgreement(Shape):
    """Quadratic weighted kappa of two readers, with how much it rests on, and in words."""

    kappa = serializers.FloatField(allow_null=True)
    n = serializers.IntegerField(help_text="levels that both gave")
    pairs = serializers.IntegerField()
    words = serializers.CharField()


class PairsForAdmins(Shape):
    """Who can be read and by whom, and how far two readers agree."""

    clients = PairRow(many=True)
    agreement = PairAgreement()


class PairToAsk(Shape):
    """Whom to ask."""

    rater = serializers.IntegerField(min_value=1, max_value=2**31 - 1)

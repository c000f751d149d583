"""Shapes of notes."""

from django.utils.translation import gettext as _
from rest_framework import serializers

from clients.api.base import BIGGEST, Instant, Query, Shape
from clients.models import Visibility

from .names import Person


class NoteQuery(Query):
    """About whom, or of which cohort."""

    enrolment = serializers.IntegerField(required=False, min_value=1, max_value=BIGGEST)
    cohort = serializers.IntegerField(required=False, min_value=1, max_value=BIGGEST)
    after = serializers.IntegerField(required=False, min_value=1, max_value=2**62)


class NoteToWrite(Shape):
    """Words, and for which readers. About a client by their enrolment, or about a cohort."""

    enrolment = serializers.IntegerField(required=False, min_value=1, max_value=BIGGEST)
    cohort = serializers.IntegerField(required=False, min_value=1, max_value=BIGGEST)
    visibility = serializers.ChoiceField(Visibility.choices)
    text = serializers.CharField(allow_blank=True, max_length=6000)

    def validate(self, attrs):
        if ("enrolment" in attrs) == ("cohort" in attrs):
            raise serializers.ValidationError({"enrolment": [_("Say whom it is about, or which cohort.")]})
        return attrs


class NoteKept(Shape):
    """A note, and who is among its readers."""

    id = serializers.IntegerField(source="pk")
    cohort = serializers.IntegerField(source="cohort_id")
    enrolment = serializers.IntegerField(source="enrolment_id", allow_null=True)
    author = Person()
    visibility = serializers.ChoiceField(Visibility.choices)
    text = serializers.CharField()
    written_at = Instant()

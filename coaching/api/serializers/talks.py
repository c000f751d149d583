"""Shapes of what is to be discussed live, and of having talked about it."""

from rest_framework import serializers

from clients.api.base import Instant, Shape

from .names import Person


class ToTalk(Shape):
    """On which day, and a line of it."""

    day = serializers.DateField(help_text="by your own calendar: from the day the feedback was sent to today")
    line = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class Talk(Shape):
    """That it was talked about."""

    day = serializers.DateField()
    line = serializers.CharField(allow_blank=True)
    coach = Person()
    marked_at = Instant()


class OpenTalk(Shape):
    """A piece that is still to be talked about."""

    submission = serializers.IntegerField(source="attempt.submission_id")
    attempt = serializers.IntegerField(source="attempt.number")
    client = serializers.CharField(source="attempt.submission.enrolment.client.name")
    cohort = serializers.IntegerField(source="attempt.submission.enrolment.cohort_id")
    title = serializers.CharField(source="attempt.submission.exercise.title")
    week = serializers.IntegerField(source="attempt.submission.exercise.week.number")
    since = Instant(source="sent_at")

"""A client's own meeting log: entries and what they come to. Somebody else's is not there: 404, whatever role asks."""

from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.response import Response

from clients import deadlines, meetings, models, practising
from clients.models import Enrolment, Visibility

from .base import BIGGEST, Flag, Instant, Query, Shape, View, address_of_next, body, documented, page_of, query

PAGE = 100
YES_OR_NO = "true or false; left open it is asked for"


# --- In -------------------------------------------------------------------------------------------


class Entry(Shape):
    """One meeting. What is left out is asked for where it is needed, in the same words as on the page."""

    date = serializers.CharField(required=False, allow_blank=True, max_length=40, help_text="such as 2026-11-30")
    title = serializers.CharField(required=False, allow_blank=True, max_length=1000)
    kind = serializers.CharField(required=False, allow_blank=True, max_length=40, help_text="stand_up, planning, …")
    attendees = serializers.IntegerField(required=False, allow_null=True, min_value=-BIGGEST, max_value=BIGGEST)
    minutes = serializers.IntegerField(
        required=False, allow_null=True, min_value=-BIGGEST, max_value=BIGGEST, help_text="30 where left out"
    )
    stake = Flag(required=False, allow_null=True, help_text=YES_OR_NO)
    prepared = serializers.CharField(required=False, allow_blank=True, max_length=20_000)
    said_it = serializers.CharField(required=False, allow_blank=True, max_length=40)
    times_spoke = serializers.IntegerField(required=False, allow_null=True, min_value=-BIGGEST, max_value=BIGGEST)
    first_minute = serializers.IntegerField(required=False, allow_null=True, min_value=-BIGGEST, max_value=BIGGEST)
    conclusion_first = serializers.CharField(required=False, allow_blank=True, max_length=40)
    error_heard = Flag(required=False, allow_null=True, help_text=YES_OR_NO)
    error_response = serializers.CharField(required=False, allow_blank=True, max_length=40)
    outcome = serializers.CharField(required=False, allow_blank=True, max_length=20_000)
    felt_like_me = serializers.IntegerField(required=False, allow_null=True, min_value=-BIGGEST, max_value=BIGGEST)


class EntryToLog(Entry):
    """One meeting for one log."""

    enrolment = serializers.IntegerField(min_value=1, max_value=BIGGEST)
    client_key = serializers.CharField(
        max_length=64,
        help_text="made where the entry is written: the same key again is the same entry, not a second one",
    )


class MeetingQuery(Query):
    """Which log; all of one's own unless named."""

    enrolment = serializers.IntegerField(required=False, min_value=1, max_value=BIGGEST)
    after = serializers.IntegerField(required=False, min_value=0, max_value=2**62)


# --- Out ------------------------------------------------------------------------------------------


class Meeting(Shape):
    """One entry. `led`, `corrected` and `early` follow from the rest."""

    id = serializers.IntegerField(source="pk")
    enrolment = serializers.IntegerField(source="enrolment_id")
    date = serializers.DateField()
    title = serializers.CharField()
    kind = serializers.CharField()
    attendees = serializers.IntegerField()
    minutes = serializers.IntegerField()
    stake = serializers.BooleanField()
    prepared = serializers.CharField()
    said_it = serializers.CharField()
    times_spoke = serializers.IntegerField()
    first_minute = serializers.IntegerField(allow_null=True)
    conclusion_first = serializers.CharField()
    error_heard = serializers.BooleanField()
    error_response = serializers.CharField()
    outcome = serializers.CharField()
    felt_like_me = serializers.IntegerField(allow_null=True)
    led = serializers.BooleanField(help_text="the conclusion came first, always or mostly")
    corrected = serializers.BooleanField(help_text="put right in the room, clearly, or in writing the same day")
    early = serializers.BooleanField(help_text="the first contribution came in the first ten minutes")
    visibility = serializers.SerializerMethodField(help_text="who can read it")
    logged_at = Instant()
    changed_at = Instant()

    def get_visibility(self, meeting) -> str:
        return str(Visibility(models.Meeting.VISIBILITY).label)


class Share(Shape):
    """So many of so many."""

    part = serializers.IntegerField()
    whole = serializers.IntegerField()


class WeekOfMeetings(Shape):
    """The entries with a stake of one week."""

    week = serializers.IntegerField()
    meetings = serializers.IntegerField()
    spoke = serializers.FloatField(help_text="contributions, the median")
    people = serializers.IntegerField(help_text="people in it, the lower median: an equal share is one in so many")
    minutes = serializers.IntegerField(help_text="the lower median")
    equal_minutes = serializers.FloatField(help_text="an equal share of the talk, in minutes")
    led = Share(help_text="led with the conclusion, of all")
    corrected = Share(help_text="put right, of those in which something incorrect was said")
    early = Share(help_text="spoke in the first ten minutes, of those where the minute is noted")


class Trend(Shape):
    """Compared with one's own week 0 and with nobody else. Fewer than three entries are no trend."""

    weeks = WeekOfMeetings(many=True)
    counted = serializers.IntegerField(help_text="entries with a stake")
    left_out = serializers.IntegerField(help_text="entries without one")
    is_enough = serializers.BooleanField()
    words = serializers.ListField(child=serializers.CharField())


MeetingPage = page_of(Meeting)


def own_enrolment(request, pk: int) -> Enrolment:
    """An enrolment of the person who asks, or 404."""
    return get_object_or_404(deadlines.with_calendar(Enrolment.objects.filter(client=request.user)), pk=pk)


class Meetings(View):
    """The log."""

    @documented("meeting_list", "Your meeting log", filters=MeetingQuery, returns=MeetingPage)
    def get(self, request):
        wanted = query(MeetingQuery, request)
        rows = meetings.own(request.user.pk).filter(pk__gt=wanted.get("after", 0)).order_by("pk")
        if "enrolment" in wanted:
            rows = rows.filter(enrolment=own_enrolment(request, wanted["enrolment"]))
        found = list(rows[:PAGE])
        last = found[-1].pk if len(found) == PAGE else None
        return Response(MeetingPage({"next": address_of_next(request, last), "results": found}).data)

    @documented(
        "meeting_log",
        "Log a meeting, once however often it is sent",
        takes=EntryToLog,
        returns=Meeting,
        status=201,
        also=[200],
        refuses=[409, 422],
    )
    def post(self, request):
        sent = body(EntryToLog, request)
        enrolment, key = own_enrolment(request, sent.pop("enrolment")), sent.pop("client_key")
        found = practising.log_meeting(enrolment, entry=sent, client_key=key, by=request.user, at=self.at)
        return Response(Meeting(found).data, status=201 if found.logged_at == self.at else 200)


class OneMeeting(View):
    """One entry of the log."""

    @documented("meeting", "One meeting of your log", returns=Meeting)
    def get(self, request, pk):
        return Response(Meeting(self.own(request, pk)).data)

    @documented("meeting_change", "Put an entry right", takes=Entry, returns=Meeting, refuses=[409, 422])
    def put(self, request, pk):
        sent = body(Entry, request)
        changed = practising.change_meeting(self.own(request, pk), entry=sent, by=request.user, at=self.at)
        return Response(Meeting(changed).data)

    @documented("meeting_remove", "Remove an entry; what was handed in keeps its copy", status=204, refuses=[409])
    def delete(self, request, pk):
        practising.remove_meeting(self.own(request, pk), by=request.user, at=self.at)
        return Response(status=204)

    def own(self, request, pk: int) -> models.Meeting:
        return get_object_or_404(meetings.own(request.user.pk), pk=pk)


class MeetingTrend(View):
    """What the log comes to."""

    @documented("meeting_trend", "The trend of your meetings", returns=Trend)
    def get(self, request, enrolment):
        enrolment = own_enrolment(request, enrolment)
        found = meetings.trend(enrolment, meetings.of(enrolment), at=self.at)
        told = {name: getattr(found, name) for name in ("weeks", "counted", "left_out", "is_enough")}
        return Response(Trend(told | {"words": meetings.in_words(found)}).data)

"""The person who asks: who they are here, what they chose, their week."""

from datetime import datetime
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from rest_framework.response import Response

from clients import choosing
from clients.api.base import View, body, documented, query
from clients.api.serializers import Choices
from clients.models import Cohort, Enrolment, User
from coaching import calendars, caseload, subscribing, weekboard
from coaching.models import CalendarAddress

from .serializers import me as shapes


class Me(View):
    """Who one is here. Being a client, a coach or an admin is what one does, so it is read anew every time."""

    @documented("me", "Who you are here", returns=shapes.Me)
    def get(self, request):
        return Response(shapes.Me(_me(request.user, self.at)).data)

    @documented("me_choose", "Change your own settings", takes=Choices, returns=shapes.Me, refuses=[422])
    def patch(self, request):
        person = choosing.choose(request.user, at=self.at, **body(Choices, request, partial=True))
        return Response(shapes.Me(_me(person, self.at)).data)


def _me(person: User, at: datetime) -> dict[str, Any]:
    enrolments = Enrolment.objects.filter(client=person).select_related("cohort").order_by("-joined_at", "-pk")
    return {
        "person": person,
        "roles": caseload.roles_of(person, at=at),
        "enrolments": enrolments,
        "coaches": caseload.coached_by(person).order_by("pk"),
    }


class MyWeek(View):
    """One week of one of one's own enrolments."""

    @documented("my_week", "Your week", filters=shapes.WeekQuery, returns=shapes.Weekboard)
    def get(self, request):
        wanted = query(shapes.WeekQuery, request)
        enrolment = weekboard.enrolment_of(request.user, _slug(request.user, wanted.get("cohort")))
        found = weekboard.of(enrolment, wanted.get("week"), at=self.at) if enrolment else None
        if found is None:
            raise Http404
        return Response(shapes.Weekboard(found).data)


class MyCalendar(View):
    """The dates of one of one's own enrolments."""

    @documented("my_calendar", "Your calendar", filters=shapes.CalendarQuery, returns=shapes.Calendar)
    def get(self, request):
        wanted = query(shapes.CalendarQuery, request)
        enrolment = weekboard.enrolment_of(request.user, _slug(request.user, wanted.get("cohort")))
        if enrolment is None:
            raise Http404
        found = {"enrolment": enrolment, "dates": calendars.of(enrolment, at=self.at)}
        return Response(shapes.Calendar(found).data)


class MyCalendarAddress(View):
    """The secret address of one's calendar feed."""

    @documented("calendar_address", "Since when your calendar has an address", returns=shapes.CalendarAddress)
    def get(self, request):
        return Response(shapes.CalendarAddress(get_object_or_404(CalendarAddress, person=request.user)).data)

    @documented(
        "calendar_subscribe",
        "Make or renew the address of your calendar",
        returns=shapes.CalendarFeed,
        status=201,
        refuses=[409],
    )
    def post(self, request):
        token = subscribing.subscribe(by=request.user, at=self.at)
        found = {"address": request.build_absolute_uri(reverse("feed", args=[token]))}
        return Response(shapes.CalendarFeed(found).data, status=201)

    @documented("calendar_switch_off", "Switch the address of your calendar off", status=204, refuses=[409])
    def delete(self, request):
        subscribing.switch_off(by=request.user, at=self.at)
        return Response(status=204)


def _slug(person: User, cohort: int | None) -> str | None:
    return get_object_or_404(Cohort.objects.filter(enrolments__client=person), pk=cohort).slug if cohort else None

"""The bell of the person who asks."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.response import Response

from clients import notices, noticing

from .base import Instant, Query, Shape, View, address_of_next, body, documented, query


class NoticeQuery(Query):
    """Everything that stands there, the newest first, unless only what is new is asked for."""

    unread = serializers.BooleanField(required=False)
    after = serializers.IntegerField(required=False, min_value=0, max_value=2**62)


class Notice(Shape):
    """One line of the bell: what was sent, here at once. Never a text of homework or feedback."""

    id = serializers.IntegerField(source="pk")
    kind = serializers.CharField()
    text = serializers.CharField()
    link = serializers.CharField(help_text="the page it leads to; empty where it leads nowhere")
    cohort = serializers.CharField(help_text="name of the cohort, empty where it is about none")
    at = Instant()
    is_read = serializers.BooleanField()


class NoticePage(Shape):
    """A page of the bell."""

    unread = serializers.IntegerField(help_text="in all, not on this page")
    next = serializers.URLField(allow_null=True, help_text="the address of the next page, null on the last")
    results = Notice(many=True, source="lines")


class ReadUntil(Shape):
    """Everything that stood there by then; all of it where nothing is said."""

    until = Instant(required=False)


class Unread(Shape):
    """How many are left."""

    unread = serializers.IntegerField()


class Notices(View):
    """What stands in the bell. What lost its reason is taken out before anybody reads it."""

    @documented("my_notices", "Your notices", filters=NoticeQuery, returns=NoticePage)
    def get(self, request):
        wanted = query(NoticeQuery, request)
        noticing.settle(person=request.user, at=self.at)
        mine = notices.of(request.user, at=self.at)
        after = get_object_or_404(mine, pk=wanted["after"]) if "after" in wanted else None
        only_unread = wanted.get("unread", False)
        found = notices.lines_of(request.user, at=self.at, after=after, only_unread=only_unread)
        following = address_of_next(request, found.after)
        shown = {"unread": found.unread, "lines": found.lines, "next": following}
        return Response(NoticePage(shown).data)


class ReadNotices(View):
    """Marking all of them."""

    @documented("my_notices_read", "Mark your notices as read", takes=ReadUntil, returns=Unread)
    def post(self, request):
        noticing.read_all(request.user, at=self.at, **body(ReadUntil, request))
        return Response(Unread({"unread": notices.unread(at=self.at).filter(person=request.user).count()}).data)


class ReadNotice(View):
    """Marking one of one's own."""

    @documented("my_notice_read", "Mark a notice as read", status=204)
    def post(self, request, pk):
        own = notices.of(request.user, at=self.at).filter(pk=pk).first()
        if own is None:
            raise Http404
        noticing.read(own, by=request.user, at=self.at)
        return Response(status=204)

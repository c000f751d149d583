"""A client's own 1:1s. Somebody else's are not there: 404, whatever role asks."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.response import Response

from clients import models, one_on_ones, planning
from clients.models import Visibility
from curriculum import moves

from .base import BIGGEST, Flag, Instant, Query, Shape, View, address_of_next, body, documented, page_of, query
from .ledger import FREE, own_enrolment

PAGE = 100


# --- In -------------------------------------------------------------------------------------------


class PlanToKeep(Shape):
    """A plan. What is left out is asked for where it is needed, in the same words as on the page."""

    date = serializers.CharField(max_length=40, default="", allow_blank=True, help_text="such as 2026-11-30")
    with_whom = serializers.CharField(
        max_length=40, default="", allow_blank=True, help_text="manager, skip_level or coach"
    )
    content = serializers.DictField(
        child=serializers.CharField(allow_blank=True, max_length=20_000),
        default=dict,
        help_text="the words of each move, keyed like the fields of the week-7 exercise; one move is enough",
    )
    lines = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=BIGGEST),
        max_length=200,
        default=list,
        help_text="ids of ledger lines for the pair",
    )


class NewPlan(PlanToKeep):
    """A plan for one planner."""

    enrolment = serializers.IntegerField(min_value=1, max_value=BIGGEST)
    client_key = serializers.CharField(
        max_length=64, help_text="made where the plan is written: the same key again is the same plan, not a second one"
    )


class PromiseToMake(Shape):
    """Something one will do, by a day to come."""

    action = serializers.CharField(max_length=20_000, **FREE)
    by = serializers.CharField(max_length=40, help_text="such as 2026-11-30", **FREE)


class Heard(Shape):
    """What came of it."""

    heard = serializers.CharField(max_length=20_000, default="", allow_blank=True, help_text="15 to 200 words")
    actions = PromiseToMake(many=True, default=list, help_text="one to three")
    status_sent_before = Flag(allow_null=True, default=None, help_text="true or false; left open it is asked for")


class Answered(Shape):
    """Whether a promise was kept."""

    done = Flag(allow_null=True, help_text="true: it happened; false: let go; null: open still")


class OneOnOneQuery(Query):
    """Which 1:1s; all of one's own unless named."""

    enrolment = serializers.IntegerField(required=False, min_value=1, max_value=BIGGEST)
    state = serializers.ChoiceField(models.OneOnOne.State.choices, required=False)
    after = serializers.IntegerField(required=False, min_value=0, max_value=2**62)


# --- Out ------------------------------------------------------------------------------------------


class Promise(Shape):
    """`done`: true it happened, false let go, null open."""

    action = serializers.CharField()
    by = serializers.DateField()
    done = serializers.BooleanField(allow_null=True)


class OneOnOne(Shape):
    """A 1:1: planned, held, or done once every promise was kept or let go."""

    id = serializers.IntegerField(source="one.pk")
    enrolment = serializers.IntegerField(source="one.enrolment_id")
    submission = serializers.IntegerField(
        source="one.submission_id", allow_null=True, help_text="the homework it came out of"
    )
    date = serializers.DateField(source="one.date")
    with_whom = serializers.CharField(source="one.with_whom")
    state = serializers.CharField(source="one.state")
    content = serializers.DictField(child=serializers.CharField(), source="one.content")
    moves = serializers.SerializerMethodField(help_text="the moves that have words")
    lines = serializers.SerializerMethodField(help_text="ids of ledger lines")
    heard = serializers.CharField(source="one.heard")
    actions = Promise(many=True, source="promises")
    status_sent_before = serializers.BooleanField(source="one.status_sent_before", allow_null=True)
    visibility = serializers.SerializerMethodField(help_text="who can read it")
    planned_at = Instant(source="one.planned_at")
    held_at = Instant(source="one.held_at", allow_null=True)
    done_at = Instant(source="one.done_at", allow_null=True)

    def get_moves(self, entry) -> list[str]:
        return [dot.move.key for dot in entry.dots if dot.is_filled]

    def get_lines(self, entry) -> list[int]:
        return sorted(line.pk for line in entry.one.lines.all())

    def get_visibility(self, entry) -> str:
        return str(Visibility(models.OneOnOne.VISIBILITY).label)


OneOnOnePage = page_of(OneOnOne)


def shown(one: models.OneOnOne) -> one_on_ones.Entry:
    """One 1:1 as its client sees it."""
    planner = moves.of_edition(one.enrolment.cohort.edition_id)
    if planner is None:
        raise Http404
    return one_on_ones.entry(planner, one)


def own(request, pk: int) -> models.OneOnOne:
    return get_object_or_404(one_on_ones.own(request.user.pk), pk=pk)


class OneOnOnes(View):
    """The planner."""

    @documented("one_on_one_list", "Your 1:1s", filters=OneOnOneQuery, returns=OneOnOnePage)
    def get(self, request):
        wanted = query(OneOnOneQuery, request)
        rows = one_on_ones.own(request.user.pk).filter(pk__gt=wanted.pop("after", 0)).order_by("pk")
        if "enrolment" in wanted:
            rows = rows.filter(enrolment=own_enrolment(request, wanted.pop("enrolment")))
        found = list(rows.filter(**wanted)[:PAGE])
        last = found[-1].pk if len(found) == PAGE else None
        results = [shown(one) for one in found]
        return Response(OneOnOnePage({"next": address_of_next(request, last), "results": results}).data)

    @documented(
        "one_on_one_plan",
        "Plan a 1:1, once however often it is sent",
        takes=NewPlan,
        returns=OneOnOne,
        status=201,
        also=[200],
        refuses=[409, 422],
    )
    def post(self, request):
        sent = body(NewPlan, request)
        enrolment = own_enrolment(request, sent.pop("enrolment"))
        one = planning.plan(enrolment, by=request.user, at=self.at, **sent)
        return Response(OneOnOne(shown(one)).data, status=201 if one.planned_at == self.at else 200)


class OneOneOnOne(View):
    """One 1:1."""

    @documented("one_on_one", "One of your 1:1s", returns=OneOnOne)
    def get(self, request, pk):
        return Response(OneOnOne(shown(own(request, pk))).data)

    @documented("one_on_one_change", "Change a plan", takes=PlanToKeep, returns=OneOnOne, refuses=[409, 422])
    def put(self, request, pk):
        one = planning.change(own(request, pk), by=request.user, at=self.at, **body(PlanToKeep, request))
        return Response(OneOnOne(shown(one)).data)

    @documented("one_on_one_remove", "Remove a 1:1 that came out of no homework", status=204, refuses=[409])
    def delete(self, request, pk):
        planning.remove(own(request, pk), by=request.user, at=self.at)
        return Response(status=204)


class Hold(View):
    """What was heard, and what follows from it."""

    @documented("one_on_one_hold", "Write down what you heard", takes=Heard, returns=OneOnOne, refuses=[409, 422])
    def post(self, request, pk):
        sent = body(Heard, request)
        sent["status_sent_before"] = {True: "yes", False: "no", None: ""}[sent["status_sent_before"]]
        sent["actions"] = [dict(action) for action in sent["actions"]]
        one = planning.hold(own(request, pk), by=request.user, at=self.at, **sent)
        return Response(OneOnOne(shown(one)).data)


class Action(View):
    """One promise, by its place in the list."""

    @documented(
        "one_on_one_action", "Say whether you did what you said", takes=Answered, returns=OneOnOne, refuses=[409]
    )
    def put(self, request, pk, index):
        done = body(Answered, request)["done"]
        one = planning.close_action(own(request, pk), index=index, done=done, by=request.user, at=self.at)
        return Response(OneOnOne(shown(one)).data)

"""A client's own ratings: the questionnaire, what is answered, the result."""

from datetime import datetime
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.response import Response

from clients import assessing, assessments, deadlines, models
from clients.assessments import Moment
from clients.models import Enrolment, User, Visibility
from curriculum import questionnaires
from curriculum.refusals import sentence_of

from .base import Instant, Shape, View, body, documented


class Statement(Shape):
    """`anchors` maps a point to what somebody watching would have seen."""

    key = serializers.CharField()
    competency = serializers.CharField()
    text = serializers.CharField()
    anchors = serializers.DictField(child=serializers.CharField())


class Question(Shape):
    """A question beside the statements; its answer goes into `extra`."""

    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # as exercises name it
    kind = serializers.CharField()
    required = serializers.BooleanField()  # type: ignore[assignment]  # as exercises name it
    options = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))


class Score(Shape):
    """The mean of a competency's ratings; null while fewer than four of five are rated."""

    competency = serializers.CharField()
    name = serializers.CharField()
    mean = serializers.FloatField(allow_null=True)
    rated = serializers.IntegerField()
    of = serializers.IntegerField()


class Distance(Shape):
    """Then and now. Empty while an assessment is under way."""

    competency = serializers.CharField()
    baseline = serializers.FloatField(allow_null=True)
    midpoint = serializers.FloatField(allow_null=True)
    final = serializers.FloatField(allow_null=True)
    seen_from_now = serializers.IntegerField(allow_null=True)


class Assessment(Shape):
    """One walk through the statements. `refusal` says why nothing can be saved now; empty where it can."""

    moment = serializers.ChoiceField(Moment.choices)
    visibility = serializers.CharField(help_text="who can read it")
    opens_at = Instant()
    due_at = Instant()
    finished_at = Instant(allow_null=True)
    looked_back_at = Instant(allow_null=True)
    refusal = serializers.CharField(allow_blank=True)
    statements = Statement(many=True)
    readiness_asked = Statement(many=True)
    further_asked = Question(many=True, help_text="what only the midpoint asks")
    answers = serializers.DictField(child=serializers.IntegerField(), help_text="1 to 5, 0 did not come up")
    readiness = serializers.DictField(child=serializers.CharField())
    remark = serializers.CharField(allow_blank=True)
    extra = serializers.DictField(help_text="what only the midpoint asks")
    looking_back = serializers.DictField(child=serializers.IntegerField())
    scores = Score(many=True, help_text="empty before it is finished")
    distances = Distance(many=True)


class Answers(Shape):
    """What to keep; what is not named stays as it is."""

    answers = serializers.DictField(child=serializers.IntegerField(), required=False)
    readiness = serializers.DictField(child=serializers.CharField(max_length=20), required=False)
    remark = serializers.CharField(required=False, allow_blank=True, max_length=5000)
    extra = serializers.DictField(required=False)


class Ratings(Shape):
    """One rating a competency, 1 to 5."""

    ratings = serializers.DictField(child=serializers.IntegerField())


class Focus(Shape):
    """The one sentence for the weeks that are left."""

    sentence = serializers.CharField(allow_blank=True, max_length=400, trim_whitespace=False)
    competency = serializers.CharField(allow_blank=True, max_length=50)


class FocusAgreed(Shape):
    """The focus as it stands."""

    focus = serializers.CharField()
    focus_competency = serializers.CharField()
    focus_at = Instant()


def own_enrolment(request, pk: int, moment: str = Moment.FINAL) -> Enrolment:
    """The person's own enrolment in an edition that has a self-assessment, or 404."""
    mine = deadlines.with_calendar(Enrolment.objects.filter(client=request.user))
    found = get_object_or_404(mine, pk=pk)
    try:
        assessments.questionnaire_of(found)
    except questionnaires.Instrument.DoesNotExist:
        raise Http404 from None
    if moment not in Moment.values:
        raise Http404
    return found


def shown(enrolment: Enrolment, moment: str, *, by: User, at: datetime) -> Any:
    """What its client sees: nothing of what was answered before while this one is under way."""
    found, asked = assessments.of(enrolment, moment), assessments.questionnaire_of(enrolment)
    refusal = assessing.keep_refusal(enrolment, moment, by=by, at=at)
    is_done = found is not None and found.finished_at is not None
    state: dict[str, Any] = {name: getattr(found, name, None) or {} for name in MAPS}
    state |= {
        "moment": moment,
        "visibility": Visibility(models.Assessment.VISIBILITY).label,
        "opens_at": assessments.opens_at(enrolment, moment, at=at),
        "due_at": assessments.due_at(enrolment, moment, at=at),
        "finished_at": found.finished_at if found else None,
        "looked_back_at": found.looked_back_at if found else None,
        "refusal": sentence_of(refusal) if refusal else "",
        "statements": asked.items,
        "readiness_asked": asked.readiness,
        "further_asked": assessments.further(enrolment, moment, at=at),
        "remark": found.remark if found else "",
        "scores": assessments.scores(found, asked) if is_done else [],
        "distances": assessments.distances(enrolment) if is_done else [],
    }
    return Assessment(state).data


MAPS = ("answers", "readiness", "extra", "looking_back")


class OneAssessment(View):
    """The assessment of one moment."""

    @documented("assessment", "A self-assessment", returns=Assessment)
    def get(self, request, enrolment, moment):
        mine = own_enrolment(request, enrolment, moment)
        return Response(shown(mine, moment, by=request.user, at=self.at))

    @documented(
        "assessment_save", "Save answers of a self-assessment", takes=Answers, returns=Assessment, refuses=[409, 422]
    )
    def patch(self, request, enrolment, moment):
        mine = own_enrolment(request, enrolment, moment)
        assessing.keep(mine, moment, by=request.user, at=self.at, **body(Answers, request))
        return Response(shown(mine, moment, by=request.user, at=self.at))


class FinishAssessment(View):
    """Closing it, once every statement has an answer."""

    @documented("assessment_finish", "Finish a self-assessment", returns=Assessment, refuses=[409, 422])
    def post(self, request, enrolment, moment):
        mine = own_enrolment(request, enrolment, moment)
        assessing.finish(mine, moment, by=request.user, at=self.at)
        return Response(shown(mine, moment, by=request.user, at=self.at))


class LookingBack(View):
    """Where week 0 was, seen from the end."""

    @documented("look_back", "Look back at week 0", takes=Ratings, returns=Assessment, refuses=[409, 422])
    def put(self, request, enrolment):
        mine = own_enrolment(request, enrolment)
        assessing.look_back(mine, by=request.user, at=self.at, **body(Ratings, request))
        return Response(shown(mine, Moment.FINAL, by=request.user, at=self.at))


class AgreeFocus(View):
    """The focus for the weeks that are left."""

    @documented("focus_agree", "Agree a focus", takes=Focus, returns=FocusAgreed, refuses=[409, 422])
    def put(self, request, enrolment):
        mine = own_enrolment(request, enrolment)
        agreed = assessing.agree_focus(mine, by=request.user, at=self.at, **body(Focus, request))
        return Response(FocusAgreed(agreed).data)

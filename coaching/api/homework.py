"""Submissions: one's own, and what one's clients handed in."""

from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework.response import Response

from clients.api.base import View, address_of_next, documented, page_of, query
from clients.attempts import standing_attempts
from clients.models import Submission, User
from clients.progress import LOCKED, Standing
from coaching import caseload, pieces

from . import serializers as shapes

PiecePage = page_of(shapes.Piece)


def visible_piece(request, pk: int) -> Submission:
    return get_object_or_404(pieces.visible_to(request.user), pk=pk)


class Submissions(View):
    """The list."""

    @documented("submission_list", "Submissions you may see", filters=shapes.PieceQuery, returns=PiecePage)
    def get(self, request):
        found = pieces.page(request.user, at=self.at, **query(shapes.PieceQuery, request))
        last = found[-1].submission.pk if len(found) == caseload.PAGE else None
        return Response(PiecePage({"next": address_of_next(request, last), "results": found}).data)


class OneSubmission(View):
    """One piece. Its draft is its writer's alone; whoever coaches reads what was handed in."""

    @documented("submission", "One submission", returns=shapes.PieceInFull)
    def get(self, request, pk):
        submission = visible_piece(request, pk)
        standing = pieces.standing(submission, request.user, at=self.at)
        return Response(shapes.PieceInFull(_in_full(standing, request.user)).data)


def _in_full(standing: Standing, person: User) -> dict[str, Any]:
    submission, exercise = standing.submission, standing.exercise
    shown = standing.state != LOCKED
    parts = ("submission", "exercise", "state", "attempt", "opens_at", "due_at", "is_late")
    return {name: getattr(standing, name) for name in parts} | {
        "brief": exercise.brief if shown else "",
        "fields_asked": exercise.fields if shown else [],
        "draft": submission if pieces.is_own(submission, person) else None,
        "attempts": standing_attempts(submission),
    }

"""Notes, each for one class of readers. What one is no reader of is not there: 404."""

from django.db.models import Q
from django.shortcuts import get_object_or_404
from rest_framework.response import Response

from clients.api.base import View, address_of_next, body, documented, page_of, query
from clients.models import Cohort, Enrolment
from coaching import caseload, notes, noting

from .serializers import notes as shapes

NotePage = page_of(shapes.NoteKept)


class Notes(View):
    """What one may read, the newest first, and a new one."""

    @documented("note_list", "Notes you may read", filters=shapes.NoteQuery, returns=NotePage)
    def get(self, request):
        wanted = query(shapes.NoteQuery, request)
        rows = notes.visible_to(request.user, at=self.at).order_by("-pk")
        if before := wanted.pop("after", None):
            rows = rows.filter(pk__lt=before)
        found = list(rows.filter(**{f"{name}_id": value for name, value in wanted.items()})[: caseload.PAGE])
        last = found[-1].pk if len(found) == caseload.PAGE else None
        return Response(NotePage({"next": address_of_next(request, last), "results": found}).data)

    @documented(
        "note_write", "Write a note", takes=shapes.NoteToWrite, returns=shapes.NoteKept, status=201, refuses=[409, 422]
    )
    def post(self, request):
        sent = body(shapes.NoteToWrite, request)
        cohort, enrolment = _about(request, sent.pop("cohort", None), sent.pop("enrolment", None))
        made = noting.write(cohort, enrolment, by=request.user, at=self.at, **sent)
        return Response(shapes.NoteKept(made).data, status=201)


def _about(request, cohort: int | None, enrolment: int | None) -> tuple[Cohort, Enrolment | None]:
    """A client one looks after or is, or a cohort whose board one may open; else 404."""
    if enrolment is None:
        return get_object_or_404(caseload.boards_visible_to(request.user), pk=cohort), None
    looked_after = caseload.looked_after_by(request.user).values("pk")
    mine = Enrolment.objects.filter(Q(client=request.user) | Q(pk__in=looked_after))
    found = get_object_or_404(mine.select_related("client", "cohort"), pk=enrolment)
    return found.cohort, found


class OneNote(View):
    """A note one may read."""

    @documented("note", "One note", returns=shapes.NoteKept)
    def get(self, request, pk):
        return Response(shapes.NoteKept(get_object_or_404(notes.visible_to(request.user, at=self.at), pk=pk)).data)

    @documented("note_remove", "Take your note away", status=204)
    def delete(self, request, pk):
        noting.remove(get_object_or_404(notes.visible_to(request.user, at=self.at), pk=pk), by=request.user, at=self.at)
        return Response(status=204)

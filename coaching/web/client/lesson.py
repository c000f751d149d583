"""A lesson: one column to read, and a mark that it was read."""

import re

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from clients import deadlines, practising
from clients.models import Enrolment, LessonReading
from coaching import lessons
from curriculum import clock, markdown
from curriculum.models import Lesson

from .finding import address, enrolment_of, is_script, page, posted, query_of

KEYS = (
    {"keys": ("←", "→"), "label": _("lesson before, lesson after")},
    {"keys": ("?",), "label": _("these keys")},
)
TRY_IT_NOW = re.compile(r"^## Try it now\s*$", re.M)


@require_safe
def lesson(request, number, slug):
    at, enrolment = clock.now(), enrolment_of(request)
    found = _lessons(enrolment, number).filter(slug=slug).first()
    if found is None:
        weeks = lessons.by_week(enrolment, at=at)
        return page(request, "lessons.html", enrolment, {"weeks": weeks}, status=404)
    if not deadlines.is_open(enrolment, number, at=at):
        opens = deadlines.opens_at(enrolment, number, at=at)
        return page(request, "locked.html", enrolment, {"title": found.title, "week": found.week, "opens_at": opens})
    text, task = _parts(found.body)
    context = {
        "lesson": found,
        "week": found.week,
        "text": markdown.render(text),
        "task": markdown.render(task),
        "is_read": _is_read(enrolment, found),
        "place": lessons.place_of(found, enrolment, at=at),
        "keys": KEYS,
    }
    return page(request, "lesson.html", enrolment, context)


@posted
def read(request, number, slug):
    enrolment = enrolment_of(request)
    found = get_object_or_404(_lessons(enrolment, number), slug=slug)
    is_read = request.POST.get("read") == "1"
    practising.mark_read(enrolment, found, read=is_read, by=request.user, at=clock.now())
    if is_script(request):
        context = {"lesson": found, "week": found.week, "is_read": is_read, "q": query_of(request), "is_answer": True}
        return render(request, "coaching/client/lesson.html#mark", context)
    return redirect(address(request, "lesson", number, slug))


def _lessons(enrolment: Enrolment, number: int) -> QuerySet[Lesson]:
    rows = Lesson.objects.filter(edition=enrolment.cohort.edition_id, week__number=number)
    return rows.select_related("week")


def _parts(body: str) -> tuple[str, str]:
    """The lesson, and what to try at its end."""
    text, *rest = TRY_IT_NOW.split(body, maxsplit=1)
    return text, rest[0] if rest else ""


def _is_read(enrolment: Enrolment, lesson: Lesson) -> bool:
    return LessonReading.objects.filter(enrolment=enrolment, lesson=lesson).exists()

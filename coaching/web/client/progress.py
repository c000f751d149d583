"""My progress: the distance, heard and seen; the portfolio as a page to print and as a zip to take along."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from clients import assessments, meetings
from coaching import portfolio
from coaching.portfolio import Portfolio
from curriculum import clock, questionnaires

from . import plots, trends
from .finding import enrolment_of, page


@require_safe
def progress(request: HttpRequest) -> HttpResponse:
    enrolment, at = enrolment_of(request), clock.now()
    found = portfolio.of(enrolment, at=at)
    trend = meetings.trend(enrolment, meetings.of(enrolment), at=at)
    context = {
        "found": found,
        "title": portfolio.title(found),
        "rows": _rows(found),
        "moment": "a4" if any(one.final or one.midpoint for one in found.distances) else "a0",
        "trend": trend,
        "trend_words": meetings.in_words(trend),
        "panels": trends.panels(trend) if trend.is_enough else (),
        "axis": trends.axis(),
        "at": at,
    }
    return page(request, "progress.html", enrolment, context)


def _rows(found: Portfolio) -> list[plots.Dumbbell]:
    """The dumbbells of what is rated; empty while nothing is, or while a rating is under way."""
    if not found.distances:
        return []
    try:
        asked = assessments.questionnaire_of(found.enrolment)
    except questionnaires.Instrument.DoesNotExist:
        return []
    baseline = assessments.of(found.enrolment, assessments.Moment.BASELINE)
    return plots.dumbbells(assessments.scores(baseline, asked), list(found.distances))


@require_safe
def printed(request: HttpRequest) -> HttpResponse:
    """The portfolio as a page to print."""
    enrolment, at = enrolment_of(request), clock.now()
    found = portfolio.of(enrolment, at=at)
    return page(request, "portfolio.html", enrolment, {"found": found, "title": portfolio.title(found), "at": at})


@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """The page, the Markdown and the recordings."""
    found = portfolio.of(enrolment_of(request), at=clock.now())
    return HttpResponse(
        portfolio.archive(found),
        content_type="application/zip",
        headers={"Content-Disposition": 'attachment; filename="portfolio.zip"'},
    )

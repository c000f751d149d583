"""A client's own notes, and those they are a reader of."""

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coaching import notes, noting
from curriculum import clock, refusals

from .finding import address, enrolment_of, page, person_of
from .finding import go_on as onwards


@require_http_methods(["GET", "HEAD", "POST"])
def my_notes(request: HttpRequest) -> HttpResponse:
    """A post keeps what was typed for the readers its button named."""
    at, person, enrolment = clock.now(), person_of(request), enrolment_of(request, dated=False)
    refusal = None
    if request.method == "POST":
        said = {"visibility": request.POST.get("visibility", ""), "text": request.POST.get("text", "")}
        try:
            noting.write(enrolment.cohort, enrolment, **said, by=person, at=at)
        except (noting.NothingSaid, noting.CannotNote) as problem:
            refusal = problem
        else:
            messages.success(request, _("The note is kept."))
            return onwards(request, address(request, "my-notes"))
    about = Q(enrolment=enrolment) | Q(enrolment=None, cohort=enrolment.cohort)
    context = {
        "notes": list(notes.visible_to(person, at=at).filter(about)),
        "offers": notes.offers(person, enrolment.cohort, enrolment, at=at),
        "refusal": refusal,
        "typed": request.POST.get("text", "") if refusal else "",
        "at": at,
    }
    return page(request, "notes.html", enrolment, context, status=refusals.status_of(refusal) if refusal else 200)

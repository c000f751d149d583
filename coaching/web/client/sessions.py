"""A live session, from its client's side: “I cannot come”, and “I can come after all”."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from coaching import convening
from coaching import sessions as live
from coaching.models import LiveSession
from curriculum import clock

from .finding import person_of, posted


@posted
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    session = _offered(request, pk)
    convening.decline(session, by=person_of(request), at=clock.now())
    messages.success(request, _("Your coach knows. No reminder of this session reaches you."))
    return _back(session)


@posted
def come(request: HttpRequest, pk: int) -> HttpResponse:
    session = _offered(request, pk)
    convening.come(session, by=person_of(request), at=clock.now())
    messages.success(request, _("Good, you are expected."))
    return _back(session)


def _offered(request: HttpRequest, pk: int) -> LiveSession:
    return get_object_or_404(live.offered_to(person_of(request)), pk=pk)


def _back(session: LiveSession) -> HttpResponse:
    """To the week it belongs to."""
    return redirect(f"{reverse('week', args=[session.week])}?cohort={session.cohort.slug}")

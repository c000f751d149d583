"""Live sessions, as a coach or an admin leads them: what comes next, and moving, cancelling and holding it."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial, wraps
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clients import deadlines
from clients.models import Cohort
from coaching import caseload, convening, feeds
from coaching import sessions as live
from coaching.models import LiveSession
from coaching.sessions import Session
from coaching.web.seeing import Change, as_sent, is_looked_at, seen_or_made
from curriculum import moments

from .desk import CoachRequest, View, desk, which_cohort
from .forms import CancelForm, MoveForm


@dataclass(frozen=True)
class Shown:
    """One session with its forms; those it was sent with are `open`."""

    session: Session
    move: MoveForm
    cancel: CancelForm

    @property
    def is_open(self) -> bool:
        return self.move.is_bound or self.cancel.is_bound


@require_safe
@desk
def everywhere(request: CoachRequest, *, at: datetime) -> HttpResponse:
    """The sessions of one's only cohort, or the list of cohorts; 404 for whoever leads none."""
    return which_cohort(request, "sessions", at=at)


@require_safe
@desk
def sessions(request: CoachRequest, slug: str, *, at: datetime) -> HttpResponse:
    """Every session of a cohort: what waits for a mark first, then what comes, then what is over."""
    return _page(request, _led(request, slug), at)


def posted(view: View) -> View:
    """For addresses that only take posts: hands over the session, and shows what stands in the way of a form."""

    @wraps(view)
    @desk
    def post_only(request: CoachRequest, slug: str, pk: int, *, at: datetime) -> HttpResponse:
        cohort = _led(request, slug)
        session = get_object_or_404(live.led_by(request.user).filter(cohort=cohort), pk=pk)
        return view(request, session, at) if request.method == "POST" else redirect("sessions", slug=slug)

    return post_only


@posted
def hold(request: CoachRequest, session: LiveSession, at: datetime) -> HttpResponse:
    """It took place."""
    convening.hold(session, by=request.user, at=at)
    messages.success(request, _("“%(title)s” is marked as held.") % {"title": session.title})
    return redirect("sessions", slug=session.cohort.slug)


@posted
def unmark(request: CoachRequest, session: LiveSession, at: datetime) -> HttpResponse:
    """It was marked as held by mistake."""
    convening.unmark(session, by=request.user, at=at)
    messages.success(request, _("“%(title)s” is not marked as held any more.") % {"title": session.title})
    return redirect("sessions", slug=session.cohort.slug)


@posted
def move(request: CoachRequest, session: LiveSession, at: datetime) -> HttpResponse:
    """Another time, another length or another link."""
    form = MoveForm(session, data=request.POST)
    try:
        if form.is_valid():
            change = Change(
                **_of(session, "session-move"),
                title=_("“%(title)s” is at another time") % {"title": session.title},
                button=_("Move it"),
                done=_("“%(title)s” has its new time.") % {"title": session.title},
                make=partial(convening.move, session, by=request.user, at=at, **form.cleaned_data),
                sent=as_sent(request.POST, *form.fields),
            )
            answer = _seen_or_made(request, change, session.cohort, at)
            if not is_looked_at(request):
                _warn(request, session, at)
            return answer
    except convening.NotLikeThis as refusal:
        form.add_error(refusal.field, refusal)
    return _page(request, session.cohort, at, status=422, move=form)


@posted
def cancel(request: CoachRequest, session: LiveSession, at: datetime) -> HttpResponse:
    """It does not take place."""
    form = CancelForm(session, data=request.POST)
    form.full_clean()
    reason = form.cleaned_data.get("reason", "")
    change = Change(
        **_of(session, "session-cancel"),
        title=_("“%(title)s” does not take place") % {"title": session.title},
        button=_("Cancel this session"),
        done=_("“%(title)s” is cancelled.") % {"title": session.title},
        make=partial(convening.cancel, session, reason=reason, by=request.user, at=at),
        sent={"reason": reason},
    )
    try:
        return _seen_or_made(request, change, session.cohort, at)
    except convening.NotLikeThis as refusal:
        form.add_error(refusal.field, refusal)
        return _page(request, session.cohort, at, status=422, cancel=form)


def _of(session: LiveSession, name: str) -> dict[str, Any]:
    """Where a change of a session posts to, and where it leads back to."""
    slug = session.cohort.slug
    home = _("Sessions of %(cohort)s") % {"cohort": session.cohort}
    return {"url": reverse(name, args=[slug, session.pk]), "back": reverse("sessions", args=[slug]), "home": home}


def _seen_or_made(request: CoachRequest, change: Change, cohort: Cohort, at: datetime) -> HttpResponse:
    return seen_or_made(request, change, cohort.enrolments.active(), cohort, at=at)


def _warn(request: CoachRequest, session: LiveSession, at: datetime) -> None:
    """It is at its new time, and overlaps what somebody has booked."""
    session = live.led_by(request.user).get(pk=session.pk)
    (found,) = live.beside_calls([live.read(session, zone=request.user.zone, at=at)], request.user)
    if found.clashes:
        named = {"title": session.title, "calls": "; ".join(found.clashes)}
        messages.warning(request, _("“%(title)s” overlaps %(calls)s. Move one of them.") % named)


# --- Inside ---------------------------------------------------------------------------------------


def _led(request: CoachRequest, slug: str) -> Cohort:
    cohorts = (
        caseload.boards_visible_to(request.user).select_related("session_rule").prefetch_related(*deadlines.OF_A_COHORT)
    )
    return get_object_or_404(cohorts, slug=slug)


def _page(request: CoachRequest, cohort: Cohort, at: datetime, *, status: int = 200, **forms) -> HttpResponse:
    """The page; `forms` takes the place of the untouched ones of its session."""
    there = live.beside_calls(live.of_cohort(cohort, zone=request.user.zone, at=at), request.user)
    found = [_shown(session, forms) for session in there]
    coming = [one for one in found if one.session.is_coming]
    waiting = [one for one in found if one.session.waits_for_a_mark]
    following = coming[0].session if coming else None
    context = {
        "cohort": cohort,
        "at": at,
        "rule": getattr(cohort, "session_rule", None),
        "waiting": waiting,
        "next": following,
        "coming": coming,
        "over": [one for one in reversed(found) if one not in coming and one not in waiting],
        "clocks": live.clocks(cohort, following.starts_at) if following else [],
        "zone": moments.zone_label(at, request.user.zone),
        "cohort_zone": moments.zone_label(at, cohort.zone).partition(" (")[0],
        "is_same_zone": request.user.zone == cohort.zone,
        "coaches": caseload.coaches(request.user, cohort),
        "address": feeds.address_of(request.user),
        "is_admin": caseload.is_admin(request.user),
    }
    return render(request, "coaching/coach/sessions.html", context, status=status)


def _shown(session: Session, forms: dict) -> Shown:
    sent = {name: form for name, form in forms.items() if form.session.pk == session.row.pk}
    move_ = sent.get("move") or MoveForm(session.row, wall=session.cohort_wall)
    return Shown(session, move_, sent.get("cancel") or CancelForm(session.row))

"""Setting up cohorts: the list, a new one, who is in it, its mail. Nothing here shows a text or a level."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from clients import joining, moving, newcomers, opening, pausing, stopping, tables
from clients.models import Cohort, Enrolment, Invitation
from coaching import assigning, convening, outbox, roster, sessions, sponsoring, sponsorships
from coaching.models import Assignment, Sponsorship
from curriculum import editions

from .desk import OfficeRequest, office, posted
from .forms import AssignForm, BreakForm, InviteForm, LeftOutForm, ReasonForm, RuleForm, ShiftForm
from .plan import CohortForm

MENDED = 5  # lines to mend that stand in the summary
REFUSALS = (
    opening.CannotOpen,
    convening.NotLikeThis,
    moving.CannotMove,
    assigning.CannotAssign,
    tables.CannotRead,
)


@office
def cohorts(request: OfficeRequest, *, at: datetime) -> HttpResponse:
    """Every cohort: how far, how many, paused or not."""
    rows = roster.rows(request.user, at=at)
    return render(request, "coaching/office/cohorts.html", {"rows": rows, "at": at, "over": roster.OVER})


# --- A new one ------------------------------------------------------------------------------------


@office
def cohort_new(request: OfficeRequest, *, at: datetime) -> HttpResponse:
    """Name, edition, first Monday, zone, and what follows from them in sentences. Opening sends nothing."""
    form = CohortForm(request.POST if request.method == "POST" else None, own_zone=request.user.zone)
    if request.method != "POST":
        return _new_page(request, form, at)
    if request.POST.get("show") == "summary":
        return _summary(request, form, at)
    if form.is_valid():
        try:
            cohort = convening.open_cohort(**form.plan, by=request.user, at=at)
        except REFUSALS as refusal:
            form.add_error(_field_of(refusal), refusal)
        else:
            messages.success(
                request, _("%(name)s is open. Nothing was sent; invite people when you are ready.") % {"name": cohort}
            )
            return redirect("cohort", slug=cohort.slug)
    return _new_page(request, form, at, status=422)


def _summary(request: OfficeRequest, form: CohortForm, at: datetime) -> HttpResponse:
    """The sentences alone for a script; the page as it was typed, without complaints, for everybody else."""
    if request.htmx:
        return render(request, "coaching/office/cohort_new.html#summary", _so_far(form, at))
    lists = {name: request.POST.getlist(name) for name in ("breaks", "coaches", "left_out")}
    typed = CohortForm(own_zone=request.user.zone, typed=request.POST.dict() | lists)
    return _new_page(request, typed, at, so_far=_so_far(form, at))


def _so_far(form: CohortForm, at: datetime) -> dict[str, Any]:
    """What follows from what is typed, for the sentences beside the form."""
    verdicts = form.verdicts(at=at)
    return {
        "outlook": form.outlook(at=at),
        "wrong_day": form.is_wrong_day,
        "loads": form.loads(at=at),
        "verdicts": verdicts,
        "to_mend": verdicts.of(newcomers.ERROR)[:MENDED] if verdicts else [],
        "most": settings.CLIENTS_A_COACH,
        "review_minutes": settings.REVIEW_MINUTES,
        "left_out": form.messages[0],
        "reminders": form.messages[1],
        "sender": settings.BRAND_NAME,
        "at": at,
    }


def _field_of(refusal: Exception) -> str:
    """Under which field a refusal stands."""
    fields: dict[type[Exception], str] = {
        moving.CannotMove: "breaks",
        assigning.CannotAssign: "coaches",
        tables.CannotRead: "people",
    }
    return fields.get(type(refusal)) or getattr(refusal, "field", "name")


def _new_page(
    request: OfficeRequest,
    form: CohortForm,
    at: datetime,
    *,
    status: int = 200,
    so_far: dict[str, Any] | None = None,
) -> HttpResponse:
    context = {"form": form, "editions": editions.published(), **(so_far or _so_far(form, at))}
    return render(request, "coaching/office/cohort_new.html", context, status=status)


# --- One cohort -----------------------------------------------------------------------------------


@office
def cohort(request: OfficeRequest, slug: str, *, at: datetime) -> HttpResponse:
    """Who is in it, who coaches it, and what an admin can do."""
    return page_of(request, _found(request, slug), at)


def _found(request: OfficeRequest, slug: str) -> Cohort:
    return get_object_or_404(roster.cohorts_set_up_by(request.user), slug=slug)


def page_of(request: OfficeRequest, found: Cohort, at: datetime, *, status: int = 200, **forms) -> HttpResponse:
    """The page; `forms` replaces the empty ones by what was typed."""
    people, rule = roster.people(found, at=at), sessions.rule_of(found)
    coaches_asked, sponsors_asked = roster.asked_besides(found, at=at)
    context = {
        "cohort": found,
        "at": at,
        "week": roster.week_of(found, at=at),
        "starts_on": roster.starts_on(found, at=at),
        "over": roster.OVER,
        "paused_since": roster.paused_since(found),
        "people": people,
        "active": sum(row.state == Enrolment.State.ACTIVE for row in people),
        "assignments": roster.assignments(found),
        "coaches_asked": coaches_asked,
        "sponsors": list(sponsorships.sponsors_of(found)),
        "sponsors_asked": sponsors_asked,
        "waiting": sum(row.state == "waiting" for row in people),
        "pending": outbox.pending_count(found),
        "invite_form": InviteForm(),
        "assign_form": AssignForm(),
        "pause_form": ReasonForm(),
        "breaks": list(found.breaks.all()),
        "break_form": BreakForm(),
        "shift_form": ShiftForm(),
        "rule": rule,
        "rule_form": RuleForm(rule=rule),
        "stop_form": ReasonForm(auto_id="stop_%s"),
        "left_out_form": LeftOutForm(cohort=found),
        "invite_refusal": joining.invite_refusal(found, email="", role=Invitation.Role.COACH),
        "pause_refusal": pausing.pause_refusal(found),
        "resume_refusal": pausing.resume_refusal(found),
    }
    return render(request, "coaching/office/cohort.html", context | forms, status=status)


@office
@posted("cohort")
def invite(request: OfficeRequest, slug: str, *, at: datetime) -> HttpResponse:
    """Each line gets its verdict; the lines that could not be invited stay to be mended."""
    found, form = _found(request, slug), InviteForm(request.POST)
    if not form.is_valid():
        return page_of(request, found, at, status=422, invite_form=form)
    verdicts = form.invite(found, by=request.user, at=at)
    left = "\n".join(verdict.line for verdict in verdicts if not verdict.done)
    again = InviteForm(initial={"role": form.cleaned_data["role"], "lines": left})
    return page_of(request, found, at, status=422 if left else 200, invite_form=again, verdicts=verdicts)


@office
@posted("cohort")
def revoke(request: OfficeRequest, slug: str, pk: int, *, at: datetime) -> HttpResponse:
    """Withdraw an invitation nobody has used; its link opens nothing from now on."""
    invitation = get_object_or_404(Invitation, cohort=_found(request, slug), pk=pk)
    joining.revoke(invitation, by=request.user, at=at)
    messages.success(request, _("The invitation of %(email)s is withdrawn.") % {"email": invitation.email})
    return redirect("cohort", slug=slug)


@office
@posted("cohort")
def assign(request: OfficeRequest, slug: str, *, at: datetime) -> HttpResponse:
    """Somebody with an account coaches the cohort from now on."""
    found, form = _found(request, slug), AssignForm(request.POST)
    assignment = form.assign(found, by=request.user, at=at) if form.is_valid() else None
    if assignment is None:
        return page_of(request, found, at, status=422, assign_form=form)
    messages.success(request, _("%(name)s coaches this cohort now.") % {"name": assignment.coach})
    return redirect("cohort", slug=slug)


@office
@posted("cohort")
def release(request: OfficeRequest, slug: str, pk: int, *, at: datetime) -> HttpResponse:
    """The coach no longer sees this cohort, from the next request on."""
    assignment = get_object_or_404(Assignment.objects.select_related("coach"), cohort=_found(request, slug), pk=pk)
    assigning.release(assignment, by=request.user, at=at)
    messages.success(request, _("%(name)s coaches this cohort no longer.") % {"name": assignment.coach})
    return redirect("cohort", slug=slug)


@office
@posted("cohort")
def end_sponsor(request: OfficeRequest, slug: str, pk: int, *, at: datetime) -> HttpResponse:
    """The sponsor sees nothing of this cohort any more, from the next request on."""
    found = get_object_or_404(
        Sponsorship.objects.select_related("sponsor", "cohort"), cohort=_found(request, slug), pk=pk
    )
    sponsoring.end(found, by=request.user, at=at)
    messages.success(request, _("%(name)s sees nothing of this cohort any more.") % {"name": found.sponsor})
    return redirect("cohort", slug=slug)


@office
@posted("cohort")
def stop_mail(request: OfficeRequest, slug: str, *, at: datetime) -> HttpResponse:
    """All mail to this cohort, at once; no date moves."""
    found, form = _found(request, slug), ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    stopping.stop_mail(found, by=request.user, at=at, reason=reason)
    messages.success(request, _("No mail leaves for %(name)s. No date has moved.") % {"name": found})
    return redirect("cohort", slug=slug)


@office
@posted("cohort")
def leave_out(request: OfficeRequest, slug: str, *, at: datetime) -> HttpResponse:
    """Which reminders the cohort does without from now on."""
    found = _found(request, slug)
    form = LeftOutForm(request.POST, cohort=found)
    if not form.is_valid():
        return page_of(request, found, at, status=422, left_out_form=form)
    stopping.leave_out(found, form.cleaned_data["left_out"], by=request.user, at=at)
    messages.success(request, _("Saved. It counts from the next message on."))
    return redirect("cohort", slug=slug)


@office
@posted("cohort")
def release_mail(request: OfficeRequest, slug: str, *, at: datetime) -> HttpResponse:
    """Mail goes again; what was held is asked whether it still makes sense."""
    found = _found(request, slug)
    stopping.release_mail(found, by=request.user, at=at)
    messages.success(request, _("Mail for %(name)s goes again. What no longer makes sense stays.") % {"name": found})
    return redirect("cohort", slug=slug)


@office
def board(request: OfficeRequest, slug: str, *, at: datetime) -> HttpResponse:
    """The board as an admin sees it: states and times, no levels."""
    from coaching.web.coach.board import board_page  # noqa: PLC0415  rooms beside each other load in any order

    return board_page(request, _found(request, slug), levels=False)

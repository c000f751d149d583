"""Message health: does the engine look, what left, what waits, what failed and why. Names and times, no texts."""

from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from clients import messaging, probing, returning, sender
from coaching import drivers, looking, outbox, restoring, retrying, roster

from . import mail
from .desk import OfficeRequest, office, posted


@office
def delivery(request: OfficeRequest, *, at: datetime) -> HttpResponse:
    """Everything, or one cohort with ?cohort=."""
    cohorts = roster.cohorts_set_up_by(request.user).order_by("name")
    slug = request.GET.get("cohort", "")
    chosen = get_object_or_404(cohorts, slug=slug) if slug else None
    health, engine = outbox.health(at=at, cohort=chosen), drivers.standing(at=at)
    context = {
        "health": health,
        "engine": engine,
        "deaf": [] if health.beat.is_stale else [(driver.name, _ago(driver.age)) for driver in engine.deaf],
        "ago": _ago(health.beat.age),
        "cohorts": list(cohorts),
        "chosen": chosen,
        "mail_is_kept": mail.is_kept(),
        "suppressed": returning.suppressed(),
        "checks": sender.checks(),
        "at": at,
    }
    return render(request, "coaching/office/delivery.html", context)


@office
@posted("delivery")
def replay(request: OfficeRequest, pk: int, *, at: datetime) -> HttpResponse:
    """Try a failed message once more; its guard is asked again."""
    message = get_object_or_404(outbox.failed(), pk=pk)
    if messaging.replay(message, at=at):
        messages.success(request, _("It is in the line again and is tried within a minute."))
    return redirect("delivery")


@office
@posted("delivery")
def drop(request: OfficeRequest, pk: int, *, at: datetime) -> HttpResponse:
    """A failed message is tried no more."""
    if messaging.let_go(get_object_or_404(outbox.failed(), pk=pk), by=request.user, at=at):
        messages.success(request, _("It stays at home and is listed no more."))
    return redirect("delivery")


@office
@posted("delivery")
def retry_moment(request: OfficeRequest, pk: int, *, at: datetime) -> HttpResponse:
    """A planned moment that was given up comes due again."""
    if retrying.retry(get_object_or_404(outbox.given_up(), pk=pk), by=request.user, at=at):
        messages.success(request, _("It comes due again within a minute."))
    return redirect("delivery")


@office
@posted("delivery")
def drop_moment(request: OfficeRequest, pk: int, *, at: datetime) -> HttpResponse:
    """A planned moment that was given up comes due no more."""
    if retrying.let_go(get_object_or_404(outbox.given_up(), pk=pk), by=request.user, at=at):
        messages.success(request, _("Nobody is told of it, and it is listed no more."))
    return redirect("delivery")


@office
@posted("delivery")
def test(request: OfficeRequest, *, at: datetime) -> HttpResponse:
    """A test mail to whoever asks for it."""
    if probing.send_test(request.user, at=at):
        messages.success(request, _("A test mail to %(address)s is on its way.") % {"address": request.user.email})
    else:
        messages.info(request, _("A test mail is on its way already. Another can be sent in a minute."))
    return redirect("delivery")


@office
@posted("delivery")
def trust(request: OfficeRequest, *, at: datetime) -> HttpResponse:
    """The clock is right; it was wrong when it showed more."""
    if looking.trust_the_clock(by=request.user, at=at):
        messages.success(request, _("What comes due counts from now on. What has fired does not fire again."))
    return redirect("delivery")


@office
@posted("delivery")
def lift(request: OfficeRequest, pk: int, *, at: datetime) -> HttpResponse:
    """Mail goes to this address again."""
    found = get_object_or_404(returning.suppressed(), pk=pk)
    if returning.lift(found, by=request.user, at=at):
        messages.success(request, _("Mail goes to %(address)s again.") % {"address": found.address})
    return redirect("delivery")


@office
@posted("delivery")
def release(request: OfficeRequest, *, at: datetime) -> HttpResponse:
    """What a restore kept back did not reach anybody: it goes, in one mail a person."""
    restoring.release(by=request.user, at=at)
    messages.success(request, _("What the restore kept back is asked again and leaves, one mail a person."))
    return redirect("delivery")


@office
@posted("delivery")
def let_go(request: OfficeRequest, *, at: datetime) -> HttpResponse:
    """What a restore kept back did reach people, or is of no use any more."""
    restoring.let_go(by=request.user, at=at)
    messages.success(request, _("What the restore kept back stays at home."))
    return redirect("delivery")


def _ago(age: timedelta) -> str:
    """An age in its largest useful unit, as in "4 s ago"."""
    seconds = int(age.total_seconds())
    for size, words in ((86400, _("%(n)s d ago")), (3600, _("%(n)s h ago")), (60, _("%(n)s min ago"))):
        if seconds >= 2 * size:
            return words % {"n": seconds // size}
    return _("%(n)s s ago") % {"n": seconds}

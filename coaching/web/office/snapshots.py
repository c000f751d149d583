"""Snapshots of the outcomes report: asked for, watched while they are computed, read and taken along."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from coaching import handing, handouts, snapshotting
from coaching import snapshots as readings
from coaching.models import Snapshot
from coaching.web import frozen
from curriculum import refusals

from .desk import OfficeRequest, office
from .snapshot_forms import HandOverForm, SnapshotForm, TitleForm


@office
def snapshots(request: OfficeRequest, *, at: datetime) -> HttpResponse:
    """All of them, the latest first; a post asks for another one."""
    form, status = SnapshotForm(request.POST if request.method == "POST" else None, user=request.user), 200
    if request.method == "POST" and form.is_valid():
        given = {"audience": form.cleaned_data["audience"], "title": form.cleaned_data["title"]}
        try:
            found = snapshotting.ask(form.chosen, **given, by=request.user, at=at)
        except ValidationError as refusal:
            form.add_error(getattr(refusal, "field", None), refusal)
            status = refusals.status_of(refusal)
        else:
            messages.success(request, _("It is being computed. You can leave this page; it goes on."))
            return redirect("snapshot", pk=found.pk)
    context = {"form": form, "rows": readings.visible_to(request.user), "at": at}
    return render(request, "coaching/office/snapshots.html", context, status=_status(form, status))


def _status(form: TitleForm, refused: int) -> int:
    """Of a refusal its own, of what is wrong with the form itself 422."""
    return 422 if form.errors and refused == 200 else refused


@office
def snapshot(request: OfficeRequest, pk: int, *, at: datetime) -> HttpResponse:
    """One of them: how far it is, or what it says."""
    return _page(request, _whole(request, pk), at)


def _page(
    request: OfficeRequest,
    found: Snapshot,
    at: datetime,
    *,
    refusal: ValidationError | None = None,
    form: HandOverForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {"snapshot": found, "at": at, "refusal": refusal, **_standing(found)}
    if found.is_frozen:
        context |= frozen.context(found) | {"handouts": handouts.of(found)}
        context |= {"form": form or HandOverForm(snapshot=found), "unfit": handing.hand_over_refusal(found)}
    status = refusals.status_of(refusal) if refusal else status
    return render(request, "coaching/office/snapshot.html", context, status=status)


def _standing(found: Snapshot) -> dict[str, Any]:
    return {"percent": readings.percent(found), "sentence": readings.sentence(found)}


@office
def progress(request: OfficeRequest, pk: int, *, at: datetime) -> HttpResponse:
    """The part of the page that says how far it is."""
    found = get_object_or_404(readings.visible_to(request.user), pk=pk)
    return render(request, "coaching/office/snapshot.html#progress", {"snapshot": found, **_standing(found)})


@office
def title(request: OfficeRequest, pk: int, *, at: datetime) -> HttpResponse:
    """Another title, while it is a draft."""
    found = get_object_or_404(readings.visible_to(request.user), pk=pk)
    form, status = TitleForm(request.POST if request.method == "POST" else None, initial={"title": found.title}), 200
    if request.method == "POST" and form.is_valid():
        try:
            snapshotting.entitle(found, title=form.cleaned_data["title"], by=request.user, at=at)
        except ValidationError as refusal:
            form.add_error(getattr(refusal, "field", None), refusal)
            status = refusals.status_of(refusal)
        else:
            return redirect("snapshot", pk=pk)
    context = {"form": form, "snapshot": found, "refusal": snapshotting.entitle_refusal(found)}
    return render(request, "coaching/office/snapshot_title.html", context, status=_status(form, status))


@office
def again(request: OfficeRequest, pk: int, *, at: datetime) -> HttpResponse:
    """Once more, where it failed."""
    found = _whole(request, pk)
    if request.method != "POST":
        return redirect("snapshot", pk=pk)
    try:
        snapshotting.ask_again(found, by=request.user, at=at)
    except ValidationError as refusal:
        return _page(request, found, at, refusal=refusal)
    return redirect("snapshot", pk=pk)


def _whole(request: OfficeRequest, pk: int) -> Snapshot:
    return get_object_or_404(readings.visible_to(request.user).defer(None), pk=pk)


# --- To take along, and to hand over ------------------------------------------------------------------


@office
def file(request: OfficeRequest, pk: int, kind: str, *, at: datetime) -> HttpResponse:
    """A frozen one as a file; of a draft there is none."""
    return frozen.file(_whole(request, pk), kind)


@office
def hand_over(request: OfficeRequest, pk: int, *, at: datetime) -> HttpResponse:
    """To a sponsor of every cohort in it."""
    found = _whole(request, pk)
    if request.method != "POST":
        return redirect("snapshot", pk=pk)
    form = HandOverForm(request.POST, snapshot=found)
    if not form.is_valid():
        return _page(request, found, at, form=form, status=422)
    try:
        made = handing.hand_over(found, sponsor=form.cleaned_data["sponsor"], by=request.user, at=at)
    except ValidationError as refusal:
        return _page(request, found, at, refusal=refusal)
    messages.success(request, _("%(name)s reads it from now on.") % {"name": made.sponsor})
    return redirect("snapshot", pk=pk)


@office
def take_back(request: OfficeRequest, pk: int, *, at: datetime) -> HttpResponse:
    """From whoever holds it."""
    handout = get_object_or_404(handouts.visible_to(request.user), pk=pk)
    if request.method != "POST":
        return redirect("snapshot", pk=handout.snapshot_id)
    try:
        handing.take_back(handout, by=request.user, at=at)
    except ValidationError as refusal:
        return _page(request, _whole(request, handout.snapshot_id), at, refusal=refusal)
    messages.success(request, _("%(name)s reads it no more.") % {"name": handout.sponsor})
    return redirect("snapshot", pk=handout.snapshot_id)

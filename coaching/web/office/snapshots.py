"""Snapshots of the outcomes report: asked for, watched while they are computed, read and taken along."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from coaching import snapshot_files as files
from coaching import snapshots as readings
from coaching import snapshotting
from coaching.models import Snapshot
from coaching.outcomes import rows
from coaching.web import outcomes as drawing
from coaching.web import pdf
from curriculum import refusals

from .desk import OfficeRequest, office
from .snapshot_forms import SnapshotForm, TitleForm

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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
    request: OfficeRequest, found: Snapshot, at: datetime, *, refusal: ValidationError | None = None
) -> HttpResponse:
    context: dict[str, Any] = {"snapshot": found, "at": at, "refusal": refusal, **_standing(found)}
    if found.is_frozen:
        content = readings.content(found)
        context |= {
            "content": content,
            "is_whole": readings.is_whole(found),
            "numbers": [Numbered(number, row) for number, row in enumerate(rows.of(content.report), start=1)],
            "facts": files.facts(found, content),
            "drawn": drawing.of(content.report),
        }
    status = refusals.status_of(refusal) if refusal else 200
    return render(request, "coaching/office/snapshot.html", context, status=status)


class Numbered:
    """A number with its place, in words."""

    def __init__(self, number: int, row: rows.Row):
        self.number, self.key, self.section, self.about, self.what, self.why = (
            number, row.key, row.section, row.about, row.what, row.why,
        )  # fmt: skip
        self.value, self.between, self.people = files.with_unit(row), files.between(row), files.of_people(row)


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


# --- To take along ------------------------------------------------------------------------------------


def _csv(found: Snapshot, content: readings.Content) -> HttpResponse:
    return HttpResponse("\N{ZERO WIDTH NO-BREAK SPACE}" + files.as_csv(content), content_type="text/csv; charset=utf-8")


def _xlsx(found: Snapshot, content: readings.Content) -> HttpResponse:
    return HttpResponse(files.as_xlsx(found, content), content_type=SHEET)


def _pdf(found: Snapshot, content: readings.Content) -> HttpResponse:
    return pdf.answer(files.as_pdf(found, content), files.name_of(found, "pdf"))


def _json(found: Snapshot, content: readings.Content) -> HttpResponse:
    """The very bytes the hash is of."""
    return HttpResponse(found.data, content_type="application/json; charset=utf-8")


KINDS: dict[str, Callable[[Snapshot, readings.Content], HttpResponse]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "pdf": _pdf,
    "json": _json,
}


@office
def file(request: OfficeRequest, pk: int, kind: str, *, at: datetime) -> HttpResponse:
    """A frozen one as a file; of a draft there is none."""
    found = _whole(request, pk)
    if kind not in KINDS or not found.is_frozen:
        raise Http404
    response = KINDS[kind](found, readings.content(found))
    response["Content-Disposition"] = f'attachment; filename="{files.name_of(found, kind)}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response

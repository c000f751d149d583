"""An admin opens part of a client's record for an hour, reads it, and is done; and what all admins have opened."""

from datetime import datetime

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.models import Enrolment
from coaching import inspecting, inspections, roster
from coaching.models import Inspection

from .desk import OfficeRequest, office


class InspectionForm(forms.Form):
    """Which part, and why."""

    about = forms.ChoiceField(
        label=gettext_lazy("What the reason is about"),
        choices=Inspection.About.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Nothing else of the record opens."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why you need to read it"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("A sentence. The client reads it at once, as you write it."),
    )


@office
def begin(request: OfficeRequest, pk: int, *, at: datetime) -> HttpResponse:
    """Which part, and why; posting opens it."""
    mine = Enrolment.objects.filter(cohort__in=roster.cohorts_set_up_by(request.user).values("pk"))
    found = get_object_or_404(mine.select_related("client", "cohort"), pk=pk)
    form = InspectionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = inspecting.begin(found, by=request.user, at=at, **form.cleaned_data)
        except inspecting.NoReason as refusal:
            form.add_error("reason", refusal)
        else:
            return redirect("inspection", pk=made.pk)
    shown = {"enrolment": found, "form": form, "refusal": inspecting.begin_refusal(found, by=request.user, at=at)}
    return render(request, "coaching/office/inspect.html", shown, status=422 if form.errors else 200)


@office
def all_of_them(request: OfficeRequest, *, at: datetime) -> HttpResponse:
    """Every record that was opened, by whom, why, and what was read of it: never a word of it."""
    rows = inspections.visible_to(request.user).prefetch_related("reads")[:100]
    return render(request, "coaching/office/inspections.html", {"rows": rows, "at": at})


@office
def one(request: OfficeRequest, pk: int, *, at: datetime) -> HttpResponse:
    """What can be opened of it, as long as the hour lasts."""
    found = get_object_or_404(inspections.own(request.user), pk=pk)
    is_open = found.is_open(at)
    items = inspections.items(found, at=at) if is_open else []
    return render(request, "coaching/office/inspection.html", {"found": found, "items": items, "is_open": is_open})


@office
def read(request: OfficeRequest, pk: int, number: int, *, at: datetime) -> HttpResponse:
    """One thing of it. That it was read is written down with it."""
    found = get_object_or_404(inspections.own(request.user), pk=pk)
    try:
        found, title, parts = inspecting.read(found, number, by=request.user, at=at)
    except PermissionDenied as nothing:
        raise Http404 from nothing
    shown = {"found": found, "title": title, "parts": parts}
    return render(request, "coaching/office/inspection_read.html", shown)


@office
def end(request: OfficeRequest, pk: int, *, at: datetime) -> HttpResponse:
    """Done before the hour is over."""
    found = get_object_or_404(inspections.own(request.user), pk=pk)
    if request.method == "POST":
        inspecting.end(found, by=request.user, at=at)
        messages.success(request, _("The record of %(name)s is closed again.") % {"name": found.enrolment.client})
        return redirect("inspections")
    return redirect("inspection", pk=pk)

"""Exports: asking for one, how far it is, and its file for a day."""

from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.models import Cohort
from coaching import exporting, roster
from coaching.exports import shelf
from coaching.models import Export
from curriculum import moments, refusals

from .desk import OfficeRequest, office

SHOWN = 20  # the last ones
REFUSALS = (exporting.CannotExport, exporting.NotLikeThis)


class ExportForm(forms.Form):
    """What is wanted. Codes are the default, so the boxes for names stand last."""

    cohort = forms.ModelChoiceField(
        label=gettext_lazy("Which cohort"),
        queryset=Cohort.objects.none(),
        required=False,
        to_field_name="slug",
        empty_label=gettext_lazy("all cohorts"),
    )
    joins = forms.ModelChoiceField(
        label=gettext_lazy("Codes of people"),
        queryset=Export.objects.none(),
        required=False,
        empty_label=gettext_lazy("new ones: it cannot be joined with any other export"),
    )
    names = forms.BooleanField(
        label=gettext_lazy("With names and addresses"),
        required=False,
        help_text=gettext_lazy("Then without points, levels and logs: nobody's are to be read by name."),
    )
    reason = forms.CharField(
        label=gettext_lazy("What the names are for"),
        required=False,
        help_text=gettext_lazy("A few words. They are journalled with your name."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, data=None, *, request: OfficeRequest):
        super().__init__(data)
        earlier = shelf.joinable(request.user)
        cohorts = roster.cohorts_set_up_by(request.user).prefetch_related(None).order_by("name")
        self.fields["cohort"].queryset = cohorts  # type: ignore[attr-defined]
        self.fields["joins"].queryset = earlier  # type: ignore[attr-defined]
        self.fields["joins"].label_from_instance = _label_for(request)  # type: ignore[attr-defined]
        if not earlier.exists():
            del self.fields["joins"]


def _label_for(request: OfficeRequest):
    def label(one: Export) -> str:
        wall = moments.to_wall(one.asked_at, request.user.zone)
        told = {"what": one.cohort or _("all cohorts"), "when": f"{wall:%-d %B, %H:%M}"}
        return _("those of %(when)s, %(what)s") % told

    return label


@office
def exports(request: OfficeRequest, *, at: datetime) -> HttpResponse:
    """What was asked for, the newest first; a post asks for another."""
    form = ExportForm(request.POST if request.method == "POST" else None, request=request)
    if request.method != "POST":
        return _page(request, form, at)
    if form.is_valid():
        try:
            exporting.ask(by=request.user, at=at, **form.cleaned_data)
        except REFUSALS as refusal:
            form.add_error(_field_of(refusal, form), refusal)
            return _page(request, form, at, status=refusals.status_of(refusal))
        messages.success(request, _("The export is being made. It stands here once it is ready."))
        return redirect("exports")
    return _page(request, form, at, status=422)


def _field_of(refusal: Exception, form: ExportForm) -> str | None:
    field = getattr(refusal, "field", None)
    return field if field in form.fields else None


def _page(request: OfficeRequest, form: ExportForm, at: datetime, *, status: int = 200) -> HttpResponse:
    rows = list(shelf.visible_to(request.user)[:SHOWN])
    context = {
        "form": form,
        "rows": [(one, shelf.is_there(one, at=at), shelf.ends_at(one)) for one in rows],
        "is_open": any(one.is_open for one in rows),
        "at": at,
    }
    return render(request, "coaching/office/exports.html", context, status=status)


@office
def export_file(request: OfficeRequest, pk: int, *, at: datetime) -> HttpResponse:
    """The file, for whoever asked for it."""
    export = get_object_or_404(shelf.visible_to(request.user), pk=pk)
    place = exporting.fetch(export, by=request.user, at=at)
    name = shelf.name_of(export)
    response = FileResponse(place.open("rb"), as_attachment=True, filename=name, content_type=shelf.TYPE)
    response["Cache-Control"] = "no-store, private"
    return response  # type: ignore[return-value]  # an answer in parts is one as well

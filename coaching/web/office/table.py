"""Bringing a table of people: look first, then invite, at once or in the background. Nothing is written by looking."""

import json
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clients import inviting, newcomers, tables
from clients.models import Cohort
from clients.newcomers import Verdicts
from clients.tables import CannotRead, Columns, Table
from coaching import bringing, brought, roster
from coaching.models import BroughtTable
from coaching.models.table import OPEN

from .desk import OfficeRequest, office

BIGGEST_FILE = 2 * tables.MOST_LETTERS
TABLES_SHOWN = 5  # the last ones
SHOWN = {newcomers.ERROR: 200, newcomers.CHANGED: 100, newcomers.NEW: 50, newcomers.KNOWN: 50}
TITLES = {
    newcomers.ERROR: gettext_lazy("To mend"),
    newcomers.CHANGED: gettext_lazy("Changed"),
    newcomers.NEW: gettext_lazy("New"),
    newcomers.KNOWN: gettext_lazy("Known"),
}
CHIPS = {newcomers.ERROR: "late", newcomers.CHANGED: "wait", newcomers.NEW: "done", newcomers.KNOWN: ""}
FIELDS = {
    "email": gettext_lazy("Address"),
    "name": gettext_lazy("Name"),
    "family_name": gettext_lazy("Family name, where it has a column of its own"),
    "time_zone": gettext_lazy("Time zone"),
    "cohort": gettext_lazy("Cohort"),
    "external_id": gettext_lazy("External id"),
}


class TableForm(forms.Form):
    """What was pasted or uploaded. A file takes the place of what was pasted, and stands there to be mended."""

    table = forms.CharField(
        label=gettext_lazy("People"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off", "spellcheck": "false", "wrap": "off"}),
        help_text=gettext_lazy(
            "Paste a table: a line for each person, parted by commas, semicolons or tabs. The first line may name the "
            "columns."
        ),
    )
    file = forms.FileField(
        label=gettext_lazy("Or a file"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv,text/plain"}),
        help_text=gettext_lazy("CSV, as a spreadsheet saves it. At most 5,000 people at once."),
    )
    cohort: forms.ModelChoiceField = forms.ModelChoiceField(
        label=gettext_lazy("Cohort of whoever names none"),
        queryset=Cohort.objects.none(),
        required=False,
        to_field_name="slug",
        empty_label=gettext_lazy("none: every line names one"),
    )
    read: Table | None = None

    def __init__(self, data=None, files=None, *, cohorts, **rest):
        super().__init__(data, files, **rest)
        self.fields["cohort"].queryset = cohorts.filter(closed_at=None).order_by("name")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        self.text = found.get("table", "").replace("\r\n", "\n")
        try:
            text = self._uploaded(found.get("file")) or self.text
            self.read, self.text = tables.read(text), text
        except CannotRead as refusal:
            self.add_error("table", refusal)
        return found

    def _uploaded(self, file) -> str:
        if file and file.size > BIGGEST_FILE:
            raise CannotRead(_("This file is too big. Split it, and bring one part after the other."), "table.long")
        return tables.decoded(file.read()) if file else ""


class ColumnsForm(forms.Form):
    """Which column holds what: guessed, until somebody has seen the guess and chosen."""

    def __init__(self, table: Table, data: Any):
        self.table, self.seen = table, json.dumps(table.columns)
        self.is_seen = data.get("seen") == self.seen
        guess = {f"column-{name}": str(place) for name, place in tables.guessed(table).items()}
        super().__init__(data if self.is_seen else guess, prefix="column")
        choices = [("", _("not in this table")), *((str(n), name) for n, name in enumerate(table.columns))]
        for name in tables.FIELDS:
            self.fields[name] = forms.ChoiceField(label=FIELDS[name], choices=choices, required=False)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if not self.errors and (refusal := inviting.listed_refusal(self.table, self.columns)):
            raise refusal
        return found

    @property
    def columns(self) -> Columns:
        return {name: int(self.cleaned_data[name]) for name in tables.FIELDS if self.cleaned_data.get(name)}


@office
def template(request: OfficeRequest, *, at: datetime) -> HttpResponse:
    """An empty table to fill in, marked so that a spreadsheet reads its letters."""
    response = HttpResponse("\ufeff" + tables.TEMPLATE, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="people.csv"'
    return response


@office
def people_import(request: OfficeRequest, *, at: datetime) -> HttpResponse:
    """The table, how it is read, and a verdict for every line. Inviting needs a reading that somebody has seen."""
    cohorts = roster.cohorts_set_up_by(request.user)
    if request.method != "POST":
        return _page(request, TableForm(cohorts=cohorts, initial=_begun(request)), at)
    form = TableForm(request.POST, request.FILES, cohorts=cohorts)
    if not form.is_valid() or form.read is None:
        return _page(request, form, at, status=422)
    columns = ColumnsForm(form.read, request.POST)
    if not columns.is_valid():
        return _page(request, _shown(form, cohorts), at, status=422, columns=columns)
    told: dict[str, Any] = {"default": form.cleaned_data["cohort"], "at": at}
    if request.POST.get("do") == "invite" and columns.is_seen and "file" not in request.FILES:
        return _invited(request, form, columns, **told)
    verdicts = newcomers.look(form.read, columns.columns, cohorts=cohorts, **told)
    return _page(request, _shown(form, cohorts), at, columns=columns, verdicts=verdicts)


def _begun(request: OfficeRequest) -> dict[str, Any]:
    """What stands in the form at first: a cohort by its address, or the lines to mend of a table that was read."""
    asked = request.GET.get("table", "")
    if not asked:
        return {"cohort": request.GET.get("cohort")}
    known = brought.visible_to(request.user).exclude(state__in=OPEN)
    found = get_object_or_404(known, pk=int(asked) if asked.isdecimal() and len(asked) < 10 else 0)
    return {"table": found.text, "cohort": found.cohort and found.cohort.slug}


def _invited(request: OfficeRequest, form: TableForm, columns: ColumnsForm, *, default: Any, at: datetime):
    """Done, or put by for a worker. A table that cannot be brought now stays where it was typed."""
    cohorts = roster.cohorts_set_up_by(request.user)
    try:
        done = bringing.bring(form.read, columns.columns, default=default, by=request.user, at=at)
    except bringing.CannotBring as refusal:
        again = _shown(form, cohorts)
        return _page(request, again, at, status=409, columns=columns, refusal=refusal)
    if isinstance(done, BroughtTable):
        messages.success(request, _("The table is being read. How far it is stands here."))
        return redirect("people-import")
    return _after(request, form, columns, done, at)


def _after(request: OfficeRequest, form: TableForm, columns: ColumnsForm, done: Verdicts, at: datetime) -> HttpResponse:
    """To the list; or on, with the lines that are still to be mended and nothing else."""
    messages.success(request, _done(done))
    left = done.of(newcomers.ERROR)
    if not left:
        return redirect("people")
    form.text = form.read.only(one.line for one in left) if form.read else form.text
    form.read = tables.read(form.text)
    cohorts = roster.cohorts_set_up_by(request.user)
    return _page(request, _shown(form, cohorts), at, columns=ColumnsForm(form.read, request.POST), left=left)


def _done(done: Verdicts) -> str:
    said = brought.invited(done.counts)
    if n := done.skipped:
        said.append(ngettext("%(n)s line is skipped.", "%(n)s lines are skipped.", n) % {"n": n})
    return " ".join(said)


def _shown(form: TableForm, cohorts: Any) -> TableForm:
    """What was brought, as text to go on with."""
    chosen = form.cleaned_data.get("cohort")
    return TableForm(cohorts=cohorts, initial={"table": form.text, "cohort": chosen and chosen.slug})


def _page(request: OfficeRequest, form: TableForm, at: datetime, *, status: int = 200, **known: Any) -> HttpResponse:
    verdicts, left = known.get("verdicts"), known.pop("left", [])
    groups = [_group(kind, verdicts.of(kind)) for kind in newcomers.KINDS] if verdicts else []
    groups += [_group(newcomers.ERROR, left)] if left else []
    tables_read = [] if verdicts or left else list(brought.visible_to(request.user).defer("text")[:TABLES_SHOWN])
    context = {
        "form": form,
        "groups": [group for group in groups if group["count"]],
        "tables": [(one, brought.says(one)) for one in tables_read],
        "is_open": any(one.is_open for one in tables_read),
        "at": at,
        **known,
    }
    return render(request, "coaching/office/people_import.html", context, status=status)


def _group(kind: str, rows: list) -> dict[str, Any]:
    shown = [(row, FIELDS.get(row.about, "")) for row in rows[: SHOWN[kind]]]
    more = len(rows) - len(shown)
    return {"kind": kind, "title": TITLES[kind], "chip": CHIPS[kind], "count": len(rows), "rows": shown, "more": more}

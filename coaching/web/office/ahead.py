"""What would leave until a day if nobody did anything from now on: for everybody, one cohort, or one person."""

from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clients.models import User
from coaching import outbox, rehearsing, roster
from coaching.rehearsing import Cast
from curriculum import moments

from .desk import OfficeRequest, office

DAYS_SHOWN, DAYS_AT_MOST = 7, 35
MOMENTS_AT_MOST = 150  # a rehearsal plays each of them while somebody waits
END_OF_DAY = time(23, 59, 59)


class Row(NamedTuple):
    """One message that would leave: when, as its reader's clock shows it, and where that is."""

    at: datetime
    wall: datetime
    zone: str
    name: str
    cohort: str
    meaning: str
    subject: str


class AheadForm(forms.Form):
    """Whose messages, and until which day by the admin's own clock."""

    cohort: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("Cohort"), queryset=None, required=False, to_field_name="slug", empty_label=_("All cohorts")
    )
    person: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("Person"), queryset=None, required=False, empty_label=_("Everybody")
    )
    until = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    is_cut = False

    def __init__(self, data: Any, *, by: User, at: datetime):
        self.by, self.at, self.today = by, at, moments.to_wall(at, by.zone).date()
        super().__init__({"until": self.today + timedelta(days=DAYS_SHOWN)} | data.dict())
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"
        cohorts = roster.cohorts_set_up_by(by).order_by("name")
        self.fields["cohort"].queryset = cohorts  # type: ignore[attr-defined]
        self.fields["person"].queryset = roster.reached_in(cohorts, at=at)  # type: ignore[attr-defined]

    def clean_until(self) -> date:
        until = self.cleaned_data["until"] or self.today + timedelta(days=DAYS_SHOWN)
        if not self.today <= until <= self.today + timedelta(days=DAYS_AT_MOST):
            raise ValidationError(_("Choose a day from today on, within five weeks."))
        return until

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if not self.errors:
            self._come_nearer(rehearsing.moments_until(self.ends_at, self.cast))
        return found

    def _come_nearer(self, instants: list[datetime]) -> None:
        """So many days as can be played while somebody waits; not even one is told as it is."""
        self.is_cut = len(instants) > MOMENTS_AT_MOST
        if not self.is_cut:
            return
        last = moments.to_wall(instants[MOMENTS_AT_MOST], self.by.zone).date() - timedelta(days=1)
        if last < self.today:
            told = gettext("That is %(n)s planned moments. Choose one cohort, one person, or a nearer day.")
            raise ValidationError(told % {"n": len(instants)})
        self.cleaned_data["until"] = last

    @property
    def cast(self) -> Cast:
        return Cast(cohort=self.cleaned_data.get("cohort"), person=self.cleaned_data.get("person"), at=self.at)

    @property
    def ends_at(self) -> datetime:
        return moments.to_utc(datetime.combine(self.cleaned_data["until"], END_OF_DAY), self.by.zone)


@office
def ahead(request: OfficeRequest, *, at: datetime) -> HttpResponse:
    """Played by the engine itself in a transaction that is rolled back: nothing is sent and nothing stays."""
    form = AheadForm(request.GET, by=request.user, at=at)
    rows = _rows(form, at) if form.is_valid() else None
    person = form.cleaned_data.get("person")
    context = {"form": form, "rows": rows, "person": person, "until": form.cleaned_data.get("until"), "at": at}
    return render(request, "coaching/office/ahead.html", context)


def _rows(form: AheadForm, at: datetime) -> list[Row]:
    meanings, person = outbox.meanings(), form.cleaned_data["person"]
    planned = rehearsing.rehearse(until=form.ends_at, at=at, cast=form.cast)
    return [
        Row(
            at=one.at,
            wall=moments.to_wall(one.at, one.zone),
            zone=moments.zone_label(one.at, one.zone).partition(" (")[0],
            name=one.name,
            cohort=one.cohort,
            meaning=meanings.get(one.kind, one.kind),
            subject=one.subject,
        )
        for one in planned
        if person is None or one.to == person.email
    ]

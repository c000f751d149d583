"""The form of a new cohort: what is typed so far, shaped, and the outlook that follows from it."""

from datetime import date, datetime
from functools import cached_property
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django.utils.dates import WEEKDAYS
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from clients import choices, newcomers, tables
from clients.models import Cohort, User
from clients.newcomers import Verdicts
from clients.tables import Table
from clients.web.forms import zone_choices
from coaching import outlook
from coaching.outlook import Load, Outlook
from curriculum import editions, public_holidays
from curriculum.models import Edition
from curriculum.moments import Calendar

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)  # whatever follows from it stays a date
ADDRESSES_OF_OUR_OWN = {"new"}  # a cohort of this name would have the address of the page that opens one
PARTS = (
    (_("What they walk"), ("name", "edition")),
    (_("When"), ("starts_on", "zone", "session_day", "session_time", "country")),
    (_("Who coaches"), ("coaches",)),
    (_("Who walks"), ("people",)),
    (_("Messages"), ("left_out",)),
)


class CohortForm(forms.Form):
    """A new cohort: its name, what it walks, from when, by whose clock."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("People see it in their mails and on every page.")
    )
    edition = forms.ModelChoiceField(
        label=_("Edition"),
        queryset=Edition.objects.none(),
        empty_label=None,
        help_text=_("The cohort keeps this edition until an admin takes it over to a newer one."),
    )
    starts_on = forms.DateField(
        label=_("First Monday"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[
            MinValueValidator(EARLIEST, _("Choose a day between 2000 and 2100.")),
            MaxValueValidator(LATEST, _("Choose a day between 2000 and 2100.")),
        ],
        help_text=_("The day week 1 opens. Week 0, the preparation, opens a week earlier."),
    )
    zone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("Weeks open at 08:00 here. What is due is due by each person's own clock.")
    )
    session_day = forms.TypedChoiceField(
        label=_("Day of the live sessions"),
        choices=[("", _("not decided yet")), *WEEKDAYS.items()],
        coerce=int,
        empty_value=None,
        required=False,
    )
    session_time = forms.TimeField(
        label=_("Time of the live sessions"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("By the cohort's clock, an hour each. You can set or change this later."),
    )
    country = forms.ChoiceField(
        label=_("Public holidays of"),
        required=False,
        help_text=_("A suggestion for weeks off; you choose them beside."),
    )
    breaks = forms.TypedMultipleChoiceField(label=_("Weeks off"), required=False, coerce=date.fromisoformat)
    coaches: forms.ModelMultipleChoiceField = forms.ModelMultipleChoiceField(
        label=_("Coaches"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Others are invited from the cohort's page, as a coach."),
    )
    people = forms.CharField(
        label=_("People"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_(
            "Paste a table: a line a person, with the address and what else you know of them. They are put down, and "
            "hear of it when you open the invitations."
        ),
    )

    left_out = forms.MultipleChoiceField(
        label=_("Reminders to leave out"),
        required=False,
        choices=[(group.name, group.label) for group in choices.REMINDERS],
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Everything else is always sent: that weeks open, what coaches write, that a session moves. Each person "
            "can still switch off more for themselves."
        ),
    )

    def __init__(self, data: QueryDict | None = None, *, own_zone: str, typed: dict[str, Any] | None = None):
        """`typed` is shown as it stands, without complaints about what is still missing."""
        super().__init__(data, initial={"zone": own_zone, "edition": editions.newest()} | (typed or {}))
        published = Edition.objects.published().order_by("-published_at", "-pk")
        cast(forms.ModelChoiceField, self.fields["edition"]).queryset = published
        cast(forms.ChoiceField, self.fields["zone"]).choices = zone_choices(own_zone)
        countries = [("", _("no country")), *public_holidays.countries().items()]
        cast(forms.ChoiceField, self.fields["country"]).choices = countries
        self.initial.setdefault("country", public_holidays.country_of(own_zone))
        cast(forms.ChoiceField, self.fields["breaks"]).choices = [(day, day) for day in self._days(data)]
        of_coaches = User.objects.filter(pk__in=[one.pk for one in self.may_coach])
        cast(forms.ModelMultipleChoiceField, self.fields["coaches"]).queryset = of_coaches

    @cached_property
    def may_coach(self) -> list[User]:
        return outlook.coaches()

    @staticmethod
    def _days(data: QueryDict | None) -> list[str]:
        """What was chosen, as far as it is a day; whether it may be off is decided by the operation."""
        said = data.getlist("breaks") if data else []
        return [day for day in said if _is_day(day)]

    @property
    def parts(self) -> list[tuple[int, str, list[forms.BoundField]]]:
        """The fields, step by step."""
        return [(n, str(title), [self[name] for name in names]) for n, (title, names) in enumerate(PARTS, start=1)]

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if slugify(name) in ADDRESSES_OF_OUR_OWN:
            raise ValidationError(_("Choose another name: this one would be the address of this page."), code="name")
        return name

    @property
    def is_wrong_day(self) -> bool:
        """A day was chosen and it is no Monday."""
        starts_on = self._typed("starts_on")
        return starts_on is not None and starts_on.weekday() != 0

    def clean_people(self) -> Table | None:
        said = self.cleaned_data["people"]
        if not said.strip():
            return None
        try:
            return tables.read(said)
        except tables.CannotRead as refusal:
            raise ValidationError(refusal.messages) from None

    @property
    def plan(self) -> dict[str, Any]:
        """What the operation takes; the country only suggests."""
        return {name: said for name, said in self.cleaned_data.items() if name != "country"}

    # --- What follows from what is typed so far ---------------------------------------------------------

    def outlook(self, *, at: datetime) -> Outlook | None:
        """As soon as the Monday and the zone are known; None until then."""
        starts_on, zone, edition = self._typed("starts_on"), self._typed("zone"), self.taught
        if not starts_on or not zone or self.is_wrong_day:
            return None
        return Outlook(
            calendar=Calendar(starts_on=starts_on, zone=zone, breaks=tuple(sorted(self._mondays()))),
            at=at,
            country=self._typed("country") or "",
            weekday=self._typed("session_day"),
            hour=self._typed("session_time"),
            session_weeks=outlook.session_weeks(edition) if edition else (),
            zones=(*self._zones(at), *(coach.zone for coach in self.chosen)),
        )

    def _mondays(self) -> set[date]:
        return {day for day in self._typed("breaks") or () if day.weekday() == 0}

    def _zones(self, at: datetime) -> list[str]:
        found = self.verdicts(at=at)
        return [one.person.zone for one in found.rows if one.person and one.person.zone] if found else []

    @cached_property
    def chosen(self) -> list[User]:
        return list(self._typed("coaches") or ())

    @cached_property
    def taught(self) -> Edition | None:
        return self._typed("edition")

    def loads(self, *, at: datetime) -> list[Load]:
        found = self.verdicts(at=at)
        return outlook.loads(self.chosen, more=found.doing if found else 0, edition=self.taught)

    @property
    def messages(self) -> tuple[list[str], list[str]]:
        """What is left out, and the reminders that are sent, by their labels."""
        said = set(self._typed("left_out") or ()) if self.is_bound else set(self.initial.get("left_out", ()))
        names = [(group.name in said, str(group.label)) for group in choices.REMINDERS]
        return [label for out, label in names if out], [label for out, label in names if not out]

    def verdicts(self, *, at: datetime) -> Verdicts | None:
        """Of the people typed so far; read once a form."""
        if "verdicts_read" not in vars(self):
            vars(self)["verdicts_read"] = self._verdicts(at)
        return vars(self)["verdicts_read"]

    def _verdicts(self, at: datetime) -> Verdicts | None:
        said = self._typed("people")
        try:
            table = tables.read(said) if said and said.strip() else None
        except tables.CannotRead:
            table = None
        columns = tables.without(table, "cohort") if table else {}
        if table is None or tables.columns_refusal(table, columns):
            return None
        fresh = Cohort(name=self._typed("name") or "")
        return newcomers.look(table, columns, cohorts=Cohort.objects.none(), default=fresh, at=at)

    def _typed(self, name: str) -> Any:
        """One field by itself, None where it cannot be read; what the others hold does not matter."""
        field = self.fields[name]
        try:
            return field.clean(field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name)))
        except ValidationError:
            return None


def _is_day(said: str) -> bool:
    try:
        date.fromisoformat(said)
    except ValueError:
        return False
    return True
